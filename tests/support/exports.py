"""Exports of other programs, as files for tests: samples that we wrote, a Mailchimp ZIP, workbooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from zipfile import ZipFile

SAMPLES = Path(__file__).parent.parent / "cases" / "exports"


def write_mailchimp(folder: Path) -> Path:
    """Its ZIP, with a file for each status."""
    path = folder / "audience_export.zip"
    with ZipFile(path, "w") as archive:
        for status in ("subscribed", "unsubscribed", "cleaned"):
            content = (SAMPLES / f"mailchimp-{status}.csv").read_bytes()
            archive.writestr(f"{status}_email_audience_export_abc123.csv", content)
    return path


def write_workbook(path: Path, rows: Iterable[Sequence[object]], *, hidden: Iterable[int] = ()) -> Path:
    """A workbook with these rows in its first sheet, and something else in its second."""
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    for number in hidden:
        book.active.row_dimensions[number].hidden = True
    book.create_sheet("Notes").append(["nothing of interest"])
    book.save(path)
    return path


def write_forms(folder: Path) -> Path:
    """Answers to a form of Microsoft's, with days as numbers."""
    question = "May we email you our bulletin?"
    rows = [
        ("ID", "Start time", "Completion time", "Email", "Name", "Your email address", question, "Where do you work?"),
        (1, 45000.25, 45000.3, "anonymous", "", "fay@example.org", "Yes", "Hill School"),
        (2, 45001.25, 45001.3, "anonymous", "", "finn@example.org", "No", "Hill School"),
        (3, 45002.25, 45002.3, "anonymous", "", "flo@example.org", "", "Anytown Council"),
    ]
    return write_workbook(folder / "form.xlsx", rows)
