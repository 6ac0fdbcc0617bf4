"""The structure of an HTML page."""

from __future__ import annotations

from html.parser import HTMLParser


class Skeleton(HTMLParser):
    """The elements of a page, without its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(" ".join([tag, *(name for name, _ in attrs)]))

    def handle_data(self, data: str) -> None:
        self.words.append(data)
