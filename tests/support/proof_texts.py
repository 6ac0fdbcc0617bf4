"""The texts in tests/proof/texts that measure the rules, each inside the file of an issue."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.issue.dates import parse_month
from bulletin.issue.item import ValidationContext
from bulletin.issue.model import Issue
from bulletin.issue.sections import section_kinds
from checkout import TESTS
from kind_examples import make_example

FOLDER = TESTS / "proof" / "texts"
LISTS = frozenset({"partners", "champions", "schools"})
PUBLISHED = {
    "2021-01": "5 January 2021",
    "2021-02": "2 February 2021",
    "2021-03": "2 March 2021",
    "2021-04": "6 April 2021",
    "2021-05": "4 May 2021",
}
SENTENCES_IN_A_PARAGRAPH = 6

HEADER = {
    "subject": "News from our partners",
    "preview_text": "What our partners did, and what they plan.",
}
COMPANION = {"kind": "notice", "title": "Your views", "text": "Please tell us what you think."}
EARLIER_HEADER = {
    "subject": "An earlier month’s news",
    "preview_text": "The news as it was then.",
}
EARLIER_COMPANION = {"kind": "notice", "title": "A lost glove", "text": "A blue glove was found in the hall."}


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """An issue with one known fault: the rule that must find it, and the words of which the finding must touch one.

    `issue` is the file's text; `before` are those of earlier issues, by their ids.
    """

    code: str
    at: tuple[str, ...]
    issue: str
    before: Mapping[str, str] = field(default_factory=dict)

    @property
    def places(self) -> list[tuple[int, int, int]]:
        """Line, first column and last column (from 1) of the words in `at`."""
        return [place_of(words, self.issue) for words in self.at]

    def is_touched_by(self, *, line: int, column: int, width: int = 1) -> bool:
        """Whether a finding that covers `width` characters from there covers or overlaps one of the words at fault."""
        return any(line == at and column <= last and first < column + width for at, first, last in self.places)


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A slip in slips.yaml: its place (from 1), its words, and the rule that must find it."""

    line: int
    column: int
    code: str
    words: str
    slip: str


def place_of(words: str, text: str) -> tuple[int, int, int]:
    """Line, first and last column of `words`, which stand in `text` once. Raises ValueError if they do not."""
    if text.count(words) != 1:
        raise ValueError(f"{words!r} occurs {text.count(words)} times in:\n{text}")
    before = text[: text.index(words)]
    column = len(before) - (before.rfind("\n") + 1) + 1
    return before.count("\n") + 1, column, column + len(words) - 1


@cache
def right_sentences() -> dict[str, list[str]]:
    """Correct sentences below the headings that say what they tempt."""
    return _read("right_sentences.yaml")


@cache
def right_items() -> dict[str, list[dict[str, Any]]]:
    """Correct sections, by kind. Of a kind that was added since, the examples of its fields are correct."""
    written: dict[str, list[dict[str, Any]]] = _read("right_items.yaml")
    known = {item["kind"] for below in written.values() for item in below}
    added = {kind: [make_example(kind)] for kind in section_kinds() if kind not in known}
    for film in added.get("video", []):
        film["captions"] = "yes"
    return written | added


def terms() -> list[str]:
    """What the workspace of these texts declares as its own terms and its partners' names."""
    return _read("terms.yaml")


def right_issues() -> list[str]:
    """An issue's file for each sentence as its introduction, for each as a notice, and for each section."""
    sentences = [sentence for below in right_sentences().values() for sentence in below]
    items = [item for below in right_items().values() for item in below]
    return [
        *(write_issue(introduction=sentence) for sentence in sentences),
        *(write_issue([{"kind": "notice", "title": "Notice", "text": sentence}]) for sentence in sentences),
        *(write_issue([item]) for item in items),
    ]


@cache
def wrong_issues() -> list[Wrong]:
    """Every known fault in its issue."""
    return [_read_wrong(code, entry) for code, entries in _read("wrong.yaml").items() for entry in entries]


def slips() -> list[Slip]:
    """What must be found in slips.yaml."""
    return [
        Slip(**{**entry, "line": int(entry["line"]), "column": int(entry["column"])})
        for entry in _read("slips_expected.yaml")
    ]


def write_issue(
    sections: Iterable[Mapping[str, Any]] = (COMPANION,),
    *,
    month: str = "2021-05",
    introduction: str = "",
    source: str = "",
    header: Mapping[str, str] | None = None,
) -> str:
    """The file of an issue: each value on one line, or in a block where it has several. `source` is a section as is."""
    head = {"month": month, "published": PUBLISHED[month], **HEADER}
    if introduction:
        head["introduction"] = introduction
    head |= header or {}
    if source:
        return _dump(head) + "sections:\n" + textwrap.indent(source, "  ")
    return _dump({**head, "sections": list(sections)})


def load(text: str) -> Issue:
    """The issue that a file of this text declares. Raises FaultyFiles for what the model refuses."""
    source = parse_source(text, shown_as="issues/2021-05.yaml")
    month = parse_month(source.text_at(("month",)))
    return validate(source, Issue, context=ValidationContext(month=month, lists=LISTS))


def nhs_check_digit(nine: str) -> int:
    """The tenth digit of an NHS number: 11 less the weighted sum modulo 11, and 0 for 11 (10 is never issued)."""
    digits = [int(character) for character in nine if character.isdigit()]
    return (11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11) % 11


def _read(name: str) -> Any:
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)


def _read_wrong(code: str, entry: Mapping[str, Any]) -> Wrong:
    entry = _filled(entry)
    header = dict(entry.get("header", {}))
    sections = [entry["section"]] if "section" in entry else entry.get("sections", [COMPANION])
    return Wrong(
        code=code,
        at=tuple([entry["at"]] if isinstance(entry["at"], str) else entry["at"]),
        issue=write_issue(
            sections,
            month=header.pop("month", "2021-05"),
            introduction=entry.get("text", ""),
            source=entry.get("source", ""),
            header=header,
        ),
        before={month: _earlier(month, earlier) for month, earlier in entry.get("before", {}).items()},
    )


def _earlier(month: str, earlier: Any) -> str:
    sections, header = (earlier, {}) if isinstance(earlier, list) else ([EARLIER_COMPANION], earlier)
    return write_issue(sections, month=month, header={**EARLIER_HEADER, **header})


def _filled(value: Any) -> Any:
    """`value` with its numbers completed and its right sentences put in."""
    if isinstance(value, list):
        return [_filled(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _filled(entry) for key, entry in value.items()}
    value = re.sub(r"\{nhs:([^}]+)\}", lambda match: f"{match[1]}{nhs_check_digit(match[1])}", value)
    return re.sub(r"\{right:([^}]+)\}", lambda match: _paragraphs(match[1].split("|")), value)


def _paragraphs(headings: Iterable[str]) -> str:
    sentences = [sentence for heading in headings for sentence in right_sentences()[heading]]
    starts = range(0, len(sentences), SENTENCES_IN_A_PARAGRAPH)
    return "\n\n".join(" ".join(sentences[start : start + SENTENCES_IN_A_PARAGRAPH]) for start in starts)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 -- issues may not have aliases
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, False)  # noqa: FBT003 -- lists are indented below their key


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)


def _dump(data: Any) -> str:
    return str(yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000))
