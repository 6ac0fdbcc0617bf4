"""Blocks from HTML: a web page, an email, or a converted Word document or tagged PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from lxml import etree, html

from bulletin.importing.blocks import Block, find_words
from bulletin.importing.losses import find_missing, make_loss, quote_words, report_missing
from bulletin.importing.page.chrome import find_chrome
from bulletin.importing.page.looks import Look, Sheet, find_seen, is_unseen, read_sheets
from bulletin.importing.page.walker import PageWalker
from bulletin.importing.plain import decode
from bulletin.importing.restoring.footnotes import place_notes
from bulletin.importing.restoring.typed_lists import make_entries

_FRAMED = ("svg", "object", "iframe", "select")  # skipped elements whose words a reader may see
_SWALLOWING = ("script", "style", "title")  # without its end tag, such an element contains everything after it
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_CODE = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"""<[a-zA-Z/!?](?:[^<>"']|"[^"]*"|'[^']*')*+>""")
_CHARSET = re.compile(
    rb"""<meta\b[^>]*\bcharset\s*=\s*["']?\s*(windows-125\d|iso-8859-(?:[1-9]|1[03456])|macintosh)\b""", re.IGNORECASE
)
_LONGEST_HEAD = 4_096  # bytes in which a page declares its encoding


def read_html(data: bytes) -> list[Block]:
    """The blocks of a page, without its hidden parts. Nothing outside the page is opened.

    Several pages in one file, as in a forwarded email, are read one after the other. The parser repairs damage. If it
    gives up, or a word is lost, a block of `Role.LOST` says so.
    """
    page = decode(data, otherwise=_find_charset(data))
    # Inline pictures make pages large. The sandbox limits the time and the memory.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    root = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    roots = [root, *root.itersiblings()]
    sheet = read_sheets(roots)
    walker = PageWalker(sheet, letters=sum(len(str(text)) for each in roots for text in each.itertext()))
    for each in roots:
        walker.walk(each, Look())
        walker.flush()
    blocks = place_notes(make_entries(walker.finish()), walker.notes)
    return [*blocks, *_find_lost(page, roots, parser, blocks, sheet)]


def _find_charset(data: bytes) -> str:
    """The encoding that a page declares, if it has one byte a letter; else the encoding of most old pages."""
    declared = _CHARSET.search(data[:_LONGEST_HEAD])
    name = declared[1].decode().lower() if declared else ""
    return name if name and name != "iso-8859-1" else "cp1252"  # browsers read it as this one


def _find_lost(
    page: str, roots: Sequence[etree._Element], parser: html.HTMLParser, blocks: Sequence[Block], sheet: Sheet
) -> Iterator[Block]:
    """The losses: damage that the parser reports, and words of the page that are in no block."""
    for error in parser.error_log.filter_from_fatals():
        reason = "it is nested too deeply" if "depth" in error.message else "it is too large or damaged"
        yield make_loss(f"The page can’t be read from line {error.line:,} on: {reason}. The rest may be missing.")
    parsed = " ".join(text for root in roots for text in _find_parsed(root))
    yield from _compare("Words that no browser shows, for example after a tag that is never closed", page, parsed)
    small = page.lower()
    for tag in _SWALLOWING:
        if small.rfind(f"</{tag}") < small.rfind(f"<{tag}"):
            yield make_loss(f"Everything after the last <{tag}> of the page, which has no </{tag}>.")
    seen = " ".join(text for root in roots for text in find_seen(root, sheet))
    yield from report_missing("Words of the page that have no place in the draft", seen, blocks)
    for root in roots:
        for element in root.iter(*_FRAMED):
            around = [one for one in element.iterancestors() if find_chrome(one) or is_unseen(one, sheet)]
            if not around and (words := find_words(" ".join(map(str, element.itertext())))):
                yield make_loss(f"A drawing, frame or field (<{element.tag}>) with the words {quote_words(words)}")


def _compare(what: str, page: str, parsed: str) -> Iterator[Block]:
    text = unescape(_TAG.sub(" ", _CODE.sub(" ", _COMMENT.sub("", page))))
    if missing := find_missing(text, parsed):
        yield make_loss(f"{what}: {quote_words(missing)}")


def _find_parsed(root: etree._Element) -> Iterator[str]:
    """All text that the parser found, visible or hidden."""
    for element in root.iter():
        yield "" if element.tag in ("script", "style") else element.text or ""
        yield element.tail or ""
