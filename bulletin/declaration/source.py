"""YAML text as plain data, with the place of every key and value.

Every scalar stays the text that was written: YAML 1.1 would make `12:30` 750, `0123` 83 and `no` False. Only an
empty value, `~` and `null` mean "nothing". What a monthly issue never needs (tags, anchors, aliases, merge keys,
several documents) is refused. libyaml's event stream is read, not its loader: the loader recurses, and dies on
deeply nested input (yaml/pyyaml#895).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn, TypeAlias, cast

import yaml

from bulletin.declaration.files import find_remedy, open_file
from bulletin.declaration.syntax import explain_syntax, find_unwanted_characters
from bulletin.errors import Fault, FaultyFiles, NotFound

Data: TypeAlias = "str | list[Data] | dict[str, Data] | None"
Place: TypeAlias = tuple[str | int, ...]

LARGEST_FILE = 2_000_000  # bytes; a full issue is about 70 KB
DEEPEST = 30  # levels; the model itself needs 7
MOST_NODES = 50_000

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Where something is written: lines and columns from 1, in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondFile:
    """Another file whose lines are those of a source `after` so many."""

    file: str
    after: int

    def holds(self, span: Span) -> bool:
        """Whether a place of the source is in this file."""
        return span.line > self.after

    def find(self, span: Span) -> Span:
        """The place in this file of one that it holds."""
        return replace(span, line=span.line - self.after, end_line=span.end_line - self.after)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file's data, the place of each value and key in it, and what was wrong with its YAML.

    `whole` is False when the YAML broke off, so that `data` is only what came before. `refused` are the places
    whose value was refused (an alias, say): they get no further fault. `second` is the file of the other language, if
    that is in one of its own: its lines follow those of the first.
    """

    file: str
    lines: tuple[str, ...] = ()
    data: Data = None
    values: dict[Place, Span] = field(default_factory=dict)
    keys: dict[Place, Span] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    refused: frozenset[Place] = frozenset()
    whole: bool = True
    second: SecondFile | None = None

    def text_at(self, place: Place) -> str:
        """The text at `place`; "" if there is a list, a record or nothing."""
        value = self.data
        for step in place:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int):
                value = value[step]
        return value if isinstance(value, str) else ""

    def fault_at(self, span: Span, message: str, remedy: str = "", *, where: str = "") -> Fault:
        """A fault that covers `span` (its first line, where it has several)."""
        excerpt = self.lines[span.line - 1] if span.line <= len(self.lines) else ""
        end = span.end_column if span.end_line == span.line else len(excerpt) + 1
        file, own = self.locate(span)
        return Fault(
            file=file,
            line=own.line,
            column=span.column,
            where=where,
            message=message,
            remedy=remedy,
            excerpt=excerpt,
            width=max(1, end - span.column),
        )

    def locate(self, span: Span) -> tuple[str, Span]:
        """The file that a place is in, and the place in that."""
        if self.second and self.second.holds(span):
            return self.second.file, self.second.find(span)
        return self.file, span

    @property
    def first_lines(self) -> tuple[str, ...]:
        """The lines of the first file."""
        return self.lines[: self.second.after] if self.second else self.lines

    def find_within(self, span: Span, words: str) -> Span:
        """Where `words` first are inside `span`; `span` itself if there are none, or not there to the letter."""
        if not words:
            return span
        for line in range(span.line, min(span.end_line, len(self.lines)) + 1):
            start = span.column - 1 if line == span.line else 0
            at = self.lines[line - 1].find(words, start)
            if at >= 0:
                return Span(line=line, column=at + 1, end_line=line, end_column=at + 1 + len(words))
        return span


def describe_step(step: str | int, data: Data) -> str:
    """One step of a path in words: `title`, `2 (priorities)`. `data` is what is there."""
    if isinstance(step, str):
        return step
    kind = data.get("kind") if isinstance(data, dict) else None
    return f"{step + 1} ({kind})" if isinstance(kind, str) else str(step + 1)


def read_source(path: Path, *, shown_as: str) -> Source:
    """Read `path`, which faults call `shown_as`.

    Raises NotFound if there is no such file, FaultyFiles if it is none, or not text that can be read at all.
    """
    try:
        with open_file(path) as file:
            size = os.fstat(file.fileno()).st_size
            content = file.read(LARGEST_FILE + 1) if size <= LARGEST_FILE else b""
    except FileNotFoundError:
        raise NotFound(f"There is no file {shown_as}.", "Check its name and folder.") from None
    except OSError as error:
        message = f"This cannot be read: {error.strerror}."
        raise FaultyFiles([Fault(file=shown_as, message=message, remedy=find_remedy(error))]) from error
    if (size := max(size, len(content))) > LARGEST_FILE:
        message = f"This file has {size:,} bytes; the most is {LARGEST_FILE:,}."
        remedy = "Keep pictures and documents in files of their own, and only their names here."
        raise FaultyFiles([Fault(file=shown_as, message=message, remedy=remedy)])
    return parse_source(decode(content, shown_as=shown_as), shown_as=shown_as)


def decode(content: bytes, *, shown_as: str) -> str:
    """UTF-8 bytes, with or without a byte-order mark, as text. Raises FaultyFiles for any other encoding."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FaultyFiles(
            [Fault(file=shown_as, message="This file is saved as UTF-16.", remedy="In your editor, save it as UTF-8.")]
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FaultyFiles([_foreign_byte(content, error.start, shown_as)]) from None


def _foreign_byte(content: bytes, at: int, shown_as: str) -> Fault:
    before = content[:at]
    start = before.rfind(b"\n") + 1
    end = content.find(b"\n", at)
    excerpt = content[start : end if end >= 0 else len(content)].rstrip(b"\r").decode("cp1252", errors="replace")
    shown = content[at : at + 1].decode("cp1252", errors="replace")
    return Fault(
        file=shown_as,
        line=before.count(b"\n") + 1,
        column=len(content[start:at].decode("utf-8", errors="replace")) + 1,
        message=f"This file is not saved as UTF-8: the byte {content[at]:#04x} here (perhaps “{shown}”) is not.",
        remedy="In your editor, save it as UTF-8.",
        excerpt=excerpt,
    )


def parse_source(text: str, *, shown_as: str) -> Source:
    """Plain data from YAML text, with places. Never raises for what the text says: faults are in the Source."""
    lines = tuple(re.split("\r\n|\r|\n", text))
    unwanted = find_unwanted_characters(lines, file=shown_as)
    if unwanted:
        return Source(file=shown_as, lines=lines, faults=tuple(unwanted), whole=False)
    reader = _Reader(Source(file=shown_as, lines=lines))
    whole = False
    try:
        reader.read(yaml.parse(text, Loader=_Loader))
        whole = True
    except yaml.YAMLError as error:
        reader.faults.append(explain_syntax(error, file=shown_as, lines=lines))
    except _Stop as stop:
        reader.faults.append(stop.fault)
    return Source(
        file=shown_as,
        lines=lines,
        data=reader.data,
        values=reader.values,
        keys=reader.keys,
        faults=tuple(reader.faults),
        refused=frozenset(reader.refused),
        whole=whole,
    )


class _Stop(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(slots=True)
class _Frame:
    """A mapping or list being filled. `key` is the mapping's key that awaits its value."""

    container: list[Data] | dict[str, Data]
    place: Place
    key: str | None = None
    keys: dict[str, Span] = field(default_factory=dict)

    def awaits_key(self) -> bool:
        return isinstance(self.container, dict) and self.key is None

    def next_place(self) -> Place:
        return (*self.place, len(self.container) if self.key is None else self.key)

    def put(self, value: Data) -> None:
        if isinstance(self.container, list):
            self.container.append(value)
        elif self.key is not None:
            # A refused key keeps its first value: setdefault, so that a second one never replaces it silently.
            self.container.setdefault(self.key, value)
            self.key = None


class _Reader:
    """Turns the event stream into data without recursion."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.data: Data = None
        self.values: dict[Place, Span] = {}
        self.keys: dict[Place, Span] = {}
        self.faults: list[Fault] = []
        self.refused: set[Place] = set()
        self._stack: list[_Frame] = []
        self._nodes = 0
        self._documents = 0

    def read(self, events: Iterator[yaml.Event]) -> None:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._documents += 1
                if self._documents > 1:
                    self._stop(event, "A second document begins here (---).", "Keep one document in a file.")
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close(event)
            elif isinstance(event, yaml.NodeEvent):
                self._check_size(event)
                if self._stack and self._stack[-1].awaits_key():
                    self._take_key(self._stack[-1], event)
                else:
                    self._take_value(event)

    def _check_size(self, event: yaml.NodeEvent) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            self._stop(event, f"This file has more than {MOST_NODES:,} values.", "Split it into several issues.")
        if len(self._stack) >= DEEPEST:
            self._stop(
                event,
                f"This is nested more than {DEEPEST} levels deep.",
                "Check the brackets and the indentation: an issue needs 7 levels.",
            )

    def _take_key(self, frame: _Frame, event: yaml.NodeEvent) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            what = "an alias (*)" if isinstance(event, yaml.AliasEvent) else "a list or a mapping"
            self._stop(event, f"The name of a field cannot be {what}.", "Write a word, followed by a colon.")
        span, place = _span(event), (*frame.place, event.value)
        self._refuse_features(event, place)
        frame.key = event.value
        if event.value == "<<" and not event.style:
            self._refuse(place, span, "Merge keys (<<) are not supported.", "Write the fields out.")
        if event.value in frame.keys:
            first = frame.keys[event.value].line
            self._fault(
                span,
                f"“{event.value}” is written twice here; the first is in line {first}.",
                "Keep one of them. If both are meant, begin each entry of a list with a dash.",
            )
        else:
            frame.keys[event.value] = span
            self.keys[place] = span

    def _take_value(self, event: yaml.NodeEvent) -> None:
        place = self._stack[-1].next_place() if self._stack else ()
        self.values.setdefault(place, _span(event))
        self._refuse_features(event, place)
        if isinstance(event, yaml.MappingStartEvent):
            self._stack.append(_Frame({}, place))
        elif isinstance(event, yaml.SequenceStartEvent):
            self._stack.append(_Frame([], place))
        elif isinstance(event, yaml.ScalarEvent):
            self._refuse_cut_text(event, place)
            self._put(_scalar(event))
        else:
            self._put(None)

    def _close(self, event: yaml.CollectionEndEvent) -> None:
        done = self._stack.pop()
        self.values[done.place] = _until(self.values[done.place], event)
        self._put(done.container)

    def _put(self, value: Data) -> None:
        if self._stack:
            self._stack[-1].put(value)
        else:
            self.data = value

    def _refuse_features(self, event: yaml.NodeEvent, place: Place) -> None:
        span = _span(event)
        if isinstance(event, yaml.AliasEvent):
            self._refuse(place, span, f"An alias (*{event.anchor}) is not supported.", _STAR_REMEDY)
        elif event.anchor is not None:
            self._refuse(place, span, f"An anchor (&{event.anchor}) is not supported.", _AMPERSAND_REMEDY)
        tag = getattr(event, "tag", None)
        if tag is not None:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self._refuse(place, span, f"A tag ({shown}) is not supported.", _TAG_REMEDY)

    def _refuse_cut_text(self, event: yaml.ScalarEvent, place: Place) -> None:
        """`title: Call #3` would lose its end: YAML takes ` #3` for a comment. A comment has a space after the #."""
        end = _mark(event.end_mark)
        line = self._source.lines[end.line] if end.line < len(self._source.lines) else ""
        cut = re.match(r"\s+#[^\s#]", line[end.column :]) if not event.style else None
        if cut:
            at = line.index("#", end.column)
            span = Span(line=end.line + 1, column=at + 1, end_line=end.line + 1, end_column=len(line) + 1)
            self._refuse(
                place,
                span,
                "Everything from this # on would be left out, as a comment.",
                "Put the whole text in quotation marks; or, if a comment is meant, write a space after the #.",
            )

    def _refuse(self, place: Place, span: Span, message: str, remedy: str) -> None:
        self.refused.add(place)
        self._fault(span, message, remedy)

    def _fault(self, span: Span, message: str, remedy: str) -> None:
        self.faults.append(self._source.fault_at(span, message, remedy))

    def _stop(self, event: yaml.Event, message: str, remedy: str) -> NoReturn:
        raise _Stop(self._source.fault_at(_span(event), message, remedy))


_STAR_REMEDY = "If the text itself begins with *, put it in quotation marks."
_AMPERSAND_REMEDY = "If the text itself begins with &, put it in quotation marks."
_TAG_REMEDY = "If the text itself begins with !, put it in quotation marks."


def _scalar(event: yaml.ScalarEvent) -> str | None:
    """The text as written. Plain and empty, `~` or `null`: nothing."""
    if not event.style and event.value in ("", "~", "null"):
        return None
    return str(event.value)


def _span(event: yaml.Event) -> Span:
    start, end = _mark(event.start_mark), _mark(event.end_mark)
    return Span(line=start.line + 1, column=start.column + 1, end_line=end.line + 1, end_column=end.column + 1)


def _until(span: Span, event: yaml.Event) -> Span:
    end = _mark(event.end_mark)
    return Span(line=span.line, column=span.column, end_line=end.line + 1, end_column=end.column + 1)


def _mark(mark: Any) -> yaml.Mark:
    """Every event has its marks; only their type says that they may be missing."""
    return cast("yaml.Mark", mark)
