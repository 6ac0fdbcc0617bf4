"""Files with faults, and what a person reads about each."""

from __future__ import annotations

from bulletin.issue.dates import Month
from bulletin.issue.item import ValidationContext
from checkout import TESTS

BROKEN = sorted((TESTS / "broken").glob("*.yaml"))


SURROUNDINGS = ValidationContext(
    month=Month(2021, 5),
    lists=frozenset({"partners", "champions", "schools"}),
    refuse_picture=lambda name: "is outside the workspace." if ".." in name else "",
)
