"""A named person's approval of exactly this content, and what has changed since.

`snapshot` takes down what would be sent now, and what it is made of. `contents` gives that a digest. `approvals` keeps
who approved which digest. `requirement` compares both with what bulletin.yaml asks for, and `changes` says what differs
from the version that was approved, with the words that `html_words` reads from the email. `authors` tells whether an
approver wrote the issue. This room knows `edition`, `database`, `comparison` and `workspace`; `delivery` and the
commands know this one.
"""
