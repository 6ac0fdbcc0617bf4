"""Parts of the product that are installed only where somebody needs them, and what to type for one that is missing."""

from __future__ import annotations

import sys
from enum import Enum
from importlib.util import find_spec
from pathlib import Path

from bulletin import PUBLISHED_NAME
from bulletin.errors import MissingPart


class Part(Enum):
    """An extra of the package: its name, what needs it (a sentence begins with that), and the module that tells.

    The extra `fast` isn't here: nothing needs it.
    """

    READ_PDF = ("read-pdf", "Reading PDFs", "pdfplumber")
    PDF = ("pdf", "Making PDFs", "typst")
    POSTGRES = ("postgres", "A database on PostgreSQL", "psycopg")
    WORKERS = ("workers", "Sending from several computers", "procrastinate")
    SEARCH = ("search", "Search on your website", "pagefind_bin")
    MICROSOFT = ("microsoft", "Logging in to Microsoft 365", "msal")
    DKIM = ("dkim", "Signing emails (DKIM)", "cryptography")
    WEBHOOKS = ("webhooks", "Checking what SendGrid and Amazon SES report", "cryptography")

    def __init__(self, extra: str, needed_by: str, module: str) -> None:
        self.extra = extra
        self.needed_by = needed_by
        self.module = module

    def report_missing(self) -> MissingPart:
        """The error that says what to type."""
        return MissingPart(
            f'{self.needed_by} needs one more part: {_find_installer()} "{PUBLISHED_NAME}[{self.extra}]"'
        )


def has_part(part: Part) -> bool:
    """Whether a part is installed. It isn't loaded for that."""
    return find_spec(part.module) is not None


def require_part(part: Part) -> None:
    """Raises MissingPart if a part isn't installed."""
    if not has_part(part):
        raise part.report_missing()


def _find_installer() -> str:
    """How this copy was installed: pipx keeps a program where pip alone can't reach it."""
    return f"pipx runpip {PUBLISHED_NAME} install" if "pipx" in Path(sys.prefix).parts else "pip install"
