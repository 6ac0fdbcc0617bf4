"""What an editor writes: the model of an issue.

`loading` makes a file into an `Issue` (`model`); `item` and `sections` say what its parts have in common, and `kinds/`
has a file for each kind of section with what that kind does. `identity`, `dates` and `audience` are values of it;
`schema` and `snippets` are what editors complete and check by. Pure.
"""
