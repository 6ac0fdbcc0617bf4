"""Blocks from HTML: a web page, an email, or a converted Word document or tagged PDF."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape

from lxml import etree, html

from bulletin.importing.blocks import Block, Role, Run, find_words, join_runs, make_table
from bulletin.importing.losses import find_missing, make_loss, quote_words, report_missing
from bulletin.importing.plain import decode

_UNSEEN = {"head", "script", "style", "template", "noscript", "title", "svg", "object", "iframe", "select"}
_INLINE = {"a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strong"}
_INLINE |= {"sub", "sup", "time", "u", "label", "kbd", "del", "ins", "big", "tt", "var", "samp"}
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?![.\d])|"
    r"(?:max-height|font-size)\s*:\s*[01](?:px)?\s*(?:[;!]|\Z)",
    re.IGNORECASE,
)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_SLANTED = re.compile(r"font-style\s*:\s*(?:italic|oblique)", re.IGNORECASE)
_SIZE = re.compile(r"font-size\s*:\s*(\d{1,3}(?:\.\d+)?)(px|pt)", re.IGNORECASE)
_PIXELS_IN_A_POINT = 4 / 3
_USUAL_SIZE = 16.0  # pixels, as browsers begin with
_LARGER = 1.2  # times the most frequent size of letters
_SMALLEST_PICTURE = 8  # pixels a side; smaller ones count readers or separate lines
_BREAK = "\v"  # a line break in a paragraph, until it is flushed; a blank afterwards
_LABEL = re.compile(r"\s*[A-Z][A-Za-z ]{1,20}:\s")
_LONGEST_BOLD_HEADING = 80
_LONGEST_HEADING = 110
_FRAMED = ("svg", "object", "iframe", "select")  # skipped elements whose words a reader may see
_SWALLOWING = ("script", "style", "title")  # without its end tag, such an element contains everything after it
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_CODE = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"""<[a-zA-Z/!?](?:[^<>"']|"[^"]*"|'[^']*')*+>""")
_CHARSET = re.compile(
    rb"""<meta\b[^>]*\bcharset\s*=\s*["']?\s*(windows-125\d|iso-8859-(?:[1-9]|1[03456])|macintosh)\b""", re.IGNORECASE
)
_LONGEST_HEAD = 4_096  # bytes in which a page declares its encoding
_LONGEST_CELL = 350  # letters; a table with longer cells is the page's layout


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
    walker = _Walker()
    for each in roots:
        walker.walk(each, _Look())
        walker.flush()
    blocks = _raise_large(walker)
    return [*blocks, *_find_lost(page, roots, parser, blocks)]


def _find_charset(data: bytes) -> str:
    """The encoding that a page declares, if it has one byte a letter; else the encoding of most old pages."""
    declared = _CHARSET.search(data[:_LONGEST_HEAD])
    name = declared[1].decode().lower() if declared else ""
    return name if name and name != "iso-8859-1" else "cp1252"  # browsers read it as this one


def _find_lost(
    page: str, roots: Sequence[etree._Element], parser: html.HTMLParser, blocks: Sequence[Block]
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
    seen = " ".join(text for root in roots for text in _find_seen(root))
    yield from report_missing("Words of the page that have no place in the draft", seen, blocks)
    for root in roots:
        for element in root.iter(*_FRAMED):
            if words := find_words(" ".join(map(str, element.itertext()))):
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


def _is_unseen(element: etree._Element) -> bool:
    hidden = _HIDDEN.search(element.get("style") or "") or element.get("hidden") is not None
    return str(element.tag) in _UNSEEN or bool(hidden)


def _find_seen(element: etree._Element) -> Iterator[str]:
    if not _is_unseen(element):
        yield element.text or ""
        for child in element:
            yield from _find_seen(child)
            yield child.tail or ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """The style that an element passes to the elements inside it; `size` is in pixels."""

    link: str = ""
    strong: bool = False
    slanted: bool = False
    size: float = _USUAL_SIZE

    def inside(self, element: etree._Element) -> _Look:
        tag, style = str(element.tag), element.get("style") or ""
        address = (element.get("href") or "").strip() if tag == "a" else ""
        sized = _SIZE.search(style)
        size = float(sized[1]) * (_PIXELS_IN_A_POINT if sized[2].lower() == "pt" else 1) if sized else self.size
        return _Look(
            link=address or self.link,
            strong=self.strong or tag in ("b", "strong") or bool(_BOLD.search(style)),
            slanted=self.slanted or tag in ("i", "em") or bool(_SLANTED.search(style)),
            size=size,
        )

    def run(self, text: str) -> Run:
        return Run(text=text, link=self.link, strong=self.strong, slanted=self.slanted)


class _Walker:
    """Walks a page in reading order and collects its blocks, with the size of each one's letters."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.sizes: list[float] = []
        self._runs: list[Run] = []
        self._size: dict[float, int] = {}
        self._level = 0
        self._entry = False
        self._depth = -1
        self._number: int | None = None

    def walk(self, element: etree._Element, outer: _Look) -> None:
        tag = str(element.tag)
        if _is_unseen(element):
            return
        look = outer.inside(element)
        if tag == "img":
            self._add_picture(element)
        elif tag == "br":
            self._add(_BREAK, look)
        elif tag in _INLINE:
            self._walk_inside(element, look)
        elif tag == "table" and is_data(element):
            self._add_table(element, look)
        else:
            self._walk_block(element, tag, look)

    def _walk_block(self, element: etree._Element, tag: str, look: _Look) -> None:
        self.flush()
        before = (self._level, self._entry, self._number, self._depth)
        if re.fullmatch("h[1-6]", tag):
            self._level, look = int(tag[1]), replace(look, strong=False)
        elif tag in ("ul", "ol"):
            self._depth += 1
        elif tag == "li":
            self._level, self._entry, self._number = 0, True, _number_of(element)
        self._walk_inside(element, look)
        self.flush()
        self._level, self._entry, self._number, self._depth = before

    def _walk_inside(self, element: etree._Element, look: _Look) -> None:
        self._add(element.text or "", look)
        for child in element:
            self.walk(child, look)
            self._add(child.tail or "", look)

    def _add(self, text: str, look: _Look) -> None:
        self._runs.append(look.run(text))
        self._size[look.size] = self._size.get(look.size, 0) + len(text.strip())

    def _add_picture(self, image: etree._Element) -> None:
        """A picture with a meaning: an empty alternative means that it is only decoration."""
        small = any(_is_below(image.get(side), _SMALLEST_PICTURE) for side in ("width", "height"))
        alt, source = image.get("alt"), (image.get("src") or "").strip()
        if small or alt == "" or not (source or alt):
            return
        runs, self._runs = self._runs, []  # a picture inside a sentence doesn't split it
        self._append(Block(role=Role.PICTURE, runs=join_runs([Run(text=alt or "")]), source=source), 0)
        self._runs = runs

    def _add_table(self, table: etree._Element, look: _Look) -> None:
        self.flush()
        for caption in table.iterchildren("caption"):
            self._walk_block(caption, "caption", look)
        if block := make_table(
            [self._read_cell(cell, look) for cell in row.iterchildren("td", "th")] for row in table.iter("tr")
        ):
            self._append(block, 0)

    def _read_cell(self, cell: etree._Element, look: _Look) -> list[Run]:
        """The words of a cell, with spaces between its paragraphs."""
        within = _Walker()
        within._walk_inside(cell, look)
        last, within._runs = within._runs, []
        self.blocks += [block for block in within.blocks if block.role is Role.PICTURE]
        self.sizes += [0.0 for block in within.blocks if block.role is Role.PICTURE]
        parts = [*(block.runs for block in within.blocks if block.role is not Role.PICTURE), tuple(last)]
        return [run for part in parts for run in (*part, Run(text=" "))]

    def flush(self) -> None:
        """End the block that is being gathered."""
        given, self._runs = self._runs, []
        size, self._size = max(self._size, key=self._size.__getitem__, default=0.0), {}
        for runs in filter(None, map(join_runs, _split_at_breaks(given))):
            level = self._level or (5 if not self._entry and _is_bold_heading(runs) else 0)
            role = Role.HEADING if level else Role.ENTRY if self._entry else Role.PARAGRAPH
            words = join_runs(replace(run, strong=False) for run in runs) if level else runs
            number, depth = (self._number, max(self._depth, 0)) if role is Role.ENTRY else (None, 0)
            self._append(Block(role=role, runs=words, level=level, number=number, depth=depth), size)

    def _append(self, block: Block, size: float) -> None:
        self.blocks.append(block)
        self.sizes.append(size)


def _split_at_breaks(runs: list[Run]) -> list[list[Run]]:
    """The lines of a paragraph, split where two breaks follow each other, and where each line has a label."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        if run.text == _BREAK:
            lines.append([])
        else:
            lines[-1].append(run)
    labelled = [_LABEL.match("".join(run.text for run in line)) for line in lines]
    groups: list[list[Run]] = [[]]
    for number, line in enumerate(lines):
        empty = not "".join(run.text for run in line).strip()
        if empty or (labelled[number] and (number == 0 or labelled[number - 1] or number + 1 < len(lines))):
            groups.append([])
        groups[-1] += [*line, Run(text=" ")]
    return groups


def _is_below(length: str | None, limit: int) -> bool:
    return (
        bool(length)
        and (length or "").removesuffix("px").isdecimal()
        and int((length or "").removesuffix("px")) < limit
    )


def _raise_large(walker: _Walker) -> list[Block]:
    """The blocks. Some mailers write pages without headings: there, short lines in large letters become headings."""
    blocks = walker.blocks
    if any(block.role is Role.HEADING and block.level < 5 for block in blocks):
        return blocks
    letters = Counter[float]()
    for block, size in zip(blocks, walker.sizes, strict=True):
        letters[size] += len(block.text)
    usual = letters.most_common(1)[0][0] if letters else 0.0
    larger = sorted({size for size in walker.sizes if size >= usual * _LARGER}, reverse=True)[:4]
    return [
        replace(block, role=Role.HEADING, level=larger.index(size) + 1)
        if size in larger and block.role in (Role.PARAGRAPH, Role.HEADING) and len(block.text) <= _LONGEST_HEADING
        else block
        for block, size in zip(blocks, walker.sizes, strict=True)
    ]


def _is_bold_heading(runs: Iterable[Run]) -> bool:
    text = "".join(run.text for run in runs)
    bold = all(run.strong and not run.link for run in runs)
    return bold and len(text) <= _LONGEST_BOLD_HEADING and text[-1] not in ".,;:"


def _number_of(entry: etree._Element) -> int | None:
    """The number before an entry of an `ol`; None in any other list."""
    parent = entry.getparent()
    if parent is None or parent.tag != "ol":
        return None
    written = entry.get("value") or ""
    start = parent.get("start") or "1"
    position = [*parent.iterchildren("li")].index(entry)
    return int(written) if written.isdecimal() else position + (int(start) if start.isdecimal() else 1)


def is_data(table: etree._Element) -> bool:
    """Whether a table has data: rows of cells with a few words each. Emails use tables for their layout too."""
    if table.get("role") == "presentation" or any(True for _ in table.iterdescendants("table", "h1", "h2", "h3", "li")):
        return False
    rows = [[*row.iterchildren("td", "th")] for row in table.iter("tr")]
    longest = max((sum(map(len, cell.itertext())) for row in rows for cell in row), default=0)
    return len(rows) >= 2 and min(map(len, rows)) >= 2 and longest <= _LONGEST_CELL
