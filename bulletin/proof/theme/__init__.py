"""Reads a theme: its files, the page that they render, the CSS in them, and which mail program lacks what.

Pure but for reading the theme's files. It knows no rule; places are spans, and the rules make findings of them.
`client_support/` has caniemail.com's data (`make clients` takes it anew).
"""
