"""The letters of a PDF's page: their weight, slant and link, and the ends of words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from bulletin.importing.blocks import Run, join_runs

_KEEP_HYPHEN = re.compile(
    r"\b(?:all|anti|co|cross|e|ex|half|inter|long|low|multi|non|on|one|part|post|pre|re|self|short|sub|two|under|well)-$",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"(\w+[-‐])$")
_ADDRESS_END = re.compile(r"(?:https?://|www\.)[^\s<>\"“”]*$|[\w.+-]+@[\w.-]*$", re.IGNORECASE)
_ADDRESS_REST = re.compile(r"[^\s<>\"“”,;:!?)\]’']*[^\s<>\"“”.,;:!?)\]’']")
_OPEN_END = "/-_=?&#%.@"  # an address that ends like this continues on the next line
_OPEN_START = re.compile(
    r"[/?&=#_.-]\w|[\w.-]*[\w-](?:/|\.(?:html?|pdf|docx?|aspx?|php|org|com|net|gov|ac|co|nhs|uk)\b)|\w*[=&?]\w"
)

OutgoingMessage = dict[str, Any]


def find_link(links: Iterable[dict[str, Any]], letter: OutgoingMessage) -> str:
    """The address of the link over the middle of a letter or word; empty without one."""
    x, y = (letter["x0"] + letter["x1"]) / 2, (letter["top"] + letter["bottom"]) / 2
    for link in links:
        if link["x0"] <= x <= link["x1"] and link["top"] <= y <= link["bottom"]:
            return str(link.get("uri") or "")
    return ""


def make_run(text: str, letter: OutgoingMessage, links: Iterable[dict[str, Any]]) -> Run:
    """Words in the face of a letter."""
    face = str(letter["fontname"]).lower()
    return Run(
        text=text,
        link=find_link(links, letter),
        strong=any(name in face for name in ("bold", "black", "heavy", "semibold")),
        slanted=any(name in face for name in ("italic", "oblique")),
    )


def close_gaps(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Give the space between two words of one link, weight and slant the same style."""
    closed: list[Run] = []
    for index, run in enumerate(runs):
        alike = 0 < index < len(runs) - 1 and not run.text.strip() and _face(runs[index - 1]) == _face(runs[index + 1])
        before = runs[index - 1] if alike else run
        closed.append(Run(text=run.text, link=before.link, strong=before.strong, slanted=before.slanted))
    return join_runs(closed)


def _face(run: Run) -> tuple[str, bool, bool]:
    return run.link, run.strong, run.slanted


def free_stops(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Put a full stop or comma after a link's last word outside the link, though a PDF's link covers both."""
    freed: list[Run] = []
    for index, run in enumerate(runs):
        stops = re.search(r"[.,;:]+$", run.text)
        ends = index + 1 == len(runs) or runs[index + 1].link != run.link
        if run.link and stops and ends and run.text != run.link:
            freed += [replace(run, text=run.text[: stops.start()]), Run(text=stops[0])]
        else:
            freed.append(run)
    return join_runs(freed)


def join_lines(before: Sequence[Run], after: Sequence[Run], is_word: Callable[[str], bool]) -> tuple[Run, ...]:
    """Two lines as one. The hyphen at the end of the first is dropped if the word has none elsewhere."""
    if not before or not after:
        return join_runs([*before, *after])
    if joined := _join_address(before, after):
        return joined
    broken = _LINE_END.search(before[-1].text)
    rest = re.match(r"[a-z]\w*", after[0].text)
    if not broken or not rest:
        return close_gaps(_join_link([*before, Run(text=" ")], after))
    soft = broken[1].endswith("‐")  # programs draw it where they break a word, and no one types it
    if not soft and is_word(broken[1] + rest[0]):
        return join_runs([*before, *after])
    if not soft and (_KEEP_HYPHEN.search(broken[1]) and not is_word(broken[1][:-1] + rest[0])):
        return join_runs([*before, *after])
    last = before[-1]
    whole = Run(text=last.text[:-1], link=last.link, strong=last.strong, slanted=last.slanted)
    return join_runs([*before[:-1], whole, *after])


def _join_address(before: Sequence[Run], after: Sequence[Run]) -> tuple[Run, ...]:
    """Two lines as one without a space, if an address begins on the first and continues on the second; else ()."""
    start, rest = _ADDRESS_END.search(before[-1].text), _ADDRESS_REST.match(after[0].text)
    if not start or not rest:
        return ()
    address = start[0] + rest[0]
    known = before[-1].link or after[0].link
    if known and known == before[-1].link == after[0].link:
        continues = _strip(known).startswith(_strip(address))
    else:
        continues = start[0][-1] in _OPEN_END or bool(_OPEN_START.match(rest[0]))
    if not continues:
        return ()
    last = replace(before[-1], text=before[-1].text[: start.start()], link=known if known == before[-1].link else "")
    link = known if "@" in address or _strip(known).startswith(_strip(address)) else address
    whole = replace(before[-1], text=address, link=link)
    kept = replace(after[0], text=after[0].text[rest.end() :])
    return join_runs([*before[:-1], last, whole, kept, *after[1:]])


def _strip(address: str) -> str:
    """An address without what people leave out when they write it down."""
    return re.sub(r"^(?:mailto:|https?://)?(?:www\.)?", "", address.lower()).rstrip("/")


def _join_link(before: Sequence[Run], after: Sequence[Run]) -> list[Run]:
    """The runs. A comma at the end of a line, inside a link that continues on the next one, belongs to the link."""
    link = after[0].link
    owners = [at for at, run in enumerate(before) if run.link == link and link]
    between = before[owners[-1] + 1 :] if owners else before
    if not owners or any(run.text.strip(" ,;:") or run.link for run in between):
        return [*before, *after]
    owner = before[owners[-1]]
    return [*before[: owners[-1] + 1], *(replace(owner, text=run.text) for run in between), *after]
