"""`bulletin doctor`: checks that sending will work, and says what to ask IT for."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.options import IT, WorkspaceOption
from bulletin.cli.terminal import NOTHING_SENT, say, say_data, warn
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from bulletin.doctor.case import Case
    from bulletin.doctor.examination import Examination
    from bulletin.doctor.outside.received_copy import ReceivedCopy
    from bulletin.subscribers.address import Address


def doctor(
    checks: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CHECK", help="Only these checks: DNS05, or DNS for all of a group.", show_default=False
        ),
    ] = None,
    *,
    send: Annotated[
        str, typer.Option("--send", metavar="ADDRESS", help="Then send a test copy there.", show_default=False)
    ] = "",
    message: Annotated[
        Path | None,
        typer.Option("--message", metavar="FILE", help="A test copy, saved from a mailbox (.eml).", show_default=False),
    ] = None,
    email: Annotated[bool, typer.Option("--email", help="Print an email to IT with all requests.")] = False,
    explain: Annotated[
        str, typer.Option("--explain", metavar="CHECK", help="Say what a check is for (`all` lists them).")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 also for warnings, and what isn't known.")
    ] = False,
    name_server: Annotated[
        str,
        typer.Option(
            "--name-server", metavar="ADDRESS", rich_help_panel=IT, help="Ask this name server.", show_default=False
        ),
    ] = "",
    folder: WorkspaceOption = None,
) -> None:
    """Check that sending will work.

    It checks the mail server, the DNS, the page where readers unsubscribe, keys, the database and this computer. It
    changes nothing, and sends nothing without --send. For each problem it says what to ask IT for.

      bulletin doctor                          check everything
      bulletin doctor --email                  write the requests for IT
      bulletin doctor DNS                      check the DNS only
      bulletin doctor --explain MTA06          what a check is for
      bulletin doctor --send you@example.org   send a test copy too
      bulletin doctor --message copy.eml       look at it as it arrived
    """
    if explain:
        _explain(explain)
        return
    from bulletin.cli.wording.doctor.doctor_text import describe_examination, write_json, write_request
    from bulletin.doctor.examination import examine
    from bulletin.doctor.registry import choose_checks
    from bulletin.subscribers.address import parse_addresses

    chosen = choose_checks(checks or ())
    addresses = parse_addresses([send] if send else (), otherwise=NOTHING_SENT)
    with _open_case(folder, message, name_server) as case:
        examination = examine(case, chosen)
    if as_json:
        say_data(write_json(examination, case))
    elif email:
        say_data(write_request(examination, case) or "There is nothing to ask IT for.")
    else:
        for line in describe_examination(examination, folder=case.workspace.root.name):
            say(line)
    for address in addresses:
        _send_copy(case, examination, address)
    if not _is_in_order(examination, strict=strict):
        raise typer.Exit(1)


def _explain(word: str) -> None:
    from bulletin.doctor.check_pages import explain_check, list_checks
    from bulletin.doctor.registry import find_checks

    known = find_checks()
    say(list_checks(known.values()) if word.lower() == "all" else explain_check(known, word).rstrip("\n"))


def _open_case(folder: Path | None, message: Path | None, name_server: str) -> Case:
    from bulletin.doctor.case import PATIENCE, Case
    from bulletin.doctor.names.resolver import DnsResolver
    from bulletin.doctor.outside.dialler import DirectDialler
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    return Case(
        workspace=workspace,
        resolver=DnsResolver(server=name_server, patience=PATIENCE),
        dialler=DirectDialler(),
        copy=_read_copy(message) if message else None,
    )


def _read_copy(file: Path) -> ReceivedCopy:
    from bulletin.declaration.files import find_remedy, read_file
    from bulletin.doctor.outside.received_copy import read_received_copy

    try:
        return read_received_copy(read_file(file))
    except FileNotFoundError:
        raise BulletinError(f"{file} isn't there.", "Check its name and its folder.") from None
    except OSError as error:
        raise BulletinError(f"{file} can't be read: {error.strerror}.", find_remedy(error)) from error


def _send_copy(case: Case, examination: Examination, address: Address) -> None:
    """Send a test copy of the latest issue, if the mail server is in order. What is said goes beside JSON and emails.

    Raises BulletinError as `send_copy` does, and where there is no issue.
    """
    from bulletin.delivery.copies.test_copy import count_test, send_copy
    from bulletin.doctor.check import Family
    from bulletin.doctor.issue_size import find_latest_issue
    from bulletin.edition.build import make_edition

    if any(result.check.family is Family.MAIL_SERVER for result in examination.select("error")):
        warn(f"No test copy was sent to {address.written}: the mail server isn't in order.")
        return
    issue = find_latest_issue(case)
    if issue is None:
        raise BulletinError("There is no issue to send a test copy of.", "Make one: bulletin new")
    edition = make_edition(case.workspace, issue)
    key = f"doctor-{secrets.token_hex(6)}"
    number = count_test(case.workspace, issue)
    reply = send_copy(case.workspace, edition, address, key=key, now=datetime.now(UTC), number=number)
    warn(f"Test copy of {issue} sent to {address.written}. The server said: {reply}")
    warn("When it has arrived, save it as a file. Then type: bulletin doctor --message FILE")


def _is_in_order(examination: Examination, *, strict: bool) -> bool:
    """Whether a monitor may be content. What can never be seen from here doesn't count."""
    from bulletin.doctor.judgement import Unknown

    if not strict:
        return not examination.select("error")
    unseen = [one.judgement for one in examination.select("unknown")]
    return not examination.select("error", "warning") and all(isinstance(one, Unknown) and one.always for one in unseen)
