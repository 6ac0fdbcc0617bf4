"""The items of a chapter as records: points, priorities, courses, events, resources, links. Pure.

Each reader gives the empty record for an item that is not of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bulletin.drafting.placeholders import TO_WRITE
from bulletin.importing.blocks import Block, Role, Run, find_words
from bulletin.importing.chapters import Item
from bulletin.importing.marking import escape, escape_start, is_usable, write_blocks, write_runs
from bulletin.importing.noticing import cut, find_dates, find_hours, find_number, read_label
from bulletin.importing.writing import Field, Record

_STATES = ("under way", "planned", "delayed", "paused", "closed")
_LEAD = re.compile(r"([^:.?!]{2,50}):\s+(\S.*)", re.DOTALL)
_ON_DEMAND = re.compile(r"on.demand|any ?time|e-?learning", re.IGNORECASE)
_PROVIDER = ("Provider", "Delivered by", "Provided by", "Run by")
_LONGEST_NAME = 8
_LONGEST_DETAIL = 16


def _text(name: str, blocks: Iterable[Block]) -> Record:
    written = write_blocks(blocks)
    return (Field(name=name, value=written),) if written else ()


def _line(name: str, text: str, *, check: str = "") -> Record:
    return (Field(name=name, value=escape(text), check=check),) if text else ()


def read_point(item: Item) -> Record:
    """A point: a heading with its text, or an entry; `Inspection: we reviewed …` has a title."""
    if item.title.role is Role.HEADING and item.body:
        return (*_line("title", item.title.text), *_text("text", item.body))
    first = item.title.runs[0].text
    if not item.title.runs[0].link and (match := _LEAD.fullmatch(first)):
        rest = (Run(text=match[2]), *item.title.runs[1:])
        text = escape_start(write_runs(rest)) + "".join(f"\n\n{write_blocks([block])}" for block in item.body)
        return (*_line("title", match[1]), Field(name="text", value=text))
    alone = Block(role=Role.PARAGRAPH, runs=item.title.runs)
    return _text("text", [alone, *item.body])


def read_priority(item: Item) -> Record:
    """A numbered priority; its state is looked for in its text, its steps are the entries that begin with a date."""
    numbered = find_number(item.title.text)
    if item.title.number is not None:
        numbered = (item.title.number, item.title.text)
    if not numbered:
        return ()
    number, title = numbered
    body = item.body
    if not item.body and (match := _LEAD.fullmatch(title)):
        title, body = match[1], (Block(role=Role.PARAGRAPH, runs=(Run(text=match[2]),)),)
    labelled = {name: _take_label(body, *labels) for name, labels in _LABELS.items()}
    plain = [block for block in body if not any(block is found for found, _ in labelled.values())]
    steps = [step for block in plain if (step := _read_milestone(block))]
    summary = _text("summary", [block for block in plain if not _read_milestone(block)])
    return (
        Field(name="number", value=str(number), check=f"is “{item.title.text}” read rightly?"),
        *_line("title", title),
        _read_status(labelled["status"][1], " ".join(block.text for block in body)),
        *_line("led_by", labelled["led_by"][1]),
        *(summary or (Field(name="summary", value=TO_WRITE, check="no text was found."),)),
        *((Field(name="milestones", value=steps),) if steps else ()),
        *_text("next", [found for found, _ in [labelled["next"]] if found]),
    )


_LABELS = {"status": ("Status",), "led_by": ("Led by", "Lead"), "next": ("Next", "Next steps")}


def _take_label(blocks: Iterable[Block], *labels: str) -> tuple[Block | None, str]:
    """The block that is a label and its value, as in `Status: under way`, and the value."""
    for block in blocks:
        if re.match(rf"(?:{'|'.join(labels)})\b:?", block.text, re.IGNORECASE) and len(block.text) < 300:
            colon = re.match(rf"(?:{'|'.join(labels)})\s*:|Led by", block.text, re.IGNORECASE)
            if colon and (value := read_label(block.text, *labels)):
                return block, value
    return None, ""


def _read_status(labelled: str, text: str) -> Field:
    said = next((state for state in _STATES if state in labelled.lower()), "")
    guessed = said or next((state for state in _STATES if state in text.lower()), _STATES[0])
    return Field(name="status", value=guessed, check="" if said else "how does it stand?")


def _read_milestone(block: Block) -> Record:
    """`26 April 2021: Update to the Board` as a dated step."""
    dates = find_dates(block.text)
    if block.links or block.role is not Role.ENTRY or not dates or not block.text.startswith(dates[0]):
        return ()
    rest = block.text[len(dates[0]) :].lstrip(" ,;:·|–—-")
    return (*_line("date", dates[0]), *_line("text", rest)) if rest else ()


def read_course(item: Item) -> Record:
    """A course: on the dates that its lines name, or on demand."""
    title, details, body = _read_details(item)
    provider_block, provider = _take_label(body, *_PROVIDER)
    body = [block for block in body if block is not provider_block]
    if item.title.role is Role.ENTRY and not provider and details and len(find_words(details[0])) <= _LONGEST_NAME:
        provider = details.pop(0)
    sessions = [session for block in item.body or (item.title,) if (session := _read_session(block, item))]
    on_demand = Field(
        name="on_demand", value="yes", check="" if _ON_DEMAND.search(_whole(item)) else "no date was found."
    )
    return (
        *_line("title", title),
        *_line("provider", provider or TO_WRITE, check="" if provider else "who gives it?"),
        *_summary(details, body),
        *((Field(name="sessions", value=sessions),) if sessions else (on_demand,)),
        *_address(item),
    )


def read_event(item: Item) -> Record:
    """An event: its title, its day, its hours, and the rest of what is said of it."""
    title, details, body = _read_details(item)
    sessions = [session for block in item.body or (item.title,) if (session := _read_session(block, item))]
    if len(sessions) != 1 or not title:
        return ()
    return (*_line("title", title), *sessions[0], *_summary(details, body), *_address(item))


def _read_details(item: Item) -> tuple[str, list[str], list[Block]]:
    """The title, what else an entry's own line says, and the blocks that are not a line of date and place."""
    if item.title.role is Role.HEADING:
        return item.title.text, [], [block for block in item.body if not _is_detail(block)]
    text = item.title.text
    pieces = [*find_dates(text), find_hours(text)[0], *_shown_addresses(item.title)]
    linked = next((run.text.strip() for run in item.title.links if run.text != run.link), "")
    parts = cut(text, linked, *pieces) if linked else cut(text, *pieces)
    title = linked or (parts.pop(0) if parts else "")
    return title, parts, list(item.body)


def _is_detail(block: Block) -> bool:
    return bool(find_dates(block.text)) and len(find_words(block.text)) <= _LONGEST_DETAIL and not block.links


def _read_session(block: Block, item: Item) -> Record:
    """A day with its hours; in a line of date and place, what is left is the place."""
    dates = find_dates(block.text)
    headed = item.title.role is Role.HEADING
    if not dates or (headed and not _is_detail(block)):
        return ()
    hours, starts, ends = find_hours(block.text)
    rest = cut(block.text, *dates[:2], hours) if headed else []
    place = ", ".join(part for part in rest if part not in ("to", "at", "until", "and"))
    return (
        *_line("date", dates[0]),
        *_line("until", dates[1] if len(dates) > 1 else "", check="is this its last day?"),
        *_line("starts", starts),
        *_line("ends", ends),
        *_line("place", place, check="is this the place?"),
    )


def _summary(details: list[str], body: list[Block]) -> Record:
    extra = [Block(role=Role.PARAGRAPH, runs=(Run(text=", ".join(details)),))] if details else []
    return _text("summary", [*extra, *body])


def _address(item: Item) -> Record:
    """The link of an entry; one in the text below a heading stays where it is."""
    usable = [run.link for run in item.title.links if is_usable(run.link)]
    return (Field(name="link", value=usable[0]),) if usable else ()


def _whole(item: Item) -> str:
    return " ".join(block.text for block in (item.title, *item.body))


def _shown_addresses(block: Block) -> list[str]:
    return [run.text for run in block.links if run.text == run.link]


def read_resource(block: Block) -> Record:
    """`Title · Publisher · 24 March 2021`, with a link, as a resource."""
    usable = [run for run in block.links if is_usable(run.link)]
    if len(usable) != 1:
        return ()
    date = next(iter(find_dates(block.text)), "")
    linked = "" if usable[0].text == usable[0].link else usable[0].text.strip()
    date = "" if date in linked else date
    parts = cut(block.text, date, linked or usable[0].link)
    if linked:
        parts = cut(block.text.replace(linked, " · ", 1), date)
    title = linked or (parts.pop(0) if parts else "")
    named = bool(parts) and len(find_words(parts[0])) <= _LONGEST_NAME and not parts[0].endswith(".")
    publisher = parts.pop(0) if named else ""
    return (
        *_line("title", title or TO_WRITE),
        Field(name="link", value=usable[0].link),
        *_line("publishers", publisher, check="is this who published it?"),
        *_line("date", date),
        *_text("summary", [Block(role=Role.PARAGRAPH, runs=(Run(text=" ".join(parts)),))] if parts else []),
    )


def read_link(block: Block) -> Record:
    """A titled address."""
    found = {field.name: field for field in read_resource(block)}
    if not found:
        return ()
    rest = [found[name].value for name in ("publishers", "date", "summary") if name in found]
    summary = (Field(name="summary", value=", ".join(map(str, rest))),) if rest else ()
    return (found["title"], found["link"], *summary)
