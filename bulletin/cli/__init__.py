"""The `bulletin` command: one small file a command; prints, asks, sets exit codes, nothing else.

Every command imports what it needs when it runs: `bulletin --help` loads none of it.
"""

from bulletin.cli.edge import main

__all__ = ["main"]
