"""From a file to an issue, or to every fault in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.declaration.source import read_source
from bulletin.declaration.validation import validate
from bulletin.issue.model import Issue

if TYPE_CHECKING:
    from pathlib import Path

    from bulletin.issue.item import ValidationContext


def load_issue(path: Path, *, shown_as: str, context: ValidationContext) -> Issue:
    """The issue that `path` declares; faults call the file `shown_as`.

    Raises NotFound if there is no such file, FaultyFiles with every fault at its line and column.
    """
    return validate(read_source(path, shown_as=shown_as), Issue, context=context)
