"""What the commands that send have in common: what they show, ask, do and say.

`send_issue` is the way of a whole mailing, for `send` and `schedule`: a `send_request`, then `second_look` before
anything leaves. `schedule_send` schedules it instead, and `resend` queues those again who were refused.
`unsubscribe_links` says what readers can do to leave. The commands are in `cli/commands/send/`.
"""
