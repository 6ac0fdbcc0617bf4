"""What people read, and what engineers read, is in plain English: none of it has a word that the glossary replaces."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkout import ROOT

WORDS = (
    *("whom", "whoever", "nobody", "stands", "mended", "taken in", "goes on", "gives way", "put off", "let stand"),
    *("sign exactly", "e-mail", "e-mails"),
)
ANY_OF_THEM = "|".join(WORDS).replace(" ", r"\s+")  # an end of a line may be between two words
FORBIDDEN = re.compile(rf"(?<![\w-])({ANY_OF_THEM})(?![\w-])", re.IGNORECASE)

# Sentences that may have such a word, and why.
ALLOWED = {
    "You get this e-mail because you are on our mailing list.": "approvals given with earlier releases cover this text",
    "audience|for whom|who for|who should|aimed at|suitable": "words of old bulletins that we recognise",
    "stands for": "words that explain an abbreviation, which the proof recognises",
    "| e-mail, mail (for one message) | email. “e-bulletin” is fine: it is a title |": "the list of words to replace",
    "| put off, postponed | deferred |": "the list of words to replace",
    "| let stand | accept, ignore |": "the list of words to replace",
    "| nobody, whoever, whom | no one, anyone who, who |": "the list of words to replace",
}

# Files that aren't ours to reword: words for the proof to look for, what was released, data of others.
LEFT_OUT = (
    "bulletin/proof/reading/words/",
    "bulletin/proof/theme/client_support/",
    "bulletin/database/migrations/versions/",
    "docs/rules/",
)
READ = {".py", ".j2", ".md", ".yaml", ".toml", ".txt", ".html", ".js", ".css", ".code-snippets", ""}


def find_part(path: Path) -> str:
    """The part of the project that a file is in: `bulletin/proof/rules`, `templates`, `docs`."""
    own = path.relative_to(ROOT).parent.parts
    return "/".join(
        own[: 3 if own[:2] in (("bulletin", "delivery"), ("bulletin", "proof"), ("bulletin", "cli")) else 2]
    )


def find_files() -> Iterator[Path]:
    """All files with words that people or engineers read."""
    yield ROOT / "README.md"
    yield ROOT / "CONTRIBUTING.md"
    yield ROOT / "Makefile"
    yield ROOT / "bulletin.yaml"
    for folder in ("bulletin", "templates", "docs"):
        for path in sorted((ROOT / folder).rglob("*")):
            shown = str(path.relative_to(ROOT))
            if path.is_file() and path.suffix in READ and not shown.startswith(LEFT_OUT):
                yield path


def read_texts(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a file, each with its first line: the string literals and comments of a module, else all of it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield 1, text
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.search(r"(?:^|\s)# (.+)", line):
            yield number, match[1]


def find_words(path: Path) -> Iterator[str]:
    """Each forbidden word of a file, with its line and the sentence around it."""
    for first, text in read_texts(path):
        for match in FORBIDDEN.finditer(text):
            begin, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
            sentence = text[begin : len(text) if end < 0 else end].strip()
            if sentence not in ALLOWED:
                number = first + text.count("\n", 0, match.start())
                yield f"{path.relative_to(ROOT)}:{number}: “{match[0]}” in: {sentence}"


PARTS: dict[str, list[Path]] = {}
for file in find_files():
    PARTS.setdefault(find_part(file) or ".", []).append(file)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_in_plain_english(part: str) -> None:
    found = [word for path in PARTS[part] for word in find_words(path)]

    assert found == [], "\n" + "\n".join(found)


def test_the_latest_changes_are_told_in_plain_english() -> None:
    """Releases before keep their words."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    latest = text.partition("\n## ")[2].partition("\n## ")[0]

    assert [match[0] for match in FORBIDDEN.finditer(latest)] == []


def test_each_sentence_that_is_allowed_is_needed() -> None:
    everything = {text for path in find_files() for _, whole in read_texts(path) for text in whole.splitlines()}
    kept = {text.strip() for text in everything}

    assert [sentence for sentence in ALLOWED if sentence not in kept] == []


@pytest.mark.parametrize("text", ["Nobody gets it", "it goes\non", "an E-mail", "Let stand.", "by whom?"])
def test_forbidden_words_are_found(text: str) -> None:
    assert FORBIDDEN.search(text)


def test_other_words_are_not_mistaken_for_them() -> None:
    assert not FORBIDDEN.search("an e-bulletin withstands this; goes one; e-mail-like")
