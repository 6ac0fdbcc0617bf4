"""Plans: the time for which an issue is scheduled.

`send_time` parses what a person writes ("1 June 2021 9:00"). `schedule` keeps the time as a row, one for each issue,
and ends it in the transaction that starts the mailing. `schedule_snapshots` keeps what the person was shown, so that
`bulletin run` can refuse to start an issue that has changed since.

This room imports `ledger` and below. `sending` and the commands import it; `dispatch` does not.
"""
