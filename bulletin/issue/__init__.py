"""What an editor writes: the model of an issue.

`model.Issue` is one month's content. `item` has the parts of sections, `section` the fields of every section, and
`kinds/` one file for each kind, with its fields and its `traits`: all that the rest of the program must know of it.
`sections.Section` lists the kinds. `identity`, `dates` and `audience` are values of an issue; `passages` finds its
texts; `schema`, `notation` and `snippets` serve editors that complete and check while you type. Pure.
"""
