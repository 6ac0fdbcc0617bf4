from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.source import DEEPEST, LARGEST_FILE, MOST_NODES, Source, parse_source, read_source
from bulletin.errors import FaultyFiles, NotFound


def parse(text: str) -> Source:
    return parse_source(text, shown_as="x.yaml")


@pytest.mark.parametrize(
    "written",
    [
        "12:30",
        "0123",
        "on",
        "off",
        "yes",
        "no",
        "NO",
        "1.20",
        "0x1f",
        "1_000",
        "2021-05-01",
        "1e3",
        ".inf",
        "=",
        "1:2:3",
    ],
)
def test_a_scalar_stays_the_text_that_was_written(written: str) -> None:
    assert parse(f"{written}: {written}\n").data == {written: written}


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_only_an_empty_value_a_tilde_and_null_mean_nothing(written: str) -> None:
    assert parse(f"a: {written}\n").data == {"a": None}


@pytest.mark.parametrize("written", ["''", '""', "'~'", '"null"', "|\n  null", "Null", "NULL"])
def test_what_is_quoted_or_spelt_otherwise_is_a_text(written: str) -> None:
    data = parse(f"a: {written}\n").data

    assert isinstance(data, dict)
    assert isinstance(data["a"], str)


def test_the_place_of_every_key_and_value_counts_characters_not_bytes() -> None:
    source = parse("é😀: ü\nlist:\n  - a: 😀 b\n")

    assert (source.values["é😀",].line, source.values["é😀",].column) == (1, 5)
    assert (source.keys["list", 0, "a"].line, source.keys["list", 0, "a"].column) == (3, 5)
    assert source.values["list", 0, "a"].end_column == 11


def test_a_byte_order_mark_is_not_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfmonth: 2021-05\n")

    assert read_source(path, shown_as="x.yaml").data == {"month": "2021-05"}


def test_line_ends_of_windows_and_old_macs_count_as_lines() -> None:
    assert parse("a: 1\r\nb: 2\r\n").values["b",].line == 2
    assert parse("a: 1\rb: 2\r").values["b",].line == 2


def test_the_second_of_two_keys_is_never_taken_over_silently() -> None:
    source = parse("a: 1\nb: 2\na: {c: 3}\n")

    assert source.data == {"a": "1", "b": "2"}
    assert [(fault.line, fault.column) for fault in source.faults] == [(3, 1)]
    assert "line 1" in source.faults[0].message


def test_every_refused_feature_is_named_at_once() -> None:
    source = parse("a: &x 1\nb: *x\nc: !t 2\nd:\n  <<: {e: 3}\n")

    assert [fault.line for fault in source.faults] == [1, 2, 3, 5]


def test_a_comment_is_left_out_but_a_number_sign_that_cuts_a_text_is_a_fault() -> None:
    assert parse("a: text # a comment\nb: '#1'\nc: C#\n").data == {"a": "text", "b": "#1", "c": "C#"}
    assert [fault.line for fault in parse("a: text #1\n").faults] == [1]


def test_deep_nesting_is_refused_and_does_not_kill_the_process() -> None:
    for text in ("[" * 100_000, "- " * 100_000, "{a: " * 50_000):
        source = parse(text)
        assert not source.whole
        assert len(source.faults) == 1
    assert not parse("[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)).faults


def test_a_file_with_too_many_values_is_refused() -> None:
    assert "more than 50,000" in parse("- a\n" * (MOST_NODES + 1)).faults[0].message


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)

    with pytest.raises(FaultyFiles, match="2,000,001 bytes"):
        read_source(path, shown_as="x.yaml")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"issues/2021-05\.yaml"):
        read_source(tmp_path / "x.yaml", shown_as="issues/2021-05.yaml")


def test_words_are_found_inside_a_block_at_their_own_line() -> None:
    source = parse("text: |\n  One line.\n  Another with here in it.\n")
    span = source.find_within(source.values["text",], "here")

    assert (span.line, span.column, span.end_column) == (3, 16, 20)


_ODD_TEXT = st.text(st.sampled_from(list("ab:- \n\t#'\"[]{}|>&*!%@`,?~\\é😀\x00\x85\u2028\ufeff\ud800")), max_size=60)


@given(_ODD_TEXT)
def test_no_text_makes_the_reader_fail(text: str) -> None:
    source = parse(text)

    for fault in source.faults:
        assert str(fault)
        assert fault.line <= len(source.lines)


@given(st.binary(max_size=60))
def test_no_bytes_make_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("source") / "x.yaml"
    path.write_bytes(content)

    with contextlib.suppress(FaultyFiles):
        read_source(path, shown_as="x.yaml")
