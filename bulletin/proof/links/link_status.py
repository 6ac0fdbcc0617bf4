"""The result of checking a web address. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LinkState(StrEnum):
    """How an address answered."""

    GOOD = "good"
    GONE = "gone"  # the server has no such page, or there is no such server
    BROKEN = "broken"  # its certificate makes browsers stop
    MISSING = "missing"  # answers with success, but seems to have no such page
    SIGN_IN = "sign-in"  # leads to a sign-in page
    CLOSED = "closed"  # leads into a private network, so it was not requested
    UNSURE = "unsure"  # could not be checked: no answer, or a server error
    GUARDED = "guarded"  # refuses programs, but may answer people


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkStatus:
    """The state of an address, why (a sentence without its full stop), and where it led.

    `hops` are the addresses it led to, in order. `permanent` means that all these redirects are permanent.
    """

    state: LinkState
    why: str = ""
    hops: tuple[str, ...] = ()
    permanent: bool = False
