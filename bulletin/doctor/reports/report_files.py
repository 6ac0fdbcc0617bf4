"""Read aggregate reports from files, and from the mailbox where emails come back. Nothing there is changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulletin.bounces.mailbox.imap import ImapState
from bulletin.bounces.mime import parse_mime
from bulletin.declaration.files import find_remedy, read_file
from bulletin.doctor.reports.aggregate_report import AggregateReport, read_aggregate_report
from bulletin.doctor.reports.unpacking import ReportUnreadable, is_report_part, unpack_reports
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from bulletin.bounces.sources import MailSource

_ENDS: Final = (".xml", ".gz", ".zip", ".eml")


@dataclass(kw_only=True, slots=True)
class ReadReports:
    """The reports that could be read, and why others couldn't: a sentence for each."""

    reports: list[AggregateReport] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def take(self, name: str, content: bytes) -> None:
        """Read one file, and note why if it can't be read."""
        try:
            self.reports += [read_aggregate_report(xml) for xml in unpack_reports(content)]
        except ReportUnreadable as error:
            self.faults.append(f"{name} can't be read: {error}.")


def read_report_files(paths: Iterable[Path]) -> ReadReports:
    """The reports in files, and in the files of folders. Raises BulletinError for what isn't there."""
    read = ReadReports()
    for path in paths:
        for file in _list_files(path):
            try:
                read.take(str(file), read_file(file))
            except FileNotFoundError:
                raise BulletinError(f"{file} isn't there.", "Check its name and its folder.") from None
            except OSError as error:
                raise BulletinError(f"{file} can't be read: {error.strerror}.", find_remedy(error)) from error
    return read


def _list_files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in sorted(path.iterdir()) if file.suffix.lower() in _ENDS and file.is_file())
    else:
        yield path


def read_reports_by_mail(source: MailSource) -> ReadReports:
    """The reports in a mailbox, from its beginning. Raises MailboxUnreadable."""
    read = ReadReports()
    for letter, _ in source.fetch(ImapState()):
        email = parse_mime(letter.content)
        if any(is_report_part(part) for part in email.walk(into_emails=False)):
            read.take(f"Email {letter.name}", letter.content)
    return read
