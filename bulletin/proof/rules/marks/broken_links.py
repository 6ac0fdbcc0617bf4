"""Links that Markdown doesn't take, so that readers see brackets and an address. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.declaration.characters import is_odd, name_character
from bulletin.issue.passages import Passage, TextFormat
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import report_anywhere, violation_at
from bulletin.proof.rule import Example, Rule, rule, takes_precedence
from bulletin.settings.proof import Severity

_WORDS = r"\[(?P<words>[^\[\]\n]{1,300})\]"
_ADDRESS = r"(?:https?:|www\.|mailto:|tel:|//|/|[\w.-]+@|[\w-]+\.[\w-]+)"
_BROKEN = re.compile(
    rf"{_WORDS}(?P<gap>\s*)\((?P<address>{_ADDRESS}[^()\n]{{0,1000}}(?:\([^()\n]*\)[^()\n]*)*)(?P<close>\)?)"
)
_LINKED = re.compile(r"https?:|www\.|mailto:|tel:", re.IGNORECASE)
_SWAPPED = re.compile(r"\((?P<words>[^()\n]{1,300})\)\[(?P<address>(?:https?:|www\.|mailto:|tel:)[^\[\]\n]{1,1000})\]")
_WEB = r"(?:https?://|www\.|mailto:)"
_OTHER_WAYS = re.compile(
    rf"<(?P<slack>{_WEB}[^|<>\s]{{1,1000}})\|(?P<slack_words>[^<>\n]{{1,300}})>"
    rf"|\[(?P<wiki_words>[^\[\]|\n]{{1,300}})\|\s?(?P<wiki>{_WEB}[^\]\s]{{1,1000}})\]"
    rf"|\[(?P<media>{_WEB}[^\]\s]{{1,1000}}) (?P<media_words>[^\[\]\n]{{1,300}})\]"
    rf"|\((?P<first>{_WEB}[^()\s]{{1,1000}})\)\[(?P<first_words>[^\[\]\n]{{1,300}})\]"
)
_BY_LABEL = re.compile(rf"{_WORDS}\[(?P<label>[^\[\]\n]{{0,200}})\]")
_LABEL_LINE = re.compile(r"^ {0,3}\[(?!\^)(?P<label>[^\]\n]{1,200})\]:[ \t]*(?P<rest>\S.*)$", re.MULTILINE)
_SPACE = re.compile(r"\s")
_MAY_LINK = re.compile(r"\[|<")
_ENTITY = re.compile(r"&(?:amp|#0?38|#x26);", re.IGNORECASE)
_LONGEST_SHOWN = 60


@takes_precedence(3)
@rule(
    "MARK02",
    "broken-link",
    severity=Severity.ERROR,
    reason="Readers see brackets and an address, and can’t open the link.",
    wrong=[
        Example(text="Read [the form](https://www.example.org/my form.pdf).", at="https://www.example.org/my form.pdf"),
        Example(text="Ring [our team](tel:+44 1632 960 000).", at="tel:+44 1632 960 000"),
        Example(text="Read [the plan] (https://www.example.org/plan).", at="[the plan] ("),
        Example(text="Read (the plan)[https://www.example.org/plan].", at="(the plan)"),
    ],
    right=[
        Example(text="Read [the form](https://www.example.org/my%20form.pdf), or ring [our team](tel:+441632960000)."),
        Example(text="The panel [sic] met (see https://www.example.org/plan)."),
    ],
)
def broken_link(context: Context) -> Iterator[Violation]:
    """A link with a space in its address, or with its brackets in the wrong order, apart or left open."""
    yield from report_anywhere(context, _check)
    for passage in context.addresses:
        for match in _ENTITY.finditer(passage.written):
            span = passage.locate_written(*match.span())
            yield Violation(
                span=span, message=f"In a field, “{match[0]}” stays as it is typed.", remedy="Write & alone."
            )


def _check(passage: Passage) -> Iterator[Violation]:
    if passage.format is not TextFormat.TEXT or not _MAY_LINK.search(passage.written):
        return
    text = passage.prose.text
    for match in _BROKEN.finditer(text):
        apart = match["gap"] and not _LINKED.match(match["address"])
        if not apart and not _is_escaped(passage, match.start()):
            yield _explain(passage, match)
    for match in _SWAPPED.finditer(text):
        shown = _shorten(match["address"])
        message = "The brackets of this link are the wrong way round."
        yield violation_at(passage, match, message, f"Write [{match['words']}]({shown}).")
    for match in _OTHER_WAYS.finditer(text):
        found = match.groupdict()
        way = next(name for name, value in found.items() if value and not name.endswith("_words"))
        remedy = f"Write [{found[f'{way}_words'].strip()}]({_shorten(found[way])})."
        yield violation_at(passage, match, "This isn’t a link: other programs write one so.", remedy)
    for match in _BY_LABEL.finditer(text):
        cited = match["words"].isdigit() and match["label"].isdigit()  # [1][2]
        if not cited and not _is_escaped(passage, match.start()):
            message = f"“{_shorten(match[0])}” isn’t a link: nothing says where it leads."
            yield violation_at(passage, match, message, f"Write [{match['words']}](https://…).")
    for link in passage.prose.links:
        if "|" in link.address and not link.bare:
            words = link.address.partition("|")[2]
            message = f"“|” doesn’t part a link from its words here: it leads to “{_shorten(link.address)}”."
            yield violation_at(
                passage, (link.start, link.end), message, f"Write [{words}]({link.address.partition('|')[0]})."
            )
    yield from _find_lost_lines(passage)


def _explain(passage: Passage, match: re.Match[str]) -> Violation:
    """What keeps these words from being a link."""
    address = match["address"]
    where, shown = match.span("address"), _shorten(address)
    if match["gap"]:
        message = "There is a space between the words and the address of this link."
        remedy = "Put the round bracket right behind the square one: [words](https://…)."
        return violation_at(passage, match, message, remedy)
    if not match["close"]:
        message = f"The bracket before “{shown}” is never closed, so it isn’t a link."
        return violation_at(passage, (where[0] - 1, where[1]), message, "Write ) at the end of the address.")
    if blank := _SPACE.search(address):
        named = f" ({name_character(blank[0])})" if is_odd(blank[0]) else ""
        message = f"There is a space{named} in the address “{shown}”, so it isn’t a link."
        return violation_at(passage, where, message, _explain_space(address))
    message = f"“{shown}” isn’t an address that a link can have."
    return violation_at(passage, where, message, "Write the whole address, without brackets or quotation marks in it.")


def _explain_space(address: str) -> str:
    lowered = address.lower()
    if lowered.startswith("tel:"):
        return f"Leave the spaces out: {_SPACE.sub('', address)}."
    if lowered.startswith("mailto:") and "?" not in address:
        return f"Leave the space out: {_SPACE.sub('', address)}."
    return f"Write %20 in place of each space: {_shorten(_SPACE.sub('%20', address.strip()))}."


def _find_lost_lines(passage: Passage) -> Iterator[Violation]:
    """Lines such as “[Note]: Cancelled”, which Markdown takes for the address of a link, and leaves out."""
    for match in _LABEL_LINE.finditer(passage.written):
        label = " ".join(match["label"].split()).casefold()
        used = any(f"[{label}]" in " ".join(line.split()).casefold() for line in _without(passage.written, match))
        if not used and match[0].strip() not in passage.prose.text:
            yield Violation(
                span=passage.locate_written(match.start("label") - 1, match.end()),
                message="Readers don’t get this line: [words]: at the beginning gives a link its address.",
                remedy="Put \\ before the first bracket, or leave the brackets out.",
            )


def _without(text: str, match: re.Match[str]) -> tuple[str, str]:
    return text[: match.start()], text[match.end() :]


def _is_escaped(passage: Passage, at: int) -> bool:
    """Whether a bracket was typed with a backslash before it, or is code."""
    return passage.written[passage.prose.offsets[at]] == "\\" or passage.prose.is_code(at)


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


RULES: tuple[Rule, ...] = (broken_link,)
