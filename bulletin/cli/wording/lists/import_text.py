"""What an import would do, and has done, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bulletin.cli.terminal import count, say, warn
from bulletin.subscribers.masking import mask_address
from bulletin.subscribers.upkeep.meaning import Meaning

if TYPE_CHECKING:
    from bulletin.subscribers.upkeep.column_guess import ExportColumns
    from bulletin.subscribers.upkeep.import_plan import ImportPlan
    from bulletin.subscribers.upkeep.import_rows import ImportedPerson
    from bulletin.subscribers.upkeep.importing_people import ImportResult

_EVERYTHING: Final = {
    Meaning.OPTED_OUT: "opted out: no email at all",
    Meaning.BOUNCED: "bounced: no email at all",
    Meaning.COMPLAINED: "complained: no email at all",
}


def show_plan(plan: ImportPlan) -> None:
    """Print what was read, how it was understood, and what would be done."""
    for shown_as, columns in plan.parts:
        _show_columns(shown_as, columns)
    if plan.examples:
        say(f"For example: {', '.join(map(_mask, plan.examples))}")
    for text, at in plan.dates:
        say(f"Dates are read day first: “{text}” is {datetime.fromtimestamp(at / 1000, UTC):%-d %B %Y}.")
    for fault in plan.faults:
        warn(f"{fault}\n")
    if plan.faulty > len(plan.faults):
        warn(f"… and {plan.faulty - len(plan.faults):,} more rows that can’t be used.\n")
    say()
    _show_counts(plan)


def _show_columns(shown_as: str, columns: ExportColumns) -> None:
    say(f"{shown_as} is from {columns.program.name}.")
    for heading, meaning in columns.describe():
        say(f"  “{heading}”: {meaning}")
    if columns.program.note:
        say(f"  {columns.program.note}")


def _mask(person: ImportedPerson) -> str:
    """An address and a name as a colleague who looks over your shoulder may see them."""
    name = " ".join(f"{word[:1]}…" for word in person.name.split())
    return f"{mask_address(person.address.written)} ({name})" if name else mask_address(person.address.written)


def _show_counts(plan: ImportPlan) -> None:
    name = plan.request.list_name
    if not plan.request.suppress:
        say(f"{count(plan.number, 'reader')} to add to {name}.")
    for meaning, number in sorted(plan.meanings.items()):
        say(f"  {number:,} {_describe(meaning, name)}")
    for reason, number in plan.counts.items():
        if number:
            say(f"  {number:,} {reason}")
    if plan.faulty:
        say(f"  {plan.faulty:,} that can’t be used")


def _describe(meaning: Meaning, list_name: str) -> str:
    if meaning is Meaning.LEFT_LIST and list_name:
        return f"unsubscribed: no email through {list_name}"
    return _EVERYTHING.get(meaning, _EVERYTHING[Meaning.OPTED_OUT])


def show_obstacles(plan: ImportPlan) -> bool:
    """Print what keeps the import from being done; whether there is anything."""
    obstacles = list(plan.find_obstacles())
    for obstacle in obstacles:
        warn(str(obstacle))
    return bool(obstacles)


def show_result(plan: ImportPlan, result: ImportResult) -> None:
    """Print what was done, and how to take it back."""
    from bulletin.cli.wording.difference_text import show_difference

    if result.difference is not None:
        show_difference(result.difference)
        say(f"Added {count(result.added, 'reader')} to {plan.request.list_name}.")
    if result.stopped or plan.request.suppress:
        say(f"{count(result.stopped, 'new suppression')}. Nothing but the person’s own wish takes one back.")
    if result.added:
        say("To take the import back: bulletin subscribers undo")
