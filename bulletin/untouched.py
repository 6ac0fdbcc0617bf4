"""What a workspace still has of our examples: example names and addresses, sample readers; and what no one answered.

All of it is fine while people try the program. Real readers would see another body's name, or write to no one, and mail
to an example address only comes back. Files are read as they are typed: what is in a comment doesn't count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from bulletin.declaration.files import read_file
from bulletin.errors import Fault
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import SETTINGS_FILE, Workspace

MOST_NAMED: Final = 20
"""Examples of one file that are named. One more finding counts the others."""

# Domains that are no one's (RFC 2606, RFC 6761), with the address or host around them.
_DOMAIN = r"(?:[\w-]+\.)*example\.(?:org|com|net)|(?:[\w-]+\.)+(?:example|invalid|test)"
_EXAMPLE: Final = re.compile(
    rf"(?:https?://)?(?:[\w.+-]+@)?\b(?:{_DOMAIN})(?![\w-]|\.\w)(?:/[^\s\"'<>)\]}}]*)?|\bAnytown\b[^,.;:\"'\n]{{0,40}}",
    re.IGNORECASE,
)
_READER: Final = re.compile(rf"[\w.+'-]+@(?:{_DOMAIN})(?![\w-]|\.\w)", re.IGNORECASE)
# Names in the examples of our fields, which a snippet leaves behind: of the partnership that the sample is about.
_SNIPPET: Final = re.compile(
    r"\bBexley (?:Health|Education Services|S\.H\.I\.E\.L\.D\.|F\.L\.A\.R\.E\.)|\bMayor of Bexley\b"
    r"|\bCivic Offices, 2 Watling\b"
)
_HOME: Final = "Bexley"
_SHOWN_PARTS: Final = ("organisation", "bulletins", "website")
_COMMENT: Final = re.compile(r"(?:^|\s)#(?:\s.*|$)")
_ASKED: Final = re.compile(r"(?:^|\s)(#\s*write:.*)")
_REMEDY: Final = "Write your own."


def find_untouched(workspace: Workspace, *, issues: Iterable[str] = (), lists: Iterable[str] = ()) -> list[Fault]:
    """A fault for each example that is left in the settings, in these issues and in these lists."""
    files = [
        _find_in_settings(workspace),
        *(_find_in_issue(workspace, name) for name in issues),
        *(_find_readers(workspace, name) for name in lists),
    ]
    return [fault for faults in files for fault in faults]


def find_unanswered(workspace: Workspace) -> list[Fault]:
    """A fault for each note in bulletin.yaml that begins with “write:”, as a new workspace has them."""
    return [
        Fault(
            file=SETTINGS_FILE,
            line=number,
            column=match.start(1) + 1,
            message="This is still to be answered.",
            remedy="Answer it in the line below, and delete the note.",
            excerpt=line,
            width=len(match[1]),
        )
        for number, line in enumerate(_read_lines(workspace.root / SETTINGS_FILE), 1)
        if (match := _ASKED.search(line))
    ]


def is_sample(workspace: Workspace) -> bool:
    """Whether it is the sample workspace, or a copy of it: it is meant to be an example."""
    own = _cut_organisation(_read_lines(workspace.root / SETTINGS_FILE))
    return bool(own) and own == _cut_organisation(_read_lines(sample_folder() / SETTINGS_FILE))


def _cut_organisation(lines: list[str]) -> list[str]:
    """The lines of bulletin.yaml that say who publishes."""
    begin = next((number for number, line in enumerate(lines) if line.startswith("organisation:")), 0)
    end = next((number for number, line in enumerate(lines) if number > begin and re.match(r"[a-z]", line)), len(lines))
    return lines[begin:end]


def _find_in_settings(workspace: Workspace) -> Iterator[Fault]:
    part, found = "", []
    for number, line in enumerate(_read_lines(workspace.root / SETTINGS_FILE), 1):
        if top := re.match(r"([\w-]+):", line):
            part = top[1]
        if part in _SHOWN_PARTS:
            found += [(number, line, match) for match in _find_examples(line, _EXAMPLE)]
    return _name(SETTINGS_FILE, found)


def _find_in_issue(workspace: Workspace, name: str) -> Iterator[Fault]:
    file = f"issues/{name}.yaml"
    at_home = _HOME in workspace.settings.organisation.name
    patterns = (_EXAMPLE,) if at_home else (_EXAMPLE, _SNIPPET)
    found = [
        (number, line, match)
        for number, line in enumerate(_read_lines(workspace.root / file), 1)
        for pattern in patterns
        for match in _find_examples(line, pattern)
    ]
    return _name(file, found)


def _find_examples(line: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The examples in a line, up to its comment."""
    comment = _COMMENT.search(line)
    return pattern.finditer(line, 0, comment.start() if comment else len(line))


def _name(file: str, found: list[tuple[int, str, re.Match[str]]]) -> Iterator[Fault]:
    for number, line, match in found[:MOST_NAMED]:
        shown = match[0].strip()
        yield Fault(
            file=file,
            line=number,
            column=match.start() + 1,
            message=f"“{shown}” is an example of ours, and would go to real readers.",
            remedy=_REMEDY,
            excerpt=line,
            width=len(shown),
        )
    if (rest := len(found) - MOST_NAMED) > 0:
        yield Fault(file=file, line=found[MOST_NAMED][0], message=f"And {rest:,} more examples.", remedy=_REMEDY)


def _find_readers(workspace: Workspace, name: str) -> Iterator[Fault]:
    """One fault for all sample readers of a list: their addresses get no mail."""
    file = workspace.list_file(name)
    found = [
        (number, line, match)
        for number, line in enumerate(_read_lines(workspace.root / file), 1)
        if (match := _READER.search(line))
    ]
    if found:
        number, line, first = found[0]
        others = f", and {len(found) - 1:,} more" if len(found) > 1 else ""
        yield Fault(
            file=file,
            line=number,
            column=first.start() + 1,
            message=f"“{first[0]}” is an example, which no mail can reach{others}.",
            remedy="Delete the sample readers, and add your own.",
            excerpt=line,
            width=len(first[0]),
        )


def _read_lines(path: Path) -> list[str]:
    """The lines of a file; none if it can't be read, which others report."""
    try:
        content = read_file(path)
    except OSError:
        return []
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return content.decode("utf-16" if wide else "utf-8-sig", errors="replace").splitlines()
