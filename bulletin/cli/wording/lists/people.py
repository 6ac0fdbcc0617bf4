"""Lists the readers in a state, with the server's own words: `bulletin status ISSUE --who STATE`."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from bulletin.cli.clock import format_time
from bulletin.cli.terminal import count, say, say_by_page, say_data
from bulletin.database.states import DeliveryState
from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.ledger.deliveries import Delivery, read_deliveries
from bulletin.times import format_utc

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.mailing import Mailing


def describe_person(person: Delivery) -> Iterator[str]:
    """A line: address, name, when, the server's words. One more if there is something to look up."""
    when = format_time(person.ended_at or person.claimed_at)
    yield "  ".join(part for part in (person.address or "(erased)", person.name, when, person.reply) if part)
    if person.state is DeliveryState.UNCERTAIN:
        yield f"  Message-ID {person.message_id}"
    if person.state is DeliveryState.DEFERRED:
        yield f"  tried {count(person.attempts, 'time')}; next try on {format_time(person.due_at)}"


def show_people(
    engine: Engine, name: str, mailings: tuple[Mailing, ...], counts: Counts, states: Sequence[DeliveryState]
) -> None:
    """Print everyone in one of `states`, page by page if a terminal is too small for all of them."""
    number = sum(getattr(counts, state) for state in states)
    heading = f"{name}: {count(number, 'reader')} {' or '.join(states)}"
    people = read_deliveries(engine, mailings, states=states)
    lines = _describe(heading, people, with_state=len(states) > 1)
    first, fit = _fill_terminal(lines) if sys.stdout.isatty() else ([], True)
    if fit:
        for line in chain(first, lines):
            say(line)
    else:
        say_by_page(chain(first, lines))


def _fill_terminal(lines: Iterator[str]) -> tuple[list[str], bool]:
    """The first of `lines`, and whether these are all of them and fit below the command."""
    size = shutil.get_terminal_size()
    first, room = [], size.lines - 2
    for line in lines:
        first.append(line)
        room -= max(1, -(-len(line) // size.columns))
        if room < 0:
            return first, False
    return first, True


def _describe(heading: str, people: Iterator[Delivery], *, with_state: bool) -> Iterator[str]:
    yield heading
    for person in people:
        first, *more = describe_person(person)
        yield f"{person.state}  {first}" if with_state else first
        yield from more


def write_people(
    engine: Engine, found: Mapping[str, object], mailings: tuple[Mailing, ...], states: Sequence[DeliveryState]
) -> None:
    """Print the object `found` with a field `people`: those in one of `states`, one a line as they are read."""
    say_data(f'{json.dumps(found)[:-1]}, "people": [')
    lines = (json.dumps(_as_object(person)) for person in read_deliveries(engine, mailings, states=states))
    before = next(lines, "")
    for line in lines:
        say_data(f"{before},")
        before = line
    say_data(f"{before}]}}")


def _as_object(person: Delivery) -> dict[str, object]:
    """Times are in UTC, as in RFC 3339; None for none."""
    return {
        "address": person.address,
        "name": person.name,
        "state": person.state,
        "attempts": person.attempts,
        "when": _write_time(person.ended_at or person.claimed_at),
        "next": _write_time(person.due_at),
        "reply": person.reply,
        "message_id": person.message_id,
    }


def _write_time(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else format_utc(milliseconds)
