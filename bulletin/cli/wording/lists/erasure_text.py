"""Says what an erasure deletes, before it does, and what it can't reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bulletin.cli.terminal import count

if TYPE_CHECKING:
    from bulletin.personal_data.erasure import ErasurePlan


_ONE: Final = {
    "memberships of lists": "membership of a list",
    "choices (language, format, pause)": "choice (language, format, pause)",
    "records of consent": "record of consent",
    "requests to join": "request to join",
    "events": "event",
    "emails to this person alone": "email to this person alone",
    "deliveries of issues": "delivery of an issue",
    "emails that came back": "email that came back",
    "complaints": "complaint",
    "names and addresses": "name and address",
}


def describe_plan(plan: ErasurePlan) -> Iterator[str]:
    """What will go: each line in a list file, then how many rows of each kind."""
    yield f"This erases {plan.address.written}:"
    for search in plan.own_files:
        for line in search.own:
            cells = "; ".join(f"{heading}: {' '.join(text.split())}" for heading, text in line.cells.items())
            yield f"  {search.file}, line {line.line}: {cells}"
    for what, number in plan.rows.items():
        if number:
            yield f"  in the database: {count(number, _ONE[what], what)}"
    for issue in plan.waiting:
        yield f"  {issue} won’t be sent to them."
    if plan.own_files:
        yield "We don’t keep a copy of these list files as they were."
    yield "Counts stay, and name no one. A coded form of the address stays too, so that no one can email them again."


def describe_result(plan: ErasurePlan, *, is_wiped: bool) -> Iterator[str]:
    """What was done, and what is left to do by hand."""
    yield f"Erased. {plan.address.written} will never be emailed again, whatever list they are on."
    if not is_wiped:
        yield (
            "Another program is using the database, so deleted text may still be in its files. "
            "It’s wiped when the database is next opened."
        )
    yield "What this can’t reach, and you may have to deal with:"
    for line in _describe_rest(plan):
        yield f"  {line}"


def _describe_rest(plan: ErasurePlan) -> Iterator[str]:
    for search in plan.files:
        for number in search.mentions:
            yield f"{search.file}, line {number} is about someone else and has the address: edit it yourself."
    for file in plan.mentions:
        yield f"{file} has the address: edit or delete it."
    for file, why in plan.unread.items():
        yield f"{file} can’t be read ({why}): look into it yourself."
    if plan.notes:
        yield f"{count(plan.notes, 'note')} of yours on why email was stopped. Notes can’t be changed."
    if plan.rows.get("complaints"):
        yield "the words of their complaints, which may name them: see bulletin complaints."
    yield "back-ups of the database and of list files, here and at your provider."
    yield "list files on other computers. If one is synced, they still get no email."
    yield "emails that were sent, in your readers’ mailboxes and in your mail server’s log."
    yield "contributions, pictures and past issues that name them, and your archive on the web."
    yield "files that you made: exports, certificates with your own notes, spreadsheets."


def describe_nothing(plan: ErasurePlan) -> Iterator[str]:
    """There is nothing to erase."""
    if plan.is_suppressed:
        yield f"We hold nothing about {plan.address.written} but the coded form that keeps them from being emailed."
    else:
        yield f"We have no record of {plan.address.written}. Check the spelling. To make sure they are never emailed:"
        yield f"  bulletin subscribers remove {plan.address.written}"
    for line in _describe_rest(plan) if plan.mentions or plan.unread else ():
        yield f"  {line}"
