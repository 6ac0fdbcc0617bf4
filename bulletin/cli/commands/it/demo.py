"""`bulletin demo`: runs everything once on this computer, with a mail catcher of its own."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_engine
from bulletin.cli.progress import watch
from bulletin.cli.terminal import count, say
from bulletin.disk import write_whole
from bulletin.errors import MailingError
from bulletin.rights import OWNER_ALONE

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.copies.catcher import MailCatcher
    from bulletin.workspace.workspace import Workspace

ISSUE = "2021-05"
APPROVER = "The Demo"


def demo() -> None:
    """Try everything on this computer only.

    It sends a sample issue to invented readers, and proves that each got it once. No email leaves this computer.

      bulletin demo
    """
    from bulletin.delivery.copies.catcher import MailCatcher
    from bulletin.workspace.workspace import open_workspace

    folder = Path(tempfile.mkdtemp(prefix="bulletin-demo-"))
    root = _copy_sample(folder / "workspace")
    say(f"The sample bulletin is in {root}. The mail catcher listens on this computer only.")
    with MailCatcher(folder / "messages") as catcher:
        workspace = open_workspace(root, environ={"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{catcher.port}"})
        _check(workspace)
        _render(workspace, folder)
        with open_engine(workspace) as engine:
            _approve(workspace, engine)
            _send(workspace, engine)
            _prove(engine, catcher)
            _account_for(workspace, engine, folder)
    say(f"\nEverything is in {folder}:")
    say(f"  {folder / 'email.html'}        open it in your browser")
    say(f"  {folder / 'email.txt'}         the same in plain text")
    say(f"  {folder / 'messages'}          every message, for a mail program to open")
    say(f"  {folder / 'certificate.html'}  the record: what was sent, who approved it, how many got it")
    say(f"  {folder / 'report.html'}       how it was delivered, to share")


def _copy_sample(root: Path) -> Path:
    from bulletin.workspace.package_data import sample_folder

    sample = sample_folder()
    root.mkdir(parents=True)
    shutil.copy(sample / "bulletin.yaml", root)
    for name in ("issues", "subscribers"):
        shutil.copytree(sample / name, root / name)
    return root


def _check(workspace: Workspace) -> None:
    issue = workspace.load_issue(ISSUE)
    say(f"\nCheck: issues/{ISSUE}.yaml is in order, {count(len(issue.sections), 'section')}.")


def _render(workspace: Workspace, folder: Path) -> None:
    from bulletin.delivery.copies.export import write_edition
    from bulletin.edition.build import make_edition

    sizes = {
        path.name: path.stat().st_size
        for path in write_edition(make_edition(workspace, ISSUE), folder, now=datetime.now(UTC))
    }
    say(f"Render: {sizes['email.html']:,} bytes of HTML, {sizes['email.txt']:,} of plain text.")


def _approve(workspace: Workspace, engine: Engine) -> None:
    from bulletin.approval.approvals import record_approval
    from bulletin.approval.snapshot import take_snapshot
    from bulletin.delivery.sending.send_preview import choose_lists
    from bulletin.edition.build import make_edition

    lists = choose_lists(workspace, ISSUE, [])
    snapshot = take_snapshot(workspace, make_edition(workspace, ISSUE), lists=lists)
    given = record_approval(engine, snapshot, name=APPROVER, now=now_ms())
    needed = count(workspace.settings.approval.needed, "person", "people")
    say(f"Approval: the sample needs {needed} to approve it. {given.name} approves it for {', '.join(lists)}.")


def _send(workspace: Workspace, engine: Engine) -> None:
    from bulletin.cli.wording.difference_text import show_difference
    from bulletin.cli.wording.status_text import describe_glance
    from bulletin.delivery.dispatch.supervision import Callbacks, Control
    from bulletin.delivery.sending.overview import read_overview
    from bulletin.delivery.sending.send_preview import choose_lists, preview_send
    from bulletin.delivery.sending.sending import send_or_resume
    from bulletin.edition.build import make_edition

    say("Lists: the list files are read, and their changes are shown.")
    preview = preview_send(workspace, engine, ISSUE, lists=choose_lists(workspace, ISSUE, []), now=now_ms())
    show_difference(preview.difference)
    say(f"Send: to {count(preview.readers.recipients, 'reader')} on {', '.join(preview.lists)}.")
    with watch() as report:
        counts = send_or_resume(
            workspace,
            engine,
            preview,
            make_edition=partial(make_edition, workspace, ISSUE),
            control=Control(clock=now_ms, stop=threading.Event()),
            observer=Callbacks(report=report),
        )
    say(f"Status: {describe_glance(counts, read_overview(engine, ISSUE).remaining)}")


def _prove(engine: Engine, catcher: MailCatcher) -> None:
    """Compare the catcher's record with the ledger's: each address once, and no others."""
    from bulletin.delivery.ledger.deliveries import list_deliveries
    from bulletin.delivery.ledger.mailing import find_mailings
    from bulletin.subscribers.address import parse_address

    caught = Counter(parse_address(message.recipient).key for message in catcher.caught)
    expected = {
        parse_address(delivery.address).key for delivery in list_deliveries(engine, find_mailings(engine, ISSUE))
    }
    if set(caught) != expected or set(caught.values()) != {1}:
        raise MailingError(
            "The catcher's record differs from the ledger.", "This is a fault of bulletin; please report it."
        )
    say(f"Proof: the catcher has {len(catcher.caught):,} messages for {len(expected):,} readers: each got exactly one.")


def _account_for(workspace: Workspace, engine: Engine, folder: Path) -> None:
    """Write the record of the mailing and a report."""
    from bulletin.delivery.record.certificate import certify
    from bulletin.delivery.record.certificate_page import describe_certificate
    from bulletin.delivery.record.report import make_report
    from bulletin.delivery.record.report_page import describe_report

    settings, now = workspace.settings, now_ms()
    publisher, lists = settings.organisation.name, settings.lists
    record = describe_certificate(certify(engine, ISSUE, now=now), publisher=publisher, lists=lists)
    report = describe_report(make_report(engine, ISSUE, now=now), publisher=publisher, lists=lists)
    for name, page in (("certificate.html", record), ("report.html", report)):
        html = page.to_html(accent=settings.colours.accent, warm=settings.colours.warm)
        write_whole(folder / name, html.encode(), rights=OWNER_ALONE)
