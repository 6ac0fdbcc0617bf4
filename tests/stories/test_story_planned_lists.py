"""A plan goes to the people it was made for, whichever computer sends it; and no older list file slips in."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, select, update

from bulletin.cli.clock import now_ms
from bulletin.database.schema import open_database
from bulletin.database.tables import list_syncs, schedule_rolls, schedules
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.errors import BulletinError, MailingError
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import SETTINGS
from mailed import run

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

ONE_LIST = SETTINGS.replace("  schools: {title: Schools, basis: consent}\n", "")
PLAN = ("schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
STAYING = [f"reader-{number:02}@example.org" for number in range(25)]
TAKEN_OFF = [f"gone-{number}@example.org" for number in range(5)]
ADDED = [f"new-{number}@example.org" for number in range(6)]
OLD, NEW = STAYING + TAKEN_OFF, STAYING + ADDED  # 30 and 31 people


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


@pytest.fixture
def desk(make_workspace: MakeWorkspace, catcher: MailCatcher) -> Workspace:  # noqa: ARG001 -- its server
    return make_workspace(settings=ONE_LIST, lists={"partners": "email\n"})


@pytest.fixture
def shared_url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database that commands open as they do; their connections are closed with their test, and not by chance."""
    engines: list[Engine] = []

    def open_and_remember(home: Workspace | str) -> Engine:
        engines.append(open_database(home))
        return engines[-1]

    monkeypatch.setattr("bulletin.database.schema.open_database", open_and_remember)
    yield database_url
    for engine in engines:
        engine.dispose()


@pytest.fixture
def two_desks(
    desk: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_url: str
) -> tuple[Workspace, Workspace]:
    """Two computers' workspaces that share a database."""
    monkeypatch.setenv("BULLETIN_DATABASE_URL", shared_url)
    monkeypatch.setenv("BULLETIN_SECRET_KEY", "one key for both")
    monkeypatch.setattr("getpass.getuser", lambda: "jo")
    monkeypatch.setattr("socket.gethostname", lambda: "desk")
    shutil.copytree(desk.root, tmp_path / "other")
    return open_workspace(desk.root), open_workspace(tmp_path / "other")


def write(place: Workspace, people: Iterable[str], *, head: str = "email") -> None:
    (place.root / "subscribers" / "partners.csv").write_text("\n".join([head, *people, ""]), encoding="utf-8")


def open_ledger(place: Workspace) -> Engine:
    return open_database(place.database_url)


def make_due(place: Workspace) -> None:
    engine = open_ledger(place)
    with engine.begin() as connection:
        connection.execute(update(schedules).values(due_at=now_ms()))
    engine.dispose()


def received(catcher: MailCatcher) -> Counter[str]:
    return Counter(message.recipient for message in catcher.caught)


def say_yes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A person at the terminal, who agrees to everything; what they were asked."""
    asked: list[str] = []

    def agree(question: str, **_options: object) -> bool:
        asked.append(question)
        return True

    for command in ("commands.lists.sync", "wording.difference_text", "sending.second_look"):
        monkeypatch.setattr(f"bulletin.cli.{command}.confirm", agree)
    return asked


# --- what a plan holds to


def test_a_plan_is_not_sent_to_the_older_list_of_another_computer(
    two_desks: tuple[Workspace, Workspace], catcher: MailCatcher
) -> None:
    here, there = two_desks
    for place in two_desks:
        write(place, OLD)
    run(here, "subscribers", "sync", "--yes")
    write(here, NEW)
    run(here, *PLAN)
    make_due(here)

    told = "The list files on this computer differ from those it was scheduled with"
    for command in ("status", "schedule"):
        said = run(there, command)
        assert f"It can't be sent as it is. {told}: partners: scheduled for 31 readers, 30 now (+5 −6)." in said
        assert "The next `bulletin run` sends it." in run(here, command)
    said = run(there, "run", code=1)
    assert f"{told}:\n\n  partners: scheduled for 31 readers, 30 now (+5 −6)\n" in said
    assert "schedule it again (bulletin schedule 2021-05 --at TIME), or send it now (bulletin send 2021-05)." in said
    assert not catcher.caught

    write(there, NEW)
    assert ": 31 accepted.\n" in run(there, "run")
    assert received(catcher) == Counter(NEW)


FORTY = [f"reader-{number:03}@example.org" for number in range(40)]


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (FORTY[:2], "scheduled for 40 readers, 2 now (+0 −38)"),
        (
            [*FORTY, *(f"pasted-{number}@example.org" for number in range(300))],
            "scheduled for 40 readers, 340 now (+300 −0)",
        ),
        (FORTY[3:], "scheduled for 40 readers, 37 now (+0 −3)"),
        ([*FORTY[2:], "nina@example.org"], "scheduled for 40 readers, 39 now (+1 −2)"),
        ([], "scheduled for 40 readers, 0 now (+0 −40)"),
        ([*FORTY[1:], "reader-000example.org"], "scheduled for 40 readers, 39 now (+0 −1)"),
        ([*FORTY, "nina at example.org"], "line 42 of subscribers/partners.csv can't be used"),
        ([*FORTY, FORTY[0]], "line 42 of subscribers/partners.csv can't be used"),
    ],
    ids=["cut", "pasted", "over one in twenty", "swapped", "emptied", "spoilt", "invalid", "twice"],
)
def test_a_plan_waits_for_a_person_where_its_list_has_changed_much_or_has_a_row_that_cannot_be_used(
    desk: Workspace, catcher: MailCatcher, now: list[str], change: str
) -> None:
    write(desk, FORTY)
    run(desk, *PLAN)
    make_due(desk)
    write(desk, now)

    assert f"partners: {change}" in run(desk, "schedule")
    assert f"  partners: {change}\n" in run(desk, "run", code=1)
    assert not catcher.caught


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (FORTY[:4], FORTY[:5], "+1 −0"),
        (FORTY[:31], [*FORTY[1:31], "Reader-00@example.org"], "+1 −1"),
        (FORTY, FORTY[2:], "+0 −2"),
        ([*FORTY, *STAYING], FORTY[:12] + FORTY[15:] + STAYING, "+0 −3"),
    ],
    ids=["four and one", "an address put right", "two of forty", "three of sixty-five"],
)
def test_a_small_change_of_a_list_goes_through_and_is_named(
    desk: Workspace, catcher: MailCatcher, before: list[str], now: list[str], change: str
) -> None:
    write(desk, before)
    run(desk, *PLAN)
    make_due(desk)
    write(desk, now)

    assert f"Since it was scheduled, its lists have changed a little: partners {change}.\n" in run(desk, "run")
    assert {address.lower() for address in received(catcher)} == {address.lower() for address in now}


def test_only_the_people_of_a_list_count_and_not_the_rest_of_its_file(desk: Workspace, catcher: MailCatcher) -> None:
    write(desk, FORTY)
    run(desk, *PLAN)
    make_due(desk)
    write(
        desk,
        (f"{address.title()},Reader {number}" for number, address in enumerate(reversed(FORTY))),
        head="email,name",
    )
    for address in FORTY[:3]:
        run(desk, "subscribers", "remove", address)  # who opts out is no change of the list

    said = run(desk, "run")
    assert said.endswith(": 37 accepted.\n")
    assert {address.lower() for address in received(catcher)} == set(FORTY[3:])


@pytest.mark.parametrize("way_on", [PLAN, ("send", "2021-05", "--yes")])
def test_planning_anew_or_sending_by_hand_is_the_way_on(
    desk: Workspace, catcher: MailCatcher, way_on: tuple[str, ...]
) -> None:
    write(desk, FORTY)
    run(desk, *PLAN)
    make_due(desk)
    write(desk, [*NEW, "nina at example.org"])
    run(desk, "run", code=1)

    run(desk, *way_on)
    make_due(desk)
    run(desk, "run")
    assert received(catcher) == Counter(NEW)


def test_newcomers_whom_an_older_file_lacks_do_not_lose_their_plan(desk: Workspace, catcher: MailCatcher) -> None:
    write(desk, OLD)
    run(desk, "send", "2021-05", "--yes")
    write(desk, [*OLD, *ADDED])
    run(desk, *PLAN, "--newcomers")
    make_due(desk)
    write(desk, OLD)

    assert "scheduled for 36 readers, 30 now (+0 −6)" in run(desk, "run", code=1)
    write(desk, [*OLD, *ADDED])
    run(desk, "run")
    assert received(catcher) == Counter([*OLD, *ADDED])


def test_a_list_file_that_cannot_be_read_is_said_beforehand(desk: Workspace) -> None:
    write(desk, FORTY)
    run(desk, *PLAN)
    write(desk, FORTY, head="who")

    words = "subscribers/partners.csv has 1 fault: bulletin subscribers sync --dry-run"
    assert f"It can't be sent as it is. {words}" in run(desk, "status")


def test_what_a_plan_keeps_names_nobody_and_is_gone_when_it_ends(desk: Workspace) -> None:
    write(desk, FORTY)
    run(desk, *PLAN)
    run(desk, *PLAN)
    engine = open_ledger(desk)
    with engine.begin() as connection:
        (kept,) = connection.execute(select(schedule_rolls))
    assert len(kept.marks) == 4 * 40
    assert b"reader" not in kept.marks + kept.salt + kept.unusable

    run(desk, "unschedule", "2021-05")
    with engine.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(schedule_rolls)) == 0
    engine.dispose()


def test_a_plan_of_an_earlier_version_goes_as_it_went_before(desk: Workspace, catcher: MailCatcher) -> None:
    write(desk, OLD)
    run(desk, *PLAN)
    engine = open_ledger(desk)
    with engine.begin() as connection:
        connection.execute(delete(schedule_rolls))
    engine.dispose()
    make_due(desk)
    write(desk, STAYING)

    assert "The next `bulletin run` sends it." in run(desk, "schedule")
    run(desk, "run")
    assert received(catcher) == Counter(STAYING)


def test_nothing_is_planned_for_others_than_were_shown(desk: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    write(desk, OLD)

    def change_the_file(_question: str, **_options: object) -> bool:
        write(desk, NEW)
        return True

    monkeypatch.setattr("bulletin.cli.sending.second_look.confirm", change_the_file)
    with pytest.raises(MailingError, match="The list files have changed since they were shown here"):
        run(desk, *PLAN)
    assert "Nothing is scheduled." in run(desk, "schedule")


# --- who synced last


def test_going_back_to_the_older_file_of_another_computer_needs_a_person(
    two_desks: tuple[Workspace, Workspace], catcher: MailCatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = two_desks
    for people in (OLD, NEW):
        write(here, people)
        run(here, "subscribers", "sync", "--yes")
    write(there, OLD)

    said = run(there, "subscribers", "sync", "--dry-run")
    assert "partners was last synced by jo on desk, " in said
    assert f", from {here.root}.\n" in said
    assert (
        "Careful: subscribers/partners.csv on this computer looks like an older version. It has the same 30 people"
        in said
    )
    for command in (("subscribers", "sync"), ("send", "2021-05"), PLAN[:-1]):
        with pytest.raises(BulletinError, match=r"Copy the newer file here\. If this one is right, run the same"):
            run(there, *command, "--yes")
    assert not catcher.caught
    assert run(here, "subscribers", "sync") == "partners: 31 readers (+0 −0)\nDone.\n"

    with monkeypatch.context() as person:
        asked = say_yes(person)
        run(there, "send", "2021-05", "--yes")
    assert asked[0] == "Go back to this older version?"
    assert received(catcher) == Counter(OLD)
    with pytest.raises(BulletinError, match="no one here to ask"):  # the other one is the older file now
        run(here, "subscribers", "sync", "--yes")
    run(there, "subscribers", "sync", "--yes")


def test_a_file_that_was_last_saved_before_the_list_was_synced_elsewhere_is_older(
    two_desks: tuple[Workspace, Workspace],
) -> None:
    here, there = two_desks
    write(there, STAYING)  # which was never synced
    write(here, NEW)
    os.utime(there.root / "subscribers" / "partners.csv", (0, 0))
    run(here, "subscribers", "sync", "--yes")

    said = run(there, "subscribers", "sync", "--dry-run")
    assert "looks like an older version. It was last saved at" in said
    assert "A version with 31 people was synced after that (jo on desk, " in said


def test_a_newer_file_and_the_same_people_need_no_yes_and_neither_does_one_computer_alone(
    two_desks: tuple[Workspace, Workspace],
) -> None:
    here, there = two_desks
    write(here, OLD)
    run(here, "subscribers", "sync", "--yes")
    write(there, reversed(OLD))
    run(there, "subscribers", "sync", "--yes")
    write(there, NEW)
    run(there, "subscribers", "sync", "--yes")
    write(there, OLD)  # whoever takes back what they have synced themselves
    assert "Careful: subscribers" not in run(there, "subscribers", "sync", "--yes")


def test_whoever_has_a_database_of_their_own_is_not_asked_though_the_computer_was_renamed(
    desk: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, people in (("desk", OLD), ("desk", NEW), ("desk.local", OLD)):
        monkeypatch.setattr("socket.gethostname", lambda name=name: name)
        write(desk, people)
        assert "older version" not in run(desk, "subscribers", "sync", "--yes")


def test_each_sync_is_kept_with_who_and_where(two_desks: tuple[Workspace, Workspace]) -> None:
    here, there = two_desks
    for place in (here, there, there):
        run(place, "subscribers", "sync", "--yes")
        run(place, "subscribers", "sync", "--dry-run")
    engine = open_ledger(here)
    with engine.begin() as connection:
        kept = connection.execute(select(list_syncs).order_by(list_syncs.c.id)).all()
    engine.dispose()
    assert [(row.list, row.user, row.host, row.folder, row.people) for row in kept] == [
        ("partners", "jo", "desk", str(place.root), 0) for place in (here, there, there)
    ]


def test_a_run_never_goes_back_to_an_older_file_by_itself_but_for_a_plan_that_a_person_made_so(
    two_desks: tuple[Workspace, Workspace], catcher: MailCatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = two_desks
    slightly_newer = [*OLD, "nina@example.org"]  # so little that the plan would go
    for people in (OLD, slightly_newer):
        write(here, people)
        run(here, "subscribers", "sync", "--yes")
    run(here, *PLAN)
    make_due(here)
    write(there, OLD)

    assert "It can't be sent as it is. subscribers/partners.csv on this computer looks like an older" in run(
        there, "status"
    )
    assert "If this one is right, say so: type bulletin subscribers sync in a terminal." in run(there, "run", code=1)
    assert not catcher.caught
    with monkeypatch.context() as person:
        say_yes(person)
        run(there, *PLAN)
    make_due(there)
    run(there, "run")
    assert received(catcher) == Counter(OLD)
