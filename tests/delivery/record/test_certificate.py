"""The record of a mailing: complete, without addresses, to be printed, and it tells when something was altered."""

from __future__ import annotations

import json
import re
import shutil
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, insert, update

from anytown import make_edition
from axe import find_violations, open_page
from bulletin.database.identity import MEMORY_FILE
from bulletin.database.schema import open_database
from bulletin.database.states import MailingEvent
from bulletin.database.tables import approvals, deliveries, editions, mailing_events, mailings
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.ledger.start import start_mailing
from bulletin.delivery.record.certificate import certify
from bulletin.delivery.record.certificate_page import describe_certificate
from bulletin.errors import BulletinError, MailingError
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import SETTINGS, write_workspace
from mailed import happen, run

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

ASKING = SETTINGS + "approval: {needed: 1}\n"
LISTS = {
    "partners": "email,name\nanna@example.org,Anna Ahmed\nben@example.org,Ben Brown\n",
    "schools": "email\ncara@example.org\nanna@example.org\n",
}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which an issue was signed off, with a finding let stand, and sent to three people."""
    folder = tmp_path_factory.mktemp("sent")
    workspace = write_workspace(folder / "workspace", settings=ASKING, lists=LISTS)
    finding = "PRIV05: office@example.org may be published."
    run(workspace, "approve", "2021-05", "--by", "Jo Bloggs", "--yes", "--confirm", finding)
    with MailCatcher(folder / "caught") as catcher, pytest.MonkeyPatch.context() as patch:
        patch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        run(workspace, "send", "2021-05", "--yes")
        assert len(catcher.caught) == 3
    return workspace.root


@pytest.fixture
def workspace(sent: Path, tmp_path: Path) -> Workspace:
    """A copy of it that takes the copied ledger for its own."""
    root = shutil.copytree(sent, tmp_path / "workspace")
    (root / ".bulletin" / MEMORY_FILE).unlink()
    return open_workspace(root, environ={})


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace.database_url)
    yield engine
    engine.dispose()


def page_of(workspace: Workspace, engine: Engine) -> str:
    certificate = certify(engine, "2021-05", now=1_620_129_600_000)
    lists, publisher = workspace.settings.lists, workspace.settings.organisation.name
    return describe_certificate(certificate, publisher=publisher, lists=lists).to_html(accent="#1d5c87")


# --- what it says


def test_it_says_what_on_whose_word_to_how_many_when_and_what_became_of_it(
    workspace: Workspace, engine: Engine
) -> None:
    (mailing,) = find_mailings(engine, "2021-05")
    (record,) = certify(engine, "2021-05", now=0).records
    said = run(workspace, "certificate", "2021-05")

    assert re.search(r"^  Subject +Anytown news for May$", said, re.MULTILINE)
    assert re.search(r"^  From +Anytown Partnership$", said, re.MULTILINE)
    assert re.search(rf"^  Digest of the edition \(SHA-256\) +{record.digest}$", said, re.MULTILINE)
    assert re.search(rf"^  Message-ID prefix +{mailing.key} \(the name of a message", said, re.MULTILINE)
    assert re.search(
        r"^  Jo Bloggs +Approved exactly this edition, for these lists, on \d+ \w+ \d{4}, [\d:]+ \w+$",
        said,
        re.MULTILINE,
    )
    assert re.search(r"^  … and accepted +PRIV05: \[address\] may be published\.$", said, re.MULTILINE)
    assert re.search(r"^  partners \(Partner agencies\) +2$", said, re.MULTILINE)
    assert re.search(r"^  schools \(Schools\) +2$", said, re.MULTILINE)
    assert re.search(
        r"^  People, each once +3 \(people on several lists are counted above on each\)$", said, re.MULTILINE
    )
    assert re.search(r"^  Begun +\d+ \w+ \d{4}, ", said, re.MULTILINE)
    assert re.search(r"^  Ended +\d+ \w+ \d{4}, ", said, re.MULTILINE)
    assert re.search(r"^  Accepted by the mail server +3$", said, re.MULTILINE)
    assert re.search(r"^  Came back +0$", said, re.MULTILINE)
    assert "still has this digest." in said


def test_what_was_signed_has_a_digest_of_its_own_of_which_approving_told_the_beginning(
    workspace: Workspace, engine: Engine
) -> None:
    (record,) = certify(engine, "2021-05", now=0).records
    (witness,) = record.witnesses
    label = "Digest of what was approved: edition, author and lists"

    assert f"  {label}  {witness.approval.digest}\n" in run(workspace, "certificate", "2021-05")
    assert witness.approval.digest != record.digest


def test_how_many_were_on_each_list_stays_as_it_was_when_the_mailing_began(workspace: Workspace) -> None:
    (workspace.root / "subscribers" / "schools.csv").write_text("email\ndan@example.org\n")
    run(workspace, "subscribers", "sync", "--yes")

    assert re.search(r"^  schools \(Schools\) +2$", run(workspace, "certificate", "2021-05"), re.MULTILINE)


def test_where_nobody_kept_how_many_were_on_each_list_it_says_so(workspace: Workspace, engine: Engine) -> None:
    (workspace.root / "subscribers" / "schools.csv").write_text("email\ncara@example.org\n")
    run(workspace, "subscribers", "sync", "--yes")
    with engine.begin() as connection:
        connection.execute(update(mailing_events).values(note=""))

    said = run(workspace, "certificate", "2021-05")
    assert re.search(r"schools \(Schools\) +not kept when it began; 1 of its recipients are on the list now", said)
    assert re.search(r"^  People, each once +3$", said, re.MULTILINE)


def test_of_whom_a_person_decided_nobody_says_that_the_server_did(workspace: Workspace, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.address.like("ben%")).values(state="uncertain"))
    run(workspace, "resolve", "2021-05", "ben@example.org", "--delivered")

    said = run(workspace, "certificate", "2021-05")
    assert re.search(r"^  Accepted by the mail server +2$", said, re.MULTILINE)
    assert re.search(r"^  Uncertain, until a person decided that it arrived +1$", said, re.MULTILINE)
    assert re.search(r"^  In all +3$", said, re.MULTILINE)


@pytest.mark.parametrize("command", ["certificate", "report"])
def test_whom_a_dead_sender_left_in_flight_is_uncertain_in_it(
    workspace: Workspace, engine: Engine, tmp_path: Path, command: str
) -> None:
    with engine.begin() as connection:
        connection.execute(
            update(deliveries).where(deliveries.c.address.like("ben%")).values(state="sending", run="dead")
        )
    page = tmp_path / "page.html"
    run(workspace, command, "2021-05", "--out", str(page))

    assert re.search(r"Uncertain[^<]*</t[dh]>\s*<td[^>]*>1<", page.read_text(encoding="utf-8"))
    assert json.loads(run(workspace, "status", "2021-05", "--json"))["uncertain"] == 1


def test_whom_a_cancelling_left_out_has_not_opted_out(workspace: Workspace, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.address.like("ben%")).values(state="queued"))
    run(workspace, "cancel", "2021-05", "--yes")

    said = run(workspace, "certificate", "2021-05")
    assert re.search(r"^  Withdrawn before their turn: the mailing was cancelled +1$", said, re.MULTILINE)
    assert re.search(r"^  Withdrawn before their turn: opted out, bounced or complained +0$", said, re.MULTILINE)


def test_why_it_stopped_is_in_it_without_advice(workspace: Workspace, engine: Engine) -> None:
    reply = '550 5.1.1 “Unknown”. See https://example.net/?rcpt=anna%40example.org, "anna ahmed"@example.org'
    words = f"3 of 9 were refused, the last one with “{reply}”. Is this the right list? Go on then."
    (mailing,) = find_mailings(engine, "2021-05")
    happen(engine, mailing, MailingEvent.HALTED, words)

    said = run(workspace, "certificate", "2021-05")
    assert re.search(r"^  Stopped automatically +4 May.*with No such address \(5\.1\.1\)\.$", said, re.MULTILINE)
    assert "Halted" not in said
    assert "ahmed" not in said


def test_pauses_and_halts_are_in_it_with_their_reasons_and_without_addresses(
    workspace: Workspace, engine: Engine
) -> None:
    (mailing,) = find_mailings(engine, "2021-05")
    words = "5.7.1\x1b[2J <anna@example.org> Sender news@anytown.example.org is not allowed"
    with engine.begin() as connection:
        for event, note in ((MailingEvent.HALTED, words), (MailingEvent.RESUMED, "Jo Bloggs")):
            connection.execute(
                insert(mailing_events).values(mailing_id=mailing.id, event=event, at=1_620_126_000_000, note=note)
            )

    said = run(workspace, "certificate", "2021-05")
    assert re.search(
        r"Stopped automatically +4 May 2021, .*: 5\.7\.1 \[2J <\[address\]> Sender \[address\] is not allowed", said
    )
    assert re.search(r"Resumed +4 May 2021, .*: Jo Bloggs", said)


def test_no_address_and_no_name_of_a_reader_is_in_it(workspace: Workspace, engine: Engine) -> None:
    for words in (run(workspace, "certificate", "2021-05"), page_of(workspace, engine)):
        assert not re.search(r"\w@\w", words)
        assert "Ahmed" not in words


def test_a_mailing_that_is_not_finished_says_so(workspace: Workspace, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.address.like("ben%")).values(state="queued"))

    said = run(workspace, "certificate", "2021-05")
    assert re.search(r"Ended +not yet: 1 still to be tried", said)
    assert re.search(r"Not sent yet +1$", said, re.MULTILINE)


def test_a_mailing_that_nobody_was_asked_to_sign_says_so(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(lists=LISTS)
    run(workspace, "subscribers", "sync", "--yes")
    engine = open_database(workspace.database_url)

    start_mailing(engine, make_edition(), lists=["partners"], key="k", now=1)
    engine.dispose()

    assert "sent without approval: bulletin.yaml asked for none." in run(workspace, "certificate", "2021-05")


def test_each_of_several_mailings_is_told(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace.root / "subscribers" / "schools.csv").write_text("email\ncara@example.org\ndan@example.org\n")
    path = workspace.issue_path("2021-05")
    path.write_text(path.read_text(encoding="utf-8").replace("closed", "open"), encoding="utf-8")
    run(workspace, "approve", "2021-05", "--by", "Sam Smith", "--yes")
    with MailCatcher(tmp_path / "more") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        run(workspace, "send", "2021-05", "--yes", "--newcomers")

    said = run(workspace, "certificate", "2021-05", "--edition", str(tmp_path / "kept"))
    assert re.search(r"Mailing 1: Who approved it\n  Jo Bloggs", said)
    assert re.search(r"Mailing 2: Who approved it\n  Sam Smith", said)
    run(workspace, "report", "2021-05", "--out", str(tmp_path / "report.html"))
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    for number, name in enumerate(["Jo Bloggs", "Sam Smith"], 1):
        section = re.search(rf">Mailing {number}: Version and approval<.*?</section>", report, re.DOTALL)
        assert section
        assert re.search(
            rf">Approved by {name}</th><td>Approved exactly this edition, for these lists, on ", section[0]
        )
        assert re.search(r">Approval reference</th><td>[0-9a-f]{12}</td>", section[0])
        assert f">Mailing {number}: Lists<" in report
        assert f">Mailing {number}: Digests and times<" in report
    assert len(list((tmp_path / "kept").glob("*/email.html"))) == 2


def test_what_was_not_sent_has_no_certificate(make_workspace: MakeWorkspace) -> None:
    with pytest.raises(MailingError, match="there is nothing to certify"):
        run(make_workspace(lists=LISTS), "certificate", "2021-05")


def test_it_is_there_when_the_issues_file_is_gone(workspace: Workspace) -> None:
    workspace.issue_path("2021-05").unlink()

    assert "still has this digest." in run(workspace, "certificate", "2021-05")


# --- what is kept with it


def test_the_exact_edition_is_kept_with_it_and_anybody_can_check_its_digest(
    workspace: Workspace, engine: Engine, tmp_path: Path
) -> None:
    (record,) = certify(engine, "2021-05", now=0).records
    run(workspace, "certificate", "2021-05", "--out", str(tmp_path / "out" / "may.html"), "--edition", str(tmp_path))

    kept = (tmp_path / "edition.json").read_bytes()
    assert sha256(kept).hexdigest() == record.digest
    assert json.loads(kept)["subject"] == "Anytown news for May"
    assert "We are closed" in (tmp_path / "email.html").read_text(encoding="utf-8")
    assert record.digest in (tmp_path / "out" / "may.html").read_text(encoding="utf-8")


def test_the_message_that_is_kept_with_it_has_the_date_and_the_name_of_those_that_were_sent(
    workspace: Workspace, engine: Engine, tmp_path: Path
) -> None:
    began = datetime(2021, 5, 4, 11, tzinfo=UTC)
    with engine.begin() as connection:
        connection.execute(update(mailings).values(began_at=round(began.timestamp() * 1000)))
    (mailing,) = find_mailings(engine, "2021-05")
    run(workspace, "certificate", "2021-05", "--edition", str(tmp_path / "kept"))

    kept = message_from_bytes((tmp_path / "kept" / "message.eml").read_bytes(), policy=default)
    assert parsedate_to_datetime(kept["Date"]) == began
    assert kept["Message-ID"].startswith(f"<{mailing.key}.")
    assert "Alex Example" in kept["To"]


def alter_word(content: bytes) -> bytes:
    return zlib.compress(zlib.decompress(content).replace(b"closed", b"open"))


@pytest.mark.parametrize("alter", [alter_word, lambda _: b"no zlib", lambda _: zlib.compress(b"{}")])
def test_an_edition_that_was_altered_is_told(
    workspace: Workspace, engine: Engine, alter: Callable[[bytes], bytes]
) -> None:
    with engine.begin() as connection:
        content = connection.execute(editions.select()).one().content
        connection.execute(update(editions).values(content=alter(content)))

    assert "Unaltered since" not in page_of(workspace, engine)
    assert "Altered since it was sent" in page_of(workspace, engine)
    said = run(workspace, "certificate", "2021-05", code=1)
    assert "What is kept is NOT what was sent: it has been altered since." in said
    assert "SOMETHING ELSE than what is kept now" in said
    assert "was altered after it was sent" in said


@pytest.mark.parametrize("column", [{"digest": "0" * 64}, {"contents": b"0"}])
def test_a_sign_off_that_was_altered_is_told(workspace: Workspace, engine: Engine, column: dict[str, object]) -> None:
    with engine.begin() as connection:
        connection.execute(update(approvals).values(**column))

    said = run(workspace, "certificate", "2021-05", code=1)
    assert "still has this digest." in said
    assert "Approved SOMETHING ELSE" in said


def test_a_file_that_cannot_be_written_is_told(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(BulletinError, match="cannot be written"):
        run(workspace, "certificate", "2021-05", "--out", str(tmp_path / "file" / "may.html"))


# --- the page


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_on_the_page_and_nothing_runs_over(
    workspace: Workspace, engine: Engine, browser: Browser, tmp_path: Path, width: int
) -> None:
    (tmp_path / "may.html").write_text(page_of(workspace, engine), encoding="utf-8")
    for scheme in ("light", "dark"):
        with open_page(browser, width=width, scheme=scheme) as page:
            page.goto((tmp_path / "may.html").as_uri())
            expect(page.get_by_role("heading", level=1)).to_have_text("Record of the mailing of 2021-05")
            assert find_violations(page) == []
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_it_prints_on_paper_in_black_on_white(
    workspace: Workspace, engine: Engine, browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "may.html").write_text(page_of(workspace, engine), encoding="utf-8")
    with open_page(browser, width=1280, scheme="dark") as page:
        page.goto((tmp_path / "may.html").as_uri())
        page.emulate_media(media="print")
        assert colours_of(page) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def colours_of(page: Page) -> list[str]:
    script = "() => ['color', 'backgroundColor'].map(name => getComputedStyle(document.body)[name])"
    return list(page.evaluate(script))


def test_the_page_runs_and_fetches_nothing_and_escapes_what_people_wrote(workspace: Workspace, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(update(approvals).values(name="<script>alert(1)</script>"))
    html = page_of(workspace, engine)

    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert not re.search(r"https?:|src=|url\(|@import", html)
