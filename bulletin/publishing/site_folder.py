"""The folder that a web server shows: only what differs is written, all of it or nothing; the rest isn't touched."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from bulletin.declaration.files import read_file
from bulletin.disk import File, write_all
from bulletin.publishing.manifest import WrittenFile

_LEFT_BEHIND: Final = re.compile(r"\.[0-9a-f]{16}\.new")
"""What a build that was killed leaves beside a file: see `disk`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteChange:
    """What a build changes: how many files of each kind it writes, how many stay, how many go."""

    written: Mapping[str, int] = field(default_factory=dict)
    unchanged: int = 0
    removed: int = 0


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return sha256(content).hexdigest()


def find_intact(out: Path, files: Mapping[str, WrittenFile]) -> frozenset[str]:
    """The paths of those files that are on the disk as they were written."""
    return frozenset(path for path, file in files.items() if _digest_file(out / path) == file.digest)


def write_site(
    out: Path, contents: Mapping[str, tuple[bytes, str]], *, kept: int, unwanted: Iterable[str]
) -> SiteChange:
    """Write what differs from the disk, then remove what is `unwanted`. Raises Unwritten: then nothing is changed.

    `contents` has the content of each path and its kind; `kept` files are known to be as they should.
    """
    _remove_leftovers(out)
    changed = {path: each for path, each in contents.items() if _digest_file(out / path) != digest(each[0])}
    if changed:
        write_all([File(path=out / path, content=content) for path, (content, _) in changed.items()])
    return SiteChange(
        written=Counter(kind for _, kind in changed.values()),
        unchanged=kept + len(contents) - len(changed),
        removed=sum(_remove(out, path) for path in unwanted),
    )


def _digest_file(path: Path) -> str:
    try:
        return digest(read_file(path))
    except OSError:
        return ""


def _remove(out: Path, path: str) -> bool:
    """Remove a file, and the folders that are empty then."""
    try:
        (out / path).unlink()
    except OSError:
        return False
    for folder in (out / path).parents:
        if folder == out:
            break
        with suppress(OSError):
            folder.rmdir()
    return True


def _remove_leftovers(out: Path) -> None:
    for place, _, names in os.walk(out):
        for name in names:
            if _LEFT_BEHIND.fullmatch(name):
                with suppress(OSError):
                    Path(place, name).unlink()
