"""The story of contributions that come again, corrected, late, or after the officer has taken them out."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from bulletin.cli import clock
from bulletin.cli.app import make_app
from bulletin.collecting.memory import MEMORY_FILE, read_memory
from bulletin.database.schema import open_database
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.issue.dates import PartialDate
from bulletin.workspace.workspace import Workspace, open_workspace
from command_call import call
from conftest import SETTINGS, full_disk, on_postgresql
from forked import Program
from mailed import ACCEPTED, QUEUED, mail, run

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

CONTRIBUTORS = """\
contributors:
  health: {organisation: Anytown Health, email: news@health.example.org}
  police: {organisation: Anytown Police, email: news@police.example.org}
"""
DECEMBER = """\
month: 2026-12
published: 1 December 2026
subject: Anytown news for December
preview_text: What we did in November
sections:
  - kind: events
    title: Days to keep free
    items:
      - title: Board meeting
        date: 9 December 2026
"""
JANUARY = DECEMBER.replace("2026-12", "2027-01").replace("1 December 2026", "5 January 2027")
JANUARY = JANUARY.replace("9 December 2026", "20 January 2027")
HEALTH = """\
from: health
kind: events
items:
  - title: Coffee morning
    date: 12 December 2026
    place: Library
  - title: Fun run
    date: 20 December 2026
"""
CORRECTED = HEALTH.replace("12 December", "14 December")
MONDAY, TUESDAY = 1_793_620_800, 1_793_707_200  # 2 and 3 November 2026, noon, in seconds since 1970


@pytest.fixture
def place(make_workspace: MakeWorkspace) -> Workspace:
    """December, with what Anytown Health sent on Monday already put in."""
    place = make_workspace(
        settings=SETTINGS + CONTRIBUTORS,
        issues={"2026-12": DECEMBER},
        lists={"partners": "email\nanna@example.org\n", "schools": "email\nben@example.org\n"},
    )
    arrive(place, "health.yaml", HEALTH, saved=MONDAY)
    run(place, "collect", "2026-12")
    return place


@pytest.fixture
def _server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield


def arrive(place: Workspace, name: str, content: str, *, saved: int, issue: str = "2026-12") -> None:
    """A contribution comes in, in a file that was last saved at a time (seconds since 1970)."""
    path = place.root / "issues" / issue / "contributions" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    os.utime(path, (saved, saved))


def arrive_as_workbook(place: Workspace, name: str, *events: tuple[str, ...], saved: int) -> None:
    book = Workbook()
    book.worksheets[0].title = "events"
    for row in (("title", "date", "place"), *events):
        book.worksheets[0].append(row)
    path = place.root / "issues/2026-12/contributions" / name
    book.save(path)
    os.utime(path, (saved, saved))


def read_issue(place: Workspace, issue: str = "2026-12") -> str:
    return place.issue_path(issue).read_text(encoding="utf-8")


def edit(place: Workspace, old: str, new: str) -> None:
    text = read_issue(place)
    assert old in text
    place.issue_path("2026-12").write_text(text.replace(old, new), encoding="utf-8")


def remove_coffee_morning(place: Workspace) -> None:
    """The officer takes the item out, and its signature with it."""
    lines = read_issue(place).splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if "Coffee morning" in line)
    place.issue_path("2026-12").write_text("".join([*lines[: at - 1], *lines[at + 3 :]]), encoding="utf-8")
    assert "Coffee" not in read_issue(place)


def collect_at_a_terminal(place: Workspace, answer: bytes) -> str:
    """Collect, and type the answer to its question. All that is shown."""
    import pty

    terminal, inside = pty.openpty()
    process = Program(["collect", "2026-12", "--workspace", str(place.root)], stdin=inside, stdout=inside)
    os.close(inside)
    shown = b""
    while b"[y/N]" not in shown:
        shown += os.read(terminal, 4096)
    os.write(terminal, answer)
    with suppress(OSError):  # Linux ends the reading so, once the other side is closed
        while more := os.read(terminal, 4096):
            shown += more
    os.close(terminal)
    assert process.wait() == 0
    return shown.decode()


# A correction


@pytest.mark.parametrize("name", ["health (1).yaml", "Health(2).yaml", "health - Copy.yaml", "health-december.yaml"])
def test_a_corrected_resend_under_another_name_is_told_and_not_put_beside_the_first(
    place: Workspace, name: str
) -> None:
    arrive(place, name, CORRECTED, saved=TUESDAY)
    before = read_issue(place)
    said = run(place, "collect", "2026-12", code=1)

    assert "“Coffee morning” from Anytown Health has changed:\n" in said
    assert f"  {name} (saved on 3 November 2026, " in said
    assert " is newer than health.yaml (saved on 2 November 2026, " in said
    assert "  date: “12 December 2026” → “14 December 2026”\n" in said
    assert said.endswith("To make these changes, run: bulletin collect 2026-12 --yes\n")
    assert read_issue(place) == before


def test_with_a_yes_the_new_version_takes_the_place_of_the_old_one(place: Workspace) -> None:
    arrive(place, "health (1).yaml", CORRECTED, saved=TUESDAY)
    said = run(place, "collect", "2026-12", "--yes")
    written = read_issue(place)

    assert "Anytown Health, health (1).yaml: nothing new, 1 item already there, 1 item changed\n" in said
    assert written.count("Coffee morning") == written.count("14 December 2026") == 1
    assert "12 December 2026" not in written
    assert "# from Anytown Health, health (1).yaml (" in written
    assert "health (1).yaml: nothing new, 2 items already there" in run(place, "collect", "2026-12")
    assert read_issue(place) == written


def test_a_workbook_after_a_yaml_file_is_a_correction_and_other_ways_to_write_a_date_are_none(place: Workspace) -> None:
    coffee, fun_run = ("Coffee morning", "2026-12-14", "Library"), ("Fun run", "Sunday 20 Dec 2026", "")
    arrive_as_workbook(place, "health.xlsx", coffee, fun_run, saved=TUESDAY)
    said = run(place, "collect", "2026-12", "--yes")

    assert "date: “12 December 2026” → “2026-12-14”" in said
    assert "Fun run” from" not in said
    assert read_issue(place).count("Coffee morning") == read_issue(place).count("Fun run") == 1


def test_both_versions_at_once_are_told_and_offered_as_well(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(settings=SETTINGS + CONTRIBUTORS, issues={"2026-12": DECEMBER})
    arrive(place, "health (1).yaml", CORRECTED, saved=TUESDAY)
    arrive(place, "health.yaml", HEALTH, saved=MONDAY)
    run(place, "collect", "2026-12", code=1)

    assert read_issue(place).count("Coffee morning") == 1
    assert "12 December 2026" in read_issue(place)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to test with")
def test_the_officer_is_asked_and_a_no_leaves_the_issue_as_it_is(place: Workspace) -> None:
    arrive(place, "health (1).yaml", CORRECTED, saved=TUESDAY)
    before = read_issue(place)
    shown = collect_at_a_terminal(place, b"n\n")

    line = before.splitlines().index("      - title: Coffee morning") + 1
    assert f"Change it in issues/2026-12.yaml, line {line}? [y/N]" in shown
    assert read_issue(place) == before


def test_what_the_officer_wrote_into_an_item_stays_when_it_is_corrected(place: Workspace) -> None:
    edit(place, "        place: Library", "        # ask Sam about the ramp\n        place: The old library")
    arrive(place, "health (1).yaml", CORRECTED, saved=TUESDAY)
    said = run(place, "collect", "2026-12", "--yes")

    assert "place:" not in said
    assert "# ask Sam about the ramp" in read_issue(place)
    assert "place: The old library" in read_issue(place)
    assert "date: 14 December 2026" in read_issue(place)


def test_an_older_file_changes_nothing_and_is_named(place: Workspace) -> None:
    arrive(place, "health-old.yaml", HEALTH.replace("12 December", "5 December"), saved=MONDAY - 86_400)
    before = read_issue(place)
    said = run(place, "collect", "2026-12", "--yes")

    assert "not added: another version of “Coffee morning”. health-old.yaml (saved on 1 November 2026, " in said
    assert "is older than health.yaml" in said
    assert read_issue(place) == before


def test_a_contributor_may_go_back_to_what_they_sent_first(place: Workspace) -> None:
    arrive(place, "health (1).yaml", CORRECTED, saved=TUESDAY)
    run(place, "collect", "2026-12", "--yes")
    arrive(place, "health (2).yaml", HEALTH, saved=TUESDAY + 86_400)
    said = run(place, "collect", "2026-12", "--yes")

    assert "date: “14 December 2026” → “12 December 2026”" in said
    assert "nothing new" in run(place, "collect", "2026-12")
    assert "date: 12 December 2026" in read_issue(place)


def test_two_items_of_one_title_in_a_file_are_two_items(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(settings=SETTINGS + CONTRIBUTORS, issues={"2026-12": DECEMBER})
    twice = HEALTH.replace("Fun run", "Coffee morning")
    arrive(place, "health.yaml", twice, saved=MONDAY)
    run(place, "collect", "2026-12")
    arrive(place, "health (1).yaml", twice.replace("20 December", "21 December"), saved=TUESDAY)
    said = run(place, "collect", "2026-12", "--yes")

    assert said.count("has changed:") == 1
    assert "date: “20 December 2026” → “21 December 2026”" in said
    assert read_issue(place).count("Coffee morning") == 2


def test_of_two_changed_items_of_one_title_one_is_the_correction_and_the_other_is_new(place: Workspace) -> None:
    more = "  - title: Coffee morning\n    date: 21 December 2026\n"
    arrive(place, "health (1).yaml", CORRECTED + more, saved=TUESDAY)
    said = run(place, "collect", "2026-12", "--yes")

    assert "1 item placed, 1 item already there, 1 item changed" in said
    assert read_issue(place).count("Coffee morning") == 2


NOTICE = "from: health\nkind: notice\ntitle: Office hours\ntext: |\n  We close on **24 December**.\n\n  See you.\n"
RESOURCE = """\
from: health
kind: resources
groups:
  - title: Guides
    items:
      - title: Sleep
        link: https://health.example.org/sleep
        publishers: [Anytown Health]
"""


@pytest.mark.parametrize(
    ("sent", "old", "new"),
    [
        (NOTICE, "24 December", "23 December"),
        (RESOURCE, "health.example.org/sleep", "health.example.org/sleeping"),
        ("from: health\nkind: links\nitems: [{title: Us, link: https://a.example.org}]\n", "a.example", "b.example"),
    ],
    ids=["a section", "a resource in a group", "a link"],
)
def test_whatever_was_sent_can_be_corrected(make_workspace: MakeWorkspace, sent: str, old: str, new: str) -> None:
    place = make_workspace(settings=SETTINGS + CONTRIBUTORS, issues={"2026-12": DECEMBER})
    arrive(place, "health.yaml", sent, saved=MONDAY)
    run(place, "collect", "2026-12")
    first = read_issue(place)
    arrive(place, "health (1).yaml", sent.replace(old, new), saved=TUESDAY)
    run(place, "collect", "2026-12", "--yes")
    lines = [line for line in read_issue(place).splitlines() if "# from" not in line]

    assert lines == [line.replace(old, new) for line in first.splitlines() if "# from" not in line]


def test_two_agencies_that_send_the_same_are_told_apart_when_one_corrects_it(place: Workspace) -> None:
    arrive(place, "police.yaml", HEALTH.replace("from: health", "from: police"), saved=TUESDAY)
    run(place, "collect", "2026-12")
    arrive(place, "health (1).yaml", CORRECTED, saved=TUESDAY + 86_400)
    run(place, "collect", "2026-12", "--yes")

    assert read_issue(place).count("Coffee morning") == 1


def test_the_same_title_from_another_agency_is_another_item(place: Workspace) -> None:
    arrive(place, "police.yaml", CORRECTED.replace("health", "police"), saved=TUESDAY)
    run(place, "collect", "2026-12")

    assert read_issue(place).count("Coffee morning") == 2


def test_check_notices_a_title_that_a_section_has_twice(place: Workspace) -> None:
    edit(place, "    items:\n", "    items:\n      - {title: Coffee morning, date: 14 December 2026}\n")

    assert "STRU07" in run(place, "check", "2026-12")


# What the officer takes out


def test_what_the_officer_takes_out_does_not_come_back(place: Workspace) -> None:
    remove_coffee_morning(place)
    before = read_issue(place)
    said = run(place, "collect", "2026-12", "--yes")

    assert "health.yaml: nothing new, 1 item already there, 1 item that you removed before" in said
    assert read_issue(place) == before


def test_a_correction_of_what_the_officer_took_out_does_not_bring_it_back(place: Workspace) -> None:
    remove_coffee_morning(place)
    arrive(place, "health (1).yaml", CORRECTED, saved=TUESDAY)
    said = run(place, "collect", "2026-12", "--yes")

    assert "not added: “Coffee morning” has changed, but you have removed it from the issue" in said
    assert "Coffee" not in read_issue(place)


def test_what_is_remembered_can_be_read_and_taken_back_by_hand(place: Workspace) -> None:
    remove_coffee_morning(place)
    memory = place.root / "issues/2026-12/contributions" / MEMORY_FILE
    text = memory.read_text(encoding="utf-8")
    first, second = text.index("  - title: Coffee morning"), text.index("  - title: Fun run")
    memory.write_text(text[:first] + text[second:], encoding="utf-8")
    run(place, "collect", "2026-12")

    assert "To get an item back, delete its entry here" in text
    assert "Coffee morning" in read_issue(place)


@pytest.mark.parametrize(
    "content",
    [None, b"", b"collected: 7", b"collected: [{code: x}]", b"\xff\xfe", b"a: [", b"collected:\n  - title: Coffee"],
)
def test_a_memory_that_is_lost_or_broken_puts_nothing_in_twice(place: Workspace, content: bytes | None) -> None:
    memory = place.root / "issues/2026-12/contributions" / MEMORY_FILE
    memory.unlink()
    if content is not None:
        memory.write_bytes(content)
    before = read_issue(place)
    said = run(place, "collect", "2026-12")

    assert ("can't be read in full" in said) is (content is not None)
    assert read_issue(place) == before
    assert len(read_memory(memory.parent).collected) == 2


def test_a_folder_in_the_place_of_the_memory_is_told(place: Workspace) -> None:
    memory = place.root / "issues/2026-12/contributions" / MEMORY_FILE
    memory.unlink()
    memory.mkdir()

    assert not read_memory(memory.parent).whole


def test_on_a_full_disk_neither_the_issue_nor_the_memory_is_half_written(place: Workspace) -> None:
    arrive(place, "health (1).yaml", CORRECTED, saved=TUESDAY)
    folder = place.root / "issues/2026-12/contributions"
    before, remembered = read_issue(place), (folder / MEMORY_FILE).read_bytes()
    with full_disk():
        result = CliRunner().invoke(make_app(), ["collect", "2026-12", "--yes", "--workspace", str(place.root)])

    assert result.exit_code == 1
    assert read_issue(place) == before
    assert (folder / MEMORY_FILE).read_bytes() == remembered


# What comes late


def send(place: Workspace) -> None:
    run(place, "send", "2026-12", "--yes")


def today() -> str:
    day = clock.today()
    return str(PartialDate(day.year, day.month, day.day))


@pytest.mark.usefixtures("_server")
def test_what_comes_after_an_issue_was_sent_is_not_written_into_it_and_the_next_one_is_named(place: Workspace) -> None:
    send(place)
    before = read_issue(place)
    late = "  - title: Carols\n    date: 22 December 2026\n"
    arrive(place, "health (1).yaml", CORRECTED + late, saved=TUESDAY)
    said = run(place, "collect", "2026-12", "--yes", code=1)

    assert said == (
        f"2026-12 was sent on {today()}, so it was not changed. This arrived too late:\n"
        "  - health (1).yaml: “Carols”\n"
        "  - health (1).yaml: “Coffee morning” has changed: date 12 December 2026 → 14 December 2026\n"
        "Use it in 2027-01: move health (1).yaml to issues/2027-01/contributions/,\n"
        "remove anything that 2026-12 already had, and run:\n"
        "  bulletin new 2027-01\n"
        "  bulletin collect 2027-01\n"
    )
    assert read_issue(place) == before


@pytest.mark.usefixtures("_server")
def test_an_issue_that_was_sent_and_has_all_is_left_alone(place: Workspace) -> None:
    send(place)

    assert (
        run(place, "collect")
        == f"2026-12 was sent on {today()}, and has everything that arrived. Nothing was changed.\n"
    )


@on_postgresql
@pytest.mark.usefixtures("_server")
def test_another_computer_may_have_sent_it(
    place: Workspace, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BULLETIN_DATABASE_URL", database_url)
    monkeypatch.setenv("BULLETIN_SECRET_KEY", "the same key on both computers")
    (place.root / "issues/2027-01.yaml").write_text(JANUARY, encoding="utf-8")
    shutil.copytree(place.root, tmp_path / "colleague")
    colleague = open_workspace(tmp_path / "colleague")
    assert call("send", "2026-12", "--yes", folder=colleague.root).returncode == 0
    talk = "from: police\nkind: events\nitems: [{title: Talk, date: 21 December 2026}]\n"
    arrive(place, "police.yaml", talk, saved=TUESDAY)
    said = run(place, "collect", "2026-12", code=1)

    assert f"2026-12 was sent on {today()}, so it was not changed." in said
    assert said.endswith("run:\n  bulletin collect 2027-01\n")
    assert "Talk" not in read_issue(place)
    mail(engine := open_database(colleague), [("cara", ACCEPTED)], issue="2027-01")
    engine.dispose()
    assert "Use it in 2027-02: " in run(place, "collect", "2026-12", code=1)


@pytest.mark.parametrize(("fate", "sent"), [(QUEUED, False), (ACCEPTED, True)])
def test_a_cancelled_issue_counts_as_sent_if_anybody_has_it(
    place: Workspace, fate: dict[str, object], *, sent: bool
) -> None:
    mail(open_database(place), [("anna", fate), ("ben", QUEUED)], issue="2026-12")
    run(place, "cancel", "2026-12", "--yes")
    arrive(place, "police.yaml", CORRECTED.replace("health", "police"), saved=TUESDAY)
    said = run(place, "collect", "2026-12", code=int(sent))

    assert ("so it was not changed" in said) is sent
    assert read_issue(place).count("Coffee morning") == 2 - sent
