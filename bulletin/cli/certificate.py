"""`bulletin certificate`: the record of a mailing, to read, print and keep."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.approve import SHOWN_OF_DIGEST
from bulletin.cli.clock import tell_time
from bulletin.cli.options import IssueArgument, WorkspaceOption
from bulletin.cli.terminal import complain, say
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from bulletin.delivery.certificate import Certificate
    from bulletin.delivery.mailing import Mailing
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
    workspace: WorkspaceOption = None,
) -> None:
    """Write the record of a mailing. What, on whose word, to how many, when, every count; and is it unaltered?"""
    from bulletin.database.schema import open_database
    from bulletin.delivery.certificate import certify
    from bulletin.delivery.certificate_page import describe_certificate
    from bulletin.delivery.recovery import recover_lost
    from bulletin.delivery.sending import find_known_issue
    from bulletin.workspace import open_workspace

    place = open_workspace(workspace)
    engine = open_database(place)
    name = find_known_issue(place, engine, issue)
    recover_lost(engine, place.state_folder, name, now=tell_time())
    record = certify(engine, name, now=tell_time())
    page = describe_certificate(record, publisher=place.settings.organisation.name, lists=place.settings.lists)
    if out is None:
        for line in page.lines():
            say(line)
    else:
        _write(out, page.to_html())
        say(f"{out}  (open it in your browser to print it)")
    if edition is not None:
        _write_editions(edition, record)
    if not record.intact:
        complain("What the database keeps of this mailing has been altered since it was sent.")
        raise typer.Exit(1)


def _write_editions(folder: Path, record: Certificate) -> None:
    """Each edition that was sent, as files to look at, and as the bytes that its digest is of."""
    from bulletin.delivery.files import write_edition

    sent: dict[str, tuple[Edition, Mailing]] = {}
    for one in record.records:
        if one.edition is not None:
            sent.setdefault(one.digest, (one.edition, one.mailing))
    for digest, (edition, mailing) in sent.items():
        place = folder / digest[:SHOWN_OF_DIGEST] if len(sent) > 1 else folder
        began = datetime.fromtimestamp(mailing.began_at // 1000, tz=UTC)
        for path in write_edition(edition, place, now=began, key=mailing.key):
            say(f"{path}")
        _write(place / "edition.json", edition.to_json().decode())
        say(f"{place / 'edition.json'}  (its SHA-256 is the digest of the edition)")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    except OSError as error:
        raise BulletinError(f"{path} cannot be written: {error.strerror}.", "Choose another file.") from error
