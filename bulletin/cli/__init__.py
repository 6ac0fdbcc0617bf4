"""The `bulletin` command: prints, asks, sets exit codes, nothing else.

`app` lists the commands, in the groups of `--help`; each is one file in `commands/GROUP/`. `wording/` puts facts into
words for several of them, and `sending/` has what those that send have in common. `edge` runs a command and turns
errors into words and exit codes; `terminal` prints and asks; `options` has the options that commands share. Every
command imports what it needs when it runs, so that `bulletin --help` loads none of it.
"""

from bulletin.cli.edge import main

__all__ = ["main"]
