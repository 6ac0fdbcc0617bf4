"""When to try again, and when to give up (RFC 5321, section 4.5.4.1). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

GAVE_UP: Final = "gave up after"
"""What stands before a server's words in the ledger where the last attempt was put off as well."""


def find_wait(attempts: int, retries: Sequence[timedelta]) -> timedelta | None:
    """How long to wait after the `attempts`-th attempt was put off; None when it was the last that `retries` allow."""
    return retries[attempts - 1] if attempts <= len(retries) else None
