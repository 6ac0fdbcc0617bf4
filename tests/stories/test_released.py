"""What earlier releases left behind (`released/`): this one opens it, says how it was left, and finishes it."""

from __future__ import annotations

import gzip
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from bulletin.cli.app import make_app
from bulletin.database.identity import MEMORY_FILE, name_place
from bulletin.errors import BulletinError
from checkout import TESTS
from mailed import databases_closed
from postgresql import PostgreSQL
from scripted import Server, serve

pytestmark = pytest.mark.slow

FOLDER = TESTS / "released"
RELEASES = sorted(path.parent.name for path in FOLDER.glob("*/had.json"))
SQLITE, KILLED, POSTGRESQL = "sqlite", "killed", "postgresql"  # killed: SQLite's file as a sender leaves it then

LISTED = frozenset({"amira", "bogdan", "carys", "dmitri", "eilidh", "farid", "greta", "hassan", "ines", "jakub"})
OPTED_OUT = frozenset({"liam", "keira"})  # on the same list; keira after 2021-01

# What each mailing was left in. Who was on the way when a sender was killed is uncertain once somebody has looked.
LEFT = {
    "2021-01": {"accepted": 10, "refused": 1},
    "2021-02": {"accepted": 9, "uncertain": 2},
    "2021-03": {"accepted": 7, "refused": 1, "queued": 3},
    "2021-04": {"accepted": 6, "refused": 1, "uncertain": 1, "withdrawn": 2},
    "2021-05": {"accepted": 7, "refused": 1, "deferred": 2},
    "2021-06": {"queued": 10},
    "2021-07": {"accepted": 10},
    "2021-08": {},
    "2021-09": {},
    "2021-10": {},
    "2021-11": {"accepted": 5, "uncertain": 1, "withdrawn": 4},  # one of whom was deferred until then
    "2021-12": {"accepted": 5, "refused": 1, "uncertain": 2, "queued": 2},
    "2022-01": {},
}


@dataclass(frozen=True, kw_only=True)
class Office:
    """A workspace that a release has left behind, at the desk of whoever works on with this one."""

    root: Path
    server: Server
    had: dict[str, dict[str, list[str]]]  # by issue, whom the server of then said to have got; and whom it did not

    def type(self, *arguments: str, code: int | None = 0) -> str:
        """What the command says. `code`: how it has to end, if that matters."""
        with databases_closed():
            result = CliRunner().invoke(make_app(), [*arguments, "--workspace", str(self.root)])
        in_words = isinstance(result.exception, BulletinError)
        assert in_words or result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        said = f"{result.output}{result.exception}" if in_words else result.output
        assert code in (None, result.exit_code), said
        return said

    def count(self, issue: str) -> dict[str, int]:
        """How many are in each state in which somebody is."""
        found = json.loads(self.type("status", issue, "--json"))
        return {state: found[state] for state in STATES if found[state]}

    def take_mail(self) -> Counter[str]:
        """To whom the server has got how many messages since it was asked last."""
        arrived = Counter(self.server.arrived)
        self.server.arrived.clear()
        return arrived

    def read_subjects(self) -> set[str]:
        lines = (line for message in self.server.messages for line in message.decode().splitlines())
        return {line.removeprefix("Subject: ") for line in lines if line.startswith("Subject: ")}


STATES = ("queued", "sending", "accepted", "deferred", "refused", "uncertain", "withdrawn", "bounced")


def each_of(*kinds: str) -> pytest.MarkDecorator:
    """Of every release, these kinds of ledger."""
    return pytest.mark.parametrize(
        "office",
        [(release, kind) for release in RELEASES for kind in kinds],
        ids="-".join,
        indirect=True,
    )


@pytest.fixture
def office(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    release, kind = request.param
    kept, root = FOLDER / release, tmp_path / "workspace"
    state = root / ".bulletin"
    shutil.copytree(kept / "workspace", root)
    # Its theme is its own. The typographic rules are newer than it, and what they set has to be approved anew.
    with (root / "bulletin.yaml").open("a", encoding="utf-8") as settings:
        settings.write("typography: no\n")
    shutil.copytree(kept / kind, state, ignore=shutil.ignore_patterns("ledger.db*", "ledger.sql"))
    (state / "secret.key").chmod(0o600)
    url = f"sqlite:///{state / 'ledger.db'}"
    with ExitStack() as stack:
        if kind == POSTGRESQL:
            postgresql: PostgreSQL = request.getfixturevalue("postgresql")
            url = postgresql.restore(kept / kind / "ledger.sql")
            stack.callback(postgresql.drop, url)
            monkeypatch.setenv("BULLETIN_DATABASE_URL", url)
        for file in (kept / kind).glob("ledger.db*"):
            (state / file.stem).write_bytes(gzip.decompress(file.read_bytes()))
        home = json.loads((state / MEMORY_FILE).read_text())
        (state / MEMORY_FILE).write_text(json.dumps(home | {"place": name_place(make_url(url))}))  # it never moved
        server = stack.enter_context(serve())
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{server.server_address[1]}")
        had = json.loads((kept / "had.json").read_text())["postgresql" if kind == POSTGRESQL else "sqlite"]
        yield Office(root=root, server=server, had=had)


def test_there_is_a_release_to_look_after() -> None:
    assert RELEASES


@each_of(SQLITE, KILLED, POSTGRESQL)
def test_everything_is_as_it_was_left(office: Office) -> None:
    assert {issue: office.count(issue) for issue in LEFT} == LEFT
    for issue, record in office.had.items():
        had = office.type("status", issue, "--who", "accepted")
        sure = set(record["accepted"]) - {"greta", "hassan"} if issue == "2021-12" else set(record["accepted"])
        assert {name for name in sure if f"{name}@example.org" not in had} == set(), issue
    assert office.take_mail() == {}


@each_of(SQLITE, POSTGRESQL)
def test_what_waits_and_why_is_told(office: Office) -> None:
    for issue, words in (
        ("2021-03", ("paused", "by jo on office: there is a mistake in it", "bulletin send 2021-03")),
        ("2021-04", ("cancelled", "there is a mistake in it", "--left-out", "bulletin resolve 2021-04")),
        ("2021-06", ("550 5.7.1 Sender refused",)),
        ("2021-08", ("2 August 2021", "bulletin unschedule 2021-08")),
        ("2021-09", ("2 September 2021", "bulletin run")),
        ("2021-11", ("bulletin resolve 2021-11",)),
        ("2021-12", ("uncertain", "bulletin resolve 2021-12", "bulletin send 2021-12")),
    ):
        said = office.type("status", issue)
        assert [word for word in words if word.lower() not in said.lower()] == [], said
    assert "2021-10" not in office.type("schedule")


@each_of(SQLITE, POSTGRESQL)
def test_an_approval_of_then_counts_for_what_it_was_given_for_and_for_nothing_else(office: Office) -> None:
    assert json.loads(office.type("status", "2021-07", "--json"))["approved_by"] == ["Jo Bloggs"]
    assert "Jo Bloggs" in office.type("certificate", "2021-07")
    assert "Mondays" in office.type("send", "2022-01", "--yes", code=1)  # it was signed with Fridays in it
    assert office.take_mail() == {}
    office.type("send", "2021-10", "--yes")
    assert office.take_mail() == dict.fromkeys(LISTED, 1)


@each_of(SQLITE, KILLED, POSTGRESQL)
def test_what_was_half_sent_reaches_each_who_is_left_once_and_none_who_may_have_it(office: Office) -> None:
    office.type("send", "2021-12", "--yes", code=1)  # two are uncertain
    assert office.take_mail() == dict.fromkeys(("ines", "jakub"), 1)
    office.type("resolve", "2021-12", "greta@example.org", "--delivered")
    office.type("resolve", "2021-12", "hassan@example.org", "--resend")
    office.type("send", "2021-12", "--yes")
    assert office.take_mail() == {"hassan": 1}
    assert office.count("2021-12") == {"accepted": 9, "refused": 1}
    office.type("send", "2021-12", "--yes", code=None)
    assert office.take_mail() == {}


@each_of(SQLITE, POSTGRESQL)
def test_what_was_paused_goes_on_without_who_opted_out_meanwhile(office: Office) -> None:
    office.type("send", "2021-03", "--yes")
    assert office.take_mail() == dict.fromkeys(("ines", "jakub"), 1)
    assert office.count("2021-03") == {"accepted": 9, "refused": 1, "withdrawn": 1}


@each_of(SQLITE, POSTGRESQL)
def test_what_had_stopped_by_itself_goes_on(office: Office) -> None:
    office.type("send", "2021-06", "--yes")
    assert office.take_mail() == dict.fromkeys(LISTED, 1)


@each_of(SQLITE, POSTGRESQL)
def test_who_was_put_off_has_it_now_and_who_was_refused_once_a_person_says_so(office: Office) -> None:
    office.type("send", "2021-05", "--yes")
    assert office.take_mail() == dict.fromkeys(("dmitri", "eilidh"), 1)
    office.type("send", "2021-05", "--resend-refused", "--yes")
    assert office.take_mail() == {"farid": 1}
    assert office.count("2021-05") == {"accepted": 10}


@each_of(SQLITE, POSTGRESQL)
def test_who_is_uncertain_has_it_again_only_on_a_persons_word(office: Office) -> None:
    office.type("send", "2021-02", "--yes", code=None)
    assert office.take_mail() == {}
    office.type("resolve", "2021-02", "dmitri@example.org", "--delivered")
    office.type("resolve", "2021-02", "greta@example.org", "--resend")
    office.type("send", "2021-02", "--yes")
    assert office.take_mail() == {"greta": 1}
    assert office.count("2021-02") == {"accepted": 11}


@each_of(SQLITE, POSTGRESQL)
def test_what_has_ended_or_was_cancelled_goes_to_nobody(office: Office) -> None:
    for issue in ("2021-01", "2021-04", "2021-07"):
        office.type("send", issue, "--yes", code=None)
        assert office.take_mail() == {}, issue
        assert office.count(issue) == LEFT[issue]


@each_of(SQLITE, POSTGRESQL)
def test_whom_a_cancelled_mailing_did_not_get_to_can_have_it_after_all(office: Office) -> None:
    office.type("send", "2021-04", "--left-out", "--yes", code=None)
    assert office.take_mail() == dict.fromkeys(("ines", "jakub"), 1)
    assert "cancelled" in office.type("status", "2021-04").lower()
    office.type("resolve", "2021-04", "amira@example.org", "--resend")
    office.type("send", "2021-04", "--resend-refused", "--yes")
    assert office.take_mail() == {}
    office.type("send", "2021-04", "--left-out", "--yes")
    assert office.take_mail() == dict.fromkeys(("amira", "bogdan"), 1)


@each_of(SQLITE, POSTGRESQL)
def test_what_had_gone_on_after_it_was_cancelled_goes_on_no_more(office: Office) -> None:
    office.type("send", "2021-11", "--yes", code=None)
    assert office.take_mail() == {}
    assert "ended 2 November 2021" in office.type("status", "2021-11")
    office.type("resolve", "2021-11", "bogdan@example.org", "--resend")
    office.type("send", "2021-11", "--left-out", "--yes")
    assert office.take_mail() == dict.fromkeys(("amira", "bogdan", "hassan", "ines", "jakub"), 1)
    assert "cancelled" in office.type("status", "2021-11").lower()


@each_of(SQLITE, POSTGRESQL)
def test_what_is_planned_begins_once_and_what_has_missed_its_time_is_named(office: Office) -> None:
    said = office.type("run", code=1)
    assert "2021-09 started" in said
    assert "bulletin schedule 2021-08" in said
    assert office.take_mail() == dict.fromkeys(LISTED, 1)
    assert office.read_subjects() == {"Anytown news for September 2021"}
    office.type("run", code=1)
    assert office.take_mail() == {}
    office.type("send", "2021-08", "--yes")
    assert office.take_mail() == dict.fromkeys(LISTED, 1)


@each_of(SQLITE, POSTGRESQL)
def test_whoever_opted_out_then_is_opted_out(office: Office) -> None:
    for name in OPTED_OUT:
        assert "opted out" in office.type("subscribers", "show", f"{name}@example.org")
