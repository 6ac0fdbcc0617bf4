"""The items of a chapter as records: points, priorities, resources, links. Pure.

Each reader returns the empty record for an item of another kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bulletin.declaration.markup import escape_marks
from bulletin.drafting.placeholders import TO_WRITE
from bulletin.importing.blocks import Block, Role, Run, find_words
from bulletin.importing.chapters import ImportedItem
from bulletin.importing.marking import escape_start, is_usable, write_blocks, write_runs
from bulletin.importing.patterns import (
    complete_date,
    cut,
    find_dates,
    find_number,
    read_label,
    write_date,
    write_plainly,
)
from bulletin.importing.restoring.typed_lists import drop_start
from bulletin.importing.writing import Field, Record
from bulletin.issue.dates import Month
from bulletin.issue.kinds.resources import ResourceKind

_STATES = ("under way", "planned", "delayed", "paused", "closed")
_LEAD = re.compile(r"([^:.?!]{2,50}):\s+(\S.*)", re.DOTALL)
_LONGEST_NAME = 8
_DASHED = re.compile(r"([^–—]{2,60}?)\s+[–—-]\s+(\S.*)", re.DOTALL)
_CALLS = re.compile(
    r"(?:(?:please )?(?:click|read|find out|see|learn|view|open|download|watch|visit|access|go to|get|more|full|here|"
    r"now|online|on|the|it|this|our|web ?site|web ?page|page|site|links?|details|information|info|report|document|pdf|"
    r"article|story)"
    r"\W*)+",
    re.IGNORECASE,
)


def text_field(name: str, blocks: Iterable[Block]) -> Record:
    """Blocks as a field of Markdown; no field if they have no words."""
    written = write_blocks(blocks)
    return (Field(name=name, value=written),) if written else ()


def line_field(name: str, text: str, *, check: str = "") -> Record:
    """Words as a field of one line; no field if there are none."""
    return (Field(name=name, value=escape_marks(text), check=check),) if text else ()


def read_point(item: ImportedItem) -> Record:
    """A point: a heading with its text, or an entry; `Inspection: we reviewed …` has a title."""
    if item.title.role is Role.HEADING and item.body:
        return (*line_field("title", item.title.text), *text_field("text", item.body))
    first = item.title.runs[0].text
    if not item.title.runs[0].link and (match := _LEAD.fullmatch(first)):
        rest = (Run(text=match[2]), *item.title.runs[1:])
        text = escape_start(write_runs(rest)) + "".join(f"\n\n{write_blocks([block])}" for block in item.body)
        return (*line_field("title", match[1]), Field(name="text", value=text))
    alone = Block(role=Role.PARAGRAPH, runs=item.title.runs)
    return text_field("text", [alone, *item.body])


def read_priority(item: ImportedItem, month: Month) -> Record:
    """A numbered priority. Its state comes from its text, its steps are the entries that begin with a date."""
    numbered = find_number(item.title.text)
    if item.title.number is not None:
        numbered = (item.title.number, item.title.text)
    if not numbered:
        return ()
    number, title = numbered
    body = item.body
    if match := _LEAD.fullmatch(title) or (_DASHED.fullmatch(title) if not body else None):
        title, body = match[1], (Block(role=Role.PARAGRAPH, runs=(Run(text=match[2]),)), *body)
    unnamed = not body and title.rstrip().endswith((".", "!", "?"))
    if unnamed:
        title, body = "", (Block(role=Role.PARAGRAPH, runs=(Run(text=title),)),)
    labelled = {name: take_label(body, *labels) for name, labels in _LABELS.items()}
    plain = [block for block in body if not any(block is found for found, _ in labelled.values())]
    steps = [step for block in plain if (step := _read_milestone(block, month))]
    summary = text_field("summary", [block for block in plain if not _read_milestone(block, month)])
    return (
        Field(name="number", value=str(number)),
        *(line_field("title", title) or (Field(name="title", value=TO_WRITE, check="what is this priority called?"),)),
        _read_status(labelled["status"][1], " ".join(block.text for block in body)),
        *line_field("led_by", labelled["led_by"][1]),
        *(summary or (Field(name="summary", value=TO_WRITE, check="no text was found."),)),
        *((Field(name="milestones", value=steps),) if steps else ()),
        *text_field("next", [_without_label(found) for found, _ in [labelled["next"]] if found]),
    )


def _without_label(block: Block) -> Block:
    """A block from the value of its label on."""
    match = LABEL_OF_PRIORITY.match(block.text)
    runs = drop_start(block.runs, match.end() if match else 0)
    first = runs[0] if runs else None
    upper = [replace(first, text=first.text[:1].upper() + first.text[1:]), *runs[1:]] if first else runs
    return replace(block, role=Role.PARAGRAPH, runs=tuple(upper))


LABEL_OF_PRIORITY = re.compile(r"(?:status|led by|lead|next(?: steps?)?)\s*:\s+", re.IGNORECASE)
"""The label at the start of a line that gives a fact of a priority."""
_LABELS = {"status": ("Status",), "led_by": ("Led by", "Lead"), "next": ("Next", "Next steps")}


def take_label(blocks: Iterable[Block], *labels: str) -> tuple[Block | None, str]:
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
    return Field(name="status", value=guessed, check="" if said else "what is its status?")


def _read_milestone(block: Block, month: Month) -> Record:
    """`26 April 2021: Update to the Board` as a dated step."""
    dates = find_dates(block.text)
    if block.links or block.role is not Role.ENTRY or not dates or not block.text.startswith(dates[0]):
        return ()
    rest = block.text[len(dates[0]) :].lstrip(" ,;:·|–—-")
    return (*date_field("date", dates[0], month), *line_field("text", rest)) if rest else ()


def date_field(name: str, written: str, month: Month) -> Record:
    """A date, with its year."""
    if not written:
        return ()
    date, certain = complete_date(written, month)
    guessed = "" if certain else f"“{written}” had no year: is this the right one?"
    guessed = (
        f"“{written}” is read as day, month, year."
        if guessed and written[-1:].isdigit() and "/" in written
        else guessed
    )
    return (Field(name=name, value=write_plainly(date), check=guessed),)


def read_resource(block: Block) -> Record:
    """`Title · Publisher · 24 March 2021`, with a link, as a resource."""
    usable = [run for run in block.links if is_usable(run.link)]
    if len(usable) != 1:
        return ()
    date = next(iter(find_dates(block.text)), "")
    linked = "" if usable[0].text == usable[0].link else usable[0].text.strip()
    if linked and is_call_for_page(linked) and find_words(block.text.replace(linked, "", 1)):
        return _read_named_before(block, usable[0])
    date = "" if date in linked else date
    parts = cut(block.text, date, linked or usable[0].link)
    if linked:
        parts = cut(block.text.replace(linked, " · ", 1), date)
    title = linked or (parts.pop(0) if parts else "")
    named = bool(parts) and len(find_words(parts[0])) <= _LONGEST_NAME and not parts[0].endswith(".")
    publisher = parts.pop(0) if named else ""
    return (
        *line_field("title", title or TO_WRITE),
        Field(name="link", value=usable[0].link),
        *line_field("publishers", publisher, check="is this the publisher?"),
        *line_field("date", write_plainly(write_date(date))),
        *_find_kind(title),
        *text_field("summary", [Block(role=Role.PARAGRAPH, runs=(Run(text=" ".join(parts)),))] if parts else []),
    )


def is_call_for_page(words: str) -> bool:
    """Whether a link's words only ask to open it, such as `Read more`, so that they can't be its title."""
    return bool(_CALLS.fullmatch(words.strip()))


def _read_named_before(block: Block, link: Run) -> Record:
    """A resource whose title is before its link, as in `Neglect toolkit – read more`."""
    before = block.text.partition(link.text)[0]
    date = next(iter(find_dates(block.text)), "")
    parts = cut(block.text.replace(link.text, " · ", 1), date)
    colon = _LEAD.fullmatch(parts[0]) if parts else None
    colon = colon if colon and len(find_words(colon[2])) > _LONGEST_NAME else None
    title, rest = (colon[1], [colon[2], *parts[1:]]) if colon else (parts[0] if parts else before, parts[1:])
    named = bool(rest) and len(find_words(rest[0])) <= _LONGEST_NAME and not rest[0].endswith((".", "!", "?"))
    publisher = rest.pop(0) if named and not colon else ""
    summary = " ".join(rest)
    return (
        *line_field("title", title, check=f"the link said “{link.text.strip()}”: is this its title?"),
        Field(name="link", value=link.link),
        *line_field("publishers", publisher, check="is this the publisher?"),
        *line_field("date", write_plainly(write_date(date))),
        *_find_kind(title),
        *text_field("summary", [Block(role=Role.PARAGRAPH, runs=(Run(text=summary),))] if summary else []),
    )


def _find_kind(title: str) -> Record:
    """The kind of a resource, if its title says it."""
    words = find_words(title)
    kind = next((str(kind) for kind in ResourceKind if kind in words), "")
    return (Field(name="kind", value=kind, check="its title says so: is this its kind?"),) if kind else ()


def read_link(block: Block) -> Record:
    """A titled address."""
    found = {field.name: field for field in read_resource(block)}
    if not found:
        return ()
    rest = [found[name].value for name in ("publishers", "date", "summary") if name in found]
    summary = (Field(name="summary", value=", ".join(map(str, rest))),) if rest else ()
    return (found["title"], found["link"], *summary)
