"""How many readers said that an issue was useful, or not. Nothing tells who they were, or when they answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, select

from bulletin.database.dialects import insert_into
from bulletin.database.reading import Source, read_from
from bulletin.database.tables import mailings, useful_answers

if TYPE_CHECKING:
    from sqlalchemy import Connection

FEWEST_ANSWERS: Final = 5
"""A smaller number isn't shown: in a small team, people could work out whose answer it is."""


class UsefulAnswer(StrEnum):
    """What a reader can answer."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, kw_only=True, slots=True)
class Usefulness:
    """The answers about an issue. A number under FEWEST_ANSWERS is None, and so is 0."""

    yes: int | None
    no: int | None


def is_sent(source: Source, issue: str) -> bool:
    """Whether a mailing of an issue has begun. Raises DatabaseError."""
    with read_from(source) as connection:
        return bool(connection.scalar(select(exists().where(mailings.c.issue == issue))))


def count_answer(connection: Connection, issue: str, answer: UsefulAnswer) -> None:
    """Count one more answer, within the caller's transaction."""
    new = insert_into(connection, useful_answers).values(issue=issue, answer=answer.value, number=1)
    keys = [useful_answers.c.issue, useful_answers.c.answer]
    connection.execute(new.on_conflict_do_update(index_elements=keys, set_={"number": useful_answers.c.number + 1}))


def read_usefulness(source: Source, issue: str) -> Usefulness | None:
    """The answers about an issue; None if there are none. Raises DatabaseError."""
    query = select(useful_answers.c.answer, useful_answers.c.number).where(useful_answers.c.issue == issue)
    with read_from(source) as connection:
        numbers = {row.answer: row.number for row in connection.execute(query)}
    shown = {answer: number if number >= FEWEST_ANSWERS else None for answer, number in numbers.items()}
    return Usefulness(yes=shown.get(UsefulAnswer.YES), no=shown.get(UsefulAnswer.NO)) if numbers else None
