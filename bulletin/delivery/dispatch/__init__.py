"""The loop of one run: from queued deliveries in the ledger to results in the ledger.

`run.send_mailing` is the only way in. It gives a `Dispatcher` the ledger, the message template, the routes and the rule
when to stop. `read_ahead` reads who is next; `addressing` makes their message; `pool` keeps connections open and gives
each an envelope; the dispatcher claims deliveries in the ledger before their messages leave, and records the results.
`trouble` knows when to tell a person that nothing works; `monotonic` is a clock that never goes back.

It imports `ledger`, `limits`, `smtp` and `message`. Nothing outside this room imports anything but `run`.
"""
