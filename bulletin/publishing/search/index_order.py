"""Put an index of Pagefind into one order, so that the same records make the same bytes. Pure.

Pagefind lists filters and their values in an order that differs from run to run. They are in files named by a digest,
which others name: the filters in the list of the index (`.pf_meta`), and that in the entry. The files are CBOR
(RFC 8949) behind a mark of Pagefind's, packed by gzip.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

_MARK: Final = b"pagefind_dcd"
_ENTRY: Final = "pagefind-entry.json"
_FILTERS: Final = 3  # in the list: the version, the pages, the words, the filters, how it can be sorted
_NUMBER, _TEXT, _ARRAY = 0, 3, 4


def order_index(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of an index of one language, by their path; as they are if a later Pagefind writes them otherwise."""
    try:
        return _order(files)
    except (LookupError, ValueError, TypeError, OSError):
        return dict(files)


def _order(files: Mapping[str, bytes]) -> dict[str, bytes]:
    entry = json.loads(files[_ENTRY])
    ((language, told),) = entry["languages"].items()
    old_list = f"pagefind.{told['hash']}.pf_meta"
    contents = _read(files[old_list])
    made = {path: content for path, content in files.items() if path not in (old_list, _ENTRY)}
    filters = []
    for name, digest in contents[_FILTERS]:
        kept_name, values = _read(made.pop(f"filter/{digest}.pf_filter"))
        if kept_name != name:
            raise ValueError(name)
        content = _write([name, sorted(values)])
        named = _name(language, content, 7)
        made[f"filter/{named}.pf_filter"] = content
        filters.append([name, named])
    contents[_FILTERS] = sorted(filters)
    content = _write(contents)
    told["hash"] = _name(language, content, 10)
    made[f"pagefind.{told['hash']}.pf_meta"] = content
    made[_ENTRY] = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
    return made


def _name(language: str, content: bytes, length: int) -> str:
    return f"{language}_{sha256(content).hexdigest()[:length]}"


def _read(packed: bytes) -> list[Any]:
    content = gzip.decompress(packed)
    if not content.startswith(_MARK):
        raise ValueError(content[:20])
    value, end = _decode(content, len(_MARK))
    if end != len(content) or not isinstance(value, list):
        raise ValueError(end)
    return value


def _write(value: list[Any]) -> bytes:
    return gzip.compress(_MARK + b"".join(_encode(value)), mtime=0)


def _decode(content: bytes, at: int) -> tuple[Any, int]:
    """The value that begins at `at`, and where it ends: a whole number, a text, or an array of such."""
    kind, size = content[at] >> 5, content[at] & 31
    if size < 24:
        number, at = size, at + 1
    elif size < 28:
        length = 1 << (size - 24)
        number, at = int.from_bytes(content[at + 1 : at + 1 + length]), at + 1 + length
    else:
        raise ValueError(size)
    if kind == _NUMBER:
        return number, at
    if kind == _TEXT:
        return content[at : at + number].decode(), at + number
    if kind != _ARRAY:
        raise ValueError(kind)
    values = []
    for _ in range(number):
        value, at = _decode(content, at)
        values.append(value)
    return values, at


def _encode(value: Any) -> list[bytes]:
    if isinstance(value, int):
        return [_head(_NUMBER, value)]
    if isinstance(value, str):
        text = value.encode()
        return [_head(_TEXT, len(text)), text]
    return [_head(_ARRAY, len(value)), *(piece for each in value for piece in _encode(each))]


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    size = next(step for step in range(4) if number < 1 << (8 << step))
    return bytes([kind << 5 | 24 + size]) + number.to_bytes(1 << size)
