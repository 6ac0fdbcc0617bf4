"""Two languages: each text, its parts, links and numbers are in both. Errors, so that nothing half-translated is sent.

What is written once for both (dates, numbers, choices, the number of items) can't differ, and needs no rule. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from bulletin.declaration.prose import BlockKind, Prose
from bulletin.issue.item import YES
from bulletin.issue.passages import Passage, TextFormat
from bulletin.languages.known import name_language
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.told_numbers import count_numbers, find_months, tells_in_words
from bulletin.proof.reading.versions import BilingualText, count_words, find_bilingual
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.languages import PagePair
from bulletin.settings.proof import Severity

LANGUAGES = "languages: [cy, en]\n"
BOTH = "subject: {cy: Newyddion, en: News}\npreview_text: {cy: Ein gwaith, en: Our work}\n"
_MOST_EQUAL = 3  # words that may well be the same in both: a name, “Ofsted”, “Free”
_SHOWN_SETTINGS = frozenset({"name", "about", "title", "text", "alt", "reason", "greeting", "greeting_unnamed"})


def _notice(text: str) -> str:
    return f"- kind: notice\n  title: {{cy: Oriau, en: Hours}}\n  text: {text}\n"


def find_texts(context: Context) -> tuple[BilingualText, ...]:
    """The texts of a bilingual issue; none of one in one language."""
    return tuple(find_bilingual(context.passages)) if context.issue.languages else ()


def _list_both(context: Context) -> Iterator[tuple[Passage, Passage]]:
    """Each text that is in both languages, in the order of the languages. Addresses are left out."""
    for text in context.gather(find_texts):
        versions = [text.versions[code] for code in context.issue.languages if code in text.versions]
        if versions and versions[0].format is not TextFormat.ADDRESS:
            yield from pairwise(versions)


def _point_at(passage: Passage, message: str, remedy: str) -> Violation:
    return violation_at(passage, (0, len(passage.prose.text)), message, remedy)


def _name(*passages: Passage) -> str:
    return " and ".join(name_language(passage.language) for passage in passages)


@rule(
    "PAR01",
    "missing-language",
    severity=Severity.ERROR,
    reason="Readers of one language would get the words of the other, or miss something.",
    wrong=[Example(header=LANGUAGES, sections=_notice("{cy: Rydym ar agor.}"), at="Rydym ar agor.")],
    right=[Example(header=LANGUAGES, sections=_notice("{cy: Rydym ar agor., en: We are open.}"))],
)
def missing_language(context: Context) -> Iterator[Violation]:
    """A text that is in one language only."""
    for text in context.gather(find_texts):
        for code in context.issue.languages if text.versions else ():
            if code not in text.versions:
                yield _point_at(
                    text.any_passage, f"This text is not there in {name_language(code)}.", f"Write it, with `{code}:`."
                )


@rule(
    "PAR02",
    "not-translated",
    severity=Severity.ERROR,
    reason="The same words in both languages are usually a translation that was forgotten.",
    wrong=[
        Example(header=LANGUAGES + BOTH, sections=_notice("We are open all week."), at="We are open all week."),
        Example(
            header=LANGUAGES + BOTH,
            sections=_notice("{cy: We are open all week., en: We are open all week.}"),
            at="We are open all week.",
        ),
    ],
    right=[
        Example(header=LANGUAGES + BOTH, sections=_notice("{cy: Rydym ar agor bob dydd., en: We are open every day.}")),
        Example(
            header=LANGUAGES + BOTH,
            sections=_notice("{cy: Come and see Y Tŷ Mawr, en: Come and see Y Tŷ Mawr, same: yes}"),
        ),
        Example(
            header=LANGUAGES + BOTH,
            sections="- kind: article\n  title: {cy: Ein gwaith, en: Our work}\n  teaser: yes\n"
            "  text: {cy: Rydym ar agor bob dydd., en: We are open every day.}\n",
            settings="website: {url: 'https://news.anytown.example.org'}",
        ),
    ],
)
def not_translated(context: Context) -> Iterator[Violation]:
    """A text that is written once, or is the same in both languages."""
    for text in context.gather(find_texts):
        if violation := _find_same(text):
            yield violation
    for text in find_bilingual(context.imprint) if context.issue.languages else ():
        passage = text.any_passage
        if passage.field in _SHOWN_SETTINGS and (violation := _find_same(text, names=True)):
            yield replace(violation, file=passage.source.file, lines=passage.source.lines)


def _is_choice(passage: Passage) -> bool:
    """Whether it is `teaser: yes`, which says that each language begins as its own text does."""
    return passage.field == "teaser" and passage.prose.text == YES


def _find_same(text: BilingualText, *, names: bool = False) -> Violation | None:
    """`names`: whether even what may stay the same is told once it has many words."""
    passage, words = text.any_passage, count_words(text.any_passage)
    written = {version.written.strip() for version in text.versions.values()}
    if text.is_same or (text.is_for_all and not names) or not words or len(written) > 1 or _is_choice(passage):
        return None
    if text.once and (words > _MOST_EQUAL or not names):
        what = "This text is written once, so readers of both languages get the same words."
        return _point_at(passage, what, "Write it in both, as in {cy: …, en: …}. If it is the same, write it twice.")
    if len(text.versions) > 1 and words > _MOST_EQUAL:
        what = f"This text is the same in {_name(*text.versions.values())}."
        return _point_at(passage, what, "Translate it. If it is right in both languages, add `same: yes` below it.")
    return None


@rule(
    "PAR03",
    "different-parts",
    severity=Severity.ERROR,
    reason="An entry of a list, a row or a heading that one language lacks is news that its readers don't get.",
    wrong=[
        Example(
            header=LANGUAGES,
            sections=_notice('{cy: "- Llun\\n- Mawrth", en: "- Monday\\n- Tuesday\\n- Friday"}'),
            at="Monday",
        )
    ],
    right=[
        Example(header=LANGUAGES, sections=_notice('{cy: "- Llun\\n- Mawrth", en: "- Monday\\n- Tuesday"}')),
        Example(header=LANGUAGES, sections=_notice('{cy: "Un.\\n\\nDau.", en: One. Two.}')),
    ],
)
def different_parts(context: Context) -> Iterator[Violation]:
    """List entries, headings, quotations or tables that only one language has."""
    for one, other in _list_both(context):
        parts = (_count_parts(one.prose), _count_parts(other.prose))
        for what in sorted({*parts[0], *parts[1]}):
            if parts[0][what] != parts[1][what]:
                yield _point_at(
                    other,
                    f"{name_language(one.language)} has {_say_count(parts[0][what], what)} here, and "
                    f"{name_language(other.language)} {_say_count(parts[1][what], what)}.",
                    "Write the same in both, in the same order.",
                )


_PARTS = {BlockKind.ENTRY: "list entry", BlockKind.HEADING: "heading", BlockKind.QUOTATION: "quotation"}


def _count_parts(prose: Prose) -> Counter[str]:
    parts = Counter(_PARTS[block.kind] for block in prose.blocks if block.kind in _PARTS)
    for number, table in enumerate(prose.tables, 1):
        parts[f"row in table {number}"] = len(table.rows)
        parts[f"column in table {number}"] = max((len(row.cells) for row in table.rows), default=0)
    return parts


def _say_count(number: int, what: str) -> str:
    first, *rest = what.split(" ", 1) if what.startswith(("row", "column")) else (what,)
    plural = first if number == 1 else first.removesuffix("y") + ("ies" if first.endswith("y") else "s")
    return " ".join(filter(None, [str(number or "no"), plural, *rest]))


@rule(
    "PAR04",
    "different-links",
    severity=Severity.ERROR,
    reason="A link that one language lacks, or that leads elsewhere, is a mistake that no one sees in the other.",
    wrong=[
        Example(
            header=LANGUAGES,
            sections=_notice(
                "{cy: 'Gweler [y canllaw](https://gov.wales/a).', en: 'See [the guide](https://gov.wales/b).'}"
            ),
            at="y canllaw",
        )
    ],
    right=[
        Example(
            header=LANGUAGES,
            sections=_notice("{cy: '[Y canllaw](https://gov.wales/a)', en: '[The guide](https://gov.wales/a)'}"),
        ),
        Example(
            header=LANGUAGES,
            settings="languages:\n  pairs:\n  - {cy: https://gov.wales/cy/, en: https://gov.wales/}\n",
            sections=_notice("{cy: '[Y canllaw](https://gov.wales/cy/a)', en: '[The guide](https://gov.wales/a)'}"),
        ),
    ],
)
def different_links(context: Context) -> Iterator[Violation]:
    """Links in a text that differ between the languages, and are no pair of pages in `languages: pairs`."""
    pairs = context.settings.languages.pairs
    for one, other in _list_both(context):
        here, there = ([link.address for link in passage.prose.links] for passage in (one, other))
        for address in list(here):
            twin = next((each for each in there if _are_twins(address, each, one, other, pairs)), None)
            if twin is not None:
                here.remove(address)
                there.remove(twin)
        for passage, left, lacking in ((one, here, other), (other, there, one)):
            for address in left[:1]:
                yield _explain_link(passage, address, lacking)


def _are_twins(address: str, twin: str, one: Passage, other: Passage, pairs: tuple[PagePair, ...]) -> bool:
    """Whether two addresses are the same, or the same page in two languages."""
    return address == twin or any(pair.pairs(address, twin, languages=(one.language, other.language)) for pair in pairs)


def _explain_link(passage: Passage, address: str, lacking: Passage) -> Violation:
    link = next(link for link in passage.prose.links if link.address == address)
    return violation_at(
        passage,
        (link.start, link.end),
        f"This link is not in the text in {name_language(lacking.language)}.",
        "Use the same address in both. For a page that has two, add both under `languages: pairs:` in bulletin.yaml.",
    )


@rule(
    "PAR05",
    "different-numbers",
    severity=Severity.ERROR,
    reason="A day or a number that differs between the languages is wrong in one of them.",
    wrong=[
        Example(
            header=LANGUAGES,
            sections=_notice("{cy: Rydym ar gau ar 24 Rhagfyr., en: We are closed on 25 December.}"),
            at="We are closed",
        ),
        Example(
            header=LANGUAGES,
            sections=_notice("{cy: Rydym ar gau ar 4 Mai., en: We are closed on 4 June.}"),
            at="We are closed",
        ),
    ],
    right=[
        Example(
            header=LANGUAGES, sections=_notice("{cy: Ar gau o 24 Rhagfyr 2021., en: Closed from 24 December 2021.}")
        ),
        Example(header=LANGUAGES, sections=_notice("{cy: Daeth 2 ysgol., en: Two schools came.}")),
        Example(header=LANGUAGES, sections=_notice("{cy: Daeth 1200 o bobl., en: '1,200 people came.'}")),
    ],
)
def different_numbers(context: Context) -> Iterator[Violation]:
    """Numbers, days and months that differ between the languages."""
    for one, other in _list_both(context):
        told = {passage.language: _find_alone(passage, twin) for passage, twin in ((one, other), (other, one))}
        if any(told.values()):
            what = "; ".join(
                f"only in {name_language(code)}: {', '.join(found)}" for code, found in told.items() if found
            )
            yield _point_at(other, f"The numbers or months differ ({what}).", "Correct the one that is wrong.")


def _find_alone(passage: Passage, twin: Passage) -> list[str]:
    """The numbers and months of a passage that its twin in the other language does not tell."""
    text, other = passage.prose.text, twin.prose.text
    numbers = [number for number in count_numbers(text) - count_numbers(other) if not tells_in_words(other, number)]
    months = find_months(text) - find_months(other)
    return numbers + [f"month {month}" for month in months]


RULES: tuple[Rule, ...] = (missing_language, not_translated, different_parts, different_links, different_numbers)
