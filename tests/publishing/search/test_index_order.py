"""The same records make the same bytes, and an index that is written otherwise is left as it is."""

from __future__ import annotations

import gzip
import json

import pytest

from bulletin.edition.web.search_records import SearchRecord
from bulletin.publishing.search.index_order import order_index
from bulletin.publishing.search.pagefind_service import index_records

RECORDS = [
    SearchRecord(
        path=f"monthly/{2004 + number % 17}-05/#item-{number}",
        title=f"Item {number}",
        where="Anytown news",
        text="Words.",
        language="en-GB" if number % 5 else "cy",
        bulletin=("monthly", "training", "schools")[number % 3],
        year=str(2004 + number % 17),
        kind=("notice", "events", "links", "people")[number % 4],
    )
    for number in range(300)
]


def pack(content: bytes) -> bytes:
    return gzip.compress(b"pagefind_dcd" + content)


def test_two_runs_make_the_same_bytes() -> None:
    """Four filters in any order, and seventeen years: by chance that would not happen."""
    one, other = index_records(RECORDS), index_records(RECORDS)
    assert one == other
    assert len([path for path in one if path.startswith("en/filter/")]) == 3


def test_each_file_that_is_named_is_there() -> None:
    files = {path.removeprefix("en/"): content for path, content in index_records(RECORDS).items() if path[:2] == "en"}
    told = json.loads(files["pagefind-entry.json"])["languages"]["en"]
    contents = gzip.decompress(files[f"pagefind.{told['hash']}.pf_meta"])
    for path in files:
        if path.startswith(("filter/", "index/")):
            assert path.partition("/")[2].partition(".")[0].encode() in contents
    assert told["page_count"] == 240


ENTRY = json.dumps({"version": "2", "languages": {"en": {"hash": "en_1", "page_count": 1}}}).encode()
TWO = json.dumps({"languages": {"en": {"hash": "en_1"}, "cy": {"hash": "cy_1"}}}).encode()


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"pagefind-entry.json": b"{"},
        {"pagefind-entry.json": ENTRY},
        {"pagefind-entry.json": TWO, "pagefind.en_1.pf_meta": pack(b"\x80")},
        {"pagefind-entry.json": ENTRY, "pagefind.en_1.pf_meta": b"not packed"},
        {"pagefind-entry.json": ENTRY, "pagefind.en_1.pf_meta": gzip.compress(b"another mark")},
        {"pagefind-entry.json": ENTRY, "pagefind.en_1.pf_meta": pack(b"\x9f\xff")},  # an array without a length
        {"pagefind-entry.json": ENTRY, "pagefind.en_1.pf_meta": pack(b"\x82\x01\xf6")},  # null
        {"pagefind-entry.json": ENTRY, "pagefind.en_1.pf_meta": pack(b"\x9a\xff\xff\xff\xff")},  # cut off
        {"pagefind-entry.json": ENTRY, "pagefind.en_1.pf_meta": pack(b"\x84\x80\x80\x80\x81\x82\x61a\x61b")},
        {"pagefind-entry.json": ENTRY, "pagefind.en_1.pf_meta": pack(b"\x80\x80")},
    ],
)
def test_what_a_later_pagefind_writes_otherwise_stays_as_it_is(files: dict[str, bytes]) -> None:
    assert order_index(files) == files
