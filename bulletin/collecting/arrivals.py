"""The files in an issue's folder of contributions, each read by its type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from bulletin.collecting.contribution import Contribution, check_contribution, read_yaml
from bulletin.collecting.pictures import is_picture, use_pictures
from bulletin.collecting.rows import read_csv
from bulletin.collecting.table import Table, find_kind, read_tables, sort_faults
from bulletin.collecting.workbook import read_workbook
from bulletin.declaration.files import read_file
from bulletin.declaration.source import LARGEST_FILE, Place, Source
from bulletin.errors import Fault, FaultyFiles
from bulletin.issue.item import ValidationContext
from bulletin.issue.sections import OwnKinds
from bulletin.settings.organisation import Contributor
from bulletin.workspace.picture_kinds import refuse_suffix

FOLDER = "contributions"
_COPY = re.compile(r"(?:\s*\(\d+\)|\s*[-–_ ]\s*copy(?:\s*\(?\d+\)?)?)+$")
_NUMBER = re.compile(r"\((\d+)\)")  # of a copy
_HEAD = 4096  # bytes, which have the headings of a table
_OF_COMPUTERS = ("thumbs.db", "desktop.ini")
_OTHERS = "Send a .yaml, .csv or .xlsx file; an .xlsm is saved as “Excel Workbook (.xlsx)” in Excel."


def find_stem(path: Path) -> str:
    """A file's name in lower case, without its suffix, and without the mark that a computer adds to a copy.

    `health (1).yaml` and `Health - Copy.yaml` are `health`.
    """
    return _COPY.sub("", path.stem.lower())


def order_arrivals(sent: Iterable[Contribution]) -> list[Contribution]:
    """The contributions in the order that their files were saved; those of one moment by the number of the copy."""
    return sorted(sent, key=lambda one: (one.saved, [int(n) for n in _NUMBER.findall(one.file)], one.file))


def find_sender(path: Path, contributors: Mapping[str, Contributor], own: OwnKinds = ()) -> str:
    """The contributor that a file's name gives: `health.csv` and `health-events.csv` are by health. "" if none."""
    stem = find_stem(path)
    if not contributors:
        name, _, kind = stem.rpartition("-")
        return name if name and find_kind(kind, own) else stem
    named = [name for name in contributors if stem == name or stem.startswith((f"{name}-", f"{name}_", f"{name} "))]
    return max(named, key=len, default="")


def guess_sender(path: Path, contributors: Mapping[str, Contributor], own: OwnKinds = ()) -> str:
    """The likely contributor of a file with faults, by its name or by `from:` in a YAML file; "" if unknown."""
    if named := find_sender(path, contributors, own):
        return named
    if path.suffix.lower() not in (".yaml", ".yml"):
        return ""
    try:
        content = read_file(path, most=LARGEST_FILE)
    except OSError:  # told already
        return ""
    said = re.search(rb"(?m)^from:[ \t]*[\"']?([\w-]+)", content)
    name = said[1].decode("utf-8", "replace") if said else ""
    return name if name in contributors else ""


def is_contribution(path: Path) -> bool:
    """Whether a file is one to read: no picture beside one, and nothing that a computer has put there by itself."""
    return not is_picture(path) and path.name.lower() not in _OF_COMPUTERS


def read_contribution(
    path: Path,
    *,
    shown_as: str,
    contributors: Mapping[str, Contributor],
    context: ValidationContext,
    pictures: Mapping[str, str] | None = None,
) -> Contribution:
    """The contribution in a file; entries with faults are held back. `pictures` gives the path of each one beside it.

    Raises FaultyFiles with every fault, in words for its sender, if nothing in it can be used.
    """
    found = _read(path, _Reading(shown_as, contributors, context, pictures or {}))
    return replace(found, saved=path.stat().st_mtime_ns // 1_000_000)


class _Reading(NamedTuple):
    """What a file is read with."""

    shown_as: str
    contributors: Mapping[str, Contributor]
    context: ValidationContext
    pictures: Mapping[str, str]

    def check(self, source: Source, faulty: Mapping[Place, Sequence[Fault]] | None = None) -> Contribution:
        used = use_pictures(source, self.pictures)
        return check_contribution(used, self.contributors, context=self.context, faulty=faulty)

    def check_tables(
        self, tables: Sequence[Table], *, sender: str, lines: Sequence[str], faults: Iterable[Fault]
    ) -> Contribution:
        found = read_tables(
            tables, sender=sender, file=self.shown_as, lines=lines, faults=faults, own=self.context.own_kinds
        )
        try:
            contribution = self.check(found.source, found.faulty)
        except FaultyFiles as error:
            raise FaultyFiles(dict.fromkeys([*error.faults, *sort_faults(found.held)])) from None
        return replace(contribution, held=(*found.held, *contribution.held), remarks=found.remarks)


def _read(path: Path, reading: _Reading) -> Contribution:
    shown_as, suffix = reading.shown_as, path.suffix.lower()
    if suffix in (".yaml", ".yml"):
        return reading.check(read_yaml(path, shown_as=shown_as, own=reading.context.own_kinds))
    if suffix != ".xlsx" and not _is_table(path):
        raise FaultyFiles([_explain_type(shown_as, suffix)])
    sender = find_sender(path, reading.contributors, reading.context.own_kinds)
    if not sender:
        raise FaultyFiles([_explain_name(shown_as, suffix, reading.contributors)])
    if suffix == ".xlsx":
        book = read_workbook(path, shown_as=shown_as)
        with _reword(book.locate):
            found = reading.check_tables(book.tables, sender=sender, lines=book.lines, faults=book.faults)
        return _reword_held(replace(found, remarks=(*found.remarks, *book.remarks)), book.locate)
    table, lines, faults = read_csv(path, name=find_stem(path).removeprefix(sender), shown_as=shown_as)
    with _reword(_leave_out_path):
        found = reading.check_tables([table], sender=sender, lines=lines, faults=faults)
    return _reword_held(found, _leave_out_path)


def _is_table(path: Path) -> bool:
    """Whether a file has rows of cells. Excel gives its “Unicode Text” the name of a text, with tabs between cells."""
    if path.suffix.lower() != ".txt":
        return path.suffix.lower() in (".csv", ".tsv")
    try:
        return b"\t" in read_file(path, most=_HEAD).lstrip().partition(b"\n")[0]
    except OSError:
        return False


def _explain_type(file: str, suffix: str) -> Fault:
    kind = refuse_suffix(suffix)
    if kind and kind.is_picture:
        return Fault(file=file, message=f"This file is {kind.name}.", remedy=kind.remedy)
    return Fault(file=file, message="Files of this type can’t be imported.", remedy=_OTHERS)


def _explain_name(file: str, suffix: str, contributors: Iterable[str]) -> Fault:
    names = list(contributors) or ["health"]
    remedy = f"Begin it with one of these: {', '.join(names)}. For example: {names[0]}{suffix}."
    return Fault(file=file, message="This file’s name doesn’t say who sent it.", remedy=remedy)


def _leave_out_path(fault: Fault) -> Fault:
    """A fault in a table, which has rows: the path in its data says nothing to its sender."""
    return replace(fault, where="")


@contextmanager
def _reword(change: Callable[[Fault], Fault]) -> Iterator[None]:
    try:
        yield
    except FaultyFiles as error:
        raise FaultyFiles(map(change, error.faults)) from None


def _reword_held(found: Contribution, change: Callable[[Fault], Fault]) -> Contribution:
    return replace(found, held=tuple(replace(one, faults=tuple(map(change, one.faults))) for one in found.held))
