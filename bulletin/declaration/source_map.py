"""Where each character of a value is in its file: through folded lines, indentation and escapes. Pure.

A value that was read is not what was written: YAML folds lines, takes indentation away and decodes escapes. A finding
about the third word of such a text still has to point at that word.
"""

from __future__ import annotations

import re

from bulletin.declaration.source import Place, Source, Span

_SPACE = " \t\n"
_PIECE = re.compile(r"[ \t\n]+|[^ \t\n]+")
_SINGLE_QUOTED = re.compile(r"[ \t\n]+|''|[^ \t\n']+")
# \x, \u and \U have the number of a character after them; a \ at a line's end joins it with the next one.
_DOUBLE_QUOTED = re.compile(r"[ \t\n]+|\\\n[ \t]*|\\x..|\\u.{4}|\\U.{8}|\\.|[^ \t\n\\]+", re.DOTALL)


def trace_text(source: Source, place: Place) -> tuple[tuple[int, int], ...]:
    """The line and column (from 1) of each character of the text at `place`, and one entry more for its end."""
    span, value = source.values[place], source.text_at(place)
    raw, spots = _cut_out(source.lines, span)
    style = raw[:1]
    if style in ("|", ">"):
        indices = _trace_block(raw, value)
    elif style == '"':
        indices = _trace_flow(raw, _DOUBLE_QUOTED, quoted=True)
    elif style == "'":
        indices = _trace_flow(raw, _SINGLE_QUOTED, quoted=True)
    else:
        indices = _trace_flow(raw, _PIECE, quoted=False)
    indices = (indices + [indices[-1] if indices else 0] * len(value))[: len(value)]
    after = spots[indices[-1] + 1] if indices else spots[0]
    return (*(spots[index] for index in indices), after)


def _cut_out(lines: tuple[str, ...], span: Span) -> tuple[str, list[tuple[int, int]]]:
    """The raw characters of a span, line ends as one character each, and the spot of every one and of the end."""
    raw: list[str] = []
    spots: list[tuple[int, int]] = []
    for number in range(span.line, min(span.end_line, len(lines)) + 1):
        start = span.column - 1 if number == span.line else 0
        end = span.end_column - 1 if number == span.end_line else len(lines[number - 1])
        raw.append(lines[number - 1][start:end])
        spots += ((number, column + 1) for column in range(start, end))
        if number < span.end_line:
            raw.append("\n")
            spots.append((number, end + 1))
    last = spots[-1] if spots else (span.line, span.column - 1)
    spots += [(last[0], last[1] + 1)] * 2
    return "".join(raw), spots


def _trace_block(raw: str, value: str) -> list[int]:
    """A block text: the same characters, but for the indentation of each line, and for the ends of folded lines."""
    start = raw.find("\n") + 1
    indent = max(0, _first_indent(raw[start:]) - _first_indent(value))
    found: list[int] = []
    at, done, slow_until = start + _count_spaces(raw, start, indent), 0, 0
    while done < len(value):
        end = raw.find("\n", at)
        line = raw[at : end if end >= 0 else len(raw)] if at >= slow_until else ""
        if line and value.startswith(line, done):
            found += range(at, at + len(line))
            at, done = at + len(line), done + len(line)
            continue
        slow_until = max(slow_until, at + len(line))
        at = _skip_to(raw, at, value[done], indent)
        found.append(min(at, len(raw)))
        done += 1
        if at < len(raw):
            at += 1
            if raw[at - 1] == "\n":
                at += _count_spaces(raw, at, indent)
    return found


def _first_indent(text: str) -> int:
    """How many spaces the first line that is not blank begins with."""
    match = re.search(r"^( *)[^ \n]", text, re.MULTILINE)
    return len(match[1]) if match else 0


def _skip_to(raw: str, at: int, char: str, indent: int) -> int:
    """Past what YAML has left out before `char`. A line's end may itself mean a space."""
    while at < len(raw) and raw[at] != char and raw[at] in _SPACE:
        if char == " " and raw[at] == "\n":
            return at
        at += 1
        if raw[at - 1] == "\n":
            at += _count_spaces(raw, at, indent)
    return at


def _count_spaces(raw: str, at: int, most: int) -> int:
    count = 0
    while count < most and raw[at + count : at + count + 1] == " ":
        count += 1
    return count


def _trace_flow(raw: str, piece: re.Pattern[str], *, quoted: bool) -> list[int]:
    """A text in which a line's end means a space, two for a new line, and an escape for one character."""
    found: list[int] = []
    for match in piece.finditer(raw, int(quoted), len(raw) - int(quoted)):
        text, at = match[0], match.start()
        if text[0] in _SPACE:
            ends = [at + index for index, char in enumerate(text) if char == "\n"]
            # The white space around the ends of lines is left out; the first end of several is folded away.
            found += (ends[1:] or ends) if ends else range(at, match.end())
        elif text[0] == "\\" and quoted and piece is _DOUBLE_QUOTED:
            found += [] if text[1:2] == "\n" else [at]
        else:
            found += [at] if text == "''" and piece is _SINGLE_QUOTED else range(at, match.end())
    return found
