"""Pagefind by its pipes: what it is asked, and what is said if it isn't there, fails or takes too long."""

from __future__ import annotations

import gzip
import json
import sys
from base64 import b64encode
from pathlib import Path

import pagefind_bin
import pytest

from bulletin.edition.web.search_records import SearchRecord
from bulletin.errors import BulletinError, MissingPart
from bulletin.publishing.search.pagefind_service import index_records, tell_index

HOSTILE = ["<script>alert(1)</script>", "a, b,c", '"\\n\\', "ŵŷ 漢字 🙂", "&lt;b&gt;", "x" * 20_000, ",x,"]


def record(number: int, *, title: str = "Neglect", text: str = "One.\nTwo", language: str = "en-GB") -> SearchRecord:
    return SearchRecord(
        path=f"monthly/2021-05/#item-{number}",
        title=title,
        where="Anytown news, May 2021",
        text=text,
        language=language,
        bulletin="monthly",
        year="2021",
        kind="notice",
    )


def read_fragments(files: dict[str, bytes], index: str) -> dict[str, dict[str, object]]:
    found = [gzip.decompress(content) for path, content in files.items() if path.startswith(f"{index}/fragment/")]
    values = [json.loads(each.removeprefix(b"pagefind_dcd")) for each in found]
    return {each["url"]: each for each in values}


def test_each_record_comes_back_as_a_file_with_just_its_words() -> None:
    records = [record(number, title=text, text=text) for number, text in enumerate(HOSTILE)]
    fragments = read_fragments(index_records(records), "en")

    assert set(fragments) == {each.path for each in records}
    for each in records:
        assert fragments[each.path]["meta"] == {"title": each.title, "where": each.where, "lang": "en-GB"}
        assert fragments[each.path]["filters"] == {"bulletin": ["monthly"], "year": ["2021"], "kind": ["notice"]}


def test_only_what_our_page_loads_is_kept() -> None:
    files = index_records([record(1), record(2, language="cy")])
    names = {path.partition("/")[2] for path in files if path.count("/") == 1}

    assert {name for name in names if not name.endswith(".pf_meta")} == {
        "pagefind.js",
        "pagefind-worker.js",
        "pagefind-entry.json",
        "wasm.en.pagefind",
        "wasm.unknown.pagefind",
    }
    assert sum("wasm" in path for path in files) == 2


@pytest.mark.parametrize(
    ("language", "index"), [("en-GB", "en"), ("en", "en"), ("cy", "other"), ("pl", "other"), ("zh-Hant", "other")]
)
def test_only_english_words_lose_their_endings(language: str, index: str) -> None:
    assert tell_index(language) == index


def test_what_is_not_english_is_indexed_by_its_whole_words() -> None:
    files = index_records([record(1, text="neglected", language="cy"), record(2, text="neglected")])
    words = {
        index: b"".join(
            gzip.decompress(content) for path, content in files.items() if path.startswith(f"{index}/index/")
        )
        for index in ("en", "other")
    }
    assert b"neglected" in words["other"]
    assert b"neglected" not in words["en"].replace(b"neglected\x81", b"")
    assert b"neglect" in words["en"]


def test_many_records_do_not_fill_up_the_pipes() -> None:
    many = [record(number, text=f"Words of item {number}. " * 20) for number in range(600)]
    assert len(read_fragments(index_records(many), "en")) == 600


def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Have another program run in the place of Pagefind."""
    program = tmp_path / "pagefind"
    program.write_text(f"#!{sys.executable}\nimport sys, time\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(pagefind_bin, "get_executable", lambda: program)


ERROR = b64encode(json.dumps({"message_id": 0, "payload": {"type": "Error", "message": "no room"}}).encode())


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("sys.exit(1)", "it ended too early"),
        ("time.sleep(60)", "it takes more than 0.5 seconds"),
        (
            "sys.stdout.write('not base64 but long enough,'); sys.stdout.flush(); time.sleep(5)",
            "its answer can't be read",
        ),
        (f"sys.stdout.write({ERROR.decode()!r} + ','); sys.stdout.flush(); time.sleep(5)", "it says: no room"),
    ],
)
def test_a_program_that_fails_is_ended_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    pretend(tmp_path, monkeypatch, script)
    more_than_fits = [record(number, text="Words. " * 200) for number in range(300)]
    with pytest.raises(BulletinError, match=said) as caught:
        index_records(more_than_fits, seconds=0.5 if "more than" in said else 60)
    assert "built without search" in str(caught.value)


def test_without_the_program_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pagefind_bin", None)
    with pytest.raises(MissingPart, match=r"\[search\]"):
        index_records([record(1)])
