"""How an issue's mailings stand: begun, ended, on whose word, how many are in which state. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulletin.delivery.events import Happening, find_end, find_happenings
from bulletin.delivery.mailing import Mailing, find_mailings
from bulletin.delivery.progress import Counts, count_states
from bulletin.signing.sign_offs import SignOff, find_sign_offs_of

if TYPE_CHECKING:
    from sqlalchemy import Engine


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How one mailing stands. `ended_at` is in ms since 1970, UTC; None as long as somebody is still to be tried."""

    mailing: Mailing
    signed: tuple[SignOff, ...]
    happenings: tuple[Happening, ...]
    counts: Counts
    ended_at: int | None

    @property
    def last(self) -> Happening | None:
        """What happened to it last."""
        return self.happenings[-1] if self.happenings else None


def find_standings(engine: Engine, issue: str) -> tuple[Standing, ...]:
    """How each mailing of `issue` stands, the earliest first. Raises DatabaseError."""
    return tuple(_find_standing(engine, mailing) for mailing in find_mailings(engine, issue))


def _find_standing(engine: Engine, mailing: Mailing) -> Standing:
    counts = count_states(engine, [mailing])
    happenings = find_happenings(engine, mailing)
    return Standing(
        mailing=mailing,
        signed=find_sign_offs_of(engine, mailing.id),
        happenings=happenings,
        counts=counts,
        ended_at=find_end(engine, mailing, counts, happenings),
    )
