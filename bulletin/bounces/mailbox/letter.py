"""One email as a mailbox hands it out. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

from bulletin.bounces.mime import KEPT, LONGEST

LONGEST_READ: Final = LONGEST  # octets; of a longer one the first KEPT_OF_LONGER are fetched
KEPT_OF_LONGER: Final = KEPT


class Letter(NamedTuple):
    """An email and where it was: `name` is its UID, its file's name, or its number in an mbox file."""

    name: str
    content: bytes
