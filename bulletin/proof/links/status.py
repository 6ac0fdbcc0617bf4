"""What came of asking for a web address. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LinkState(StrEnum):
    """How an address answered."""

    GOOD = "good"
    GONE = "gone"  # the server says that there is no such page, or there is no such server
    BROKEN = "broken"  # its certificate makes browsers stop
    MISSING = "missing"  # answers as if all were well, and seems to have no such page
    SIGN_IN = "sign-in"  # leads to a page that asks who one is
    CLOSED = "closed"  # leads into a private network; it was not asked
    UNSURE = "unsure"  # could not be checked: no answer, or a server in trouble
    GUARDED = "guarded"  # turns programs away, and may let people in


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkStatus:
    """The state of an address, why (a sentence without its full stop), and where it led.

    `hops` are the addresses that it led to, one after the other; `permanent` says that each of these redirects is for
    good.
    """

    state: LinkState
    why: str = ""
    hops: tuple[str, ...] = ()
    permanent: bool = False
