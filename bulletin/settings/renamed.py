"""Settings that have another name now. The old one works for one more release, and `check` says the new one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bulletin.declaration.source import Place, Source
from bulletin.errors import Fault

_NEW_NAMES: Final = {"sign_off": "approval"}
"""At the top of bulletin.yaml."""

_LINE: Final = re.compile("[^\r\n]*(?:\r\n|\r|\n|\\Z)")


def read_new_names(source: Source) -> Source:
    """The file as if it had the new names. With both names of one setting, it has a fault at the old one."""
    old_names = _find_old_names(source)
    if not old_names:
        return source
    data = dict(source.data) if isinstance(source.data, dict) else {}
    both = {name for name in old_names if _NEW_NAMES[name] in data}
    faults = (
        source.fault_at(
            source.keys[(name,)],
            f"`{name}:` is the old name of `{_NEW_NAMES[name]}:`, and this file has both.",
            f"Keep what you need under `{_NEW_NAMES[name]}:`, and delete `{name}:` with all below it.",
        )
        for name in both
    )

    def rename(place: Place) -> Place:
        return (_NEW_NAMES[str(place[0])], *place[1:]) if place and place[0] in old_names else place

    def is_kept(place: Place) -> bool:
        return not place or place[0] not in both

    return replace(
        source,
        data={_NEW_NAMES.get(name, name): value for name, value in data.items() if name not in both},
        values={rename(place): span for place, span in source.values.items() if is_kept(place)},
        keys={rename(place): span for place, span in source.keys.items() if is_kept(place)},
        refused=frozenset(rename(place) for place in source.refused if is_kept(place)),
        faults=(*source.faults, *faults),
    )


def find_old_names(source: Source) -> Iterator[Fault]:
    """A warning for each old name, at its place."""
    for name in _find_old_names(source):
        new = _NEW_NAMES[name]
        yield source.fault_at(
            source.keys[(name,)],
            f"warning: `{name}:` is called `{new}:` now. The old name will stop working in the next release.",
            f"Write `{new}:`, or let this program do it: bulletin check --fix",
        )


def write_new_names(text: str, source: Source) -> str:
    """`text`, which `source` was read from, with the new names. Comments and layout stay as they are."""
    lines = _LINE.findall(text.removeprefix("\ufeff"))
    for name in _find_old_names(source):
        span = source.keys[(name,)]
        line = lines[span.line - 1]
        written = line[span.column - 1 : span.end_column - 1]  # perhaps in quotation marks
        new = written.replace(name, _NEW_NAMES[name])
        lines[span.line - 1] = f"{line[: span.column - 1]}{new}{line[span.end_column - 1 :]}"
    return ("\ufeff" if text.startswith("\ufeff") else "") + "".join(lines)


def _find_old_names(source: Source) -> list[str]:
    """Those in the file, in its order."""
    return [name for name in source.data if name in _NEW_NAMES] if isinstance(source.data, dict) else []
