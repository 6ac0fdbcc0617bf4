"""Files that people edit: YAML with places, Markdown, and faults in words.

`source` reads a file into values that know their line and column; `validation` checks them against a model and says
every fault at its place; `markup` and `prose` read the Markdown of texts. `files` finds and names files safely.
Pure but for reading the file. This room knows nothing of issues.
"""
