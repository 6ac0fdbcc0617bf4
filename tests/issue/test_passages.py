from __future__ import annotations

import pytest

from bulletin.issue.passages import Passage, TextFormat, find_passages, walk_records
from bulletin.workspace.workspace import open_workspace
from checkout import ROOT


def read(issue: str) -> tuple[Passage, ...]:
    workspace = open_workspace(ROOT)
    return find_passages(workspace.load_issue(issue), workspace.read_issue_source(issue))


@pytest.mark.parametrize("issue", ["2021-04", "2021-05"])
def test_every_word_of_an_issue_is_found_at_its_place(issue: str) -> None:
    for passage in read(issue):
        for block in passage.prose.blocks:
            word = passage.prose.text[block.start : block.end].split()[0]
            span = passage.locate(block.start, block.start + len(word))
            line = passage.source.lines[span.line - 1]
            assert line[span.column - 1 : span.end_column - 1] == word


def test_texts_come_in_the_order_of_the_file_and_each_once() -> None:
    passages = read("2021-05")
    places = [passage.place for passage in passages]
    assert len(places) == len(set(places))
    lines = [passage.source.values[passage.place].line for passage in passages]
    assert lines == sorted(lines)


def test_each_text_knows_how_it_is_written() -> None:
    manners = {passage.place: passage.format for passage in read("2021-05")}
    assert manners["subject",] is TextFormat.PLAIN
    assert manners["introduction",] is TextFormat.TEXT
    assert manners["sections", 0, "title"] is TextFormat.LINE
    assert TextFormat.ADDRESS in manners.values()


def test_names_of_files_and_lists_are_no_texts() -> None:
    fields = {passage.field for passage in read("2021-05")}
    assert not fields & {"file", "for_", "kind", "month", "published"}


def test_a_point_that_is_written_as_a_text_alone_is_found() -> None:
    from bulletin.declaration.source import parse_source
    from bulletin.declaration.validation import validate
    from bulletin.issue.model import Issue

    text = (
        "month: 2021-05\npublished: 4 May 2021\nsubject: News\npreview_text: News of May\nsections:\n"
        "  - kind: group_update\n    title: Group\n    group: Group\n    items:\n"
        "      - A point.\n      - text: Another.\n"
    )
    source = parse_source(text, shown_as="a.yaml")
    places = [passage.place for passage in find_passages(validate(source, Issue), source)]
    assert ("sections", 0, "items", 0) in places
    assert ("sections", 0, "items", 1, "text") in places


def test_records_have_the_place_of_their_fields() -> None:
    workspace = open_workspace(ROOT)
    source = workspace.read_issue_source("2021-05")
    records = list(walk_records(workspace.load_issue("2021-05")))
    assert all(record.place in source.values for record in records)
    assert len(records) > 50
