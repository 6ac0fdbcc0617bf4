"""Links to people: mistakes in `mailto:` and `tel:`, and words that show a different address. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from bulletin.issue.passages import TextFormat
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.links.hosts import SHORTENERS, read_target
from bulletin.proof.links.safe_links import unwrap
from bulletin.proof.links.written import WrittenLink
from bulletin.proof.reading.similarity import is_one_off
from bulletin.proof.reporting import violation_at_link
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_LONGEST = 320  # characters: the longest possible email address
_LONGEST_ENTRY = 2_000  # characters of an entry's texts that are read


@rule(
    "LINK08",
    "mailto-tel-slip",
    severity=Severity.WARNING,
    reason="A link that writes to no one or calls someone else looks right until a reader tries it.",
    wrong=[
        Example(text="Write to [news@example.org](mailto:nwes@example.org).", at="mailto:nwes@example.org"),
        Example(text="Ring [the duty desk](tel:0207946).", at="tel:0207946"),
        Example(text="Ring [the helpline](tel:0114496018).", at="tel:0114496018"),
        Example(
            sections="""
            - kind: links
              title: Useful links
              items:
                - {title: Helpline, link: "tel:01144960188", summary: "Day and night, on 0114 496 0187."}
            """,
            at="tel:01144960188",
        ),
    ],
    right=[
        Example(text="Write to [news@example.org](mailto:news@example.org)."),
        Example(text="Ring [020 7946 0321](tel:+442079460321)."),
        Example(text="Ring [the town clerk](tel:0169772345)."),
    ],
)
def mailto_tel_slip(context: Context) -> Iterator[Violation]:
    """A mistake in an email or telephone link, or a link whose words show a different address."""
    for link in context.links:
        match link.target.scheme:
            case "mailto":
                problem = _check_mail(link)
            case "tel":
                problem = _check_number(link)
            case "http" | "https":
                problem = _check_web(link)
            case _:
                problem = None
        if problem := problem or _check_against_entry(link):
            yield violation_at_link(link, *problem)


Problem = tuple[str, str]
"""What is wrong, and what to do."""

_SHOWN_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_DOMAIN = re.compile(r"(?:[\w](?:[\w-]{0,61}[\w])?\.)+[^\W\d_]{2,63}|(?:[\w-]{1,63}\.)+xn--[\w-]{1,59}")


def _check_mail(link: WrittenLink) -> Problem | None:
    written, _, query = link.target.rest.partition("?")
    people = [unquote(person) for person in written.split(",")]
    to_more = any(part.lower().startswith(("to=", "cc=")) for part in query.split("&"))
    for person in people:
        if slip := _find_slip(person):
            return slip, "Write it like this: mailto:news@example.org"
    shown = _SHOWN_MAIL.findall(link.words[:_LONGEST])
    if len(shown) == 1 and len(people) == 1 and not to_more and shown[0].lower() != people[0].lower():
        return f"The words show {shown[0]}, but the link writes to {people[0]}.", "Make them the same."
    return None


def _find_slip(person: str) -> str:
    name, at, domain = person.partition("@")
    if not person.strip():
        return "There is a comma with no address beside it."
    if re.match(r"(?:mailto|https?):|www\.", person, re.IGNORECASE):
        return f"“{re.match(r'[A-Za-z]+', person)[0]}” doesn’t belong in an email address."  # type: ignore[index]
    if not at or "@" in domain:
        return "An email address has exactly one @."
    if " " in person.strip() or person != person.strip():
        return "There is a space in this email address."
    if name.startswith(".") or name.endswith(".") or ".." in person:
        return "There is a full stop in the wrong place in this email address."
    if len(domain) > 253 or not _DOMAIN.fullmatch(domain):
        return f"“{domain}” can’t be the domain of an email address."
    return ""


_SHOWN_NUMBER = re.compile(r"\+?\d[\d ().\u00a0-]{5,24}\d")


def _check_number(link: WrittenLink) -> Problem | None:
    number = _read_number(link.target.rest)
    if slip := _check_digits(number, link.target.rest):
        return slip, "Write the whole number, as in tel:02079460321."
    shown = [_read_number(found) for found in _SHOWN_NUMBER.findall(link.words[:_LONGEST])]
    if len(shown) == 1 and shown[0] != number:
        return f"The words show {shown[0]}, but the link calls {number}.", "Make them the same."
    return None


def _read_number(written: str) -> str:
    """The digits of a number as dialled in the United Kingdom: +44 20 … and 020 … are the same."""
    digits = re.sub(r"\+?44 ?\(0\)", "0", written) if len(written) <= _LONGEST else written
    digits = re.sub(r"[^0-9+]", "", digits)
    if digits.startswith("0044"):
        digits = f"+{digits[2:]}"
    return f"0{digits[3:]}" if digits.startswith("+44") else digits


def _check_digits(number: str, written: str) -> str:
    """What is wrong with a number, by Ofcom's numbering plan for British ones, by length (E.164) for others."""
    count = len(number.lstrip("+"))
    if number.startswith("00") and "+44" in written.replace("0044", "+44"):
        return "After +44, leave out the 0."
    if number.startswith(("+", "00")):
        count -= 2 * number.startswith("00")
        return "" if 7 <= count <= 15 else f"A telephone number has 7 to 15 digits, but this has {count}."
    if not number.startswith("0"):
        return "" if count <= 6 or count > 8 else "This number has no area code."
    wanted = _wanted_digits(number)
    if count not in wanted:
        return f"This telephone number has {count} digits, but numbers that begin {number[:2]} have {wanted[-1]}."
    return ""


_SHORT_AREAS = tuple(
    """
    01204 01208 01254 01276 01297 01298 01363 01364 01384 01386 01404 01420 01460 01461 01480 01488 01524 01527 01562
    01566 01606 01629 01635 01647 01659 01695 01726 01744 01750 01768 01827 01837 01884 01900 01905 01935 01946 01949
    01963 01995 016977
    """.split()  # noqa: SIM905 -- figures alone are read more easily
)
"""Areas in which some numbers have ten digits (Ofcom, National Telephone Numbering Plan). All others have eleven."""


def _wanted_digits(number: str) -> tuple[int, ...]:
    if number.startswith(("0800", "0845")):
        return (8, 10, 11)
    if number.startswith(("0500", *_SHORT_AREAS)):
        return (10, 11)
    return (11,)


def _check_against_entry(link: WrittenLink) -> Problem | None:
    """What is wrong with a link in a field of its own, if the entry's texts show nearly the same number or address."""
    passage = link.passage
    if passage.format is not TextFormat.ADDRESS or link.target.scheme not in ("tel", "mailto"):
        return None
    texts = " ".join(
        value for name in ("title", "summary", "text") if isinstance(value := getattr(passage.record, name, None), str)
    )[:_LONGEST_ENTRY]
    if link.target.scheme == "tel":
        number = _read_number(link.target.rest)
        shown = {_read_number(found) for found in _SHOWN_NUMBER.findall(texts)}
        near = [other for other in shown if is_one_off(other, number)]  # others are those of the evening or the office
        if near and number not in shown:
            return f"The text beside it shows {near[0]}, but the link calls {number}.", "Make them the same."
        return None
    person = unquote(link.target.rest.partition("?")[0]).lower()
    mails = {mail.lower() for mail in _SHOWN_MAIL.findall(texts)}
    for mail in () if person in mails else mails:
        if is_one_off(mail, person):
            return f"The text beside it shows {mail}, but the link writes to {person}.", "Make them the same."
    return None


_SHOWN_HOST = re.compile(
    r"(?:https?://)?((?:[a-z0-9-]{1,63}\.){1,6}(?:uk|org|com|net|gov|edu|info|eu|int|london|scot|wales|cymru))(?:[/?#]\S*)?",
    re.IGNORECASE,
)


def _check_web(link: WrittenLink) -> Problem | None:
    """What is wrong with words that show the address of another site."""
    shown = _SHOWN_HOST.fullmatch(link.words.strip()) if len(link.words) <= _LONGEST else None
    if not shown:
        return None
    target = read_target(unwrap(link.address) or link.address)
    words, host = shown[1].lower().removeprefix("www."), target.bare_host
    if words == host or host in SHORTENERS or host.endswith(f".{words}") or words.endswith(f".{host}"):
        return None
    return f"The words show {words}, but the link leads to {host}.", "Make them the same, or say what is there."


RULES: tuple[Rule, ...] = (mailto_tel_slip,)
