"""One person's rights, and how long what is kept.

`traces` finds every row about a person, `list_lines` their lines in list files, and `other_files` what else has their
address. `record` reads all of that (UK GDPR article 15), `export` writes it to files (article 20), and `erasure`
deletes it (article 17). `retention` deletes what was kept long enough (article 5(1)(e)).
"""
