"""Rates and shares, as people write them: `30/minute`, `10000/day`, `5%`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator

from bulletin.declaration.values import invalid, parsed_by

PERIODS: Final = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class Rate:
    """No more than `number` in any stretch of time that is as long as `period`."""

    number: int
    period: timedelta

    def __str__(self) -> str:
        """As it is written: `10,000/day`."""
        return f"{self.number:,}/{next(name for name, period in PERIODS.items() if period == self.period)}"

    @property
    def milliseconds(self) -> int:
        """The length of its period."""
        return self.period // timedelta(milliseconds=1)


def parse_rate(text: str) -> Rate:
    """`30/minute`, `30 per minute`, `10,000 a day`. Raises PydanticCustomError."""
    periods = "|".join(PERIODS)
    match = re.fullmatch(rf"([0-9]{{1,9}}|[0-9]{{1,3}}(?:,[0-9]{{3}})+)\s*(?:/|\s(?:per|an?)\s)\s*({periods})", text)
    number = int(match[1].replace(",", "")) if match else 0
    if not match or not number:
        raise invalid(f"“{text}” is not a rate.", "Write it as in 1/second, 30/minute, 500/hour, 10000/day.")
    return Rate(number, PERIODS[match[2]])


def parse_share(text: str) -> float:
    """`5%`, `2.5 %`: what part of a whole, more than 0 and at most 1. Raises PydanticCustomError."""
    match = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)\s*%", text)
    share = float(match[1]) / 100 if match else 0
    if not 0 < share <= 1:
        raise invalid(f"“{text}” is not a share of a whole.", "Write it in per cent, as in 5%: above 0%, at most 100%.")
    return share


RateText = Annotated[Rate, BeforeValidator(parsed_by(parse_rate))]
"""A rate as a file has it."""

Share = Annotated[float, BeforeValidator(parsed_by(parse_share))]
"""A part of a whole, written in per cent."""
