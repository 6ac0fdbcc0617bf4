"""The command line as people use it: its words, its exit code, and what a process and a terminal add."""

from __future__ import annotations

import json
import os
import re
import select
import shlex
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from bulletin.cli import edge
from bulletin.cli.progress import watch
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.ledger.counts import Counts
from bulletin.workspace.workspace import Workspace
from command_call import call as run
from conftest import ISSUE, SETTINGS
from forked import Program
from misbehaving import ALWAYS, Conduct, Fault, MisbehavingServer, Step, serve
from new_workspace import ENOUGH, fill_in
from program import towards

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

COMMANDS = [
    "init",
    "new",
    "followups",
    "collect",
    "draft",
    "preview",
    "check",
    "diff",
    "schema",
    "render",
    "test",
    "approve",
    "send",
    "schedule",
    "unschedule",
    "run",
    "pause",
    "cancel",
    "status",
    "report",
    "certificate",
    "resolve",
    "demo",
    "subscribers",
]
STATES = ["queued", "sending", "accepted", "deferred", "refused", "uncertain", "withdrawn", "bounced"]

LISTS = {
    "partners": "email,name,organisation\nanna@partner.example.org,Anna,Health\nben@partner.example.org,,Police\n",
    "schools": "email;name\nBEN@partner.example.org;Ben\ncara@school.example.org;Cara\nnot an address;Dan\n",
}


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        yield catcher


def read(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


# --- help, usage, exit codes


def test_help_names_every_command_with_what_it_does() -> None:
    done = run("--help")

    assert done.returncode == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command}\s+[A-Z]\w+", done.stdout, re.MULTILINE), command


@pytest.mark.parametrize("command", [*COMMANDS, "subscribers sync", "subscribers remove", "subscribers show"])
def test_every_command_has_help(command: str) -> None:
    done = run(*command.split(), "--help")

    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: bulletin {command}")


def test_a_value_that_an_option_does_not_know_is_refused_in_words_of_ours(make_workspace: MakeWorkspace) -> None:
    done = run("status", "2021-05", "--who", "lost", folder=make_workspace().root)

    assert "Invalid value for '--who': 'lost' is not one of 'queued', 'sending'," in done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [("sned",), ("render", "2021-05"), ("check", "--colour"), ("resolve", "2021-05", "a@b.org"), ("status", "--json")],
)
def test_wrong_usage_is_exit_code_2(make_workspace: MakeWorkspace, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, folder=make_workspace().root)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "Usage: bulletin" in done.stderr


def test_a_process_ends_with_the_exit_code_of_its_command(make_workspace: MakeWorkspace) -> None:
    for arguments, code in ((["check"], 0), (["check", "2019-01"], 1), (["sned"], 2)):
        command = [sys.executable, "-m", "bulletin", *arguments]
        done = subprocess.run(command, cwd=make_workspace().root, capture_output=True, text=True, check=False)
        assert done.returncode == code, (arguments, done.stderr)
        assert bool(done.stderr) == bool(code)


def test_outside_a_workspace_one_is_told_how_to_make_one(tmp_path: Path) -> None:
    done = run("check", folder=tmp_path)

    assert done.returncode == 1
    assert "bulletin init" in done.stderr


def test_our_own_bug_is_exit_code_3_with_a_report_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def fail(**_options: object) -> int:
        raise LookupError("a thing that cannot be")

    monkeypatch.setattr(edge, "find_app", lambda _: fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    assert edge.run() == 3
    words = capsys.readouterr().err
    assert "Traceback" not in words
    (report,) = tmp_path.glob("bulletin-report-*.txt")
    assert str(report) in words
    assert "a thing that cannot be" in report.read_text()


NOT_FOR_CHECK = (
    *("premailer", "lxml", "cssutils", "sqlalchemy", "alembic", "jinja2", "aiosmtpd", "email_validator", "PIL"),
    *("dns", "rich.progress", "smtplib", "starlette", "uvicorn", "watchfiles", "openpyxl", "mammoth", "pdfplumber"),
)
NOT_FOR_HELP = (
    *("pydantic", "yaml", "decimal", "email", "html", "bulletin.declaration.values", "bulletin.settings"),
    *("bulletin.issue.dates", "bulletin.proof", "bulletin.workspace"),
)


@pytest.mark.parametrize(
    ("arguments", "heavy"), [(["--help"], (*NOT_FOR_CHECK, *NOT_FOR_HELP)), (["check"], NOT_FOR_CHECK)]
)
def test_heavy_libraries_are_not_imported_by_help_and_check(
    make_workspace: MakeWorkspace, arguments: list[str], heavy: tuple[str, ...]
) -> None:
    script = (
        "import sys; from bulletin.cli.edge import run\n"
        "sys.argv = ['bulletin', *sys.argv[1:]]\n"
        "code = run()\n"
        f"print('LOADED', [name for name in {heavy!r} if name in sys.modules])\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=make_workspace().root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "LOADED []" in done.stdout


# --- check, init, render


def test_check_says_that_an_issue_is_in_order(make_workspace: MakeWorkspace) -> None:
    done = run("check", "2021-05", folder=make_workspace().root)

    assert done.returncode == 0
    first, *others = done.stdout.splitlines()
    assert first == "issues/2021-05.yaml: in order, 1 section."
    assert any("How easy each section is to read" in line for line in others)


def test_check_without_an_issue_checks_all_and_says_every_fault(make_workspace: MakeWorkspace) -> None:
    broken = ISSUE.replace("kind: notice", "kind: notce")
    done = run("check", folder=make_workspace(issues={"2021-04": broken, "2021-05": ISSUE}).root)

    assert done.returncode == 1
    assert "issues/2021-05.yaml: in order" in done.stdout
    assert "issues/2021-04.yaml:6:11: “notce” is not a kind of section. Did you mean “notice”?" in done.stdout
    assert "issues/2021-04.yaml:1:8: May 2021 is not the month in the file's name" in done.stdout
    assert "2 faults in 1 file." in done.stdout


def test_check_says_every_fault_of_bulletin_yaml(make_workspace: MakeWorkspace) -> None:
    root = make_workspace().root
    (root / "bulletin.yaml").write_text("organisation:\n  nam: Anytown\nlist: {}\n")
    done = run("check", folder=root)

    assert done.returncode == 1
    assert "bulletin.yaml:2:3: “nam” is not a field of an organisation. Did you mean “name”?" in done.stderr


def test_init_never_overwrites_anything(tmp_path: Path) -> None:
    (tmp_path / "bulletin.yaml").write_text("mine")
    done = run("init", str(tmp_path), *ENOUGH)

    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["bulletin.yaml"]


def test_a_new_workspace_checks_renders_and_sends_once_it_is_signed_off(tmp_path: Path, catcher: MailCatcher) -> None:
    root = tmp_path / "our-news"
    assert run("init", str(root), *ENOUGH).returncode == 0
    fill_in(root, "alex.morgan@northfield.gov.uk", "office@school.sch.uk")
    (issue,) = (path.stem for path in (root / "issues").glob("*.yaml"))

    assert run("check", folder=root).returncode == 0
    assert run("render", issue, "--out", "out", folder=root).returncode == 0
    assert "has not been approved" in run("send", issue, "--yes", folder=root, environ=towards(catcher)).stderr
    assert not catcher.caught
    assert run("approve", issue, "--by", "Jo Bloggs", "--yes", folder=root).returncode == 0
    assert run("send", issue, "--yes", folder=root, environ=towards(catcher)).returncode == 0
    assert len(catcher.caught) == 2


def test_render_writes_what_a_browser_an_editor_and_a_mail_program_open(make_workspace: MakeWorkspace) -> None:
    root = make_workspace().root
    done = run("render", "2021-05", "--out", "out", folder=root)

    assert done.returncode == 0
    assert "Office hours" in (root / "out" / "email.html").read_text()
    assert "Office hours" in (root / "out" / "email.txt").read_text()
    assert read(root / "out" / "message.eml")["Subject"] == "Anytown news for May"


# --- test, send, status, resolve


def test_a_test_copy_goes_to_any_address_and_is_not_counted(
    make_workspace: MakeWorkspace, catcher: MailCatcher
) -> None:
    root = make_workspace(lists=LISTS).root
    done = run("test", "2021-05", "--to", "boss@elsewhere.example.org", folder=root, environ=towards(catcher))

    assert done.returncode == 0, done.stderr
    (caught,) = catcher.caught
    assert read(caught.file)["Subject"] == "[TEST 1] Anytown news for May"
    assert json.loads(run("status", "2021-05", "--json", folder=root).stdout)["total"] == 0


def test_test_copies_count_towards_what_the_server_allows(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    root = make_workspace(settings=f"{SETTINGS}sending: {{limits: 4/day}}\n", lists=LISTS).root
    copy = ("test", "2021-05", "--to", "boss@elsewhere.example.org")
    for _ in range(2):
        assert run(*copy, folder=root, environ=towards(catcher)).returncode == 0
    tight = run("send", "2021-05", "--yes", folder=root, environ=towards(catcher))
    assert "2 of 4/day are used, so only 2 can be sent now" in " ".join(tight.stderr.split())

    run("send", "2021-05", "--yes", "--spread", folder=root, environ=towards(catcher))
    refused = run(*copy, folder=root, environ=towards(catcher))
    assert refused.returncode == 1
    assert "No copy can be sent now: 4 of the limit of 4/day are used." in refused.stderr
    assert "Try again from " in refused.stderr
    assert len(catcher.caught) == 4


def test_an_issue_goes_once_to_each_person_and_status_says_so(
    make_workspace: MakeWorkspace, catcher: MailCatcher
) -> None:
    root = make_workspace(lists=LISTS).root
    done = run("send", "2021-05", "--yes", folder=root, environ=towards(catcher))

    assert done.returncode == 0, done.stderr
    assert "subscribers/schools.csv:4" in done.stderr
    assert "2021-05 would go to 3 readers, each once" in done.stdout
    people = Counter(message.recipient.lower() for message in catcher.caught)
    assert people == {"anna@partner.example.org": 1, "ben@partner.example.org": 1, "cara@school.example.org": 1}
    status = json.loads(run("status", "2021-05", "--json", folder=root).stdout)
    assert {key: status[key] for key in ("issue", "total", "accepted")} == {
        "issue": "2021-05",
        "total": 3,
        "accepted": 3,
    }
    assert isinstance(status["mailing"], int)
    assert all(isinstance(status[state], int) for state in STATES)
    assert "3  accepted" in run("status", folder=root).stdout


def test_sending_again_mails_nobody_again(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    root = make_workspace(lists=LISTS).root
    for _ in range(2):
        done = run("send", "2021-05", "--yes", folder=root, environ=towards(catcher))

    assert done.returncode == 0
    assert "Everyone on these lists has got it." in done.stdout
    assert len(catcher.caught) == 3


def test_those_who_join_later_get_it_only_when_that_is_asked_for(
    make_workspace: MakeWorkspace, catcher: MailCatcher
) -> None:
    root = make_workspace(lists=LISTS).root
    run("send", "2021-05", "--yes", folder=root, environ=towards(catcher))
    (root / "subscribers" / "partners.csv").write_text(LISTS["partners"] + "eve@partner.example.org,Eve,\n")

    assert "--newcomers" in run("send", "2021-05", "--yes", folder=root, environ=towards(catcher)).stdout
    assert len(catcher.caught) == 3
    run("send", "2021-05", "--yes", "--newcomers", folder=root, environ=towards(catcher))
    assert [message.recipient for message in catcher.caught[3:]] == ["eve@partner.example.org"]


def test_a_dry_run_sends_and_changes_nothing(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    root = make_workspace(lists=LISTS).root
    done = run("send", "2021-05", "--dry-run", folder=root, environ=towards(catcher))

    assert done.returncode == 0
    assert "would go to 3 readers" in done.stdout
    assert not catcher.caught
    assert "We have no record of" in run("subscribers", "show", "anna@partner.example.org", folder=root).stdout


def test_nothing_is_sent_without_a_yes(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    done = run("send", "2021-05", folder=make_workspace(lists=LISTS).root, environ=towards(catcher))

    assert done.returncode == 1
    assert "--yes" in done.stderr
    assert not catcher.caught


def test_one_list_can_be_named_and_another_later(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    root = make_workspace(lists=LISTS).root
    run("send", "2021-05", "--list", "partners", "--yes", folder=root, environ=towards(catcher))
    assert len(catcher.caught) == 2
    run("send", "2021-05", "--list", "schools", "--yes", folder=root, environ=towards(catcher))

    assert [message.recipient for message in catcher.caught[2:]] == ["cara@school.example.org"]
    done = run("send", "2021-05", "--list", "school", "--yes", folder=root, environ=towards(catcher))
    assert done.returncode == 1
    assert "There is no list “school”. The lists in bulletin.yaml are: partners, schools." in done.stderr


def test_whoever_opted_out_is_never_written_to_again(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    root = make_workspace(lists=LISTS, issues={"2021-05": ISSUE, "2021-06": ISSUE.replace("2021-05", "2021-06")}).root
    run("subscribers", "sync", "--yes", folder=root)
    assert run("subscribers", "remove", "Anna@Partner.example.org", "--note", "rang us", folder=root).returncode == 0
    first = ["send", "2021-05", "--new-database", "--yes"]
    for command in (["subscribers", "sync", "--yes"], first, ["send", "2021-06", "--yes"]):
        assert run(*command, folder=root, environ=towards(catcher)).returncode == 0

    assert "anna@partner.example.org" not in {message.recipient for message in catcher.caught}
    shown = run("subscribers", "show", "anna@partner.example.org", folder=root).stdout
    assert "Suppressed: opted out since" in shown
    assert "rang us" in shown


def test_a_fault_in_the_issue_stops_a_mailing_before_anything_else(
    make_workspace: MakeWorkspace, catcher: MailCatcher
) -> None:
    root = make_workspace(lists=LISTS, issues={"2021-05": ISSUE.replace("title:", "titel:")}).root
    done = run("send", "2021-05", "--yes", folder=root, environ=towards(catcher))

    assert done.returncode == 1
    assert "Did you mean “title”?" in done.stderr
    assert not catcher.caught


def test_without_an_smtp_server_one_is_told_where_to_write_it(make_workspace: MakeWorkspace) -> None:
    done = run("send", "2021-05", "--yes", folder=make_workspace(lists=LISTS).root)

    assert done.returncode == 1
    assert "BULLETIN_SMTP_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_the_servers_password_nobody_is_asked_and_nothing_begins(make_workspace: MakeWorkspace) -> None:
    settings = f"{SETTINGS}sending: {{smtp: 'smtp://news@127.0.0.1:9'}}\n"
    root = make_workspace(settings=settings, lists=LISTS).root
    done = run("send", "2021-05", folder=root)

    assert done.returncode == 1
    assert "There is no password for news at 127.0.0.1:9." in done.stderr
    assert "Send 2021-05 to" not in done.stdout
    assert json.loads(run("status", "2021-05", "--json", folder=root).stdout)["total"] == 0


def test_a_server_that_cannot_be_reached_loses_nobody(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    root = make_workspace(lists=LISTS).root
    done = run("send", "2021-05", "--yes", folder=root, environ={"BULLETIN_SMTP_URL": "smtp://127.0.0.1:9"})

    assert done.returncode == 1
    assert json.loads(run("status", "2021-05", "--json", folder=root).stdout)["queued"] == 3
    assert run("send", "2021-05", "--yes", folder=root, environ=towards(catcher)).returncode == 0
    assert len(catcher.caught) == 3


def test_the_whole_of_a_message_reaches_the_inbox(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    root = make_workspace(lists=LISTS).root
    run("send", "2021-05", "--list", "partners", "--yes", folder=root, environ=towards(catcher))
    message = next(read(caught.file) for caught in catcher.caught if caught.recipient.startswith("anna"))

    assert message["To"] == "Anna <anna@partner.example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    unsubscribe = re.match(r"<(https://news\.anytown\.example\.org/unsubscribe/[^>]+)>", message["List-Unsubscribe"])
    assert unsubscribe
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        assert "Hello Anna," in part.get_content()
        assert unsubscribe[1] in part.get_content()


# --- subscribers


def test_sync_shows_the_difference_and_applies_it_once_agreed(make_workspace: MakeWorkspace) -> None:
    root = make_workspace(lists=LISTS).root
    assert "+2 −0" in run("subscribers", "sync", "--dry-run", folder=root).stdout
    assert run("subscribers", "sync", folder=root).returncode == 1
    assert run("subscribers", "sync", "--yes", folder=root).returncode == 0

    (root / "subscribers" / "partners.csv").write_text("email,name\nanna@partner.example.org,Anne\n")
    done = run("subscribers", "sync", "--yes", folder=root)
    assert "− ben@partner.example.org (Ben)" in done.stdout.replace("BEN", "ben")
    assert "Anne" in done.stdout
    assert "Careful: 1 of 2 would leave this list." in done.stdout


def test_show_says_all_that_is_known_about_a_person(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    root = make_workspace(lists=LISTS).root
    run("send", "2021-05", "--yes", folder=root, environ=towards(catcher))
    shown = run("subscribers", "show", "anna@partner.example.org", folder=root).stdout

    assert "On partners since" in shown
    assert "basis: public-task" in shown
    assert "organisation: Health" in shown
    assert "2021-05: accepted" in shown


def test_what_was_sent_is_known_even_when_its_file_is_gone(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    root = make_workspace(lists=LISTS).root
    run("send", "2021-05", "--yes", folder=root, environ=towards(catcher))
    (root / "issues" / "2021-05.yaml").unlink()

    assert json.loads(run("status", "2021-05", "--json", folder=root).stdout)["accepted"] == 3


def test_a_change_of_a_lists_lawful_basis_alone_is_taken_over(make_workspace: MakeWorkspace) -> None:
    root = make_workspace(lists=LISTS).root
    run("subscribers", "sync", "--yes", folder=root)
    settings = (root / "bulletin.yaml").read_text()
    (root / "bulletin.yaml").write_text(settings.replace("public-task", "consent"))

    assert run("subscribers", "sync", folder=root).returncode == 0
    assert "basis: consent" in run("subscribers", "show", "anna@partner.example.org", folder=root).stdout


def test_output_that_nobody_reads_ends_a_command_without_a_traceback(make_workspace: MakeWorkspace) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "bulletin", "check", "--workspace", str(make_workspace().root)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    os.close(writing)

    assert done.returncode == 1
    assert done.stderr == ""


def test_the_demo_proves_that_each_person_got_exactly_one(tmp_path: Path) -> None:
    done = run("demo", folder=tmp_path, environ={"TMPDIR": str(tmp_path)})

    assert done.returncode == 0, done.stderr
    assert "Proof: the catcher has 27 messages for 27 readers: each got exactly one." in done.stdout
    (folder,) = tmp_path.glob("bulletin-demo-*")
    assert "Status: 27 of 27 accepted. Nothing is left to do." in done.stdout
    for name in ("email.html", "email.txt", "messages", "certificate.html", "report.html"):
        assert (folder / name).exists()
        assert f"  {folder / name} " in done.stdout
    assert "partners (Partner agencies)" in (folder / "certificate.html").read_text(encoding="utf-8")
    assert "27 of 27 messages accepted by the mail server." in (folder / "report.html").read_text(encoding="utf-8")
    assert len(list((folder / "messages").iterdir())) == 27


@contextmanager
def ask_on_terminal(
    root: Path, catcher: MailCatcher, *arguments: str, first_server: str = ""
) -> Iterator[tuple[Program, int]]:
    """A command that has asked its question on a terminal; the other side of that."""
    import pty

    terminal, inside = pty.openpty()
    environ = {**os.environ, **towards(catcher)}
    environ["BULLETIN_SMTP_URL"] = f"{first_server} {environ['BULLETIN_SMTP_URL']}".strip()
    process = Program([*arguments, "--workspace", str(root)], env=environ, stdin=inside, stdout=inside)
    os.close(inside)
    try:
        shown = b""
        while b"[y/N]" not in shown:
            shown += os.read(terminal, 4096)
        yield process, terminal
    finally:
        process.kill()
        process.wait()
        os.close(terminal)


def read_to_the_end(terminal: int) -> bytes:
    shown = b""
    with suppress(OSError):  # Linux ends the reading so, once the other side is closed
        while more := os.read(terminal, 4096):
            shown += more
    return shown


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to test with")
def test_on_a_terminal_a_bar_shows_how_far_it_is(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    with ask_on_terminal(make_workspace(lists=LISTS).root, catcher, "send", "2021-05") as (process, terminal):
        os.write(terminal, b"y\n")
        shown = read_to_the_end(terminal)
        assert process.wait(60) == 0

    assert b"3 of 3 accepted" in shown
    assert len(catcher.caught) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to test with")
def test_what_is_told_meanwhile_stands_on_a_line_of_its_own_above_the_bar(
    make_workspace: MakeWorkspace, catcher: MailCatcher
) -> None:
    root = make_workspace(lists=LISTS).root
    with serve(MisbehavingServer(fault=Fault(step=Step.EHLO, conduct=Conduct.REFUSE, times=ALWAYS))) as first:
        url = f"smtp://127.0.0.1:{first.port}"
        with ask_on_terminal(root, catcher, "send", "2021-05", first_server=url) as (process, terminal):
            os.write(terminal, b"y\n")
            shown = read_to_the_end(terminal)
            assert process.wait(60) == 0

    lines = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", shown).decode().replace("\r", "\n").split("\n")
    assert any(line.startswith(f"127.0.0.1:{first.port} refused us: ") for line in lines), lines


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to test with")
def test_a_mailing_goes_on_when_its_terminal_can_no_longer_be_written_to(
    make_workspace: MakeWorkspace, catcher: MailCatcher
) -> None:
    with ask_on_terminal(make_workspace(lists=LISTS).root, catcher, "send", "2021-05") as (process, terminal):
        os.write(terminal, b"y\n")
        shown = b""
        while "━".encode() not in shown:  # the bar
            shown += os.read(terminal, 4096)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, terminal)  # the terminal is closed
        os.close(null)
        process.wait(60)

    assert len(catcher.caught) == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_progress_that_cannot_be_written_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with suppress(OSError), Path("/dev/full").open("w") as full, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", full)
        with watch(3) as report:
            report(Counts(accepted=2, queued=1))
            report(Counts(accepted=3))
        reached = True
    assert reached


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to test with")
@pytest.mark.parametrize(
    ("command", "key", "words"),
    [
        ("send 2021-05", "Ctrl-C", b"Nothing was sent, and nothing was changed."),
        ("schedule 2021-05 --at 'tomorrow 9:00'", "Ctrl-D", b"Nothing was scheduled, and nothing was changed."),
        ("approve 2021-05 --by Jo", "Ctrl-C", b"Nothing was approved."),
        ("subscribers sync", "Ctrl-D", b"Nothing was changed."),
    ],
)
def test_whoever_leaves_at_a_question_is_told_that_nothing_happened(
    make_workspace: MakeWorkspace, catcher: MailCatcher, command: str, key: str, words: bytes
) -> None:
    with ask_on_terminal(make_workspace(lists=LISTS).root, catcher, *shlex.split(command)) as (process, terminal):
        shown = b""
        while process.poll() is None:  # a key that is pressed while the terminal is being set up is lost
            if words in shown:  # it is ending, which may take a while
                process.wait(60)
            elif key == "Ctrl-D":
                os.write(terminal, b"\x04")
            else:
                process.send_signal(signal.SIGINT)
            while select.select([terminal], [], [], 5)[0]:
                try:
                    shown += os.read(terminal, 4096)
                except OSError:  # Linux says so that the other side is closed
                    process.wait(60)
                    break
        assert process.returncode == 130

    assert words in shown
    assert b"fault" not in shown
    assert not catcher.caught


def test_a_draft_that_is_not_written_yet_is_never_sent(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    root = make_workspace(lists=LISTS).root
    assert run("new", folder=root).returncode == 0
    said = run("check", "2021-06", folder=root).stdout
    assert re.search(r"2021-06\.yaml: draft: [2-9] places to write, .*\. Look for TO WRITE\.$", said, re.MULTILINE)
    assert "in order" not in said
    done = run("send", "2021-06", "--yes", folder=root, environ=towards(catcher))

    assert done.returncode == 1
    assert re.search(r"issues/2021-06\.yaml:\d+:\d+: This is still to be written\.", done.stderr)
    assert not catcher.caught
