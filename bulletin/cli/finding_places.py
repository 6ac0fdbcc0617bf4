"""Places in an issue as people copy them from what `check` prints, in each of its formats. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from bulletin.declaration.source import Place, Source

_LINE = re.compile(
    r"(?:(?P<issue>[A-Za-z]:[\\/][^:\n]+|[^:\n]*[^\d:\n][^:\n]*):)?(?P<line>[1-9]\d{0,6})(?::\d+)?(?::.*)?"
)
_LINES = re.compile(
    r"(?:(?P<issue>.*?\S)[:,]?\s+)?lines? (?P<lines>[1-9]\d{0,6}(?:(?:, | and )[1-9]\d{0,6})*)(?:[.,:].*)?"
)
_GITHUB = re.compile(r"(?:::\w+ )?file=(?P<issue>[^,]+),line=(?P<line>[1-9]\d{0,6})(?:[,:].*)?")
_FOLDED = re.compile(r"[A-Z]{3,5}\d{2} [a-z][a-z-]*: ")
_IN_FILE = re.compile(r"(?P<issue>[^:\n›]+\.yaml):?\s+(?:in )?(?P<rest>.+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenPlace:
    """A place as a person wrote it: the issue, "" if it isn't named, and its lines, or its path or section in words."""

    issue: str = ""
    lines: tuple[int, ...] = ()
    path: str = ""


def read_place(text: str) -> WrittenPlace:
    """The place that a person means.

    It reads `issues/2021-05.yaml:14:11`, with the rest of the line or without; `2021-05, lines 12 and 30`; `14:11`;
    GitHub's `file=issues/2021-05.yaml,line=14`; `sections › 2 (events) › items › 1 › text`; the title of a section.
    """
    plain = _FOLDED.sub("", " ".join(text.split()), count=1)
    for pattern in (_GITHUB, _LINE, _LINES):
        if match := pattern.fullmatch(plain):
            found = match.groupdict()
            lines = tuple(int(number) for number in re.findall(r"\d+", found.get("lines") or found.get("line") or ""))
            return WrittenPlace(issue=_name_issue(found["issue"]), lines=lines)
    match = _IN_FILE.fullmatch(plain)
    return WrittenPlace(issue=_name_issue(match["issue"]), path=match["rest"]) if match else WrittenPlace(path=plain)


def _name_issue(written: str | None) -> str:
    """The issue's path, with the slashes of this system; Windows writes them the other way."""
    return (written or "").replace("\\", "/").strip()


def find_lines(source: Source, written: WrittenPlace) -> Sequence[range]:
    """The lines that a place covers, one range for each. Raises BulletinError if there is no such place."""
    if written.lines:
        return [range(line, line + 1) for line in written.lines]
    wanted = _split(written.path)
    found = [place for place in source.values if wanted and wanted in _names(source, place)]
    if not found:
        remedy = "Copy it from the finding, as in --at issues/2021-05.yaml:14:11"
        raise BulletinError(f"“{written.path}” is not a place.", remedy)
    spans = [source.values[place] for place in found[:1]]
    return [range(span.line, span.end_line + 1) for span in spans]


def _names(source: Source, place: Place) -> Iterator[tuple[str, ...]]:
    """What a place may be called: its path, with numbers from 1, and the title of a section."""
    from bulletin.declaration.validation import describe_place

    yield _split(describe_place(source, place))
    if len(place) == 2 and place[0] == "sections":
        yield _split(source.text_at((*place, "title")))


def _split(path: str) -> tuple[str, ...]:
    """The steps of a path in lower case, without the kind of a section: `sections › 2 (events)` is sections, 2."""
    steps = re.split(r"\s*[›>/]\s*|\.(?=\w)|\[(?=\d)", path.strip().strip("“”\"'").lower())
    return tuple(re.sub(r"\s*\([^)]*\)$|\]$", "", step).strip() for step in steps)
