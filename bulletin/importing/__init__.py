"""An old bulletin as a draft: from a web page, Word, PDF or text file to an issue's YAML.

`reading` picks the reader (`html_pages`, `docx`, `pdf`, `plain`), and each gives the same `blocks`; untrusted files
are read in a `sandbox`, a process without network. `chapters` and `items` find the structure, `recognition` the kinds
of section, and `draft` writes the file, with "# check:" at each guess. `losses` says what could not be read.
"""
