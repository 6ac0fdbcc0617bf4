"""Courses and events of an old bulletin as records: their days, hours, places and labelled facts. Pure.

Each reader returns the empty record for an item of another kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bulletin.drafting.placeholders import TO_WRITE
from bulletin.importing.blocks import Block, Role, Run, find_words, join_runs
from bulletin.importing.chapters import ImportedItem
from bulletin.importing.items import date_field, line_field, take_label, text_field
from bulletin.importing.marking import is_usable
from bulletin.importing.patterns import cut, cut_at_dots, find_dates, find_hours, read_label, spell_ranges
from bulletin.importing.restoring.dated_lines import is_only_date
from bulletin.importing.restoring.places import is_certain_place, is_place, split_place
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
LABELLED = re.compile(rf"(?:{'|'.join(one for labels in _LABELS.values() for one in labels)})\s*:\s+", re.IGNORECASE)
"""The label at the start of a line that gives a fact of a course or an event."""
CALL = re.compile(
    r"(?:to )?(?:book|register|sign up|apply|reserve|buy|get|order)(?: (?:now|here|online|today|via|at|on|through|"
    r"using|by|please|use|the|our|this|learning|training|booking|portal|website|page|form|link|"
    r"eventbrite|tickets?|places?|(?:your|a|my) (?:free )?(?:place|ticket)))*\W*",
    re.IGNORECASE,
)
_AUDIENCE = re.compile(r"(?:for |open to |all |ages )", re.IGNORECASE)
_LONGEST_NAME = 8
_LONGEST_PLACE = 5  # words of a name without a word such as Hall
_LONGEST_DETAIL = 16
_BETWEEN = ("to", "at", "until", "and", "on", "from", "&")
_MOST_BESIDE_HOURS = 6  # letters on a line of hours
_FOR = re.compile(r"for\s+(?=\S)", re.IGNORECASE)
_GIVEN_BY = re.compile(
    r"(?:delivered|provided|run|led|given|presented|facilitated|hosted) by ([^.,;]{2,60})\.?", re.IGNORECASE
)
_LONGEST_AUDIENCE = 14  # words
_IS_AUDIENCE = "is this who it is for?"
_IS_PLACE = "is this the place?"


def read_course(item: ImportedItem, month: Month) -> Record:
    """A course: on the dates that its lines name, or on demand."""
    title, details, found = _read(item)
    provider, asked = found.value("provider"), ""
    if not provider and _names_provider(item.title.text, details):
        provider, asked = details.pop(0), "is this the provider?"
    provider = provider or found.take_provider()
    sessions = found.sessions(item, month)
    if len(sessions) == 1 and not any(field.name == "place" for field in sessions[0]):
        title, details, place = _take_place(title, details)
        sessions = [(*sessions[0], *(place or found.take_place()))]
    offered = _ON_DEMAND.search(" ".join(block.text for block in (item.title, *item.body)))
    if not title or not (sessions or offered or provider):
        return ()
    audience = () if found.value("audience") else found.take_audience()
    return (
        *line_field("title", title),
        *line_field("provider", provider or TO_WRITE, check=asked if provider else "who is the provider?"),
        *_summary(details, found.rest),
        *(line_field("audience", found.value("audience")) or audience),
        *((Field(name="sessions", value=sessions),) if sessions else (_offer(certain=bool(offered)),)),
        *line_field("cost", found.value("cost")),
        *_address(item),
        *found.booking(),
    )


def _names_provider(line: str, details: Sequence[str]) -> bool:
    """Whether the first detail of an entry could be its provider: it is short, and a dot separates it."""
    first = details[0] if details else ""
    short = (
        bool(first) and len(find_words(first)) <= _LONGEST_NAME and not is_place(first) and not _AUDIENCE.match(first)
    )
    return (
        short
        and bool(re.search(rf"[·|]\s+{re.escape(first)}", line))
        and not re.search(r"\d|£|\bfree\b", first, re.IGNORECASE)
    )


def _take_place(title: str, details: list[str]) -> tuple[str, list[str], Record]:
    """The place among the details of an entry, or after its title; and the title and details without it."""
    for detail in details:
        if is_place(detail) or _is_named(detail):
            return title, [one for one in details if one is not detail], _write_place(detail)
    title, place = split_place(title)
    return title, details, _write_place(place)


def _is_named(detail: str) -> bool:
    """Whether a detail is a name, with capitals, as places have: `Corn Exchange`."""
    words = [word for word in detail.split() if word not in ("of", "the", "and", "at", "in", "on", "&")]
    return 1 < len(words) <= _LONGEST_PLACE and all(word[0].isupper() for word in words)


def _write_place(place: str) -> Record:
    return line_field("place", place, check="" if is_certain_place(place) else _IS_PLACE)


def _offer(*, certain: bool) -> Field:
    return Field(name="on_demand", value="yes", check="" if certain else "no date was found.")


def read_event(item: ImportedItem, month: Month) -> Record:
    """An event: its title, its day, its hours, and the rest of its text."""
    title, details, found = _read(item)
    sessions = found.sessions(item, month)
    if len(sessions) != 1 or not title:
        return ()
    session = sessions[0]
    if not any(field.name == "place" for field in session):
        title, details, place = _take_place(title, details)
        place = place or found.take_place()
        session = (*session, *place)
    meant = [detail for detail in details if _AUDIENCE.match(detail)][:1]
    audience = found.value("audience") or _say_audience("".join(meant))
    details = [detail for detail in details if detail not in meant]
    return (
        *line_field("title", title),
        *session,
        *_summary(details, found.rest),
        *line_field("audience", audience, check=_IS_AUDIENCE if meant and not found.value("audience") else ""),
        *_address(item),
        *found.booking(),
    )


class _Labelled:
    """The labelled facts in the blocks below an item's title, and the `rest` of the blocks."""

    def __init__(self, body: Sequence[Block]) -> None:
        found = {name: take_label(body, *labels) for name, labels in _LABELS.items()}
        if found["book"][0] is None:
            found["book"] = next(((block, block.text) for block in body if is_call(block)), (None, ""))
        if found["book"][0] is None:
            body, found["book"] = _split_call(body)
        taken = [block for block, _ in found.values() if block is not None]
        self._found = found
        self.rest = [block for block in body if not any(block is one for one in taken)]
        self.rest = [block for block in self.rest if not _is_detail(block)]

    def value(self, name: str) -> str:
        return self._found[name][1]

    def take_place(self) -> Record:
        """The place on the first line below the date, if that is what it looks like."""
        first = self.rest[0] if self.rest else None
        if first is None or first.role is not Role.PARAGRAPH or first.links:
            return ()
        if not is_place(first.text) and not _is_named(first.text):
            return ()
        self.rest = self.rest[1:]
        return _write_place(first.text)

    def take_provider(self) -> str:
        """Who gives a course, from a line such as `Delivered by St Giles`; "" without one."""
        for block in self.rest:
            if block.role is Role.PARAGRAPH and (match := _GIVEN_BY.fullmatch(block.text.strip())):
                self.rest = [one for one in self.rest if one is not block]
                return match[1]
        return ""

    def take_audience(self) -> Record:
        """Who a course is for, from a short line that begins with `For`."""
        for block in self.rest:
            short = len(find_words(block.text)) <= _LONGEST_AUDIENCE and not block.links and "." not in block.text[:-1]
            if block.role is Role.PARAGRAPH and short and _FOR.match(block.text):
                self.rest = [one for one in self.rest if one is not block]
                return line_field("audience", _say_audience(block.text.rstrip(".")), check=_IS_AUDIENCE)
        return ()

    def sessions(self, item: ImportedItem, month: Month) -> list[Record]:
        """The days, with hours and place from the labels; or those in lines of date and place."""
        time, place = self.value("time"), self.value("place")
        if when := self.value("when"):
            parts = re.split(r"\s*;\s*|\s+(?:and|&)\s+(?=(?:[A-Z][a-z]+ )?[0-9])", spell_ranges(when))
            lines = [f"{part} · {time}" if time else part for part in parts if find_dates(part)]
            lines = _add_hours(lines, self.rest, with_place=not place)
        else:
            own = [block.text for block in item.body if _is_detail(block)]
            headed = item.title.role is Role.HEADING
            lines = own if headed else [item.title.text] if find_dates(item.title.text) else own
            lines = lines or [item.title.text]
            lines = [f"{line} · {time}" if time and not find_hours(line)[0] else line for line in lines]
            lines = _add_hours(lines, self.rest, with_place=headed)
            titled = find_hours(item.title.text)[0]
            if len(lines) == 1 and titled and not find_hours(lines[0])[0]:
                lines = [f"{lines[0]} · {titled}"]
        headed = item.title.role is Role.HEADING and item.title.text not in lines
        return [made for line in lines if (made := _read_session(line, month, place=place, headed=headed))]

    def booking(self) -> Record:
        """How to take part: the address, and the words beside it."""
        block, said = self._found["book"]
        if block is None:
            return ()
        usable = [run.link for run in block.links if is_usable(run.link)]
        link = (Field(name="link", value=usable[0]),) if usable else ()
        if link and (not said.strip() or CALL.fullmatch(said.strip()) or said.strip() == usable[0]):
            return (Field(name="book", value=link),)
        return (Field(name="book", value=(*text_field("how", [_without_label(block)]), *link)),)


def _add_hours(lines: list[str], rest: list[Block], *, with_place: bool) -> list[str]:
    """The only line, with the hours (and perhaps the place) that are on a line of their own below it."""
    if len(lines) != 1 or find_hours(lines[0])[0]:
        return lines
    for block in rest:
        hours = find_hours(block.text)[0]
        alone = len(block.text) <= len(hours) + _MOST_BESIDE_HOURS
        placed = with_place and block.text.startswith(hours) and len(find_words(block.text)) <= _LONGEST_DETAIL
        if hours and not block.links and (alone or placed):
            rest.remove(block)
            return [f"{lines[0]} · {block.text}"]
    return lines


def _split_call(body: Sequence[Block]) -> tuple[Sequence[Block], tuple[Block | None, str]]:
    """The blocks with a last link such as `Book a place` taken out of its paragraph, and that link."""
    for index, block in enumerate(body):
        last = block.runs[-1] if block.runs else None
        if (
            last
            and block.role is Role.PARAGRAPH
            and len(block.links) == 1
            and last.link
            and CALL.fullmatch(last.text.strip())
        ):
            call = Block(role=Role.PARAGRAPH, runs=(last,))
            rest = [replace(block, runs=join_runs(block.runs[:-1]))] if len(block.runs) > 1 else []
            return [*body[:index], *rest, call, *body[index + 1 :]], (call, call.text)
    return body, (None, "")


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
    return len(usable) == 1 and bool(CALL.fullmatch(block.text.strip()))


def _read(item: ImportedItem) -> tuple[str, list[str], _Labelled]:
    """The title, the rest of an entry's own line, and the blocks below it."""
    found = _Labelled(item.body)
    text = spell_ranges(item.title.text)
    dated = find_dates(text) and not any(map(_is_detail, item.body)) and not found.value("when")
    if item.title.role is Role.HEADING and (not dated or is_only_date(text)):
        hours = find_hours(text)[0]
        timed = hours and not any(find_hours(block.text)[0] for block in item.body)
        parts = cut_at_dots(text, hours) if timed and not is_only_date(text) else [item.title.text]
        return parts[0] if parts else item.title.text, parts[1:], found
    pieces = [*find_dates(text), find_hours(text)[0], *(run.text for run in item.title.links if run.text == run.link)]
    linked = _find_linked_title(item.title, pieces)
    parts = cut_at_dots(text, linked, *pieces) if linked else cut_at_dots(text, *pieces)
    parts = [part for part in parts if part.lower() not in _BETWEEN]
    title = linked or (parts.pop(0) if parts else "")
    return title, parts, found


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


def _say_audience(words: str) -> str:
    """Who something is for, without the word `for`."""
    said = _FOR.sub("", words)
    return said[:1].upper() + said[1:]


def _is_detail(block: Block) -> bool:
    text = spell_ranges(block.text)
    return bool(find_dates(text)) and len(find_words(text)) <= _LONGEST_DETAIL and not block.links


def _read_session(line: str, month: Month, *, place: str, headed: bool) -> Record:
    """A day with its hours. In a line of date and place, the rest is the place."""
    line = spell_ranges(line)
    dates = find_dates(line)
    if not dates:
        return ()
    hours, starts, ends = find_hours(line)
    rest = [part for part in cut(line, *dates[:2], hours) if part.lower() not in _BETWEEN] if headed else []
    named = read_label(rest[0], "Where", "When", "Date") if rest else ""
    guessed = place or ", ".join([named, *rest[1:]] if named else rest)
    guessed = re.sub(r"^(?:on|at|in|via)\s+(?=\S)", "", guessed, flags=re.IGNORECASE)
    certain = bool(place or is_certain_place(guessed))
    span = len(dates) > 1 and re.search(rf"{re.escape(dates[0])}\s*(?:to|until|–|-)\s*{re.escape(dates[1])}", line)
    last = date_field("until", dates[1], month) if len(dates) > 1 else ()
    return (
        *date_field("date", dates[0], month),
        *(last if span else tuple(Field(name=f.name, value=f.value, check="is this its last day?") for f in last)),
        *line_field("starts", starts),
        *line_field("ends", ends),
        *line_field("place", guessed, check="" if certain else _IS_PLACE),
    )


def _summary(details: Iterable[str], body: Sequence[Block]) -> Record:
    extra = ", ".join(details)
    return text_field("summary", [*([Block(role=Role.PARAGRAPH, runs=(Run(text=extra),))] if extra else []), *body])


def _address(item: ImportedItem) -> Record:
    """The link of an entry or of a title; one in the text below a heading stays where it is."""
    usable = [run.link for run in item.title.links if is_usable(run.link)]
    return (Field(name="link", value=usable[0]),) if usable else ()
