"""Typographic rules, applied when an edition is made: curly quotes, dashes, and spaces and hyphens that do not break.

`typesetting` is the way in: one pass over words finds every character to change. `curling` decides which way a quote
turns, `no_break` knows where a line must not end.
"""
