"""Links: words that say nothing, and addresses that readers cannot or should not open. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bulletin.declaration.source import Place
from bulletin.issue.passages import TextFormat
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.links.hosts import SHORTENERS, explain_closed, is_tracking, read_target
from bulletin.proof.links.safe_links import find_wrapper, unwrap
from bulletin.proof.links.written import WrittenLink
from bulletin.proof.reading.lookalikes import find_lookalikes
from bulletin.proof.reporting import violation_at, violation_at_link, violation_at_link_words
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.contact_links import RULES as CONTACT_RULES
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
_LONGEST_WORDS = 200  # letters: a longer text of a link says something


def _fold(words: str) -> str:
    """Words without capitals, spaces and signs around them, so that two are compared for what they say."""
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
    reason="Screen readers list the links of a text without the text, and eyes that skim see nothing else.",
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
    """A link whose words do not say where it leads: “here”, “read more”, a bare address."""
    for link in context.links:
        in_text = link.passage.format is TextFormat.TEXT
        if not in_text and link.words_in is None:
            continue
        if len(link.words) <= 2000 and _BARE.fullmatch(link.words.strip()):
            yield violation_at_link_words(
                link,
                "An address is all that readers see of this link.",
                "Link words that say what is there, as in [our plan for 2021](https://www.example.org/plan).",
            )
        elif _says_nothing(link.words):
            shown = (
                f"“{link.words.strip()}” does not say where it leads." if link.words.strip() else "Nothing to click on."
            )
            how = "Link the words that say what is there, as in [our plan for 2021](https://www.example.org/plan)."
            yield violation_at_link_words(
                link, shown, how if in_text else "Name what readers find there, or what they can do."
            )
    yield from _find_unlinked(context)


def _find_unlinked(context: Context) -> Iterator[Violation]:
    """Addresses that stand in a text as they are, where there is neither a link nor code."""
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
                    "This address stands in the text as it is, and is no link.",
                    "Link words that say what is there, as in [our plan for 2021](https://www.example.org/plan).",
                )


@rule(
    "LINK02",
    "same-text-two-targets",
    severity=Severity.WARNING,
    reason="Whoever hears or skims the links alone cannot tell two apart that have the same words.",
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
    """The same words lead to different addresses."""
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
                f"“{link.words.strip()}” leads elsewhere on line {line}.",
                "Give each of them words of its own, or correct the address.",
            )


_MOST_TARGETS = 8  # of the same words that are kept to be held against others


def _name_target(link: WrittenLink) -> str:
    """What makes two addresses the same: a final slash, www. and https are no difference."""
    target = link.target
    if not target.is_web:
        return link.address.lower()
    return f"{target.bare_host}:{target.port or ''}{target.path.rstrip('/')}?{target.query}#{target.fragment}"


def _find_audiences(context: Context) -> dict[Place, frozenset[str]]:
    """The records that are for some lists only."""
    found = ((record.place, getattr(record.value, "for_", ())) for record in context.records)
    return {place: frozenset(lists) for place, lists in found if lists}


def _audience(audiences: dict[Place, frozenset[str]], link: WrittenLink) -> frozenset[str]:
    """The lists whose readers see a link; empty for all of them."""
    place = link.passage.place
    around = [audiences[place[:end]] for end in range(len(place) + 1) if place[:end] in audiences]
    return frozenset.intersection(*around) if around else frozenset()


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or bool(one & other)


_ALWAYS_SAFE = re.compile(
    r"(?:[a-z0-9-]+\.)*(?:gov\.uk|nhs\.uk|parliament\.uk|bbc\.co\.uk|youtube\.com|wikipedia\.org)"
)


@rule(
    "LINK03",
    "http",
    severity=Severity.WARNING,
    reason="With http, anyone between a reader and the page can read and change it; browsers warn of it.",
    wrong=[Example(text="Read [our plan](http://www.example.org/plan).", at="http")],
    right=[Example(text="Read [our plan](https://www.example.org/plan).")],
)
def http(context: Context) -> Iterator[Violation]:
    """An address that begins with http instead of https."""
    secure = {link.target.host for link in context.links if link.target.scheme == "https"}
    secure |= {read_target(address).host for address in _find_own(context) if address.startswith("https:")}
    for link in context.links:
        target = link.target
        if target.scheme != "http" or not target.is_web or explain_closed(target):
            continue
        known = (target.host in secure or _ALWAYS_SAFE.fullmatch(target.host)) and target.port is None
        yield violation_at_link(
            link,
            "This address begins with http, which is not safe.",
            "Begin it with https." if known else "Open it with https instead; if that works, write it so.",
            end=len("http"),
            replacement="https" if known and link.address.startswith("http:") else None,
        )


def _find_own(context: Context) -> Iterator[str]:
    """The addresses in bulletin.yaml, web and mail; the latter with `mailto:`."""
    settings = context.settings
    organisation = settings.organisation
    webs = (organisation.website, organisation.privacy, settings.website.url if settings.website else None)
    yield from (str(web) for web in webs if web)
    mails = [organisation.email, *(contributor.email for contributor in settings.contributors.values())]
    for bulletin in settings.bulletins.values():
        mails += [bulletin.sender.email, *([bulletin.reply_to] if bulletin.reply_to else [])]
    yield from (f"mailto:{mail}" for mail in mails)


_DRIVE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]:\\[A-Za-z0-9][^\s“”\"<>|]*|\bfile:/{2,3}[^\s“”\"<>|]+")
_SHARE = re.compile(r"(?<!\S)\\\\?[A-Za-z][A-Za-z0-9-]{2,}\\[A-Za-z0-9$][^\s“”\"<>|]*")


@rule(
    "LINK04",
    "closed-address",
    severity=Severity.WARNING,
    reason="Readers outside your organisation meet a page that asks them to sign in, or nothing at all.",
    wrong=[
        Example(text="Read [the minutes](https://anytown.sharepoint.com/sites/board/m.docx).", at="https://anytown."),
        Example(text="The form is at S:\\Shared\\Forms.", at="S:\\Shared"),
    ],
    right=[Example(text="Read [the minutes](https://www.example.org/board/2021-04).")],
)
def closed_address(context: Context) -> Iterator[Violation]:
    """An address that only people inside an organisation can open: SharePoint, an intranet, a drive."""
    for link in context.links:
        if link.target.is_web and (why := explain_closed(link.target)):
            yield violation_at_link(
                link,
                f"Readers outside cannot open this: {why}.",
                "Put it where everyone can open it, and link to that.",
            )
    for passage in context.texts:
        if "\\" in passage.written or "file:" in passage.written:
            for pattern in (_DRIVE, _SHARE):
                for match in pattern.finditer(passage.prose.text):
                    end = match.start() + len(match[0].rstrip(".,;:!?)’'"))
                    yield violation_at(
                        passage,
                        (match.start(), end),
                        "Readers outside cannot open this: it is on a drive of your own.",
                        "Put it where everyone can open it, and link to that.",
                    )


@rule(
    "LINK05",
    "shortener",
    severity=Severity.WARNING,
    reason="A shortened address hides where it leads: readers and spam filters mistrust it, and it can expire.",
    wrong=[Example(text="Please [answer our survey](https://bit.ly/3exAmpl).", at="https://bit.ly/3exAmpl")],
    right=[Example(text="Please [answer our survey](https://www.example.org/survey).")],
)
def shortener(context: Context) -> Iterator[Violation]:
    """A shortened address."""
    for link in context.links:
        target = link.target
        leads_on = target.path.strip("/") or target.query
        if target.is_web and target.bare_host in SHORTENERS and leads_on and not _is_map(target.bare_host, target.path):
            yield violation_at_link(
                link,
                f"{target.bare_host} hides where this leads.",
                "Open it, and link to the address that you arrive at.",
            )


def _is_map(host: str, path: str) -> bool:
    return host == "goo.gl" and path.startswith(("/maps/", "/forms/"))


_PARAMETER = re.compile(r"[^&;]+")


@rule(
    "LINK06",
    "tracking",
    severity=Severity.WARNING,
    reason="Such parameters tell others that your readers came, and sometimes who they are.",
    wrong=[
        Example(
            text="Read [our plan](https://www.example.org/plan?utm_source=news&utm_medium=email).",
            at="utm_source=news&utm_medium=email",
        )
    ],
    right=[Example(text="Read [our plan](https://www.example.org/plan?page=2).")],
)
def tracking(context: Context) -> Iterator[Violation]:
    """Parameters in an address that are there to follow readers."""
    for link in context.links:
        if link.target.is_web and link.target.query and not find_wrapper(link.target):
            for start, end in _find_tracking(link.address):
                yield violation_at_link(
                    link,
                    "This part of the address is there to follow readers.",
                    "Take it out: the page opens without it.",
                    start=start,
                    end=end,
                    replacement="",
                )


def _find_tracking(address: str) -> Iterator[tuple[int, int]]:
    """Where runs of such parameters stand, each with the sign that would be left over without it."""
    before, _, _ = address.partition("#")
    first = before.find("?") + 1
    found = [(match.start(), match.end(), is_tracking(match[0])) for match in _PARAMETER.finditer(before, first)]
    runs: list[tuple[int, int]] = []
    for number, (start, end, tracks) in enumerate(found):
        if tracks and number and found[number - 1][2]:
            runs[-1] = (runs[-1][0], end)
        elif tracks:
            runs.append((start, end))
    for start, end in runs:
        goes_on = end < len(before)
        yield (start, end + 1) if start == first and goes_on else (start - 1, end)


@rule(
    "LINK07",
    "wrapped",
    severity=Severity.WARNING,
    reason="It is your own mail scanner’s: readers see a stranger’s address, and one day it will not lead on.",
    wrong=[
        Example(
            text="See [the page](https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.org%2Fp&data=0).",
            at="https://eur02.safelinks.protection.outlook.com/",
        )
    ],
    right=[Example(text="See [the page](https://www.example.org/p).")],
)
def wrapped(context: Context) -> Iterator[Violation]:
    """An address that a mail scanner has put its own around."""
    for link in context.links:
        name = find_wrapper(link.target) if link.target.is_web else ""
        if name:
            inner = unwrap(link.address)
            yield violation_at_link(
                link,
                f"{name} has put its own address around this one.",
                f"Write the address inside: {inner}"
                if inner
                else "Open it, and link to the address that you arrive at.",
                replacement=inner or None,
            )


_OWN_WEIGHT = 1000  # times that an address in bulletin.yaml counts
_ISSUES_BACK = 3


@rule(
    "LINK09",
    "lookalike-domain",
    severity=Severity.WARNING,
    reason="One letter off, an address leads nowhere, or to somebody who waits for such slips.",
    wrong=[
        Example(
            text="See [our plan](https://www.anytown.org.uk/plan), [our aims](https://www.anytown.org.uk/aims) and "
            "[our team](https://www.antyown.org.uk/team).",
            at="https://www.antyown.org.uk/team",
        )
    ],
    right=[Example(text="See [our plan](https://www.anytown.org.uk/plan) and [theirs](https://www.othertown.org.uk).")],
)
def lookalike_domain(context: Context) -> Iterator[Violation]:
    """A domain one letter off one that is used elsewhere."""
    domains = [_name_domain(link) for link in context.links]
    known = Counter(domain for domain in domains if domain)
    for parsed in context.earlier[:_ISSUES_BACK]:
        known.update(domain for link in parsed.links if (domain := _name_domain(link)))
    for address in _find_own(context):
        known[read_target(address).domain.removeprefix("www.")] += _OWN_WEIGHT
    wrong = find_lookalikes((domain for domain in domains if domain), known)
    for link, domain in zip(context.links, domains, strict=True):
        if domain in wrong:
            yield violation_at_link(
                link,
                f"{domain} is one slip away from {wrong[domain]}, which is used elsewhere.",
                f"Did you mean {wrong[domain]}?",
            )


def _name_domain(link: WrittenLink) -> str:
    return link.target.domain.removeprefix("www.")


RULES: tuple[Rule, ...] = (
    empty_link_text,
    same_text_two_targets,
    http,
    closed_address,
    shortener,
    tracking,
    wrapped,
    *CONTACT_RULES,
    lookalike_domain,
)
