"""The theme files that a workspace has changed from the default theme."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from bulletin.declaration.source import Span
from bulletin.edition.theme_version import REPLACED
from bulletin.workspace.package_data import theme_folder

PARTS = {"email": "email/issue.html.j2", "text": "text/issue.txt.j2"}
"""The template in which each part of an email begins."""

OF_KINDS = ("email/sections/{}.html.j2", "text/sections/{}.txt.j2")
"""The templates of a kind of section."""

_REFERENCE = re.compile(
    r"\{%-? ?(?:(?:include|import|from|extends) |include \[[^\]\n]{1,200}, )[\"']([\w./-]{1,200})[\"']"
)
_MOST_FILES = 200


@dataclass(frozen=True, kw_only=True)
class ThemeFile:
    """A template or style sheet. `name` is its path in the workspace, as in "templates/email/style.css"."""

    name: str
    text: str
    own: bool = True

    @property
    def is_style(self) -> bool:
        return self.name.endswith(".css")

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text.split("\n"))

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line) + 1)
        return starts

    def locate(self, start: int, end: int) -> Span:
        """Where `text[start:end]` is written."""
        (line, column), (end_line, end_column) = self._find_spot(start), self._find_spot(max(start, end - 1))
        return Span(line=line, column=column, end_line=end_line, end_column=end_column + 1)

    def find(self, pattern: str) -> tuple[int, int]:
        """The start and end of the first words that match `pattern`; of the first line if there are none."""
        match = re.search(pattern, self.text)
        return match.span() if match else (0, len(self.lines[0]))

    def _find_spot(self, at: int) -> tuple[int, int]:
        number = bisect_right(self._starts, at)
        return number, at - self._starts[number - 1] + 1


def find_own_theme(read_file: Callable[[str], bytes | None], *, kinds: Iterable[str] = ()) -> tuple[ThemeFile, ...]:
    """The files that a workspace has changed, and its own files that they include; none for the default theme.

    `kinds` are the kinds of section in the issue: each declared by the workspace may have templates of its own.
    """
    shipped = _load_shipped()
    names = list(dict.fromkeys([*shipped, *REPLACED, *(place.format(kind) for kind in kinds for place in OF_KINDS)]))
    found: list[ThemeFile] = []
    for name in names:  # grows as references are followed
        content = read_file(f"templates/{name}")
        text = content.decode("utf-8", errors="replace").replace("\r\n", "\n") if content is not None else None
        if text is not None and text != shipped.get(name):
            found.append(ThemeFile(name=f"templates/{name}", text=text))
            if len(names) < _MOST_FILES:
                names += [other for other in dict.fromkeys(_REFERENCE.findall(text)) if other not in names]
    return tuple(found)


def walk_part(part: str, own: tuple[ThemeFile, ...]) -> Iterator[ThemeFile]:
    """Every file that the part `email` or `text` may include, default files too."""
    files = {name: ThemeFile(name=f"templates/{name}", text=text, own=False) for name, text in _load_shipped().items()}
    files |= {file.name.removeprefix("templates/"): file for file in own}
    names = [PARTS[part]]
    for name in names:
        if name in files:
            yield files[name]
            more = [*_REFERENCE.findall(files[name].text), *_follow_kinds(part, files[name].text, list(files))]
            names += [other for other in dict.fromkeys(more) if other not in names]


def _follow_kinds(part: str, text: str, names: list[str]) -> list[str]:
    """The templates of the kinds of section, and the style sheets: they are included under a computed name."""
    folders = [folder for folder in (f"{part}/sections/", f"{part}/styles/") if folder in text]
    return [name for name in names if name.startswith(tuple(folders))]


def is_shipped(name: str) -> bool:
    """Whether the product has a template or style sheet of that name (`email/parts/foot.html.j2`)."""
    return name in _load_shipped()


@cache
def _load_shipped() -> dict[str, str]:
    """What emails are made of. The pages of the website are for browsers, which support more."""
    folder = theme_folder()
    paths = sorted(path for part in PARTS for path in (folder / part).rglob("*") if path.suffix in (".j2", ".css"))
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}
