"""Next month's issue: a draft as a YAML file, made from the last one.

`draft` reads the last issue; `rolling` decides what carries forward, as each kind's traits say; `following` and
`promises` bring in what was promised; `layout` and `comments` write the file with its "# write:" notes. Pure: `cli`
reads and writes the files.
"""
