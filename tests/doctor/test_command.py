"""`bulletin doctor` as a command: its lines, its exit codes, JSON, the email to IT; and the words of all checks."""

from __future__ import annotations

import json
import platform
import re
from pathlib import Path
from typing import Any

import pytest
import typer

from bulletin.cli.app import make_app
from bulletin.doctor.check import Family
from bulletin.doctor.check_pages import explain_check
from bulletin.doctor.registry import choose_checks, find_checks
from bulletin.errors import NotFound
from checkout import ROOT
from command_call import call
from conftest import write_workspace
from inbox import RealRelay
from name_server import serving_names
from northfield import DOMAIN, ELSEWHERE, ISSUE, LISTS, SETTINGS, make_zone

ROOT_COMMAND: Any = typer.main.get_command(make_app())
NUMBERS = {"MTA": 10, "DNS": 10, "UNS": 5, "SEC": 5, "DBS": 5, "LIM": 2, "SYS": 4, "THM": 1, "POL": 2}
CHECKS = find_checks()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    settings = SETTINGS.partition("sending:")[0]
    return write_workspace(tmp_path / "northfield", settings=settings, issues={"2026-12": ISSUE}, lists=LISTS).root


def test_all_checks_are_there_and_what_microsoft_ends_is_first() -> None:
    ids = {f"{family}{number:02}" for family, most in NUMBERS.items() for number in range(1, most + 1)}

    assert set(CHECKS) == ids
    assert next(iter(CHECKS)) == "MTA06"
    assert list(dict.fromkeys(check.family for check in CHECKS.values())) == list(Family)


@pytest.mark.parametrize("id_", CHECKS)
def test_the_words_of_a_check_say_why_it_matters_and_what_to_ask_for(id_: str) -> None:
    check = CHECKS[id_]

    assert len(check.title) <= 80
    assert not check.title.endswith(".")
    assert check.matters.endswith(".")
    assert check.ask_it or check.fix
    assert re.fullmatch(r"(?s)[A-Z`].+\.\s*", check.page)
    for words in (check.matters, check.ask_it, check.fix, check.page):
        assert not re.search(r"NCSC|Mail Check|Web Check", words)
        assert max(map(len, re.split(r"(?<=[.?!;:])\s+", words))) <= 240


@pytest.mark.parametrize("id_", CHECKS)
def test_commands_in_the_words_of_a_check_exist_with_their_options(id_: str) -> None:
    words = f"{CHECKS[id_].ask_it} {CHECKS[id_].fix} {CHECKS[id_].page}"
    for name, rest in re.findall(r"\bbulletin ([a-z]+)([^`.(]*)", words):
        if name in ROOT_COMMAND.commands:
            group = getattr(ROOT_COMMAND.commands[name], "commands", None)
            command = group[rest.split()[0]] if group else ROOT_COMMAND.commands[name]
            known = {option for parameter in command.params for option in parameter.opts}
            assert set(re.findall(r"--[a-z-]+", rest)) <= known


@pytest.mark.parametrize("id_", CHECKS)
def test_the_pages_are_those_of_the_checks(id_: str) -> None:
    """After a change of a check, type: make rules."""
    page = (ROOT / "docs" / "checks" / f"{id_}.md").read_text(encoding="utf-8")

    assert page == explain_check(CHECKS, id_)
    assert f"[{id_}]({id_}.md)" in (ROOT / "docs" / "checks" / "README.md").read_text(encoding="utf-8")


def test_no_page_is_of_a_check_that_is_gone() -> None:
    assert {path.stem for path in (ROOT / "docs" / "checks").glob("*.md")} == {*CHECKS, "README"}


def test_checks_are_chosen_by_id_and_by_group() -> None:
    assert [check.id for check in choose_checks(["dns05", "LIM"])] == ["DNS05", "LIM01", "LIM02"]
    with pytest.raises(NotFound, match="There's no check “DNX”"):
        choose_checks(["DNX"])


def test_a_page_is_shown_in_the_terminal(root: Path) -> None:
    done = call("doctor", "--explain", "mta06", folder=root)

    assert done.returncode == 0
    assert done.stdout.startswith("# MTA06: ")
    assert "SMTP.SendAsApp" in done.stdout
    assert call("doctor", "--explain", "all", folder=root).stdout.count("\n") == len(CHECKS)
    assert call("doctor", "--explain", "ABC1", folder=root).returncode == 1


def test_json_has_every_check_with_its_words_and_an_error_ends_with_1(root: Path) -> None:
    with serving_names(make_zone().replace("p=quarantine", "p=none; pct=9")) as server:
        done = call("doctor", "DNS05", "DNS07", "MTA01", "--json", "--name-server", server.address, folder=root)

    data = json.loads(done.stdout)
    assert done.returncode == 1
    assert [(one["id"], one["result"]) for one in data["checks"]] == [
        *(("MTA01", "error"), ("DNS05", "passed"), ("DNS07", "note"))
    ]
    assert data["checks"][0] | {"facts": {}} == {
        "id": "MTA01",
        "title": "A mail server is set",
        "group": "Mail server",
        "result": "error",
        "what": "No mail server is set.",
        "why": "Nothing can be sent.",
        "ask": f"Which SMTP server may send as news@{DOMAIN}: host, port, and how to log in?",
        "fix": CHECKS["MTA01"].fix,
        "facts": {},
        "page": "docs/checks/MTA01.md",
    }
    assert (data["errors"], data["warnings"], data["notes"], data["unknown"], data["passed"]) == (1, 0, 1, 0, 1)


def test_warnings_and_what_cannot_be_seen_end_with_1_only_if_that_is_asked_for(root: Path) -> None:
    zone = make_zone().replace(f"_dmarc.{DOMAIN}", "_dmarc.elsewhere.test")
    with serving_names(zone) as server:
        warned = call("doctor", "DNS05", "--name-server", server.address, folder=root)
        strict = call("doctor", "DNS05", "--strict", "--name-server", server.address, folder=root)
        unseen = call("doctor", "DNS04", "--strict", "--name-server", server.address, folder=root)

    assert warned.stdout.splitlines()[:4] == [
        "Your domain",
        f"  ! DNS05  warning: {DOMAIN} has no DMARC record.",
        "           Anyone can send in our name; Gmail and Outlook.com want a record from large senders.",
        "           More: bulletin doctor --explain DNS05",
    ]
    assert "Copy the requests for IT: bulletin doctor --email" in warned.stdout
    assert (warned.returncode, strict.returncode, unseen.returncode) == (0, 1, 1)


def test_the_email_to_it_has_each_request_in_words_to_send(root: Path) -> None:
    with serving_names(f"{DOMAIN} A {ELSEWHERE}") as server:
        done = call("doctor", "DNS01", "DNS05", "--email", "--name-server", server.address, folder=root)
    none = call("doctor", "LIM02", "--email", folder=root)

    assert done.stdout.startswith("Subject: Northfield news: what we need from IT before we send\n\nHello,\n")
    assert f"1. {DOMAIN} has no SPF record. (DNS01)\n   Please publish exactly one TXT record" in done.stdout
    assert (
        f"Please publish a TXT record at _dmarc.{DOMAIN}: “v=DMARC1; p=none; rua=mailto:contact@{DOMAIN}”"
        in done.stdout
    )
    assert none.stdout == "There is nothing to ask IT for.\n"


def test_a_request_about_this_computer_says_which_one_it_is(root: Path) -> None:
    (root / ".bulletin").mkdir()
    with serving_names(f"{DOMAIN} A {ELSEWHERE}") as server:
        environ = {"BULLETIN_SMTP_URL": "smtp://127.0.0.1:1"}
        asked = call("doctor", "MTA02", "--email", "--name-server", server.address, folder=root, environ=environ).stdout

    assert "1. 127.0.0.1:1 does not answer. (MTA02)\n   Please allow this computer to reach 127.0.0.1" in asked
    assert f"“This computer” is {platform.node()}." in asked


def test_a_test_copy_is_sent_where_a_person_says_so_and_judged_as_it_arrived(root: Path) -> None:
    with RealRelay() as server:
        environ = {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{server.port}"}
        done = call("doctor", "SYS01", "--json", "--send", "jo@elsewhere.org.uk", folder=root, environ=environ)
        [envelope] = server.inbox.envelopes

    assert done.returncode == 0
    assert [one["id"] for one in json.loads(done.stdout)["checks"]] == ["SYS01"]
    assert done.stderr.splitlines() == [
        "Test copy of 2026-12 sent to jo@elsewhere.org.uk. The server said: 250 2.0.0 taken",
        "When it has arrived, save it as a file. Then type: bulletin doctor --message FILE",
    ]
    assert envelope.rcpt_tos == ["jo@elsewhere.org.uk"]
    assert b"Subject: [TEST 1] Northfield news for December" in envelope.content

    judged = f"Authentication-Results: mx.elsewhere.test; spf=pass smtp.mailfrom={DOMAIN}\r\n"
    passed = "Received: from mail.test by mx.elsewhere.test; Tue, 1 Dec 2026 09:00:00 +0000\r\n"
    (root / "copy.eml").write_bytes(f"{judged}{passed}".encode() + envelope.content)
    with serving_names(make_zone()) as names:
        options = ("--message", "copy.eml", "--name-server", names.address)
        judgements = call("doctor", "DNS02", "DNS06", *options, folder=root).stdout

    assert judgements.startswith("northfield: 2 checks passed in ")


def test_no_test_copy_is_sent_by_a_mail_server_that_is_not_in_order(root: Path) -> None:
    done = call("doctor", "MTA01", "--send", "jo@elsewhere.org.uk", folder=root)

    assert done.returncode == 1
    assert done.stderr == "No test copy was sent to jo@elsewhere.org.uk: the mail server isn't in order.\n"


def test_a_test_copy_needs_an_address_and_an_issue(root: Path) -> None:
    assert "“jo” has no @ in it." in call("doctor", "SYS01", "--send", "jo", folder=root).stderr
    (root / "issues" / "2026-12.yaml").unlink()
    done = call("doctor", "SYS01", "--send", "jo@elsewhere.org.uk", folder=root)

    assert done.returncode == 1
    assert "There is no issue to send a test copy of. Make one: bulletin new" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("doctor", "UNS05", "--message", "copy.eml"), "copy.eml isn't there. Check its name and its folder."),
        (("doctor", "UNS05", "--message", "issues"), "issues can't be read: it is a folder, not a file."),
        (("dmarc", "report.zip"), "report.zip isn't there. Check its name and its folder."),
    ],
)
def test_a_file_that_cannot_be_read_is_named(root: Path, arguments: tuple[str, ...], words: str) -> None:
    done = call(*arguments, folder=root)

    assert done.returncode == 1
    assert done.stderr.startswith(words)


def test_a_file_that_is_no_received_email_is_refused(root: Path) -> None:
    (root / "note.eml").write_text("Subject: Hello\n\nHello")
    done = call("doctor", "UNS05", "--message", "note.eml", folder=root)

    assert done.returncode == 1
    assert "This file isn't an email that someone has received." in done.stderr


def test_without_any_check_wrong_it_says_so_in_one_line(root: Path) -> None:
    done = call("doctor", "LIM02", "SYS01", "SEC03", folder=root)

    assert done.returncode == 0
    assert re.fullmatch(r"northfield: 3 checks passed in \d\.\d s\.\n", done.stdout)
