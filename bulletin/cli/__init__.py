"""The `bulletin` command: prints, asks, sets exit codes, nothing else.

`app` lists the commands, in the groups of `--help`; each is one file in `commands/GROUP/`. `wording/` puts facts into
words for several of them, `sending/` has what those that send have in common, and `explaining/` what `explain` needs.
`edge` runs a command and turns errors into words and exit codes; `terminal` prints and asks; `options` has the options
that commands share. Every command imports what it needs when it runs, so that `bulletin --help` loads none of it.
"""

import gc

# Between two searches for cycles; Python's own number is 700. There are few cycles, and with that number the search
# takes a tenth of a command's time and a seventh of sending. Most commands make fewer objects than this in all.
_NEW_OBJECTS = 200_000


def main() -> None:
    """Run the command line and exit with the code that says how it went."""
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])  # first: what is imported is most of what is made
    from bulletin.cli.edge import run_and_exit

    run_and_exit()
