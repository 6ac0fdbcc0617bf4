"""Find the kind of section that a chapter of an old bulletin is, from its heading and its content. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from bulletin.declaration.markup import escape_marks
from bulletin.drafting.placeholders import TO_WRITE
from bulletin.importing import items
from bulletin.importing.blocks import Block, Role, Run, find_words, join_runs
from bulletin.importing.chapters import Chapter, ImportedItem, is_priority
from bulletin.importing.items import date_field, text_field
from bulletin.importing.kinds.shorts import make_briefs, make_figures, make_film, make_people
from bulletin.importing.kinds.vacancies import make_vacancies
from bulletin.importing.marking import is_simple, is_usable
from bulletin.importing.occasions import read_course, read_event
from bulletin.importing.patterns import find_dates, find_day, is_ahead, read_label, spell_ranges
from bulletin.importing.pictures import ImportedPicture
from bulletin.importing.restoring.typed_lists import drop_start, keep_start
from bulletin.importing.writing import Field, Record
from bulletin.issue.dates import Month, parse_date
from bulletin.issue.item import Point
from bulletin.issue.kinds.about import About
from bulletin.issue.kinds.campaign import Campaign
from bulletin.issue.kinds.events import Events
from bulletin.issue.kinds.executive_updates import ExecutiveUpdates
from bulletin.issue.kinds.figures import Figures
from bulletin.issue.kinds.group_update import GroupUpdate
from bulletin.issue.kinds.in_brief import InBrief
from bulletin.issue.kinds.links import Links
from bulletin.issue.kinds.people import People
from bulletin.issue.kinds.priorities import Priorities
from bulletin.issue.kinds.resources import Resources
from bulletin.issue.kinds.training import Training
from bulletin.issue.kinds.vacancies import Vacancies
from bulletin.issue.kinds.video import Video
from bulletin.issue.passages import TextFormat, find_format
from bulletin.issue.section import BaseSection
from bulletin.issue.sections import Section, section_kinds
from bulletin.issue.snippets import find_model

_LONGEST_NOTICE = 60
_FEWEST_NAMES = 2
_MOST_NAMES = 9  # words of a name with a role
_FEWEST_DATES = 2
_FEWEST_LINKS = 2
_LONGEST_LINE = 34  # words; a longer line that has a date is a report
_MOST_BESIDE = 8  # words beside a link that is its list's entry
_LONGEST_BUTTON = 6
_ASKS = re.compile(
    r"\b(?:please|share|take part|have your say|complete|fill in|sign up|join|tell us|get involved|pledge|donate)\b",
    re.IGNORECASE,
)

_UNTIL = re.compile(r"\s+(?:by|before|until)\s[^.]*\d[^.]*$", re.IGNORECASE)  # a deadline
_DEADLINE = re.compile(r"\b(?:clos(?:es|ing)(?: on| date)?|deadline|by|until|before|expires|ends)\W*$", re.IGNORECASE)
_ANSWERS = re.compile(
    r"survey|consultation|questionnaire|have your say|your views|what you think|"
    r"feedback|tell us|your stor(?:y|ies)|pledge|appeal|petition",
    re.IGNORECASE,
)

Make = Callable[[Chapter, Month], Record]


def recognise(chapter: Chapter, *, month: Month, pictures: Mapping[str, tuple[str, ImportedPicture]]) -> Record:
    """The chapter as a section of the most likely kind; an article if none fits.

    `pictures` has each picture and its path in the workspace, by the picture's source.
    """
    title = chapter.title.text
    if chapter.items and all(map(is_priority, (item.title for item in chapter.items))):
        certain = "priorit" in title.lower() and not chapter.title.check
        if fields := _make_priorities(chapter, month):
            return _finish("priorities", chapter, fields, certain=certain, pictures=pictures)
    for kind, headings, make, certain in _list_makers():
        dated = (kind == "training" and _are_meetings(chapter, month)) or (
            kind == "campaign" and _is_diary(chapter, month)
        )
        if dated or not re.search(headings, title, re.IGNORECASE):
            continue
        if fields := make(chapter, month):
            return _finish(kind, chapter, fields, certain=certain, pictures=pictures)
    for kind, make in _BY_CONTENT:
        if (chapter.tabled or _is_diary(chapter, month)) and (fields := make(chapter, month)):
            return _finish(kind, chapter, fields, certain=False, pictures=pictures)
    if _are_links(chapter) and (fields := _make_links(chapter, month)):
        return _finish("links", chapter, fields, certain=False, pictures=pictures)
    if _asks_for_answers(chapter):
        return _finish("campaign", chapter, _make_campaign(chapter, month), certain=False, pictures=pictures)
    if fields := _make_notice(chapter, month):
        return _finish("notice", chapter, fields, certain=False, pictures=pictures)
    return _finish("article", chapter, _make_article(chapter), certain=False, pictures=pictures)


def _is_diary(chapter: Chapter, month: Month) -> bool:
    """Whether all items of a chapter are short and dated, and most of them are still to come."""
    dates = [next(iter(_find_item_dates(item)), "") for item in chapter.items]
    texts = [item.title.text.partition(date) for item, date in zip(chapter.items, dates, strict=True) if date]
    if any(found and _DEADLINE.search(before) for before, found, _ in texts):
        return False
    ahead = sum(is_ahead(date, month) for date in dates if date)
    return len(dates) >= _FEWEST_DATES and all(dates) and 2 * ahead > len(dates)


def _find_item_dates(item: ImportedItem) -> list[str]:
    """The dates in the short lines of an item."""
    lines = [block.text for block in (item.title, *item.body)]
    return [date for line in lines if len(find_words(line)) <= _LONGEST_LINE for date in find_dates(line)]


def _are_links(chapter: Chapter) -> bool:
    """Whether a chapter is a list of links with few words beside them."""
    entries = [item.title for item in chapter.items if item.title.role is Role.ENTRY and not item.body]
    linked = [entry for entry in entries if len(entry.links) == 1 and is_usable(entry.links[0].link)]
    few = all(len(find_words(entry.text)) <= _MOST_BESIDE + len(find_words(entry.links[0].text)) for entry in linked)
    return len(linked) == len(chapter.items) >= _FEWEST_LINKS and few


def _describe_tables(chapter: Chapter) -> Iterator[str]:
    """What to confirm about tables that are in a text now."""
    tables = [block for block in chapter.words if block.role is Role.TABLE]
    if any(map(is_simple, tables)):
        yield "What does the table show? Type it on a line above, as in “Table: What children said”."
    if not all(map(is_simple, tables)):
        yield "There was a table here. Its rows are a list now, because it was too large or not regular."


def _finish(
    kind: str, chapter: Chapter, fields: Record, *, certain: bool, pictures: Mapping[str, tuple[str, ImportedPicture]]
) -> Record:
    noun = kind.replace("_", " ")
    notes = [] if certain else [f"is this {'an' if noun[0] in 'aeiou' else 'a'} {noun} section?"]
    listed = any(isinstance(field.value, list) for field in fields)
    if not (listed and chapter.tabled):
        notes += _describe_tables(chapter)
    if chapter.tail and any(field.name == "introduction" for field in fields):
        notes.append("The end of the introduction was below the list.")
    image, more = _place_pictures(chapter, pictures)
    notes += more
    notes += dict.fromkeys(block.check for block in (chapter.title, *chapter.blocks) if block.check)
    return (
        Field(name="kind", value=kind, check=" ".join(notes)),
        Field(name="title", value=escape_marks(chapter.title.text)),
        *image,
        *fields,
    )


def _place_pictures(chapter: Chapter, pictures: Mapping[str, tuple[str, ImportedPicture]]) -> tuple[Record, list[str]]:
    """The first picture that can be imported, as the section's own; and notes about the others."""
    image: Record = ()
    notes = []
    for block in chapter.pictures:
        path, picture = pictures.get(block.source, ("", ImportedPicture(refused="its file is not here")))
        shown = f"“{block.text}”" if block.text else "without a text alternative"
        if picture.refused:
            where = f" ({block.source})" if block.source.startswith(("http:", "https:")) else ""
            notes.append(f"There was a picture here, {shown}{where}: {picture.refused}. Add its file as `image`.")
        elif image:
            notes.append(f"There was another picture here, {shown}: it is {path}. A section can have one.")
        else:
            check = "" if block.text else "what does this picture say, for readers who can’t see it?"
            alt = Field(name="alt", value=block.text or TO_WRITE, check=check)
            image = (Field(name="image", value=(Field(name="file", value=path), alt)),)
    return image, notes


def _introduction(chapter: Chapter) -> Record:
    return text_field("introduction", [*chapter.lead, *chapter.tail])


def _make_executive(chapter: Chapter, month: Month) -> Record:  # noqa: ARG001 -- as all of them
    if not chapter.items:
        return ()
    lead = text_field("lead", chapter.lead) or (Field(name="lead", value=TO_WRITE, check="no lead was found."),)
    return (*lead, Field(name="items", value=_points(chapter)), *text_field("outlook", chapter.tail))


def _points(chapter: Chapter) -> list[Record]:
    return [items.read_point(item) for item in chapter.items]


def _make_group(chapter: Chapter, month: Month) -> Record:  # noqa: ARG001
    if not chapter.items:
        return ()
    group = Field(name="group", value=escape_marks(chapter.title.text), check="is this the group’s name?")
    return (group, *_introduction(chapter), Field(name="items", value=_points(chapter)))


def _make_priorities(chapter: Chapter, month: Month) -> Record:
    found = [items.read_priority(item, month) for item in chapter.items]
    numbers = [field.value for record in found for field in record if field.name == "number"]
    if not found or not all(found) or len(set(map(str, numbers))) < len(found):
        return ()
    return (*_introduction(chapter), Field(name="items", value=found))


def _are_meetings(chapter: Chapter, month: Month) -> bool:
    """Whether a chapter is called both training and something like meetings, and none of its items has a provider."""
    named = re.search(Events.traits.headings, chapter.title.text, re.IGNORECASE)
    return bool(named) and not any(_read_given_course(item, month) for item in chapter.items)


def _asks_for_answers(chapter: Chapter) -> bool:
    """Whether a chapter of paragraphs is about a survey or the like, and its last one asks to take part by a link."""
    plain = all(block.role is Role.PARAGRAPH for block in chapter.words)
    blocks = [part for block in _join_links(chapter.words) for part in _split_ask(block)]
    ask = _find_ask(blocks)
    text = f"{chapter.title.text} {' '.join(block.text for block in chapter.words)}"
    return plain and ask is not None and ask is blocks[-1] and len(blocks) > 1 and bool(_ANSWERS.search(text))


def _join_links(blocks: Sequence[Block]) -> list[Block]:
    """The blocks. A line that is only a link is joined to the line above it, if that ends with a colon."""
    joined: list[Block] = []
    for block in blocks:
        above = joined[-1] if joined else None
        alone = len(block.links) == 1 and block.links[0].text.strip() == block.text.strip()
        if above and alone and block.role is above.role is Role.PARAGRAPH and above.text.endswith(":"):
            joined[-1] = replace(above, runs=join_runs([*above.runs, Run(text=" "), *block.runs]))
        else:
            joined.append(block)
    return joined


def _split_ask(block: Block) -> list[Block]:
    """A paragraph as what it says, and its last sentence, if that one asks for something with the only link."""
    starts = [match.end() for match in re.finditer(r"[.!?]\s+(?=[A-Z])", block.text)]
    if not starts or len(block.links) != 1 or block.role is not Role.PARAGRAPH:
        return [block]
    said, ask = join_runs(keep_start(block.runs, starts[-1])), join_runs(drop_start(block.runs, starts[-1]))
    asked = any(run.link for run in ask) and not any(run.link for run in said)
    text = "".join(run.text for run in ask)
    return [replace(block, runs=said), replace(block, runs=ask, check="")] if asked and _ASKS.search(text) else [block]


def _make_campaign(chapter: Chapter, month: Month) -> Record:
    blocks = _join_links(chapter.words)
    blocks = _split_ask(blocks[0]) if len(blocks) == 1 else blocks
    running = Field(name="status", value=_guess_status(blocks, month), check="is it planned, running or finished?")
    ask = _find_ask(blocks)
    rest = [block for block in blocks if block is not ask]
    ends = _find_end(blocks, month)
    if ask is None or not rest:
        return (running, *ends, *text_field("text", blocks)) if blocks else ()
    return (running, *ends, *text_field("text", rest), _make_ask(ask))


def _guess_status(blocks: list[Block], month: Month) -> str:
    """A campaign whose first date is after the month of the issue is planned; a deadline doesn't count."""
    text = re.sub(r"\b(?:by|until|before|closes (?:on )?)\s+[^,.]*", " ", " ".join(block.text for block in blocks))
    dates = [find_day([date]) for date in find_dates(spell_ranges(text)) if find_day([date])]
    following = Month(month.year + month.month // 12, month.month % 12 + 1)
    return "planned" if dates and is_ahead(dates[0], following) else "running"


def _find_end(blocks: list[Block], month: Month) -> Record:
    """The last day of a campaign, if its text names it."""
    text = spell_ranges(" ".join(block.text for block in blocks))
    for date in find_dates(text):
        if re.search(rf"(?:\b(?:by|until|ends on|closes on|to)|\d{{4}} [–-]) {re.escape(date)}", text, re.IGNORECASE):
            return tuple(replace(field, check="is this its last day?") for field in date_field("ends", date, month))
    return ()


def _find_ask(blocks: list[Block]) -> Block | None:
    """The last paragraph that asks for something, with one link."""
    asking = [
        block
        for block in blocks
        if block.role is Role.PARAGRAPH
        and len([run for run in block.links if is_usable(run.link)]) == len(block.links) == 1
        and _ASKS.search(block.text)
    ]
    return asking[-1] if asking else None


def _make_ask(block: Block) -> Field:
    """The ask, as a sentence and a button. The button gets the words of the link."""
    (link,) = block.links
    bare = link.text.strip() == link.link
    said = _UNTIL.sub("", link.text.strip())
    shown = "" if bare or len(find_words(said)) > _LONGEST_BUTTON else said
    runs = [
        Run(text=run.text, strong=run.strong, slanted=run.slanted) for run in block.runs if run is not link or not bare
    ]
    text = text_field("text", [Block(role=Role.PARAGRAPH, runs=tuple(runs))])
    if text and isinstance(text[0].value, str):
        text = (Field(name="text", value=text[0].value.strip().removesuffix(":").strip()),)
    button = Field(name="button", value=shown or "Find out more", check="" if shown else "what should the button say?")
    return Field(name="ask", value=(*text, button, Field(name="link", value=link.link)))


def _make_occasions(read: Callable[[ImportedItem, Month], Record]) -> Make:
    def make(chapter: Chapter, month: Month) -> Record:
        read_items = [(item, read(item, month)) for item in chapter.items]
        found = [record for _, record in read_items if record]
        if not found or 2 * len(found) < len(read_items) + 1:
            return ()
        others = [block for item, record in read_items if not record for block in (item.title, *item.body)]
        found = sorted(found, key=_first_day)
        note = "this text isn’t tied to a date; decide where it goes." if others else ""
        introduction = text_field("introduction", [*chapter.lead, *others, *chapter.tail])
        return (*(replace(field, check=note) for field in introduction), Field(name="items", value=found))

    return make


def _first_day(record: Record) -> tuple[int, int, int]:
    """The day of an event, by which events are sorted. All others keep their places at the end."""
    written = next((field.value for field in record if field.name == "date"), "")
    day = parse_date(written).exact if isinstance(written, str) and written and find_day([written]) == written else None
    return (day.year, day.month, day.day) if day else (9999, 0, 0)


def _make_resources(chapter: Chapter, month: Month) -> Record:  # noqa: ARG001
    """Groups if there are sub-headings; else one group with the section's title."""
    groups = [(item.title, item.body) for item in chapter.items] if chapter.headed else []
    groups = groups or [(chapter.title, tuple(item.title for item in chapter.items))]
    found = [(title, [items.read_resource(block) for block in blocks]) for title, blocks in groups]
    if not all(entries and all(entries) for _, entries in found):
        return ()
    records: list[Record] = [
        (Field(name="title", value=escape_marks(title.text)), Field(name="items", value=entries))
        for title, entries in found
    ]
    return (*_introduction(chapter), Field(name="groups", value=records))


def _make_links(chapter: Chapter, month: Month) -> Record:  # noqa: ARG001
    found = [items.read_link(item.title) for item in chapter.items]
    if chapter.headed or not found or not all(found):
        return ()
    return (*_introduction(chapter), Field(name="items", value=found))


def _make_notice(chapter: Chapter, month: Month) -> Record:  # noqa: ARG001
    signed = len(chapter.words) > 1 and _is_byline(chapter.words[-1])
    short = sum(len(find_words(block.text)) for block in chapter.words) <= _LONGEST_NOTICE and not signed
    single = sum(not block.tight for block in chapter.words) == 1
    return text_field("text", chapter.words) if short and single and not chapter.items else ()


def _make_about(chapter: Chapter, month: Month) -> Record:  # noqa: ARG001
    return text_field("text", chapter.words)


def _make_article(chapter: Chapter) -> Record:
    blocks = chapter.words
    byline = read_label(blocks[0].text, "By") if blocks and len(blocks[0].text) < 80 else ""
    if byline and len(blocks) > 1 and not blocks[0].links:
        return (Field(name="byline", value=escape_marks(byline)), *text_field("text", blocks[1:]))
    if len(blocks) > 1 and _is_byline(blocks[-1]):
        asked = Field(name="byline", value=escape_marks(blocks[-1].text), check="is this who wrote it?")
        return (asked, *text_field("text", blocks[:-1]))
    nothing = Field(name="text", value=TO_WRITE, check="there was nothing below the heading.")
    return text_field("text", blocks) or (nothing,)


def _is_byline(block: Block) -> bool:
    """Whether the last line of an article is a name, perhaps with a role: `Helen Marsh, Chief Executive`."""
    words = [word for word in re.findall(r"[\w’'-]+", block.text) if word not in ("of", "the", "and", "for")]
    named = _FEWEST_NAMES <= len(words) <= _MOST_NAMES and all(
        word[0].isupper() and (len(word) == 1 or not word.isupper()) for word in words
    )
    plain = block.role is Role.PARAGRAPH and not block.links and not block.tight
    return (
        plain
        and named
        and block.text[-1] not in ".!?:"
        and ("," in block.text or any(run.slanted for run in block.runs))
    )


def _make_plainly(model: type[BaseSection]) -> Make:
    """A maker for a kind from its fields alone: the whole chapter becomes its first required text.

    A required list of points becomes the chapter's own list. Other required texts become placeholders. If the kind
    requires anything else, the maker returns the empty record.
    """
    needed = {
        name: find_format(field)
        for name, field in model.model_fields.items()
        if field.is_required() and name not in ("kind", "title")
    }
    texts = [
        name
        for name, text_format in needed.items()
        if text_format in (TextFormat.TEXT, TextFormat.LINE, TextFormat.PLAIN)
    ]
    whole = next((name for name in texts if needed[name] is TextFormat.TEXT), "")
    points = [name for name in needed if find_model(model.model_fields[name]) is Point]

    def make(chapter: Chapter, month: Month) -> Record:  # noqa: ARG001 -- as all of them
        if len(texts) + len(points) < len(needed) or (points and not chapter.items):
            return ()
        blocks = [*chapter.lead, *chapter.tail] if points else chapter.words
        if not points and not (whole and blocks):
            return ()
        fields = []
        for name in needed:
            if name in points:
                fields.append(Field(name=name, value=_points(chapter)))
            elif written := text_field(name, blocks) if name == whole else ():
                fields += written
            else:
                fields.append(Field(name=name, value=TO_WRITE, check="the old bulletin doesn’t say this."))
        return tuple(fields)

    return make


def _read_given_course(item: ImportedItem, month: Month) -> Record:
    """A course whose provider a table gives."""
    record = read_course(item, month)
    return () if any(field.name == "provider" and field.check for field in record) else record


# The kinds with makers of their own, the surest first, and whether heading and content together leave no doubt.
_MAKERS: tuple[tuple[type[Section], Make, bool], ...] = (
    (Priorities, _make_priorities, True),
    (Vacancies, make_vacancies, True),
    (Figures, make_figures, True),
    (InBrief, make_briefs, True),
    (ExecutiveUpdates, _make_executive, True),
    (Resources, _make_resources, True),
    (Links, _make_links, True),
    (Training, _make_occasions(read_course), True),
    (Events, _make_occasions(read_event), True),
    (People, make_people, False),
    (Video, make_film, False),
    (Campaign, _make_campaign, False),
    (About, _make_about, True),
    (GroupUpdate, _make_group, False),
)
_BY_CONTENT: tuple[tuple[str, Make], ...] = (
    ("training", _make_occasions(_read_given_course)),
    ("events", _make_occasions(read_event)),
)


@cache
def _list_makers() -> tuple[tuple[str, str, Make, bool], ...]:
    """Each kind that has typical headings: its name, those headings, its maker, and whether that leaves no doubt."""
    names = {model: kind for kind, model in section_kinds().items()}
    known = {model for model, _, _ in _MAKERS}
    others = ((model, _make_plainly(model), False) for model in names if model not in known)
    return tuple(
        (names[model], model.traits.headings, make, certain)
        for model, make, certain in (*_MAKERS, *others)
        if model.traits.headings
    )
