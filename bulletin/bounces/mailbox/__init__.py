"""Where returned emails are fetched from: an IMAP mailbox, a Maildir, an mbox file. Nothing in them is changed.

`folders` reads files, `imap` asks a server and `imap_address` is what we know of it. Each hands out letters, oldest
first.
"""
