"""The records of all visible issues in the state folder, so that only changed issues are read, and `serve` can search.

A line for each issue, the latest first; the first line has what the page of results is made of.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from bulletin.disk import write_state
from bulletin.edition.web.search_records import SearchRecord
from bulletin.publishing.manifest import name_manifest

_VERSION: Final = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueRecords:
    """The records of an issue, and the recipe that they were made by."""

    issue: str
    recipe: str
    records: tuple[SearchRecord, ...] = field(repr=False)


def name_store(out: Path) -> str:
    """The file in the state folder that has the records of the site in `out`."""
    return name_manifest(out).removesuffix(".json") + "-search.jsonl"


def load_records(state: Path, out: Path) -> dict[str, IssueRecords]:
    """The records of each issue by its id; none if they can't be read."""
    try:
        return {each.issue: each for each in read_issues(state / name_store(out))}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def save_records(state: Path, out: Path, issues: Sequence[IssueRecords], *, frame: Mapping[str, Any]) -> None:
    """Write them, unless the file has just that already. `frame` is JSON. Raises Unwritten."""
    lines = [{"version": _VERSION, "frame": frame}, *({**asdict(each), "records": _pack(each)} for each in issues)]
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    path = state / name_store(out)
    if not path.is_file() or path.read_bytes() != text.encode():
        write_state(state, name_store(out), text.encode())


def read_frame(path: Path) -> dict[str, Any]:
    """What the page of results is made of. Raises OSError, and ValueError for a file of another version."""
    with path.open(encoding="utf-8") as file:
        values = json.loads(file.readline())
    if not isinstance(values, dict) or values.get("version") != _VERSION:
        raise ValueError(path)
    return dict(values["frame"])


def read_issues(path: Path) -> Iterator[IssueRecords]:
    """The records of each issue, one issue in memory at a time. Raises as `read_frame` does."""
    read_frame(path)
    with path.open(encoding="utf-8") as file:
        file.readline()
        for line in file:
            values = json.loads(line)
            records = tuple(SearchRecord(**dict(zip(_FIELDS, each, strict=True))) for each in values["records"])
            yield IssueRecords(issue=values["issue"], recipe=values["recipe"], records=records)


def select_records(issues: Iterable[IssueRecords]) -> Iterator[SearchRecord]:
    """What can be found: of a part that is the same each month, such as “About us”, only the latest."""
    seen: set[tuple[str, ...]] = set()
    for record in (record for each in issues for record in each.records):
        if record.stays:
            mark = (record.bulletin, record.kind, record.language, record.title, record.text)
            if mark in seen:
                continue
            seen.add(mark)
        yield record


_FIELDS: Final = ("path", "title", "where", "text", "language", "bulletin", "year", "kind", "stays")


def _pack(issue: IssueRecords) -> list[list[Any]]:
    return [[getattr(record, name) for name in _FIELDS] for record in issue.records]
