"""The index and the page of an archive that can be searched: what is in them, and when they are made anew."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from anytown import NOON
from archived import MAY, build, edit, find_broken_links, send, snapshot
from bulletin.database.schema import open_database
from bulletin.edition.theme import Theme
from bulletin.edition.web.archive_site import open_site
from bulletin.edition.web.issue_facts import IssueFacts
from bulletin.edition.web.page_pictures import PageAlbum
from bulletin.edition.web.search_records import SearchRecord
from bulletin.errors import LeakFound
from bulletin.publishing.catalogue import load_public
from bulletin.publishing.page_list import gather_shelves
from bulletin.publishing.search.record_store import load_records, name_store, select_records
from bulletin.publishing.search.search_files import SearchMaker
from bulletin.workspace.workspace import Workspace, open_workspace
from checkout import ROOT
from command_call import call

URL = "https://news.anytown.example.org"
DAY = 86_400_000
LASTING = """\
  - kind: about
    title: About us
    text: The partnership keeps children safe.
    link: https://www.example.org/about
"""
APRIL = (
    MAY.replace("2021-05", "2021-04")
    .replace("4 May 2021", "6 April 2021")
    .replace("May", "April")
    .replace("Conference on neglect", "Workshop on sleep")
)


class PlainIndex:
    """Makes one file of the words of all records. `made` counts how often."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, records: Sequence[SearchRecord]) -> Mapping[str, bytes]:
        self.made += 1
        return {"en/words.txt": "\n\n".join(record.words for record in records).encode()}


@pytest.fixture
def workspace(make_workspace: Callable[..., Workspace]) -> Workspace:
    return make_workspace(issues={"2021-04": APRIL + LASTING, "2021-05": MAY + LASTING})


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace)
    send(engine, "2021-04", "2021-05")
    yield engine
    engine.dispose()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "site"


def make(workspace: Workspace, index: PlainIndex) -> list[SearchMaker]:
    return [SearchMaker(workspace=workspace, index=index)]


def found_in(out: Path) -> str:
    return (out / "pagefind/en/words.txt").read_text(encoding="utf-8")


def test_each_item_of_each_visible_issue_is_in_the_index_with_its_anchor(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    build(workspace, engine, out, companions=make(workspace, PlainIndex()))
    words = found_in(out)

    assert "monthly/2021-05/#conference-on-neglect\nConference on neglect\n" in words
    assert "Anytown news, May 2021 · Days to keep free · Wednesday 9 June 2021" in words
    assert "monthly/2021-04/#office-hours" in words
    assert "Welcome to the April issue." in words
    assert "schools only" not in words.lower()
    pages = "".join(path.read_text() for path in out.rglob("*.html"))
    assert '<a href="/search/" aria-current="page">Search</a>' in pages
    assert pages.count('<a href="/search/"') >= len(list(out.rglob("*.html"))) - 1
    assert find_broken_links(out, url=URL, besides=("/privacy", "/subscribe")) == []


def test_without_an_index_no_page_speaks_of_a_search(workspace: Workspace, engine: Engine, out: Path) -> None:
    build(workspace, engine, out)

    assert not (out / "search").exists()
    assert not (out / "pagefind").exists()
    assert "/search/" not in "".join(path.read_text() for path in out.rglob("*.html"))


def test_what_is_unchanged_is_neither_indexed_nor_touched(workspace: Workspace, engine: Engine, out: Path) -> None:
    index = PlainIndex()
    build(workspace, engine, out, companions=make(workspace, index))
    before = snapshot(out)
    store = workspace.state_folder / name_store(out)
    kept_at = store.stat().st_mtime_ns
    again = build(workspace, engine, out, companions=make(workspace, index))

    assert snapshot(out) == before
    assert not again.change.written
    assert (index.made, store.stat().st_mtime_ns) == (1, kept_at)


@pytest.mark.parametrize("change", ["words", "file", "store"])
def test_the_index_is_made_anew_only_if_a_record_differs(
    workspace: Workspace, engine: Engine, out: Path, change: str
) -> None:
    index = PlainIndex()
    build(workspace, engine, out, companions=make(workspace, index))
    if change == "words":
        edit(workspace, "2021-04", ("Office hours", "Opening hours"))
    elif change == "file":
        (out / "pagefind/en/words.txt").unlink()
    else:
        (workspace.state_folder / name_store(out)).write_text("nonsense")
    build(workspace, engine, out, typo=True, companions=make(workspace, index))

    assert index.made == (1 if change == "store" else 2)
    assert ("Opening hours" in found_in(out)) == (change == "words")
    assert set(load_records(workspace.state_folder, out)) == {"2021-04", "2021-05"}


def test_what_readers_never_see_makes_no_new_index(workspace: Workspace, engine: Engine, out: Path) -> None:
    index = PlainIndex()
    build(workspace, engine, out, companions=make(workspace, index))
    edit(workspace, "2021-05", ("published: 4 May 2021\n", "published: 4 May 2021\nauthor: Jo Bloggs\n"))
    build(workspace, engine, out, companions=make(workspace, index))

    assert index.made == 1


def test_what_is_under_embargo_is_neither_in_the_index_nor_in_what_the_server_searches(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    edit(workspace, "2021-05", ("published: 4 May 2021", "published: 4 May 2021\nembargo: 9 May 2021, 9:30am"))
    build(workspace, engine, out, companions=make(workspace, PlainIndex()))
    assert "neglect" not in found_in(out).replace("neglect, and a safe summer", "")
    assert set(load_records(workspace.state_folder, out)) == {"2021-04"}
    assert "2021-05" not in (workspace.state_folder / name_store(out)).read_text()

    build(workspace, engine, out, now=NOON + 6 * DAY, companions=make(workspace, PlainIndex()))
    assert "#conference-on-neglect" in found_in(out)


def test_what_is_taken_away_cannot_be_found(workspace: Workspace, engine: Engine, out: Path) -> None:
    build(workspace, engine, out, companions=make(workspace, PlainIndex()))
    marked = "      - withdrawn: 6 May 2021\n        title: Conference on neglect"
    edit(workspace, "2021-05", ("      - title: Conference on neglect", marked))
    edit(workspace, "2021-04", ("sections:", "withdrawn: 6 May 2021\nsections:"))
    build(workspace, engine, out, companions=make(workspace, PlainIndex()))

    assert "Conference on neglect" not in found_in(out)
    assert "2021-04" not in found_in(out)


def test_a_part_that_is_the_same_each_month_is_found_once_in_the_latest_issue(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    build(workspace, engine, out, companions=make(workspace, PlainIndex()))
    assert found_in(out).count("#about-us") == 1
    assert "monthly/2021-05/#about-us" in found_in(out)

    edit(workspace, "2021-05", ("keeps children safe", "keeps all children safe"))
    build(workspace, engine, out, typo=True, companions=make(workspace, PlainIndex()))
    assert found_in(out).count("#about-us") == 2


def test_a_correction_shows_beside_what_it_is_about(workspace: Workspace, engine: Engine, out: Path) -> None:
    build(workspace, engine, out, companions=make(workspace, PlainIndex()))
    correction = 'corrections:\n  - {on: 7 May 2021, text: "On 8 June.", item: conference-on-neglect}\nsections:'
    edit(workspace, "2021-05", ("9 June 2021", "8 June 2021"), ("sections:", correction))
    build(workspace, engine, out, now=NOON + 4 * DAY, companions=make(workspace, PlainIndex()))

    assert [line for line in found_in(out).splitlines() if line.endswith("· corrected")] == [
        "Anytown news, May 2021 · Days to keep free · Tuesday 8 June 2021 · corrected"
    ]


def test_a_record_that_tells_what_is_for_some_readers_is_refused(workspace: Workspace, out: Path) -> None:
    said = "The head teachers meet in the large hall."
    edit(workspace, "2021-05", ("        for: [schools]", f"        for: [schools]\n        summary: {said}"))
    facts = IssueFacts(
        id="2021-05", bulletin="monthly", name="2021-05", subject="", preview_text="", published="2021-05-04", minutes=1
    )
    public = load_public(workspace, "2021-05")
    theme = Theme(folders=workspace.theme_folders, settled=True)
    album = PageAlbum(read=workspace.read_picture, base="")
    given = {
        "site": open_site(workspace.settings, theme, URL, album),
        "shelves": gather_shelves(workspace.settings, [facts]),
        "keys": {"2021-05": "1"},
        "out": out,
    }
    maker = SearchMaker(workspace=workspace, index=PlainIndex())
    maker.gather(**given, load=lambda _: public)

    for field, words in (("introduction", f"Hello. {said}"), ("subject", "For schools only")):
        with pytest.raises(LeakFound, match="The search index has"):
            maker.gather(**given, load=lambda _, change={field: words}: public.model_copy(update=change))


def test_the_page_allows_what_searching_needs_and_no_other_page_does(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    build(workspace, engine, out, companions=make(workspace, PlainIndex()))
    for path in out.rglob("*.html"):
        text = path.read_text()
        assert ("wasm-unsafe-eval" in text) == (path.parent.name == "search"), path
        assert ("worker-src &#39;self&#39;" in text or "worker-src 'self'" in text) == (path.parent.name == "search")
        assert "<style" not in text
        assert "<script>" not in text
    page = (out / "search/index.html").read_text()
    assert page.count("<script") == 1
    (script,) = (out / "assets").glob("search.*.js")
    (sheet,) = (out / "assets").glob("search.*.css")
    assert script.stat().st_size <= 6_000
    assert sheet.stat().st_size <= 3_000


@pytest.mark.slow
def test_the_real_index_has_the_words_of_the_public_and_no_others(
    make_workspace: Callable[..., Workspace], tmp_path: Path
) -> None:
    """Every file is unpacked: words that are for schools, or under embargo, are in none of its bytes."""
    hidden = MAY.replace("title: For schools only", "title: canaryone\n        summary: canarytwo").replace(
        "sections:\n", "sections:\n  - kind: notice\n    title: canarythree\n    for: [schools]\n    text: canaryfour\n"
    )
    later = MAY.replace("2021-05", "2021-06").replace("4 May 2021", "1 June 2021").replace("neglect", "canaryfive")
    workspace = make_workspace(issues={"2021-05": hidden, "2021-06": later})
    engine = open_database(workspace)
    send(engine, "2021-05", "2021-06")
    out = tmp_path / "site"
    build(workspace, engine, out, companions=[SearchMaker(workspace=workspace)])
    index = {path: path.read_bytes() for path in (out / "pagefind").rglob("*") if path.is_file()}
    whole = b"".join(gzip.decompress(each) if each[:2] == b"\x1f\x8b" else each for each in index.values())

    assert b"Conference on neglect" in whole
    store = (workspace.state_folder / name_store(out)).read_bytes()
    for word in (b"canaryone", b"canarytwo", b"canarythree", b"canaryfour", b"canaryfive"):
        assert word not in whole.lower()
        assert word not in store.lower()
        assert not [path for path, (content, _) in snapshot(out).items() if word in content.lower()], word
    assert not [path for path in index if "-ui" in path.name or "highlight" in path.name]

    again = build(workspace, engine, out, companions=[SearchMaker(workspace=workspace)])
    assert not again.change.written
    other = tmp_path / "other"
    build(workspace, engine, other, companions=[SearchMaker(workspace=workspace)])
    assert {path: content for path, (content, _) in snapshot(other).items()} == {
        path: content for path, (content, _) in snapshot(out).items()
    }
    engine.dispose()


@pytest.mark.slow
def test_the_command_builds_a_search_and_writes_nothing_twice(workspace: Workspace, engine: Engine, out: Path) -> None:
    engine.dispose()
    done = call("archive", "--out", str(out), folder=workspace.root)
    assert done.returncode == 0, done.stderr
    assert "search files" in done.stdout
    assert (out / "pagefind/en/pagefind.js").is_file()

    again = call("archive", "--out", str(out), folder=workspace.root)
    assert again.stdout.startswith("Nothing written; ")


def test_settings_of_another_bulletin_and_language_have_records_of_their_own(
    make_workspace: Callable[..., Workspace], tmp_path: Path
) -> None:
    from conftest import SETTINGS

    settings = SETTINGS.replace(
        "lists:\n", "  training:\n    title: Training\n    sender: {name: Us, email: us@example.org}\nlists:\n", 1
    )
    workspace = make_workspace(settings=settings, issues={"2021-05": MAY})
    (workspace.root / "issues/training").mkdir()
    welsh = MAY.replace("month: 2021-05\n", "month: 2021-05\nlanguage: cy\n")
    (workspace.root / "issues/training/2021-05.yaml").write_text(welsh)
    workspace = open_workspace(workspace.root, environ={})
    engine = open_database(workspace)
    send(engine, "2021-05", "training/2021-05")
    build(workspace, engine, tmp_path / "site", companions=make(workspace, PlainIndex()))
    engine.dispose()

    records = list(select_records(load_records(workspace.state_folder, tmp_path / "site").values()))
    assert {(record.bulletin, record.language) for record in records} == {("monthly", "en-GB"), ("training", "cy")}
    page = (tmp_path / "site/search/index.html").read_text()
    assert '<option value="training">Training</option>' in page
    assert 'data-indexes="/pagefind/en/ /pagefind/other/"' in page


def test_what_is_found_of_a_bilingual_issue_leads_to_the_page_in_its_language(out: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/edition/bilingual", tmp_path / "bilingual")
    workspace = open_workspace(tmp_path / "bilingual", environ={})
    engine = open_database(workspace)
    send(engine, "2026-11")
    now = round(datetime(2026, 11, 30, tzinfo=UTC).timestamp() * 1000)
    build(workspace, engine, out, companions=make(workspace, PlainIndex()), now=now)
    engine.dispose()

    records = list(select_records(load_records(workspace.state_folder, out).values()))
    assert {record.language for record in records} == {"cy", "en-GB"}
    assert {record.month for record in records} == {"2026-11"}
    for record in records:
        path, _, anchor = record.path.partition("#")
        page = (out / path / "index.html").read_text(encoding="utf-8")
        assert f'<html lang="{record.language}">' in page
        assert not anchor or f'id="{anchor}"' in page
