"""The commands, one file each, in folders by the groups of `bulletin --help`.

A command checks its options, opens the workspace, calls one function of a room below, and prints what came of it. It
raises errors and never catches them to print them: `cli.edge` does that. Commands do not import each other; what two of
them need is in `cli.wording` (words) or beside it.
"""
