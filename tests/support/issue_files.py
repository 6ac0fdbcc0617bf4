"""The file of an issue by itself, without a workspace around it."""

from __future__ import annotations

from pathlib import Path

from bulletin.declaration.source import read_source
from bulletin.declaration.validation import validate
from bulletin.issue.item import ValidationContext
from bulletin.issue.model import Issue


def load_issue(path: Path, *, shown_as: str, context: ValidationContext) -> Issue:
    """The issue that `path` declares; faults call the file `shown_as`."""
    return validate(read_source(path, shown_as=shown_as), Issue, context=context)
