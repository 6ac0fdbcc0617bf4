"""Texts of Markdown and their tables, in each of the two forms that an email has: HTML and plain text.

`markdown_html` and `markdown_text` render the same tokens of `declaration.markup`; tables are in files of their own.
Pure.
"""
