"""`bulletin certificate`: writes the record of a mailing, to read, print and keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.approval.reference import format_reference
from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_issue
from bulletin.cli.options import IssueArgument, WorkspaceOption
from bulletin.cli.terminal import say, warn
from bulletin.disk import File, write_all
from bulletin.rights import OWNER_ALONE

if TYPE_CHECKING:
    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.delivery.record.certificate import Certificate
    from bulletin.edition.edition import Edition


def certificate(
    issue: IssueArgument,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write it as a page to print (HTML).", show_default=False),
    ] = None,
    edition: Annotated[
        Path | None,
        typer.Option("--edition", metavar="DIR", help="Also write what was sent to this folder.", show_default=False),
    ] = None,
    folder: WorkspaceOption = None,
) -> None:
    """Write a record to print and keep.

    It says what was sent, who approved it, how many got it and when, and whether the record is unaltered.

      bulletin certificate 2026-12 --out record.html

    See also: bulletin report
    """
    from bulletin.delivery.ledger.recovery import recover_lost
    from bulletin.delivery.record.certificate import certify
    from bulletin.delivery.record.certificate_page import describe_certificate

    with open_issue(issue, folder) as (workspace, engine, name):
        recover_lost(engine, workspace.state_folder, name, now=now_ms())
        record = certify(engine, name, now=now_ms())
        page = describe_certificate(
            record, publisher=workspace.settings.organisation.name, lists=workspace.settings.lists
        )
        if out is None:
            for line in page.lines():
                say(line)
        colours = workspace.dress(name).colours
        written = {out: page.to_html(accent=colours.accent, warm=colours.warm).encode()} if out else {}
        if edition is not None:
            written |= _lay_out_editions(edition, record)
        write_all(
            [File(path=path, content=content, rights=OWNER_ALONE) for path, content in written.items()],
            remedy="Choose another file or folder.",
        )
        for path in written:
            say(f"{path}{_explain(path, out)}")
        if not record.intact:
            warn("The record of this mailing was altered after it was sent.")
            raise typer.Exit(1)


def _lay_out_editions(folder: Path, record: Certificate) -> Mapping[Path, bytes]:
    """Each edition that was sent: files to look at, and the bytes that its digest was made from."""
    from bulletin.delivery.copies.export import show_edition

    files: dict[Path, bytes] = {}
    sent: dict[str, tuple[Edition, Mailing]] = {}
    for one in record.records:
        for kept in one.editions:
            if kept.edition is not None:
                sent.setdefault(kept.digest, (kept.edition, one.mailing))
    for digest, (edition, mailing) in sent.items():
        target = folder / format_reference(digest) if len(sent) > 1 else folder
        began = datetime.fromtimestamp(mailing.began_at // 1000, tz=UTC)
        shown = show_edition(edition, now=began, key=mailing.key)
        files |= {target / name: content for name, content in shown.items()}
        files[target / "edition.json"] = edition.to_json()
    return files


def _explain(path: Path, page: Path | None) -> str:
    if path == page:
        return "  (open it in your browser to print it)"
    return "  (its SHA-256 is the digest of the edition)" if path.name == "edition.json" else ""
