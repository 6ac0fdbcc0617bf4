"""Twelve broken set-ups, each named rightly, and a good one on which `bulletin doctor` is silent."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Session
from sqlalchemy import insert

from bulletin.cli.wording.doctor.doctor_text import describe_examination, write_json, write_request
from bulletin.database.schema import open_database
from bulletin.database.tables import schedules
from bulletin.delivery.plans.last_run import keep_last_run
from bulletin.doctor.check import CheckResult
from bulletin.doctor.examination import Examination, examine
from bulletin.doctor.judgement import NotApplicable, Passed
from bulletin.doctor.outside.received_copy import read_received_copy
from bulletin.doctor.registry import find_checks
from bulletin.workspace.workspace import Workspace
from graph_server import run_graph
from inbox import Inbox
from name_server import NameServer
from northfield import (
    DOMAIN,
    ELSEWHERE,
    KEY,
    RELAY,
    SETTINGS,
    TOKEN,
    WEBSITE,
    WITH_PASSWORD,
    Front,
    MicrosoftInbox,
    Northfield,
    make_dkim_record,
    make_zone,
    run_git,
    set_up,
)

pytestmark = pytest.mark.slow

CHECKS = tuple(find_checks().values())
PASSWORD_URL = f"smtp+starttls://news%40{DOMAIN}:pa55-word@{RELAY}:587"


class Examined:
    """What doctor found: the ids of what is wrong, and each result by its id."""

    def __init__(self, examination: Examination, words: list[str], names: NameServer) -> None:
        self.examination = examination
        self.words = words
        self.names = names
        self.results: dict[str, CheckResult] = {result.check.id: result for result in examination.results}
        for result in examination.select("error", "warning", "note"):  # each remedy is in words that can be read aloud
            assert result.ask or result.fix, result.check.id
            assert not re.search(r"[{}]|  |\.\.| None\b", f"{result.what} {result.why} {result.ask} {result.fix}"), (
                result
            )

    @property
    def wrong(self) -> dict[str, str]:
        return {result.check.id: result.outcome for result in self.examination.select("error", "warning", "note")}

    @property
    def unknown(self) -> set[str]:
        return {result.check.id for result in self.examination.select("unknown")}


@contextmanager
def examined(folder: Path, wanted: Northfield) -> Iterator[Examined]:
    with set_up(folder / "northfield", wanted) as (case, names):
        examination = examine(case, CHECKS)
        yield Examined(examination, list(describe_examination(examination, folder="northfield")), names)


def look(folder: Path, **wanted: Any) -> Examined:
    with examined(folder, Northfield(**wanted)) as found:
        return found


def test_a_good_set_up_is_told_in_one_line(tmp_path: Path) -> None:
    found = look(tmp_path)

    assert found.wrong == {}
    assert found.unknown == {"UNS04"}
    assert len(found.words) == 1, found.words
    assert re.match(
        r"northfield: 35 checks passed in [\d.]+ s\. Whether the page can be reached from outside", found.words[0]
    )


def test_nothing_is_sent_and_nothing_is_changed_by_a_look(tmp_path: Path) -> None:
    def picture(folder: Path) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    inboxes: list[Inbox] = []

    def make_inbox() -> Inbox:
        inboxes.append(MicrosoftInbox())
        return inboxes[0]

    with set_up(tmp_path / "northfield", Northfield(inbox=make_inbox)) as (case, _):
        before = picture(case.workspace.root)
        examine(case, CHECKS)

        assert picture(case.workspace.root) == before
        assert inboxes[0].envelopes == []


def test_1_a_password_at_microsoft_365(tmp_path: Path) -> None:
    relay = {"logins": {f"news@{DOMAIN}": "pa55-word"}}
    found = look(
        tmp_path, settings=WITH_PASSWORD, environ={"BULLETIN_SMTP_URL": PASSWORD_URL}, relay=relay, inbox=Inbox
    )

    assert found.wrong == {"MTA06": "warning"}
    assert found.words[:2] == [
        "Mail server",
        "  ! MTA06  warning: Microsoft switches password login for sending off by default at the end of December 2026.",
    ]
    assert f"for news@{DOMAIN} only" in found.results["MTA06"].ask


def test_1b_microsoft_has_switched_it_off(tmp_path: Path) -> None:
    class SwitchedOff(Inbox):
        async def auth_PLAIN(self, server: SMTP, _arguments: list[str]) -> AuthResult:  # noqa: N802
            await server.push("550 5.7.30 Basic authentication is not supported for Client Submission.")
            return AuthResult(success=False, handled=True)

    found = look(tmp_path, settings=WITH_PASSWORD, environ={"BULLETIN_SMTP_URL": PASSWORD_URL}, inbox=SwitchedOff)

    assert found.wrong == {"MTA05": "error", "MTA06": "error"}
    assert found.results["MTA09"].judgement.until == "MTA05"  # type: ignore[union-attr]


def test_1c_an_app_for_graph_that_may_send_as_everyone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with run_graph(tmp_path) as graph:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(graph.bundle))
        settings = f"{SETTINGS.partition('sending:')[0]}sending:\n  {graph.settings}\n"
        environ = {"BULLETIN_CLIENT_SECRET": graph.environ["BULLETIN_CLIENT_SECRET"]}
        found = look(tmp_path, settings=settings, environ=environ, roles=frozenset({"Mail.Send"}))

    assert found.wrong == {"MTA08": "warning"}
    assert "Application Mail.Send" in found.results["MTA08"].ask
    assert found.results["MTA07"].judgement == Passed()
    assert {found.results[name].judgement for name in ("MTA02", "MTA03", "MTA05", "MTA06")} == {NotApplicable()}


def test_2_a_certificate_for_another_name(tmp_path: Path) -> None:
    found = look(tmp_path, relay_certificate="smtp.elsewhere.org.uk")

    assert found.wrong == {"MTA04": "error"}
    assert found.results["MTA04"].what == f"The certificate of {RELAY} is for another name."
    assert {"MTA05", "MTA09"} <= found.unknown


@pytest.mark.parametrize(("days", "outcome"), [(5, "warning"), (-1, "error")])
def test_2b_a_certificate_that_ends_soon_or_has_ended(tmp_path: Path, days: int, outcome: str) -> None:
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    found = look(tmp_path, certificate_end=ends)

    assert found.wrong == {"MTA04": outcome}
    told = f"ends on {ends:%-d %B %Y}." if days > 0 else "has ended."
    assert found.results["MTA04"].what == f"The certificate of {RELAY} {told}"


def test_3_a_password_that_is_refused(tmp_path: Path) -> None:
    relay = {"logins": {f"news@{DOMAIN}": "another"}}
    found = look(
        tmp_path, settings=WITH_PASSWORD, environ={"BULLETIN_SMTP_URL": PASSWORD_URL}, relay=relay, inbox=Inbox
    )

    assert found.wrong == {"MTA05": "error", "MTA06": "warning"}
    assert "535 5.7.8" in found.results["MTA05"].what
    assert "pa55" not in "".join(found.words) + found.results["MTA05"].ask


def test_3b_no_access_token(tmp_path: Path) -> None:
    found = look(tmp_path, settings=SETTINGS.replace(f"printf {TOKEN}", "false"))

    assert found.wrong == {"MTA07": "error"}
    assert {"MTA05", "MTA09"} <= found.unknown


def test_4_login_without_encryption(tmp_path: Path) -> None:
    found = look(tmp_path, encrypts=False, relay={"auth_require_tls": False})

    assert found.wrong == {"MTA03": "error"}
    assert {"MTA05", "MTA09"} <= found.unknown


def test_5_two_spf_records_without_our_server(tmp_path: Path) -> None:
    zone = make_zone().replace('"v=spf1 include:spf.protection.outlook.com -all"', '"v=spf1 mx -all"')
    zone += f'{DOMAIN} TXT "v=spf1 a -all"\n'
    found = look(tmp_path, zone=zone)

    assert found.wrong == {"DNS01": "error"}
    assert found.results["DNS02"].judgement.until == "DNS01"  # type: ignore[union-attr]


def test_5b_an_spf_record_without_our_server(tmp_path: Path) -> None:
    zone = make_zone().replace('"v=spf1 include:spf.protection.outlook.com -all"', '"v=spf1 mx -all"')
    found = look(tmp_path, zone=zone)

    assert found.wrong == {"DNS02": "warning"}
    assert found.results["DNS02"].ask == f"Please add include:spf.protection.outlook.com to the SPF record of {DOMAIN}."


def test_6_dmarc_where_only_new_receivers_look(tmp_path: Path) -> None:
    news = f"news.children.{DOMAIN.replace('northfieldpartnership', 'north.fieldpartnership')}"
    parent = ".".join(news.split(".")[2:])
    zone = make_zone().replace(DOMAIN, news)
    zone = zone.replace(f"_dmarc.{news} TXT", f"_dmarc.{parent} TXT").replace("p=quarantine", "p=reject; pct=50")
    settings = SETTINGS.replace(DOMAIN, news).replace(f"news.{news}", WEBSITE)
    zone = zone.replace(f"news.{news} A", f"{WEBSITE} A")
    found = look(tmp_path, zone=zone, settings=settings, lists={"partners": "email\n"})

    assert found.wrong == {"DNS05": "warning", "DNS07": "note"}
    assert "Older mail services find no DMARC record" in found.results["DNS05"].what
    assert found.results["DNS07"].what == "DMARC uses pct, which RFC 9989 removed."


def test_7_spf_of_eleven_lookups(tmp_path: Path) -> None:
    includes = " ".join(f"include:s{number}.example" for number in range(10))
    zone = make_zone().replace("include:spf.protection.outlook.com", f"include:spf.protection.outlook.com {includes}")
    zone += "".join(f's{number}.example TXT "v=spf1 ip4:{ELSEWHERE} -all"\n' for number in range(10))
    found = look(tmp_path, zone=zone)

    assert found.wrong == {"DNS03": "error"}
    assert found.results["DNS03"].what == "SPF needs 11 lookups; 10 are allowed."


COPY = f"""\
Authentication-Results: mx.outside.org.uk; dkim=pass header.d=relay.net header.s=s1;
 spf=pass (it is allowed (really)) smtp.mailfrom=bounce@relay.net; dmarc=fail header.from={DOMAIN}
Received: from relay.net by mx.outside.org.uk; Tue, 1 Dec 2026 09:00:00 +0000
DKIM-Signature: v=1; a=rsa-sha256; d=relay.net; s=s1; h=From:Subject:List-Unsubscribe; bh=x; b=y
From: Northfield <news@{DOMAIN}>
Subject: [Test] December
List-Unsubscribe: <https://{WEBSITE}/unsubscribe/x>
List-Unsubscribe-Post: List-Unsubscribe=One-Click

Hello
"""


def test_8_a_relay_that_signs_for_itself(tmp_path: Path) -> None:
    zone = make_zone().replace("p=quarantine", "p=reject")
    found = look(tmp_path, zone=zone, copy=read_received_copy(COPY.encode()))

    assert found.wrong == {"DNS06": "error", "UNS05": "warning"}
    assert found.results["DNS06"].what == (
        f"Emails say news@{DOMAIN}, but are signed for relay.net and returned to relay.net."
    )
    assert found.results["DNS06"].why == "With p=reject they are junked or refused."


def test_9_a_reply_address_that_takes_no_email(tmp_path: Path) -> None:
    settings = SETTINGS.replace(f"reply_to: contact@{DOMAIN}", f"reply_to: contact@none.{DOMAIN}")
    found = look(tmp_path, settings=settings, zone=make_zone() + f"none.{DOMAIN} MX 0 .\n")

    assert found.wrong == {"DNS08": "error"}
    assert found.results["DNS08"].what == f"contact@none.{DOMAIN} can't receive email."


def test_10_a_proxy_that_redirects_post_and_turns_get_into_it(tmp_path: Path) -> None:
    found = look(tmp_path, front=Front(redirects_post=True, turns_get_into_post=True))

    assert found.wrong == {"UNS02": "error", "UNS03": "error"}
    assert found.results["UNS02"].what == "Opening the link unsubscribes."
    assert found.results["UNS03"].what == "One-click unsubscribe doesn't work (302)."


def test_10b_a_proxy_that_keeps_answers(tmp_path: Path) -> None:
    found = look(tmp_path, front=Front(keeps_answers=True))

    assert found.wrong == {"UNS02": "error"}


def test_11_a_workspace_in_onedrive_with_a_list_in_git_and_no_back_up(tmp_path: Path) -> None:
    def prepare(workspace: Workspace) -> None:
        (workspace.root / ".gitignore").write_text(".bulletin/\n")
        run_git(workspace.root, "init")
        run_git(workspace.root, "add", ".")
        run_git(workspace.root, "commit", "-m", "all")
        record_mailing(workspace)

    found = look(tmp_path / "OneDrive - Northfield", prepare=prepare)

    assert found.wrong == {"DBS03": "error", "DBS04": "warning", "SEC05": "error"}
    assert found.results["DBS03"].what == "OneDrive copies the database while it's in use."
    assert found.results["SEC05"].what == "subscribers/partners.csv is in Git now."


def test_12_a_fast_clock_a_schedule_without_a_timer_and_a_weak_key(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    environ = {"BULLETIN_SECRET_KEY": "secret"}

    def prepare(workspace: Workspace) -> None:
        record_schedule(workspace)
        keep_last_run(workspace.state_folder, now=round(now.timestamp() * 1000) - 3_600_000)

    computer = {"now": now + timedelta(minutes=9)}
    found = look(tmp_path, environ=environ, prepare=prepare, computer=computer)

    assert {"SYS02": "error", "SYS04": "error", "SEC01": "error"}.items() <= found.wrong.items()
    assert found.results["SYS02"].what == "This computer's clock is 9 minutes fast."
    assert "2026-12 is scheduled, but `bulletin run` last ran" in found.results["SYS04"].what


def record_mailing(workspace: Workspace) -> None:
    """An issue was sent a month ago."""
    at = round((datetime.now(UTC) - timedelta(days=30)).timestamp() * 1000)
    with sqlite3.connect(workspace.state_folder / "ledger.db") as connection:
        connection.execute(
            "INSERT INTO mailings (key, issue, lists, began_at) VALUES ('k1', '2026-11', '[\"partners\"]', ?)", (at,)
        )
    connection.close()


def record_schedule(workspace: Workspace) -> None:
    engine = open_database(workspace)
    with engine.begin() as connection:
        connection.execute(
            insert(schedules).values(
                issue="2026-12",
                lists=["partners"],
                newcomers=False,
                due_at=1_800_000_000_000,
                grace=3_600_000,
                digest="d",
                planned_at=1_700_000_000_000,
                state="waiting",
            )
        )
    engine.dispose()


# What can't be known is never green


def test_offline_is_told_in_one_line(tmp_path: Path) -> None:
    """Each check that needs the network is unknown, for one reason."""
    with set_up(tmp_path / "northfield", Northfield(faults={"*": "silent"})) as (case, _):
        case.dialler.ways.clear()  # type: ignore[attr-defined]
        case.dialler.refusal = OSError(errno.ENETUNREACH, "")  # type: ignore[attr-defined]
        words = list(describe_examination(examine(case, CHECKS), folder="northfield"))

    assert len(words) == 1, words
    assert "This computer is offline." in words[0]


@pytest.mark.parametrize("fault", ["silent", "servfail"])
def test_a_name_server_without_answers_leaves_unknown_what_it_should_tell(tmp_path: Path, fault: str) -> None:
    found = look(tmp_path, faults={"*": fault})

    assert found.wrong == {}
    assert {"DNS01", "DNS02", "DNS03", "DNS04", "DNS05", "DNS06", "DNS07", "DNS08", "UNS04"} <= found.unknown
    assert len(found.words) == 1, found.words


def test_words_for_it_and_json_have_no_address_of_a_reader_and_no_secret(tmp_path: Path) -> None:
    zone = make_zone().replace("p=quarantine", "p=none").replace("-all", "+all")
    with set_up(tmp_path / "northfield", Northfield(zone=zone, roles=frozenset({"Mail.Send"}))) as (case, _):
        examination = examine(case, CHECKS)
        request, data = write_request(examination, case), write_json(examination, case)

    assert "1. The SPF record of" in request
    assert f"send “Northfield news” from news@{DOMAIN}" in request
    for text in (request, data):
        assert f"anna@{DOMAIN}" not in text
        assert KEY not in text
        assert TOKEN not in text


def test_a_key_of_1024_bits_is_a_warning(tmp_path: Path) -> None:
    found = look(tmp_path, zone=make_zone().replace(make_dkim_record(), make_dkim_record(1024)))

    assert found.wrong == {"DNS04": "warning"}


def test_an_account_that_may_not_send_as_the_sender(tmp_path: Path) -> None:
    class NotAllowed(MicrosoftInbox):
        async def handle_MAIL(self, _server: SMTP, _session: Session, *_rest: Any) -> str:  # noqa: N802
            return "550 5.7.60 Client does not have permissions to send as this sender"

    found = look(tmp_path, inbox=NotAllowed)

    assert found.wrong == {"MTA09": "error"}
    assert found.results["MTA09"].ask == f"Please give news@{DOMAIN} “Send As” on news@{DOMAIN}."


def test_a_server_that_takes_only_small_emails(tmp_path: Path) -> None:
    found = look(tmp_path, relay={"data_size_limit": 9_000})

    assert found.wrong == {"MTA10": "error"}
    assert found.results["MTA10"].ask.endswith("to 1 MB.")


def test_answers_longer_than_a_datagram_come_by_tcp(tmp_path: Path) -> None:
    zone = (
        make_zone() + f'{DOMAIN} TXT "site-verification={"x" * 200}" {" ".join([chr(34) + "y" * 200 + chr(34)] * 6)}\n'
    )
    found = look(tmp_path, zone=zone)

    assert found.wrong == {}
    assert (DOMAIN, "TXT", "tcp") in found.names.asked
