"""An issue as a PDF: data for a Typst theme, and Typst in a process of its own. Pure but for that process.

Text reaches Typst only as data (`document`), so nothing that an author writes is ever run. `make_pdf` is the door.
"""
