"""The ledger: what was sent to each reader, and all SQL about mailings.

How a delivery runs through the room:

1. `start` counts recipients, keeps the edition and freezes one delivery for each reader: queued.
2. `issue_lock` keeps all others from sending the issue: `file_lock` on this computer, `server_lock` among several.
3. `ledger` claims queued deliveries (sending) before their messages leave, and records each result: accepted,
   deferred, refused or uncertain. Suppressed readers are withdrawn instead.
4. `mailing_events` records what happens to the mailing as a whole. `control` pauses or cancels it.
5. `recovery` makes uncertain what a dead sender left in flight; `resolution` records what a person decides.
6. `counts`, `deliveries`, `same_month` and `refusal_reasons` only read.

Rooms above (`sending`, `dispatch`, `plans`, `record`) import modules from here by name. Only this room, `plans`,
`limits.pace` and `record.usefulness` import `bulletin.database.tables` in `bulletin.delivery`. A function that takes a
`Source` reads in a transaction of its own, or in its caller's.
"""
