"""When to try again, and when to give up (RFC 5321, section 4.5.4.1). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

GAVE_UP: Final = "gave up after"
"""The words before a server's reply in the ledger if it deferred the last attempt as well."""


def find_wait(attempts: int, retries: Sequence[timedelta]) -> timedelta | None:
    """How long to wait after attempt number `attempts` was deferred; None if `retries` allow no more."""
    return retries[attempts - 1] if attempts <= len(retries) else None
