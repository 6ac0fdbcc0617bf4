"""Courses and events of an old bulletin as records: their days, hours, places and labelled facts. Pure.

Each reader returns the empty record for an item of another kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bulletin.drafting.placeholders import TO_WRITE
from bulletin.importing.blocks import Block, Role, Run, find_words
from bulletin.importing.chapters import ImportedItem
from bulletin.importing.items import date_field, line_field, take_label, text_field
from bulletin.importing.marking import is_usable
from bulletin.importing.patterns import cut, find_dates, find_hours, read_label
from bulletin.importing.writing import Field, Record
from bulletin.issue.dates import Month

_ON_DEMAND = re.compile(r"on.demand|any ?time|e-?learning|self.paced", re.IGNORECASE)
_LABELS = {
    "provider": ("Provider", "Delivered by", "Provided by", "Run by", "Trainer"),
    "place": ("Where", "Venue", "Place", "Location"),
    "audience": ("For", "Who for", "Audience", "Who should attend", "Aimed at", "Suitable for"),
    "cost": ("Cost", "Price"),
    "book": ("To book", "Book", "Booking", "How to book", "Register"),
    "when": ("When", "Dates?", "Day"),
    "time": ("Times?", "Hours"),
}
_CALL = re.compile(
    r"(?:book|register|sign up|apply|reserve)(?: (?:now|here|online|today|(?:your|a) (?:free )?place))*\W*",
    re.IGNORECASE,
)
_AUDIENCE = re.compile(r"(?:for |open to |all |ages )", re.IGNORECASE)
_LONGEST_NAME = 8
_LONGEST_DETAIL = 16
_PLACE = re.compile(r"online|microsoft teams|ms teams|teams|zoom|virtual", re.IGNORECASE)


def read_course(item: ImportedItem, month: Month) -> Record:
    """A course: on the dates that its lines name, or on demand."""
    title, details, found = _read(item)
    provider = found.value("provider")
    if item.title.role is Role.ENTRY and not provider and details and len(find_words(details[0])) <= _LONGEST_NAME:
        provider = details.pop(0)
    sessions = found.sessions(item, month)
    offered = _ON_DEMAND.search(" ".join(block.text for block in (item.title, *item.body)))
    if not title or not (sessions or offered or provider):
        return ()
    return (
        *line_field("title", title),
        *line_field("provider", provider or TO_WRITE, check="" if provider else "who is the provider?"),
        *_summary(details, found.rest),
        *line_field("audience", found.value("audience")),
        *((Field(name="sessions", value=sessions),) if sessions else (_offer(certain=bool(offered)),)),
        *line_field("cost", found.value("cost")),
        *_address(item),
        *found.booking(),
    )


def _offer(*, certain: bool) -> Field:
    return Field(name="on_demand", value="yes", check="" if certain else "no date was found.")


def read_event(item: ImportedItem, month: Month) -> Record:
    """An event: its title, its day, its hours, and the rest of its text."""
    title, details, found = _read(item)
    sessions = found.sessions(item, month)
    if len(sessions) != 1 or not title:
        return ()
    meant = [detail for detail in details if _AUDIENCE.match(detail)][:1]
    audience = found.value("audience") or "".join(meant)
    details = [detail for detail in details if detail not in meant]
    return (
        *line_field("title", title),
        *sessions[0],
        *_summary(details, found.rest),
        *line_field("audience", audience),
        *_address(item),
        *found.booking(),
    )


class _Labelled:
    """The labelled facts in the blocks below an item's title, and the `rest` of the blocks."""

    def __init__(self, body: Sequence[Block]) -> None:
        found = {name: take_label(body, *labels) for name, labels in _LABELS.items()}
        if found["book"][0] is None:
            found["book"] = next(((block, block.text) for block in body if is_call(block)), (None, ""))
        taken = [block for block, _ in found.values() if block is not None]
        self._found = found
        self.rest = [block for block in body if not any(block is one for one in taken)]
        self.rest = [block for block in self.rest if not _is_detail(block)]

    def value(self, name: str) -> str:
        return self._found[name][1]

    def sessions(self, item: ImportedItem, month: Month) -> list[Record]:
        """The days, with hours and place from the labels; or those in lines of date and place."""
        time, place = self.value("time"), self.value("place")
        if when := self.value("when"):
            parts = re.split(r"\s*;\s*|\s+and\s+(?=[0-9])", when)
            lines = [f"{part} · {time}" if time else part for part in parts if find_dates(part)]
        else:
            blocks = item.body or (item.title,)
            lines = [block.text for block in blocks if item.title.role is not Role.HEADING or _is_detail(block)]
            lines = [f"{line} · {time}" if time else line for line in lines]
        headed = item.title.role is Role.HEADING
        return [made for line in lines if (made := _read_session(line, month, place=place, headed=headed))]

    def booking(self) -> Record:
        """How to take part: the address, and the words beside it."""
        block, said = self._found["book"]
        if block is None:
            return ()
        usable = [run.link for run in block.links if is_usable(run.link)]
        link = (Field(name="link", value=usable[0]),) if usable else ()
        if link and (not said.strip() or _CALL.fullmatch(said.strip()) or said.strip() == usable[0]):
            return (Field(name="book", value=link),)
        return (Field(name="book", value=(*text_field("how", [_without_label(block)]), *link)),)


def _without_label(block: Block) -> Block:
    """The block from its value on."""
    match = re.match(rf"(?:{'|'.join(_LABELS['book'])})\s*:\s*", block.text, re.IGNORECASE)
    count, runs = match.end() if match else 0, []
    for run in block.runs:
        if rest := run.text[count:]:
            runs.append(Run(text=rest, link=run.link, strong=run.strong, slanted=run.slanted))
        count = max(0, count - len(run.text))
    return Block(role=Role.PARAGRAPH, runs=tuple(runs))


def is_call(block: Block) -> bool:
    """Whether a line is just `Book now`, with a link."""
    usable = [run for run in block.links if is_usable(run.link)]
    return len(usable) == 1 and bool(_CALL.fullmatch(block.text.strip()))


def _read(item: ImportedItem) -> tuple[str, list[str], _Labelled]:
    """The title, the rest of an entry's own line, and the blocks below it."""
    if item.title.role is Role.HEADING:
        return item.title.text, [], _Labelled(item.body)
    text = item.title.text
    pieces = [*find_dates(text), find_hours(text)[0], *(run.text for run in item.title.links if run.text == run.link)]
    linked = _find_linked_title(item.title, pieces)
    parts = cut(text, linked, *pieces) if linked else cut(text, *pieces)
    title = linked or (parts.pop(0) if parts else "")
    return title, parts, _Labelled(item.body)


def _find_linked_title(block: Block, pieces: Sequence[str]) -> str:
    """The words of the link at the start of an entry, after its date; "" if other words come first."""
    before = ""
    for run in block.runs:
        if run.link and run.text != run.link:
            for piece in pieces:
                before = before.replace(piece, "")
            return "" if find_words(before) else run.text.strip()
        before += run.text
    return ""


def _is_detail(block: Block) -> bool:
    return bool(find_dates(block.text)) and len(find_words(block.text)) <= _LONGEST_DETAIL and not block.links


def _read_session(line: str, month: Month, *, place: str, headed: bool) -> Record:
    """A day with its hours. In a line of date and place, the rest is the place."""
    dates = find_dates(line)
    if not dates:
        return ()
    hours, starts, ends = find_hours(line)
    rest = [part for part in cut(line, *dates[:2], hours) if part not in ("to", "at", "until", "and")] if headed else []
    named = read_label(rest[0], "Where", "When", "Date") if rest else ""
    guessed = place or ", ".join([named, *rest[1:]] if named else rest)
    certain = bool(place or _PLACE.fullmatch(guessed))
    span = len(dates) > 1 and re.search(rf"{re.escape(dates[0])}\s*(?:to|until|–|-)\s*{re.escape(dates[1])}", line)
    last = date_field("until", dates[1], month) if len(dates) > 1 else ()
    return (
        *date_field("date", dates[0], month),
        *(last if span else tuple(Field(name=f.name, value=f.value, check="is this its last day?") for f in last)),
        *line_field("starts", starts),
        *line_field("ends", ends),
        *line_field("place", guessed, check="" if certain else "is this the place?"),
    )


def _summary(details: Iterable[str], body: Sequence[Block]) -> Record:
    extra = ", ".join(details)
    return text_field("summary", [*([Block(role=Role.PARAGRAPH, runs=(Run(text=extra),))] if extra else []), *body])


def _address(item: ImportedItem) -> Record:
    """The link of an entry or of a title; one in the text below a heading stays where it is."""
    usable = [run.link for run in item.title.links if is_usable(run.link)]
    return (Field(name="link", value=usable[0]),) if usable else ()
