"""The web archive in a folder: what is there and when, what is written anew, and the promises that are kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import feedparser
import pytest
from sqlalchemy import Engine

from anytown import NOON
from archived import MAY, build, edit, find_broken_links, send, snapshot
from bulletin.database.schema import open_database
from bulletin.edition.build import make_edition
from bulletin.errors import BulletinError, FaultyFiles, LeakFound
from bulletin.issue.dates import MONTHS
from bulletin.issue.model import Issue
from bulletin.publishing.catalogue import read_catalogue
from bulletin.publishing.companions import CompanionFile
from bulletin.publishing.correcting import UnexplainedChanges
from bulletin.publishing.dead_addresses import find_dead, list_carried
from bulletin.publishing.manifest import load_manifest
from bulletin.publishing.publications import load_publications
from bulletin.publishing.visibility import Visibility, find_sent
from bulletin.workspace.workspace import Workspace, open_workspace
from command_call import call

URL = "https://news.anytown.example.org"
DAY = 86_400_000
APRIL = (
    MAY.replace("2021-05", "2021-04")
    .replace("4 May 2021", "6 April 2021")
    .replace("May", "April")
    .replace("summer", "spring")
)


@pytest.fixture
def workspace(make_workspace: Callable[..., Workspace]) -> Workspace:
    return make_workspace(issues={"2021-04": APRIL, "2021-05": MAY})


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace)
    yield engine
    engine.dispose()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "site"


def read(out: Path, path: str) -> str:
    return (out / path).read_text(encoding="utf-8")


def test_what_was_sent_is_there_with_every_list_that_leads_to_it(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    send(engine, "2021-05")  # April is older than the first mailing
    report = build(workspace, engine, out)

    assert report.public == 2
    assert "Welcome to the <strong>May</strong> issue." in read(out, "monthly/2021-05/index.html")
    for page in ("index.html", "monthly/index.html", "monthly/2021/index.html", "monthly/2021-04/index.html"):
        assert 'href="/monthly/2021-05/"' in read(out, page), page
    assert "url=/monthly/2021-05/" in read(out, "monthly/latest/index.html")
    assert "url=/monthly/2021-05/" in read(out, "issues/2021-05/index.html")
    assert f"{URL}/monthly/2021-05/" in read(out, "sitemap.xml")
    assert find_broken_links(out, url=URL, besides=("/privacy", "/subscribe")) == []


def test_nothing_that_is_for_some_readers_is_in_any_file(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)

    assert [path for path, (content, _) in snapshot(out).items() if b"schools only" in content] == []


def test_a_text_for_all_that_tells_of_what_is_for_some_stops_the_build(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    said = "The whole staff meets on the tenth of June in the large hall."
    edit(workspace, "2021-05", ("        for: [schools]", f"        for: [schools]\n        summary: {said}"))
    send(engine, "2021-05")
    assert build(workspace, engine, out).public == 2

    edit(workspace, "2021-05", ("Welcome to the **May** issue.", "The whole staff meets on the tenth of June."))
    with pytest.raises(LeakFound, match="The introduction has"):
        build(workspace, engine, out, typo=True)
    assert "tenth of June" not in read(out, "monthly/2021-05/index.html")


def test_an_issue_that_is_for_some_readers_only_is_nowhere(workspace: Workspace, engine: Engine, out: Path) -> None:
    edit(workspace, "2021-05", ("  - kind: notice", "  - for: [schools]\n    kind: notice"))
    edit(workspace, "2021-05", ("  - kind: events", "  - for: [schools]\n    kind: events"))
    send(engine, "2021-05")
    report = build(workspace, engine, out)

    assert [(each.id, each.why) for each in report.hidden] == [("2021-05", Visibility.NOTHING_PUBLIC)]
    assert not (out / "monthly/2021-05").exists()


def test_what_is_unchanged_is_not_touched(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    before = snapshot(out)
    again = build(workspace, engine, out)

    assert snapshot(out) == before
    assert not again.change.written
    assert again.change.unchanged == len(before)


def test_what_is_not_public_is_read_once_and_again_only_if_it_changes(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    """A draft, one under embargo, one that is for some readers only."""
    send(engine, "2021-04")
    for month, more in (("2021-06", ""), ("2021-07", "embargo: 1 July 2030\n")):
        text = MAY.replace("2021-05", month).replace("published: 4 May", "published: 20 May") + more
        workspace.issue_path(month).write_text(text, encoding="utf-8")
    for kind in ("notice", "events"):
        edit(workspace, "2021-04", (f"  - kind: {kind}", f"  - for: [schools]\n    kind: {kind}"))

    def list_read() -> list[str]:
        catalogue = read_catalogue(
            workspace,
            engine,
            now=NOON + 86_400_000,
            sent=find_sent(engine),
            remembered=load_manifest(workspace.state_folder, out).issues,
        )
        hidden = {each.id: each.why for each in catalogue.hidden}
        assert hidden["2021-04"] is Visibility.NOTHING_PUBLIC
        assert hidden["2021-07"] is Visibility.UNDER_EMBARGO
        return [each.id for each in (*catalogue.entries, *catalogue.unseen) if each.issue]

    assert len(list_read()) == 4
    build(workspace, engine, out)
    assert list_read() == []
    edit(workspace, "2021-06", ("Office hours", "Our hours"))
    assert list_read() == ["2021-06"]


def test_two_builds_make_the_same_bytes(workspace: Workspace, engine: Engine, tmp_path: Path) -> None:
    send(engine, "2021-05")
    for name in ("one", "two"):
        build(workspace, engine, tmp_path / name)
    one, two = (snapshot(tmp_path / name) for name in ("one", "two"))

    assert {path: content for path, (content, _) in one.items()} == {
        path: content for path, (content, _) in two.items()
    }


def test_only_what_a_correction_touches_is_written(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    edit(workspace, "2021-04", ("**3 April 2021**", "**5 April 2021**"))
    before = snapshot(out)
    build(workspace, engine, out, typo=True)
    after = snapshot(out)

    assert {path for path in after if after[path] != before[path]} == {"monthly/2021-04/index.html", "monthly/feed.xml"}


@pytest.mark.parametrize("change", ["damaged", "gone"])
def test_a_file_that_someone_changed_is_written_anew(
    workspace: Workspace, engine: Engine, out: Path, change: str
) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    before = read(out, "monthly/2021-05/index.html")
    if change == "gone":
        (out / "monthly/2021-05/index.html").unlink()
    else:
        (out / "monthly/2021-05/index.html").write_text("Hacked")
    build(workspace, engine, out)

    assert read(out, "monthly/2021-05/index.html") == before


def test_an_issue_appears_when_its_embargo_ends_and_is_nowhere_before(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    send(engine, "2021-04", "2021-05")
    edit(workspace, "2021-05", ("published: 4 May 2021", "published: 4 May 2021\nembargo: 6 May 2021, 9:30am"))
    ends = 1_620_289_800_000  # 08:30 UTC: the clocks are on summer time
    report = build(workspace, engine, out, now=ends - 1)

    assert report.next_hidden
    assert (report.next_hidden.id, report.next_hidden.embargo_at) == ("2021-05", ends)
    told = [path for path, (content, _) in snapshot(out).items() if b"2021-05/" in content or b"safe summer" in content]
    assert told == []
    assert "url=/monthly/2021-04/" in read(out, "monthly/latest/index.html")

    build(workspace, engine, out, now=ends)
    assert "url=/monthly/2021-05/" in read(out, "monthly/latest/index.html")


def test_without_an_embargo_an_issue_appears_on_the_day_that_it_is_published(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    send(engine, "2021-05")
    midnight = 1_620_082_800_000  # 4 May 2021, 00:00 in London

    assert build(workspace, engine, out, now=midnight - 1).public == 1
    assert build(workspace, engine, out, now=midnight).public == 2


def test_an_issue_that_was_neither_sent_nor_approved_is_not_there(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    report = build(workspace, engine, out)

    assert report.public == 0
    assert {each.why for each in report.hidden} == {Visibility.NOT_APPROVED}
    assert "No issue is published yet." in read(out, "index.html")


def test_an_approval_makes_an_issue_public_as_long_as_it_is_not_changed(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    engine.dispose()
    (workspace.root / "subscribers").mkdir(exist_ok=True)
    for name in workspace.settings.lists:
        (workspace.root / "subscribers" / f"{name}.csv").write_text(f"email\nanna@{name}.example.org\n")
    done = call("approve", "2021-05", "--by", "Jo Bloggs", "--yes", folder=workspace.root)
    assert done.returncode == 0, done.stdout + done.stderr
    engine = open_database(workspace)
    assert [each.id for each in build(workspace, engine, out).hidden] == ["2021-04"]

    edit(workspace, "2021-05", ("Office hours", "Opening hours"))
    assert len(build(workspace, engine, out).hidden) == 2
    engine.dispose()


def test_changed_words_need_a_correction_and_stop_the_build(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    before = snapshot(out)
    edit(workspace, "2021-05", ("starts: 9:30am", "starts: 10am"), ("9 June 2021", "8 June 2021"))

    with pytest.raises(UnexplainedChanges, match="May 2021 differs from what was published in 2 places") as caught:
        build(workspace, engine, out)
    assert "--typo" in str(caught.value)
    assert snapshot(out) == before


CORRECTION = """
corrections:
  - {on: 7 May 2021, text: "The conference is on 8 June, not 9 June.", item: conference-on-neglect}
"""


def test_a_correction_shows_with_its_date_on_the_page_in_lists_and_in_the_feed(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    edit(workspace, "2021-05", ("9 June 2021", "8 June 2021"), ("sections:", CORRECTION.lstrip() + "sections:"))
    build(workspace, engine, out, now=NOON + 3 * DAY)

    page = " ".join(read(out, "monthly/2021-05/index.html").replace("\u00a0", " ").split())
    assert "<strong>Corrected on Friday 7 May 2021.</strong> The conference is on 8 June, not 9 June." in page
    assert 'See <a href="#conference-on-neglect">the corrected event</a>. Readers got the earlier version' in page
    assert "Corrected 7 May 2021: The conference" in page
    assert "· corrected" in read(out, "monthly/index.html")
    entry = feedparser.parse(read(out, "monthly/feed.xml")).entries[0]
    assert entry.summary.startswith("Corrected on 7 May 2021. ")
    assert (entry.published, entry.updated) == ("2021-05-03T23:00:00Z", "2021-05-07T11:00:00Z")
    assert find_broken_links(out, url=URL, besides=("/privacy", "/subscribe")) == []


def test_a_second_change_needs_a_second_correction(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    edit(workspace, "2021-05", ("9 June 2021", "8 June 2021"), ("sections:", CORRECTION.lstrip() + "sections:"))
    build(workspace, engine, out)
    edit(workspace, "2021-05", ("8 June 2021\n", "7 June 2021\n"))

    with pytest.raises(UnexplainedChanges):
        build(workspace, engine, out)


def test_a_typing_error_moves_no_time_in_the_feed(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    before = feedparser.parse(read(out, "monthly/feed.xml")).entries[0]
    edit(workspace, "2021-05", ("Welcome to the", "Welcome to our"))
    build(workspace, engine, out, now=NOON + 3 * DAY, typo=True)
    after = feedparser.parse(read(out, "monthly/feed.xml")).entries[0]

    assert (after.id, after.updated) == (before.id, before.updated)
    assert "Welcome to our" in after.content[0].value


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("published: 4 May 2021\n", "published: 4 May 2021\nauthor: Jo Bloggs\n"),
        ("do: Read the hours", "follow_up: 2021-06\n    do: Read the hours"),
        ("for: [schools]", "for: [partners]"),
        ("month: 2021-05\n", "# A note\nmonth: 2021-05\n"),
    ],
)
def test_what_readers_never_see_needs_no_correction(
    workspace: Workspace, engine: Engine, out: Path, old: str, new: str
) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    edit(workspace, "2021-05", (old, new))

    assert not build(workspace, engine, out).change.written


def test_a_rehearsal_publishes_nothing(workspace: Workspace, engine: Engine, out: Path, tmp_path: Path) -> None:
    send(engine, "2021-05")
    build(workspace, engine, tmp_path / "rehearsal", rehearsal=True)
    edit(workspace, "2021-05", ("9 June 2021", "8 June 2021"))

    assert build(workspace, engine, out).public == 2


def test_an_old_anchor_leads_to_its_item_after_a_new_title(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    edit(workspace, "2021-05", ("Conference on neglect", "Conference about neglect"), ("Office hours", "Opening hours"))
    build(workspace, engine, out, typo=True)
    page = read(out, "monthly/2021-05/index.html")

    assert '<span id="conference-on-neglect"></span><h3 id="conference-about-neglect">' in page.replace("\n", "")
    assert '<span id="office-hours"></span>' in page

    edit(workspace, "2021-05", ("Conference about neglect", "The conference"))
    build(workspace, engine, out, typo=True)
    page = read(out, "monthly/2021-05/index.html").replace("\n", "")
    assert '<span id="conference-about-neglect"></span><span id="conference-on-neglect"></span><h3' in page


def test_the_anchors_of_an_item_that_is_gone_lead_to_its_page(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    text = workspace.issue_path("2021-05").read_text()
    workspace.issue_path("2021-05").write_text(text[: text.index("  - kind: events")])
    build(workspace, engine, out, typo=True)

    assert 'id="conference-on-neglect"' in read(out, "monthly/2021-05/index.html")


def test_an_item_that_was_taken_away_leaves_its_heading_and_the_day(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    marked = "      - withdrawn: 6 May 2021\n        title: Conference on neglect"
    edit(workspace, "2021-05", ("      - title: Conference on neglect", marked))
    build(workspace, engine, out)
    page = read(out, "monthly/2021-05/index.html")

    assert "Removed on 6 May 2021." in page
    assert 'id="conference-on-neglect"' in page
    assert "https://www.example.org/conference" not in page
    assert "Book a place" not in page


def test_what_was_taken_away_is_not_remembered(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    assert b"Book a place" in load_publications(engine)["2021-05"].model

    marked = "      - withdrawn: 6 May 2021\n        title: Conference on neglect"
    edit(workspace, "2021-05", ("      - title: Conference on neglect", marked))
    build(workspace, engine, out)
    assert b"Book a place" not in load_publications(engine)["2021-05"].model


def test_what_was_taken_away_is_in_no_email_that_is_sent_after_that(workspace: Workspace) -> None:
    marked = "      - withdrawn: yes\n        title: Conference on neglect"
    edit(workspace, "2021-05", ("      - title: Conference on neglect", marked))
    edition = make_edition(workspace, "2021-05")

    assert "Conference" not in edition.html + edition.text
    assert "Book a place" not in edition.html + edition.text


def test_an_issue_that_was_taken_away_keeps_its_address_and_says_so(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    edit(workspace, "2021-05", ("sections:", "withdrawn: yes\nsections:"))
    build(workspace, engine, out, now=NOON + 2 * DAY)
    page = read(out, "monthly/2021-05/index.html")

    assert "Removed on 6 May 2021." in page
    assert "Office hours" not in page
    assert 'id="office-hours"' in page
    assert 'content="noindex"' in page
    for path in ("monthly/feed.xml", "sitemap.xml", "monthly/index.html"):
        assert "safe summer" not in read(out, path), path
    assert "url=/monthly/2021-04/" in read(out, "monthly/latest/index.html")
    build(workspace, engine, out, now=NOON + 9 * DAY)
    assert "Removed on 6 May 2021." in read(out, "monthly/2021-05/index.html")


def test_ids_of_the_feed_stay_even_when_the_website_moves(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    before = feedparser.parse(read(out, "monthly/feed.xml"))
    settings = workspace.root / "bulletin.yaml"
    settings.write_text(settings.read_text().replace("news.anytown.example.org\n", "new.example.org/bulletin\n"))
    moved = open_workspace(workspace.root, environ={})
    build(moved, engine, out, now=NOON + 700 * DAY)
    after = feedparser.parse(read(out, "monthly/feed.xml"))

    assert before.feed.id == "tag:news.anytown.example.org,2021:monthly"
    assert after.feed.id == before.feed.id
    assert [entry.id for entry in after.entries] == [entry.id for entry in before.entries]
    assert after.entries[0].link == "https://new.example.org/bulletin/monthly/2021-05/"
    assert find_broken_links(out, url="https://new.example.org/bulletin", besides=("/privacy", "/subscribe")) == []


def test_the_feed_is_read_without_a_complaint_and_has_the_whole_text(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    feed = feedparser.parse(read(out, "monthly/feed.xml").encode())
    content = feed.entries[0].content[0].value

    assert not feed.bozo
    assert feed.version == "atom10"
    subjects = ["May 2021: neglect, and a safe summer", "April 2021: neglect, and a safe spring"]
    assert [entry.title for entry in feed.entries] == subjects
    assert feed.feed.links[0].href == f"{URL}/monthly/feed.xml"
    assert "We are closed on" in content
    for forbidden in ("class=", "style=", "<script", "cid:", "<p></p>", 'href="/', 'href="#', "<h1"):
        assert forbidden not in content


class PdfMaker:
    """Makes a file as the maker of PDFs does; `fonts` is what it depends on beside the issue."""

    def __init__(self, fonts: str = "1") -> None:
        self.fonts, self.made = fonts, []

    def write_recipe(self, issue_id: str) -> str:
        return f"{issue_id} {self.fonts}"

    def make(self, issue: Issue, *, issue_id: str, page: str) -> Sequence[CompanionFile]:
        self.made.append(page)
        content = f"%PDF {self.fonts} {issue.subject}".encode()
        file = {"name": f"monthly-{issue_id}.pdf", "content": content, "media_type": "application/pdf", "kind": "PDF"}
        dates = {"name": "conference.ics", "content": b"BEGIN", "media_type": "text/calendar", "kind": "calendar file"}
        return [
            CompanionFile(**file, words="PDF, 3 pages, 83 KB"),
            CompanionFile(**dates, anchor="conference-on-neglect"),
        ]


def test_files_beside_a_page_are_linked_named_by_the_feed_and_made_anew_only_when_they_differ(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    send(engine, "2021-05")
    maker = PdfMaker()
    build(workspace, engine, out, companions=[maker])
    page = read(out, "monthly/2021-05/index.html")

    assert maker.made == [f"{URL}/monthly/2021-04/", f"{URL}/monthly/2021-05/"]
    assert '<a href="/monthly/2021-05/monthly-2021-05.pdf">PDF, 3 pages, 83 KB</a>' in page
    assert '<a href="/monthly/2021-05/conference.ics" aria-label="Add to calendar: Conference on neglect">' in page
    (file,) = feedparser.parse(read(out, "monthly/feed.xml")).entries[0].enclosures
    assert file.href == f"{URL}/monthly/2021-05/monthly-2021-05.pdf"
    assert int(file.length) == (out / "monthly/2021-05/monthly-2021-05.pdf").stat().st_size
    assert find_broken_links(out, url=URL, besides=("/privacy", "/subscribe")) == []

    build(workspace, engine, out, companions=[maker])
    assert len(maker.made) == 2
    assert build(workspace, engine, out, companions=[PdfMaker("2")]).change.written["PDF"] == 2


def test_what_is_past_is_said_to_be_past_from_the_next_day_on(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    page = read(out, "monthly/2021-05/index.html").replace("\u00a0", " ")
    assert "By Mon 10 May" in page
    assert "What you need to do" in page

    build(workspace, engine, out, now=NOON + 7 * DAY)
    page = read(out, "monthly/2021-05/index.html").replace("\u00a0", " ")
    assert "Past: Mon 10 May" in page
    assert "By Tue 1 Jun" in page

    build(workspace, engine, out, now=NOON + 60 * DAY)
    assert "What readers were asked to do" in read(out, "monthly/2021-05/index.html").replace("\u00a0", " ")


def test_a_page_that_an_email_carries_is_never_removed(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-04", "2021-05")
    build(workspace, engine, out)
    workspace.issue_path("2021-05").unlink()

    report = build(workspace, engine, out, find_carried=lambda: {each.file for each in list_carried(engine, URL)})
    assert (out / "issues/2021-05/index.html").exists()
    assert not (out / "monthly/2021-05").exists()
    assert report.change.removed == 1


def test_a_check_names_each_address_that_an_email_carries_and_that_is_dead(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    assert find_dead(engine, URL, out) == []

    (out / "issues/2021-05/index.html").unlink()
    assert [(each.issue, each.path) for each in find_dead(engine, URL, out)] == [("2021-05", "issues/2021-05")]


def test_the_command_says_what_it_wrote_and_what_is_not_there_yet(
    workspace: Workspace, engine: Engine, out: Path
) -> None:
    send(engine, "2021-05")
    engine.dispose()
    done = call("archive", "--out", str(out), folder=workspace.root)
    assert done.returncode == 0, done.stderr
    assert "pages" in done.stdout
    assert "unchanged (" in done.stdout

    again = call("archive", "--out", str(out), folder=workspace.root)
    assert again.stdout.startswith("Nothing written; ")

    checked = call("archive", "--out", str(out / "other"), "--check", folder=workspace.root)
    assert checked.returncode == 1
    assert f"{URL}/issues/2021-05 is dead." in checked.stderr

    rehearsed = call("archive", "--out", str(out / "early"), "--at", "1 May 2021, 9am", folder=workspace.root)
    assert "May 2021 appears from 4 May 2021, 00:00. Run it again then." in rehearsed.stdout

    odd = call("archive", "--out", str(out), "--at", "soon", folder=workspace.root)
    assert odd.returncode == 1
    assert "3 December 2026, 9:30am" in odd.stderr


def test_a_published_issue_with_mistakes_stops_the_build(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    before = snapshot(out)
    edit(workspace, "2021-05", ("kind: notice", "kind: notise"))

    with pytest.raises(FaultyFiles):
        build(workspace, engine, out)
    assert snapshot(out) == before


def test_a_draft_with_mistakes_is_left_out(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-05")
    (workspace.root / "issues/2021-06.yaml").write_text("month: 2021-06\n")

    assert build(workspace, engine, out).faulty == ("2021-06",)


def test_without_a_website_there_is_no_archive(make_workspace: Callable[..., Workspace], tmp_path: Path) -> None:
    from conftest import SETTINGS

    workspace = make_workspace(settings=SETTINGS.partition("website:")[0])
    engine = open_database(workspace)
    with pytest.raises(BulletinError, match="no `website`"):
        build(workspace, engine, tmp_path / "site")
    engine.dispose()


def test_items_are_found_by_topic_once_there_are_three(workspace: Workspace, engine: Engine, out: Path) -> None:
    settings = workspace.root / "bulletin.yaml"
    settings.write_text(settings.read_text() + "topics:\n  Neglect: [neglect, neglected]\n  Water: swimming\n")
    edit(workspace, "2021-05", ("title: Office hours", "title: Office hours\n    topics: [neglect]"))
    send(engine, "2021-05")
    build(open_workspace(workspace.root, environ={}), engine, out)

    page = read(out, "topics/neglect/index.html")
    assert page.split("<main")[1].split("</main>")[0].count("<li><a") == 3
    assert "/monthly/2021-05/#office-hours" in page
    assert not (out / "topics/water").exists()
    assert "Topics" in read(out, "index.html")
    assert find_broken_links(out, url=URL, besides=("/privacy", "/subscribe")) == []


def test_an_archive_that_is_not_listed_says_so_on_every_page(workspace: Workspace, engine: Engine, out: Path) -> None:
    settings = workspace.root / "bulletin.yaml"
    settings.write_text(settings.read_text() + "archive: {listed: no}\n")
    send(engine, "2021-05")
    build(open_workspace(workspace.root, environ={}), engine, out)

    assert [path for path in snapshot(out) if path.endswith(".html") and "noindex" not in read(out, path)] == []
    assert not (out / "sitemap.xml").exists()


def test_more_than_six_years_have_pages_of_their_own(make_workspace: Callable[..., Workspace], tmp_path: Path) -> None:
    issues = {f"{year}-05": MAY.replace("2021", str(year)) for year in range(2013, 2022)}
    workspace = make_workspace(issues=issues)
    engine = open_database(workspace)
    send(engine, "2021-05")
    build(workspace, engine, tmp_path)
    index = read(tmp_path, "monthly/index.html")

    assert 'href="/monthly/2013/"' in index
    assert 'href="/monthly/2013-05/"' not in index
    assert 'href="/monthly/2013-05/"' in read(tmp_path, "monthly/2013/index.html")
    assert find_broken_links(tmp_path, url=URL, besides=("/privacy", "/subscribe")) == []
    engine.dispose()


@pytest.mark.slow
def test_a_build_that_is_killed_leaves_every_old_page(workspace: Workspace, engine: Engine, out: Path) -> None:
    send(engine, "2021-05")
    build(workspace, engine, out)
    engine.dispose()
    settings = workspace.root / "bulletin.yaml"
    text = settings.read_text()
    for attempt in range(6):
        before = {path: content for path, (content, _) in snapshot(out).items() if path.endswith("index.html")}
        settings.write_text(text.replace("Anytown news", f"Anytown news {attempt}"))
        command = [sys.executable, "-m", "bulletin", "archive", "--out", str(out), "--workspace", str(workspace.root)]
        process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
        time.sleep(0.1 + attempt * 0.25)  # anywhere in the build
        process.send_signal(signal.SIGKILL)
        process.wait()
        after = {path: content for path, (content, _) in snapshot(out).items() if path.endswith("index.html")}
        assert set(after) == set(before)
        assert all(content.endswith(b"</html>") for content in after.values())
    done = call("archive", "--out", str(out), folder=workspace.root)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in out.rglob(".*.new")] == []


@pytest.mark.slow
def test_of_two_hundred_issues_only_the_changed_one_costs_anything(
    make_workspace: Callable[..., Workspace], tmp_path: Path
) -> None:
    """In seconds of the processor, so that a busy machine does not count: 5 with one changed, 1 with none."""
    issues = {f"{year}-{month:02}": MAY for year in range(2004, 2021) for month in range(1, 13)}
    for name in issues:
        day = f"4 {MONTHS[int(name[5:]) - 1]} {name[:4]}"
        issues[name] = MAY.replace("2021-05", name).replace("published: 4 May 2021", f"published: {day}")
    workspace = make_workspace(issues=issues | {"2021-05": MAY})
    engine = open_database(workspace)
    send(engine, "2021-05")
    assert build(workspace, engine, tmp_path / "site").public == 205

    began = time.process_time()
    assert not build(workspace, engine, tmp_path / "site").change.written
    assert time.process_time() - began < 1

    edit(workspace, "2012-03", ("Welcome to the", "Welcome to our"))
    began = time.process_time()
    assert dict(build(workspace, engine, tmp_path / "site", typo=True).change.written) == {"page": 1}
    assert time.process_time() - began < 5
    engine.dispose()
