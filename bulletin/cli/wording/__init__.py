"""Facts in words, for several commands.

Each module has one subject: `status_text` an issue's state, `next_step` the command that continues a mailing,
`event_text` what happened to it, `forecast_text` how long it takes, `people` who got it, `gate` why an issue cannot be
sent. Functions named describe_ return text, those named print_ print it; none does both. No command is imported here.
"""
