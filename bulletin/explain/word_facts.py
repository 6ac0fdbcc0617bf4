"""Facts of the words that everything is built on, from the glossary that travels with the package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bulletin.explain.fact import Fact
from bulletin.workspace.package_data import glossary_file

_ROW = re.compile(r"^\| (.+?) \| (.+?) \|$", re.MULTILINE)
_PAGE = "glossary.md"


def list_word_facts() -> Iterator[Fact]:
    """The vocabulary, and then the words that have another in its place."""
    for words, meaning in _read_rows("## The vocabulary"):
        word, *also = [one.strip(" `") for one in words.split(",")]
        yield Fact(word=word, sort="a word", summary=_tidy(meaning), also=tuple(also), page=_PAGE)
    for words, better in _read_rows("## Words that we don't use"):
        word, *also = [re.sub(r" \(.*?\)", "", one).strip() for one in words.split(", ")]
        summary = f"Our word is: {_tidy(better)}".rstrip(".") + "."
        yield Fact(word=word, sort="a word that we don’t use", summary=summary, also=tuple(also), page=_PAGE)


def _tidy(cell: str) -> str:
    return cell.replace("`", "").replace("*", "")


def _read_rows(heading: str) -> list[tuple[str, str]]:
    """The rows of the table below a heading, without those of its head."""
    table = _read_glossary().partition(f"{heading}\n")[2].partition("\n## ")[0]
    return [(words, meaning) for words, meaning in _ROW.findall(table) if not re.match(r"-+$|word$|not$", words)]


@cache
def _read_glossary() -> str:
    return glossary_file().read_text(encoding="utf-8")
