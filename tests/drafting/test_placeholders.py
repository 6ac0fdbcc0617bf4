from __future__ import annotations

from bulletin.declaration.source import parse_source
from bulletin.drafting.placeholders import find_placeholders


def test_every_place_that_is_still_to_be_written_is_found_at_its_words() -> None:
    text = """\
# TO WRITE in a comment is a note
subject: 'June: TO WRITE'
sections:
  - text: |
      One.
      TO WRITE
"""
    found = find_placeholders(parse_source(text, shown_as="issues/2021-06.yaml"))

    assert [(fault.line, fault.column, fault.width) for fault in found] == [(2, 17, 8), (6, 7, 8)]


def test_a_written_issue_has_none() -> None:
    assert find_placeholders(parse_source("subject: To write is to think\n", shown_as="x")) == []
