"""The database: a file (SQLite) or a server (PostgreSQL), opened, upgraded, watched and moved.

`schema.open_database` does it all: `engine` connects, `permanence` and `identity` refuse a database that would not last
or is not this workspace's, `migrations` bring its `tables` up to date, `mark` and `shortfall` notice that it lost
something, and `commits` counts each commit from then on.

- `dialects` is the only module that asks whether a database is SQLite or PostgreSQL.
- `reading` has transactions for reading: one's own, the caller's, or a snapshot.
- `states` has the words in the tables, and imports nothing. `errors` turns refusals into DatabaseError.
- `prepared`, `file_watch`, `backup` and `transfer` each do one thing.

`tables` may be imported by `subscribers`, `approval`, `delivery.ledger`, `delivery.plans` and `delivery.limits.pace`.
All others ask those. This room knows nothing of mailings beyond the columns that `shortfall` compares.
"""
