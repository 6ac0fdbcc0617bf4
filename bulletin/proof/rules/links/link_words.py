"""Links: words that do not say where a link leads. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.declaration.source import Place
from bulletin.issue.passages import TextFormat
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.links.written import WrittenLink
from bulletin.proof.reporting import violation_at, violation_at_link, violation_at_link_words
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_EMPTY_WORDS = frozenset(
    line.strip()
    for line in """
    a link, at this link, available here, by clicking here, by following this link, by this link, by visiting this link,
    click, click below, click link, click me, click on link, click on the link, click on this link, click the link,
    click this, click this link, continue, continue reading, details here, document, external link, file, find it here,
    find more, find out more, follow link, follow the link, follow this link, for more, for more information,
    full story, further information, go, go here, go to link, go to page, go to site, go to the website, go to website,
    here, hyperlink, i, info, information, it, learn more, link, link here, link text, links, more, more details,
    more info, more information, on our website, on this page, online, open, our site, our web site, our website, page,
    pdf, press here, read, read full story, read it here, read more, read on, read this, see, see here, see link,
    see more, see the link, see this link, see website, show more, site, tap, tap here, text, that, the link, the page,
    the site, the website, their website, this, this address, this document, this file, this link, this one, this page,
    this pdf, this site, this url, this web page, this web site, this webpage, this website, url, via this link,
    view, view here, view link, view more, view page, view website, visit, visit here, visit link, visit our website,
    visit page, visit site, visit the link, visit the page, visit the site, visit the website, visit this link,
    visit us, visit us here, visit website, web address, web link, web page, web site, weblink, webpage, website
    """.replace("\n", " ").split(",")
)  # fmt: skip
_ENDS_IN_HERE = re.compile(
    r"(?:(?:please|simply|just) )?(?:apply|available|book|buy|click|complete it|download|download it|enrol|find it"
    r"|find out more|follow|found|get it|go|join|learn more|listen|look|more|more info|more information|on|order|press"
    r"|read|read it|read more|register|respond|see|see it|see more|sign in|sign up|subscribe|tap|view|view it|visit"
    r"|watch|watch it)(?: on)? here"
)
_CLICK_HERE = re.compile(
    r"(?:please )?(?:click|press|tap)(?: on)? (?:here|this(?: link| button)?)(?: (?:to|for) \w+(?: \w+)?)?"
)
_BARE = re.compile(r"(?:https?://|www\.|mailto:|tel:)\S+|[\w-]+(?:\.[\w-]+)+/\S{24,}", re.IGNORECASE)
_IN_TEXT = re.compile(r"\bhttps?://[^\s<>()\[\]“”\"]{4,}", re.IGNORECASE)
_NOT_WORDS = " \t\n\u00a0.,;:!?…>»›→–—-“”‘’\"'()[]*_"
_SHORT = 45  # characters of an address that readers can take in
_LONGEST_WORDS = 200  # characters: link text longer than this says something


def _fold(words: str) -> str:
    """Words for comparison, without capitals and without the spaces and signs around them."""
    return " ".join(words.strip(_NOT_WORDS).casefold().split())


def _says_nothing(words: str) -> bool:
    if len(words) > _LONGEST_WORDS:
        return False
    folded = _fold(words)
    empty = folded in _EMPTY_WORDS or _ENDS_IN_HERE.fullmatch(folded) or _CLICK_HERE.fullmatch(folded)
    return bool(empty) or not any(char.isalnum() for char in folded)


@rule(
    "LINK01",
    "empty-link-text",
    severity=Severity.WARNING,
    reason="Screen readers can list links without the text around them, and readers who skim see little else.",
    wrong=[
        Example(text="For the plan, click [here](https://www.example.org/plan).", at="here"),
        Example(text="See <https://www.example.org/plan/2021/action-plan.pdf>.", at="https://www.example.org/plan"),
    ],
    right=[
        Example(text="Read [our plan for 2021](https://www.example.org/plan)."),
        Example(text="The survey is at [thebigask.uk](https://thebigask.uk)."),
    ],
)
def empty_link_text(context: Context) -> Iterator[Violation]:
    """A link whose words don’t say where it leads: “here”, “read more”, a bare address."""
    for link in context.links:
        in_text = link.passage.format is TextFormat.TEXT
        if not in_text and link.words_in is None:
            continue
        if link.bare and len(link.words) <= _SHORT and not link.words.lower().startswith("http"):
            continue  # www.example.org and name@example.org say where they lead
        if len(link.words) <= 2000 and _BARE.fullmatch(link.words.strip()):
            yield violation_at_link_words(
                link,
                "Readers see only an address here.",
                "Link words that say what is there: [our plan for 2021](https://www.example.org/plan).",
            )
        elif _says_nothing(link.words):
            shown = (
                f"“{link.words.strip()}” doesn’t say where it leads."
                if link.words.strip()
                else "This link has no words."
            )
            how = "Link the words that say what is there: [our plan for 2021](https://www.example.org/plan)."
            yield violation_at_link_words(
                link, shown, how if in_text else "Say what readers will find there, or what they can do."
            )
    yield from _find_unlinked(context)


def _find_unlinked(context: Context) -> Iterator[Violation]:
    """Addresses in a text that are neither linked nor code."""
    for passage in context.texts:
        if passage.format is not TextFormat.TEXT or "://" not in passage.written:
            continue
        prose = passage.prose
        taken = sorted([*((link.start, link.end) for link in prose.links), *prose.codes])
        number = 0
        for match in _IN_TEXT.finditer(prose.text):
            while number < len(taken) and taken[number][1] <= match.start():
                number += 1
            if number == len(taken) or taken[number][0] >= match.end():
                end = match.start() + len(match[0].rstrip(".,;:!?’”'"))
                yield violation_at(
                    passage,
                    (match.start(), end),
                    "This address isn’t a link.",
                    "Link words that say what is there: [our plan for 2021](https://www.example.org/plan).",
                )


@rule(
    "LINK02",
    "same-text-two-targets",
    severity=Severity.WARNING,
    reason="Readers who hear or skim only the links can’t tell apart two with the same words.",
    wrong=[
        Example(
            text="Read [the guide](https://www.example.org/parents). Staff read [the guide](https://www.example.org/staff).",
            at="https://www.example.org/staff",
        )
    ],
    right=[
        Example(text="See [the plan](https://www.example.org/plan). Again: [the plan](https://www.example.org/plan)."),
    ],
)
def same_text_two_targets(context: Context) -> Iterator[Violation]:
    """Two links with the same words and different addresses."""
    audiences = _find_audiences(context)
    earlier: dict[tuple[str, str], list[tuple[str, frozenset[str], WrittenLink]]] = {}
    for link in context.links:
        words = _fold(link.words[:_LONGEST_WORDS])
        if not words or _says_nothing(link.words) or _BARE.fullmatch(link.words.strip()[:_LONGEST_WORDS]):
            continue
        kind = "web" if link.target.is_web else link.target.scheme
        target, audience = _name_target(link), _audience(audiences, link)
        seen = earlier.setdefault((kind, words), [])
        if any(one == target and other == audience for one, other, _ in seen):
            continue
        other = next((one for at, whom, one in seen if at != target and _meet(whom, audience)), None)
        if len(seen) < _MOST_TARGETS:
            seen.append((target, audience, link))
        if other is not None:
            line = other.passage.locate_written(max(0, other.at), max(0, other.at) + 1).line
            yield violation_at_link(
                link,
                f"“{link.words.strip()}” leads to another address on line {line}.",
                "Give each link its own words, or correct the address.",
            )


_MOST_TARGETS = 8  # with the same words that are remembered for comparison


def _name_target(link: WrittenLink) -> str:
    """A key that is equal for the same address with or without a final slash, www. and https."""
    target = link.target
    if not target.is_web:
        return link.address.lower()
    return f"{target.bare_host}:{target.port or ''}{target.path.rstrip('/')}?{target.query}#{target.fragment}"


def _find_audiences(context: Context) -> dict[Place, frozenset[str]]:
    """The records that are for some lists only."""
    found = ((record.place, getattr(record.value, "for_", ())) for record in context.records)
    return {place: frozenset(lists) for place, lists in found if lists}


def _audience(audiences: dict[Place, frozenset[str]], link: WrittenLink) -> frozenset[str]:
    """The lists whose readers see a link; empty for all lists."""
    place = link.passage.place
    around = [audiences[place[:end]] for end in range(len(place) + 1) if place[:end] in audiences]
    return frozenset.intersection(*around) if around else frozenset()


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or bool(one & other)


RULES: tuple[Rule, ...] = (empty_link_text, same_text_two_targets)
