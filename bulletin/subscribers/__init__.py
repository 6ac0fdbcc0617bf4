"""Subscribers: who is on which list, and who must never be emailed.

A row of a list file becomes a member in steps. `lists` reads the file, `rows` and `address` check each row,
`difference` compares it with the database, and `sync` applies that by `membership`. `provenance` refuses a file that is
older than what another computer applied; `roll` remembers who was on a list when an issue was scheduled.

`suppression` is the one place that says who must not be emailed: every statement that queues or claims a delivery
uses its condition. `scope` says how far a stop reaches, `consent` what alone can lift it. The database knows addresses
by `address_hash`. `tokens` are in the links, `link_key` keeps the key that signs them. `upkeep` is what officers do to
lists: import, undo, add, list.

`delivery`, `preview` and the commands import this room; it imports `database` and below, and knows no mailing.
"""
