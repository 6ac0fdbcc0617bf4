"""Complaints about how personal information is used, and what became of them (Data Protection Act 2018, section 164A).

`subject` says what they can be about and how they come, `deadline` by when one must be acknowledged. `register` is the
log, and `reminders` says which of them a person must not forget. `reference` makes the name of each.
"""
