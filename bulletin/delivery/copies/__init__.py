"""Copies of an edition that the ledger does not know: no one is recorded as having received them.

`test_copy` sends one to an address, within the limits of the relay. `export` writes an edition's files to a folder.
`catcher` is an SMTP server that keeps each message as a file: for the demo, for trying out, and for tests.
"""
