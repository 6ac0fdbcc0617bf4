"""The words and the addresses of an output, whatever form it has: HTML, plain text, data. Pure.

All of an HTML page counts: texts, attributes, its head, comments for Outlook. Letters and figures count, and nothing
else: not their case, quotation marks, dashes, or characters that no one sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Final
from unicodedata import normalize
from urllib.parse import unquote

_RUNNING: Final = re.compile(r"a|abbr|bd[io]|cite|code|em|font|mark|small|span|strong|su[bp]|[biqsu]|wbr")
"""Elements in the middle of words: a word continues in them."""
_UNREAD: Final = frozenset({"style", "class", "width", "height", "align", "valign", "bgcolor", "cellpadding", "role"})
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)  # of the category Cf, and what fills up a preview text
_WORD: Final = re.compile(r"[^\W_]+")
_TOKEN: Final = re.compile(r"""[^\s"'<>()\[\]{}“”‘’|]+""")
_PICTURE_END: Final = re.compile(r"(?:-[0-9a-f]{8})?\.(?:png|jpe?g|gif|webp|avif|tiff?)\Z")
"""What comes after a picture's name; an edition adds a digest."""
_SCHEMES: Final = ("mailto:", "tel:", "cid:", "webcal:")


def split_words(text: str) -> list[str]:
    """The words of a text, folded so that the same words written otherwise are the same."""
    return _WORD.findall(normalize("NFKC", _UNSEEN.sub("", text)).casefold())


def split_tokens(text: str) -> Iterator[str]:
    """Whatever in a text may be an address, a file's name or an anchor, each as `fold_token` has it."""
    for match in _TOKEN.finditer(text):
        token = fold_token(match[0])
        yield token
        address, mark, fragment = token.partition("#")
        if mark:
            yield from (address, f"#{fragment}")
        name = address.rpartition("/")[2]
        yield name
        if found := _PICTURE_END.search(name):
            yield name_picture(name[: found.start()])


def name_picture(stem: str) -> str:
    """The token of a picture, by the name of its file without what comes after that."""
    return f"picture:{re.sub(r'[^a-z0-9]+', '-', stem.lower()).strip('-')}"


def fold_token(text: str) -> str:
    """An address, however it is written: without `mailto:`, the full stop behind it, a slash at its end."""
    folded = unquote(text.strip()).casefold().rstrip(".,;:!?…/")
    for scheme in _SCHEMES:
        folded = folded.removeprefix(scheme)
    return folded


def read_html_words(html: str) -> str:
    """All that an HTML page says and leads to, as text: each block, attribute and comment in a line of its own."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


def join_runs(words: list[str], lengths: Iterable[int]) -> Iterator[tuple[str, ...]]:
    """Every run of so many words that follow each other."""
    for length in lengths:
        yield from (tuple(words[at : at + length]) for at in range(len(words) - length + 1))


class _Reader(HTMLParser):
    """Collects the `parts` of a page's text, a block a line. What attributes and comments say is in lines before it."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._line = 0  # where the line begins that words are added to

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not _RUNNING.fullmatch(tag):
            self._end_line(" " if tag == "br" else "\n")
        for name, value in attrs:
            if value and name not in _UNREAD:
                self._put_before(f"#{value}" if name in ("id", "name") else unquote(value))

    def handle_endtag(self, tag: str) -> None:
        if not _RUNNING.fullmatch(tag):
            self._end_line("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"\s+", " ", data))

    def handle_comment(self, data: str) -> None:
        self._put_before(read_html_words(re.sub(r"\A\[if[^\]]*\]>|<!\[endif\]\Z", "", data)))

    def _put_before(self, said: str) -> None:
        """Put it before the current line: a link in the middle of a word doesn't part the word."""
        self.parts.insert(self._line, f"{said}\n")
        self._line += 1

    def _end_line(self, end: str) -> None:
        self.parts.append(end)
        if end == "\n":
            self._line = len(self.parts)
