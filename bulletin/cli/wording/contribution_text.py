"""What became of contributions: for the officer, and as emails that tell senders what to correct."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulletin.cli.clock import today
from bulletin.cli.terminal import count, say, say_data
from bulletin.cli.wording.correction_text import compare_files

if TYPE_CHECKING:
    from datetime import date

    from bulletin.collecting.contribution import Contribution
    from bulletin.collecting.holding import HeldBack
    from bulletin.collecting.merging import Merged
    from bulletin.collecting.pictures import PictureBeside
    from bulletin.errors import Fault
    from bulletin.issue.model import Issue
    from bulletin.workspace.workspace import Workspace

_MOST_NAMED = 50  # faults in one email


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedFile:
    """A file of which nothing can be used. `sender` is the contributor that it is probably from; "" if unknown."""

    file: str
    sender: str
    faults: tuple[Fault, ...]


def print_outcome(contribution: Contribution, merged: Merged) -> None:
    """Print what became of each entry of a contribution, and what else its file holds."""
    say(f"{contribution.organisation}, {contribution.file}: {_describe_counts(contribution, merged)}")
    for words in merged.placed:
        say(f"  + {words}")
    for words in merged.left_out:
        say(f"  - not added: {words}")
    for correction in merged.outdated:
        say(f"  - not added: another version of “{correction.title}”. {compare_files(correction)}.")
    for held in contribution.held:
        say(f"  - held back until it is corrected: {_name_held(held)}")
    for words in contribution.remarks:
        say(f"  - {words}")


def print_lengths(workspace: Workspace, sent: Sequence[Contribution]) -> None:
    """Print whose contributions to the issue have more words in all than `budget: contributor:` allows."""
    most = workspace.settings.budget.contributor
    if most is None:
        return
    from bulletin.edition.word_count import count_words
    from bulletin.issue.sections import section_kinds

    kinds = section_kinds(workspace.read_own_kinds())
    words: Counter[str] = Counter()
    for contribution in sent:
        words[contribution.organisation] += sum(
            count_words(kinds[str(section["kind"])].model_validate(section)) for section in contribution.sections
        )
    for organisation, number in words.items():
        if number > most:
            say(f"{organisation} sent {number:,} words, {number - most:,} over. Shorten them, or ask for fewer.")


def _name_held(held: HeldBack) -> str:
    return f"“{held.title}”" if held.title else held.faults[0].message


def _describe_counts(contribution: Contribution, merged: Merged) -> str:
    counts = (
        f"{count(len(merged.placed), 'item')} placed" if merged.placed else "nothing new",
        f"{count(len(merged.known), 'item')} already there" if merged.known else "",
        f"{count(len(merged.corrected), 'item')} changed" if merged.corrected else "",
        f"{count(len(merged.open), 'change')} not made" if merged.open else "",
        f"{count(len(merged.removed), 'item')} that you removed before" if merged.removed else "",
        f"{len(contribution.held):,} held back" if contribution.held else "",
    )
    return ", ".join(filter(None, counts))


def print_refused(refused: Iterable[RefusedFile]) -> None:
    """Print the files of which nothing was used."""
    for one in refused:
        reason = one.faults[0].message if len(one.faults) == 1 else f"It has {count(len(one.faults), 'fault')}."
        say(f"{one.file} was not imported. {reason}")


def print_pictures(pictures: Iterable[PictureBeside], *, dry_run: bool) -> None:
    """Print where new pictures were copied to, and how to show them."""
    for picture in pictures:
        if picture.is_new:
            say(f"{picture.file} {'would be' if dry_run else 'was'} copied to {picture.path}.")
            say(f"  To show it, add to its section: image: {{file: {picture.path}, alt: its message in words}}")


def print_letters(
    workspace: Workspace, issue: Issue, sent: Iterable[Contribution], refused: Iterable[RefusedFile], *, deadline: date
) -> None:
    """Print an email to each sender whose contributions have faults: its address, and its text to paste."""
    used = list(sent)
    troubles: dict[str, list[HeldBack | RefusedFile]] = {}
    for contribution in used:
        troubles.setdefault(contribution.sender, []).extend(contribution.held)
    for one in refused:
        troubles.setdefault(one.sender, []).append(one)
    partly = {contribution.sender for contribution in used}
    letters = {sender: found for sender, found in troubles.items() if found}
    for sender, found in letters.items():
        say()
        say(_introduce(workspace, sender, found, issue))
        say()
        for line in _write_letter(workspace, sender, found, issue, deadline=deadline, partly=sender in partly):
            say_data(line)  # without breaks of the terminal's, which would be pasted too
    if letters:
        say()


def _introduce(workspace: Workspace, sender: str, found: Sequence[HeldBack | RefusedFile], issue: Issue) -> str:
    """Who to tell, by which address, and under which subject."""
    subject = f"with the subject “Your contribution to {issue.month}” and this text:"
    if contributor := workspace.settings.contributors.get(sender):
        return f"Tell {contributor.organisation}. Send an email to {contributor.email} {subject}"
    if sender:
        return f"Tell {sender}. Send an email {subject}"
    files = ", ".join(dict.fromkeys(fault.file.partition(", sheet ")[0] for one in found for fault in one.faults))
    return f"Tell the sender of {files}. Send an email {subject}"


def _write_letter(
    workspace: Workspace,
    sender: str,
    found: Sequence[HeldBack | RefusedFile],
    issue: Issue,
    *,
    deadline: date,
    partly: bool,
) -> Iterator[str]:
    contributor = workspace.settings.contributors.get(sender)
    yield f"Dear {contributor.organisation if contributor else 'colleague'},"
    yield ""
    yield f"Thank you for your contribution to our issue of {issue.month}."
    yield "We have used part of it, but can’t use this yet:" if partly else "We can’t use it yet, because of this:"
    yield ""
    lines = list(_list_faults(found))
    yield from lines[:_MOST_NAMED]
    if more := len(lines) - _MOST_NAMED:
        yield from [f"- and {count(more, 'more mistake')}"] * (more > 0)
    yield ""
    when = f"by {_write_day(deadline)}" if deadline >= today() else "as soon as you can"
    yield f"Please correct this and send the whole file again {when}."
    yield ""
    yield "Thank you,"
    yield workspace.settings.organisation.name


def _list_faults(found: Iterable[HeldBack | RefusedFile]) -> Iterator[str]:
    """Each fault once, in the order of the files, with its entry, its place and what to do."""
    titles: dict[Fault, str] = {}
    for one in found:
        for fault in one.faults:
            titles[fault] = "" if fault in titles else getattr(one, "title", "")  # a heading's is of several entries
    for fault in sorted(titles, key=lambda fault: (fault.file, fault.line, fault.column)):
        entry = f"“{titles[fault]}”, " if titles[fault] else ""
        place = f"{fault.file}:{fault.line}:{fault.column}" if fault.line else fault.file
        yield f"- {entry}{place}: {fault.message} {fault.remedy}".rstrip()


def _write_day(day: date) -> str:
    from bulletin.issue.dates import WEEKDAYS, PartialDate

    return f"{WEEKDAYS[day.weekday()]} {PartialDate(day.year, day.month, day.day)}"


def print_awaited(
    workspace: Workspace, issue: Issue, sent: Iterable[Contribution], faulty: Mapping[str, Sequence[str]]
) -> None:
    """Print the deadline, who has sent faults, and who hasn't replied. `faulty` are files by their sender."""
    from bulletin.collecting.awaiting import describe_deadline, find_awaited, find_deadline

    if not workspace.settings.contributors:
        say("No contributors are listed: bulletin.yaml has no `contributors:`.")
        return
    deadline = find_deadline(issue.published, days=workspace.settings.deadline_days)
    say(f"The deadline for {issue.month} is {describe_deadline(deadline, today=today())}.")
    open_ = find_awaited(workspace.settings.contributors, sent, faulty)
    faulty_ones, awaited = [one for one in open_ if one.faulty], [one for one in open_ if not one.faulty]
    for words, found in (("Sent, with faults to fix:", faulty_ones), ("No reply yet:", awaited)):
        for line in (words, *(f"  - {one}" for one in found)) if found else ():
            say(line)
    if not open_:
        say("Everyone has sent what is expected.")
