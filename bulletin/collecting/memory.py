"""A record of every entry that was put into an issue, so that an entry that the officer removes stays out.

It is a file beside the contributions, which people can read and edit, and which moves with the folder. Without it, the
signatures in the issue still show what is there, but not what was removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from bulletin.collecting.writing import write_data
from bulletin.declaration.files import read_file
from bulletin.declaration.source import LARGEST_FILE, Data, decode, parse_source
from bulletin.errors import FaultyFiles

MEMORY_FILE = ".collected.yaml"
"""The file in an issue's folder of contributions; hidden, so that it isn't read as one."""

_HEAD = """\
# `bulletin collect` has put these items into the issue. It doesn't add any of them again, even if you have removed
# it from the issue. To get an item back, delete its entry here and run the command again.
"""
_CODE = re.compile(r"[0-9a-f]{8}")
_MOMENT = "%Y-%m-%d %H:%M:%S.%f UTC"


@dataclass(frozen=True, kw_only=True, slots=True)
class Collected:
    """An entry that was put into the issue: its sender, its file, and its content as sent.

    `saved` is when that file was saved, in ms since 1970; 0 if unknown.
    """

    code: str
    kind: str
    sender: str
    title: str
    file: str
    saved: int
    entry: Data

    @property
    def key(self) -> tuple[str, str, str]:
        """Its identity, which no change of its text alters: sender, kind and title."""
        return make_key(self.sender, self.kind, self.title)


def make_key(sender: str, kind: str, title: str) -> tuple[str, str, str]:
    """Two entries with the same key are two versions of one."""
    return sender, kind, " ".join(title.casefold().split())


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """Every entry that was put into one issue, by its code. `whole` is False if part of the file couldn't be read.

    `pictures` are the paths of the copies of pictures, by the SHA-256 of their content.
    """

    collected: Mapping[str, Collected] = field(default_factory=dict)
    whole: bool = True
    pictures: Mapping[str, str] = field(default_factory=dict)

    def __contains__(self, code: str) -> bool:
        return code in self.collected

    def find(self, code: str) -> Collected | None:
        """The entry with this code, if it was put in."""
        return self.collected.get(code)

    def find_versions(self, key: tuple[str, str, str]) -> list[Collected]:
        """All entries that were put in with this key, the earliest first."""
        return [one for one in self.collected.values() if one.key == key]

    def add(self, more: Iterable[Collected]) -> EntryRecord:
        """This memory and more. Of an entry that one sender sent in two files, the later file is remembered."""
        collected = dict(self.collected)
        for one in more:
            known = collected.get(one.code)
            if not known or (one.sender == known.sender and one.saved > known.saved):
                collected.pop(one.code, None)
                collected[one.code] = one
        return replace(self, collected=collected)


def read_memory(folder: Path) -> EntryRecord:
    """The memory in a folder of contributions: empty if it has no file, else everything that can be read of it."""
    path = folder / MEMORY_FILE
    try:
        text = read_file(path, most=LARGEST_FILE + 1)
        if len(text) > LARGEST_FILE:
            return EntryRecord(whole=False)
        source = parse_source(decode(text, shown_as=path.name), shown_as=path.name)
    except FileNotFoundError:
        return EntryRecord()
    except (OSError, FaultyFiles):
        return EntryRecord(whole=False)
    listed = source.data.get("collected") if isinstance(source.data, dict) else None
    entries = listed if isinstance(listed, list) else []
    found = [one for entry in entries if (one := _read_entry(entry))]
    whole = not source.faults and isinstance(listed, list) and len(found) == len(entries)
    pictures = dict(_read_pictures(source.data))
    return EntryRecord({one.code: one for one in found}, whole, pictures)


def _read_pictures(data: Data) -> Iterator[tuple[str, str]]:
    listed = data.get("pictures") if isinstance(data, dict) else None
    for one in listed if isinstance(listed, list) else ():
        if (
            isinstance(one, dict)
            and isinstance(code := one.get("code"), str)
            and isinstance(path := one.get("file"), str)
        ):
            yield code, path


def _read_entry(entry: Data) -> Collected | None:
    if not isinstance(entry, dict):
        return None
    texts = {name: entry.get(name) for name in ("code", "kind", "from", "title", "file")}
    if not all(isinstance(text, str) and text for text in texts.values()) or "entry" not in entry:
        return None
    code, kind, sender, title, file = cast("tuple[str, ...]", tuple(texts.values()))
    if not _CODE.fullmatch(code) or not isinstance(entry["entry"], str | dict):
        return None
    saved = _read_moment(str(entry.get("saved")))
    return Collected(code=code, kind=kind, sender=sender, title=title, file=file, saved=saved, entry=entry["entry"])


def _read_moment(text: str) -> int:
    try:
        return round(datetime.strptime(text, _MOMENT).replace(tzinfo=UTC).timestamp() * 1000)
    except (ValueError, OverflowError):
        return 0


def write_memory(memory: EntryRecord) -> str:
    """The text of the file."""
    listed: Data = [dict(_write_entry(one)) for one in memory.collected.values()]
    data: dict[str, Data] = {"collected": listed}
    if memory.pictures:
        data["pictures"] = [{"file": path, "code": code} for code, path in memory.pictures.items()]
    return "\n".join([_HEAD, *write_data(data), ""])


def _write_entry(one: Collected) -> Iterator[tuple[str, Data]]:
    yield from (("title", one.title), ("from", one.sender), ("file", one.file))
    if one.saved:
        yield "saved", datetime.fromtimestamp(one.saved / 1000, tz=UTC).strftime(_MOMENT)
    yield from (("kind", one.kind), ("code", one.code), ("entry", one.entry))
