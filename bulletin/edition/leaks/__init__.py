"""The proof that no edition has what is not for its readers, made on the finished outputs.

Renderers are given an issue from which everything else has been left out, so there should be nothing to find. This room
looks all the same, since a template, a text for everyone or a fault of ours could tell. `fingerprints` says what an
output must not have, `leak_search` looks for it, `output_words` and `fixed_words` say what words an output has, and
which come from a theme. `leak_proof` puts it together for an email. Pure but for the theme's files.
"""
