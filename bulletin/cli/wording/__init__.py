"""Facts in words, for several commands.

Each module has one subject. `status_text` says how an issue is doing, `count_text` what each state means, `next_step`
which command continues a mailing, `event_text` what happened to it, `forecast_text` how long it takes. `people` lists
readers; `gate` stops an issue that can't be sent. Functions named describe_ return text, those named print_ or show_
print it; none does both. No command is imported here.
"""
