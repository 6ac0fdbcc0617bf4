"""What the public can read of an issue, as canonical JSON: whatever differs in it is a correction. Pure.

What readers never see is left out, and what has its usual value, so that a later release's new fields change nothing.
Of what was taken away only the heading is kept: a name that had to go is not remembered here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from bulletin.issue.model import Issue

_NOT_PUBLIC: Final = frozenset(
    (
        *("author", "extra", "embargo", "corrections", "follow_up", "for", "marketing", "topics", "id", "to_do"),
        *("budget", "teaser"),
    )
)


def write_model(issue: Issue) -> bytes:
    """The JSON of an issue that has been made for the public: the same bytes for the same words."""
    dumped = issue.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(_strip(dumped), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_model(model: bytes) -> str:
    """SHA-256 of it, in hexadecimal."""
    return sha256(model).hexdigest()


def find_differences(before: bytes, now: bytes) -> list[str]:
    """The places in which two models differ, as in `sections.2.items.0.text`.

    What was taken away is none: its heading says so.
    """
    return list(_compare(json.loads(before), json.loads(now), ""))


def _strip(value: Any) -> Any:
    if isinstance(value, dict) and value.get("withdrawn") is not None:
        return {key: value[key] for key in ("kind", "name", "title", "withdrawn") if key in value}
    if isinstance(value, dict):
        return {key: _strip(inner) for key, inner in value.items() if key not in _NOT_PUBLIC and inner is not None}
    return [_strip(inner) for inner in value] if isinstance(value, list) else value


def _compare(before: Any, now: Any, place: str) -> Iterator[str]:
    if before == now:
        return
    if isinstance(before, dict) and isinstance(now, dict):
        if "withdrawn" in now:
            return
        if _is_moment(before) and _is_moment(now):
            yield place
            return
        for key in sorted({*before, *now}):
            yield from _compare(before.get(key), now.get(key), f"{place}.{key}" if place else key)
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for number, (old, new) in enumerate(zip(before, now, strict=True)):
            yield from _compare(old, new, f"{place}.{number}")
    elif isinstance(before, list) and isinstance(now, list):
        yield from (f"{place}.{number}" for number in _find_moved(before, now))
    else:
        yield place


def _is_moment(value: dict[str, Any]) -> bool:
    """Whether it is a date or a time of day: readers see one thing."""
    return value.keys() <= {"year", "month", "day"} or value.keys() <= {"hour", "minute"}


def _find_moved(before: list[Any], now: list[Any]) -> Iterator[int]:
    """The entries of the longer of two lists that the other one lacks; at least one."""
    longer, shorter = (now, before) if len(now) >= len(before) else (before, now)
    left = [json.dumps(each, sort_keys=True) for each in shorter]
    found = []
    for number, each in enumerate(longer):
        word = json.dumps(each, sort_keys=True)
        if word in left:
            left.remove(word)
        else:
            found.append(number)
    yield from found or [0]
