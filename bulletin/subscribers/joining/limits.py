"""How often is asked: at most so many in any stretch of time, for one address or one network.

The table has a keyed hash in the place of either, so it holds no address and no network. The key is the one of
`address_hash`. No address hashes to a bucket, because a bucket's name has no @.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select, update

from bulletin.database.dialects import insert_into, lock_name
from bulletin.database.tables import limits
from bulletin.subscribers.address_hash import hash_address

if TYPE_CHECKING:
    from sqlalchemy import Connection

_HOUR: Final = 3_600_000  # ms


@dataclass(frozen=True, kw_only=True, slots=True)
class AskingLimit:
    """At most `most` in any `within` ms. `name` keeps the buckets of one limit apart from those of another."""

    name: str
    most: int
    within: int


EMAILS_TO_ADDRESS: Final = AskingLimit(name="address", most=1, within=24 * _HOUR)
REQUESTS_OF_NETWORK: Final = AskingLimit(name="network", most=10, within=_HOUR)
CHOICES_OF_NETWORK: Final = AskingLimit(name="choices", most=60, within=_HOUR)
COMPLAINTS_OF_NETWORK: Final = AskingLimit(name="complaints", most=10, within=_HOUR)
ANSWERS_OF_NETWORK: Final = AskingLimit(name="answers", most=60, within=_HOUR)
REQUESTS_OF_TOKEN: Final = AskingLimit(name="token", most=1200, within=_HOUR)
_KEPT: Final = 48 * _HOUR


def take_turn(connection: Connection, limit: AskingLimit, about: str, *, now: int) -> bool:
    """Count one more of `about` (an address's hash in hexadecimal, a network) at `now` (ms since 1970).

    False if that would be too many: then it is not counted. The same statements each time.
    """
    bucket = hash_address(connection, f"limit {limit.name} {about}")
    lock_name(connection, f"limit {bucket.hex()}")
    new = insert_into(connection, limits).values(bucket=bucket, window_start=now, number=1)
    counted = new.on_conflict_do_update(
        index_elements=[limits.c.bucket, limits.c.window_start], set_={"number": limits.c.number + 1}
    )
    connection.execute(counted)
    lately = limits.c.window_start.between(now - limit.within + 1, now)
    total = select(func.sum(limits.c.number)).where(limits.c.bucket == bucket, lately)
    if connection.execute(total).scalar_one() <= limit.most:
        return True
    this = (limits.c.bucket == bucket) & (limits.c.window_start == now)
    connection.execute(update(limits).where(this).values(number=limits.c.number - 1))
    return False


def has_old_turns(connection: Connection, *, now: int) -> bool:
    """Whether there is anything for `forget_old_turns`."""
    return connection.scalar(select(limits.c.number).where(limits.c.window_start < now - _KEPT).limit(1)) is not None


def forget_old_turns(connection: Connection, *, now: int) -> None:
    """Delete what counts no more: it is older than two days."""
    connection.execute(delete(limits).where(limits.c.window_start < now - _KEPT))
