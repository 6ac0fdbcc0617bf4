"""Check the web addresses of an issue: request each, follow its redirects, and return its status."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from html import unescape
from http import HTTPStatus
from urllib.parse import quote, urldefrag, urljoin

from bulletin.errors import BulletinError
from bulletin.proof.links.cache import LinkCache
from bulletin.proof.links.hosts import Network, read_target
from bulletin.proof.links.link_client import (
    ALL_SEATS,
    OFFLINE,
    PATIENCE,
    Answer,
    LinkClient,
    NoAnswer,
    Resolve,
    resolve_name,
)
from bulletin.proof.links.link_status import LinkState, LinkStatus

MOST_HOPS = 5


def check_links(
    addresses: Iterable[str],
    *,
    now: datetime,
    cache: LinkCache | None = None,
    resolve: Resolve = resolve_name,
    allowed: Sequence[Network] = (),
    tls: ssl.SSLContext | None = None,
    patience: float = PATIENCE,
) -> dict[str, LinkStatus]:
    """The status of each web address, checked concurrently. Addresses in `cache` are not requested again.

    `allowed` are networks that may be requested although they are not public. `patience` is in seconds per request.
    Raises BulletinError if no name can be looked up, because this machine is then offline.
    """
    wanted = list(dict.fromkeys(addresses))
    pages = dict.fromkeys(urldefrag(address).url for address in wanted)
    known = {page: status for page in pages if cache and (status := cache.recall(page, now=now))}
    missing = [page for page in pages if page not in known]
    asked = asyncio.run(_ask_all(missing, resolve=resolve, allowed=allowed, tls=tls, patience=patience))
    if asked and all(status.why == OFFLINE for status in asked.values()):
        raise BulletinError(
            "No links could be checked: the names of their servers can’t be looked up.",
            "Check that this computer is connected to the Internet, and try again.",
        )
    if cache and asked:
        cache.keep(asked, now=now)
    statuses = known | asked
    return {address: statuses[urldefrag(address).url] for address in wanted}


async def _ask_all(
    pages: Sequence[str],
    *,
    resolve: Resolve,
    allowed: Sequence[Network],
    tls: ssl.SSLContext | None,
    patience: float,
) -> dict[str, LinkStatus]:
    # Names are looked up in threads. The default pool is small, and one slow name must not delay the others.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(ALL_SEATS))
    client = LinkClient(resolve=resolve, allowed=allowed, tls=tls, patience=patience)
    statuses = await asyncio.gather(*(_follow(page, client) for page in pages))
    return dict(zip(pages, statuses, strict=True))


async def _follow(page: str, client: LinkClient) -> LinkStatus:
    """The status of a page, after following where it leads."""
    hops: list[str] = []
    permanent = True
    try:
        while (answer := await _ask(hops[-1] if hops else page, client)).status in _REDIRECTS:
            leads_to = _find_next(hops[-1] if hops else page, answer)
            if len(hops) == MOST_HOPS or leads_to in (page, *hops):
                round_ = "in a circle" if leads_to in (page, *hops) else f"more than {MOST_HOPS} times"
                return LinkStatus(state=LinkState.UNSURE, why=f"it redirects {round_}", hops=tuple(hops))
            hops.append(leads_to)
            permanent = permanent and answer.status in _PERMANENT
    except NoAnswer as trouble:
        return LinkStatus(state=trouble.state, why=trouble.why, hops=tuple(hops))
    state, why = _assess(page, hops, answer)
    moved = bool(hops) and permanent and _is_elsewhere(page, hops[-1])
    return LinkStatus(state=state, why=why, hops=tuple(hops), permanent=moved)


def _find_next(page: str, answer: Answer) -> str:
    """Where a redirect leads. Characters that a terminal would obey are percent-encoded."""
    try:
        leads_to = urldefrag(urljoin(page, answer.headers.get("location", ""))).url
    except ValueError:
        raise NoAnswer(LinkState.UNSURE, "it leads to something that isn’t an address") from None
    return "".join(char if char.isprintable() and char != " " else quote(char) for char in leads_to)


_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_FILE = re.compile(r"\.(?:pdf|docx?|pptx?|xlsx?|odt|ods|csv|zip|jpe?g|png|gif|mp[34]|m4a|mov|ics)\Z", re.IGNORECASE)


async def _ask(page: str, client: LinkClient) -> Answer:
    """The answer for a page. A file gets a HEAD request first, because its body is not needed."""
    if _FILE.search(read_target(page).path):
        answer = await client.ask(page, method="HEAD")
        if answer.status < 400 and "html" not in answer.headers.get("content-type", "").lower():
            return answer
    return await client.ask(page)


_GUARDED = frozenset({403, 406, 418, 429, 451, 999})
"""Answers that programs get more often than people; 999 is LinkedIn's."""

_SIGN_IN = frozenset(
    {"login.microsoftonline.com", "login.live.com", "accounts.google.com", "login.windows.net", "adfs.nhs.net"}
)


def _assess(page: str, hops: Sequence[str], answer: Answer) -> tuple[LinkState, str]:
    """The state of an address after the last answer, and why."""
    if answer.status in (404, 410):
        return LinkState.GONE, _name_status(answer.status)
    if answer.status in (401, 407):
        return LinkState.SIGN_IN, _name_status(answer.status)
    if answer.status in _GUARDED:
        return LinkState.GUARDED, _name_status(answer.status)
    if not 200 <= answer.status < 300:
        return LinkState.UNSURE, _name_status(answer.status)
    if hops and read_target(hops[-1]).host in _SIGN_IN:
        return LinkState.SIGN_IN, f"it leads to {read_target(hops[-1]).host}"
    if hops and _is_home(hops[-1]) and not _is_home(page):
        return LinkState.MISSING, "it leads to the home page"
    if said := _find_apology(answer.page):
        return LinkState.MISSING, f"its heading is “{said}”"
    return LinkState.GOOD, ""


def _name_status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status}"


_HOME = re.compile(r"/?(?:(?:index|default|home)(?:\.\w{2,5})?|[a-z]{2}(?:[-_][a-z]{2})?)?/?", re.IGNORECASE)


def _is_home(address: str) -> bool:
    target = read_target(address)
    return bool(_HOME.fullmatch(target.path)) and not target.query


def _is_elsewhere(page: str, last: str) -> bool:
    """Whether two addresses differ by more than https, www., capitals and a final slash."""

    def name(address: str) -> tuple[str, str, str]:
        target = read_target(address)
        return target.bare_host, target.path.rstrip("/").lower(), target.query

    return name(page) != name(last)


_HEADING = re.compile(r"<(title|h1)\b[^<>]{0,400}>([^<]{1,300})", re.IGNORECASE)
_APOLOGY = re.compile(
    r"\b(?:page|content|document|file|resource)(?: you (?:requested|were looking for|are looking for))?"
    r" (?:(?:was|is|could|can)(?:n['’]t| not|not)(?: be)? (?:found|available)|not found|no longer (?:exists|available)"
    r"|is no longer (?:here|available)|(?:does not|doesn['’]t) exist|(?:has been|was) (?:removed|deleted))"
    r"|\b(?:404|410)\b.{0,30}\b(?:error|not found|gone)\b|\b(?:error|not found|gone)\b.{0,30}\b(?:404|410)\b"
    r"|\A\W*404\W*\Z|\A\W*(?:sorry|oops)\b.{0,30}\b(?:find|found|exist|missing)\b|\A\W*not found\W*\Z"
    r"|\bwe (?:can['’]t|cannot|couldn['’]t|could not) find (?:the|that|this|your) page",
    re.IGNORECASE,
)


def _find_apology(page: str) -> str:
    """The title or heading that says the page was not found; "" if none does."""
    headings = (" ".join(unescape(match[2]).split()) for match in _HEADING.finditer(page))
    found = next((heading for heading in headings if _APOLOGY.search(heading)), "")
    return "".join(char for char in found if char.isprintable())
