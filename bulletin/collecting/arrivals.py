"""The files in an issue's folder of contributions, each read by its type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from bulletin.collecting.contribution import Contribution, check_contribution, read_yaml
from bulletin.collecting.rows import read_csv
from bulletin.collecting.table import find_kind, read_tables
from bulletin.collecting.workbook import read_workbook
from bulletin.declaration.files import read_file
from bulletin.declaration.source import LARGEST_FILE
from bulletin.errors import Fault, FaultyFiles
from bulletin.issue.item import ValidationContext
from bulletin.settings.organisation import Contributor

FOLDER = "contributions"
_COPY = re.compile(r"(?:\s*\(\d+\)|\s*[-–_ ]\s*copy(?:\s*\(?\d+\)?)?)+$")
_NUMBER = re.compile(r"\((\d+)\)")  # of a copy
_OTHERS = "Send a .yaml, .csv or .xlsx file; an .xlsm is saved as “Excel Workbook (.xlsx)” in Excel."


def find_stem(path: Path) -> str:
    """A file's name in lower case, without its suffix, and without the mark that a computer adds to a copy.

    `health (1).yaml` and `Health - Copy.yaml` are `health`.
    """
    return _COPY.sub("", path.stem.lower())


def order_arrivals(sent: Iterable[Contribution]) -> list[Contribution]:
    """The contributions in the order that their files were saved; those of one moment by the number of the copy."""
    return sorted(sent, key=lambda one: (one.saved, [int(n) for n in _NUMBER.findall(one.file)], one.file))


def find_sender(path: Path, contributors: Mapping[str, Contributor]) -> str:
    """The contributor that a file's name gives: `health.csv` and `health-events.csv` are by health. "" if none."""
    stem = find_stem(path)
    if not contributors:
        name, _, kind = stem.rpartition("-")
        return name if name and find_kind(kind) else stem
    named = [name for name in contributors if stem == name or stem.startswith((f"{name}-", f"{name}_", f"{name} "))]
    return max(named, key=len, default="")


def guess_sender(path: Path, contributors: Mapping[str, Contributor]) -> str:
    """The likely contributor of a file with faults, by its name or by `from:` in a YAML file; "" if unknown."""
    if named := find_sender(path, contributors):
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


def read_contribution(
    path: Path, *, shown_as: str, contributors: Mapping[str, Contributor], context: ValidationContext
) -> Contribution:
    """The contribution in a file. Raises FaultyFiles with every fault, in words for its sender."""
    found = _read(path, shown_as=shown_as, contributors=contributors, context=context)
    return replace(found, saved=path.stat().st_mtime_ns // 1_000_000)


def _read(
    path: Path, *, shown_as: str, contributors: Mapping[str, Contributor], context: ValidationContext
) -> Contribution:
    if path.suffix.lower() in (".yaml", ".yml"):
        source = read_yaml(path, shown_as=shown_as)
        return check_contribution(source, contributors, context=context)
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise FaultyFiles([Fault(file=shown_as, message="Files of this type can’t be imported.", remedy=_OTHERS)])
    sender = find_sender(path, contributors)
    if not sender:
        message = "This file’s name doesn’t say who sent it."
        remedy = f"Begin it with one of these: {', '.join(contributors)}. For example: {next(iter(contributors))}.csv."
        raise FaultyFiles([Fault(file=shown_as, message=message, remedy=remedy)])
    if path.suffix.lower() == ".csv":
        table, lines = read_csv(path, name=find_stem(path).removeprefix(sender), shown_as=shown_as)
        source = read_tables([table], sender=sender, file=shown_as, lines=lines)
        try:
            return check_contribution(source, contributors, context=context)
        except FaultyFiles as error:  # a table has rows; the path in its data says nothing to its sender
            raise FaultyFiles(replace(fault, where="") for fault in error.faults) from None
    book = read_workbook(path, shown_as=shown_as)
    try:
        source = read_tables(book.tables, sender=sender, file=shown_as, lines=book.lines)
        return replace(check_contribution(source, contributors, context=context), remarks=book.remarks)
    except FaultyFiles as error:
        raise FaultyFiles(book.locate(fault) for fault in error.faults) from None
