"""Understands text: sentences, written dates, languages, similar words, names, the bank holidays.

Pure: each function is given text and returns facts about it. It knows no rule. `words/` has the word lists, each with
its origin in its first lines.
"""
