"""What is wrong with text that is not YAML, in words for people who have never heard of YAML."""

from __future__ import annotations

import re

import yaml

from bulletin.declaration.characters import describe_odd, is_odd, name_character
from bulletin.errors import Fault

# Invisible or unprintable: C0 and C1 controls, direction overrides, separators that YAML counts as line ends, and a
# byte-order mark in mid-text. None can be meant; some make text look like what it is not.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)

_CURLY = "“”„‟‘’‚‛«»‹›＂＇″′"
# What looks like the marks of YAML, but is a colon or dash of another kind.
_LOOKALIKES = {"：": ":", "﹕": ":", "꞉": ":", "∶": ":", "－": "-", "﹣": "-", "‐": "-", "‑": "-", "−": "-"}
_STRUCTURE = re.compile(r"[^\S\n]*(?:[-－﹣‐‑−][^\S\n]*)?[A-Za-z_][\w-]{0,40}[^\S\n]*[:：﹕꞉∶][^\S\n]*")
_ENTRY = re.compile(r"([^\S\n]*)([-－﹣‐‑−])([^\S\n]+)")

_QUOTE_IT = "Put the whole text in quotation marks."


def find_unwanted_characters(lines: tuple[str, ...], *, file: str) -> list[Fault]:
    """A fault for each line with characters that people never mean to write, at the first of them."""
    return [
        Fault(
            file=file,
            line=number,
            column=match.start() + 1,
            message=f"There is an invisible character here: {name_character(match.group())}.",
            remedy="Delete it, and type the text around it again.",
            excerpt=_UNWANTED.sub("�", line),
        )
        for number, line in enumerate(lines, start=1)
        if (match := _UNWANTED.search(line))
    ]


def explain_syntax(error: yaml.YAMLError, *, file: str, lines: tuple[str, ...]) -> Fault:
    """The one fault that stopped the reading. Position and words come from libyaml and the line itself."""
    mark = getattr(error, "problem_mark", None)
    context_mark = getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or error)
    context = str(getattr(error, "context", None) or "")
    line, column = (mark.line, mark.column) if mark else (0, 0)
    opened = (context_mark.line, context_mark.column) if context_mark else (line, column)
    told = _find_lookalike(lines, (opened[0], line)) or _explain(problem, context, (line, column), opened, lines)
    line, column, message, remedy = told
    line = min(line, len(lines) - 1)
    return Fault(
        file=file,
        line=line + 1,
        column=column + 1,
        message=message,
        remedy=remedy,
        excerpt=lines[line] if lines else "",
    )


def _find_lookalike(lines: tuple[str, ...], around: tuple[int, int]) -> tuple[int, int, str, str] | None:
    """The first character near the trouble that only looks like what YAML needs there; None if there is none.

    `around` are the lines (from 0) where the part began and where the reading stopped.
    """
    began, stopped = around
    for number in sorted({began, stopped - 1, stopped}):
        if 0 <= number < len(lines) and (column := find_odd_structure(lines[number])) >= 0:
            return number, column, *_explain_odd(lines[number][column])
    return None


def find_odd_structure(line: str) -> int:
    """The index of the first character in a line's structure that only looks like the right one; -1 if there is none.

    The structure is the indentation, the dash, the name of a field, its colon and the spaces between these.
    """
    if line.isascii():
        return -1
    match = _STRUCTURE.match(line) or _ENTRY.match(line) or _INDENTATION.match(line)
    end = match.end() if match else 0
    return next((at for at, char in enumerate(line[:end]) if is_odd(char) or char in _LOOKALIKES), -1)


_INDENTATION = re.compile(r"[^\S\n]*")


def _explain_odd(char: str) -> tuple[str, str]:
    """What is wrong with a character that only looks right, and what to do."""
    if is_odd(char):
        return describe_odd(char), "Delete it, and type a space."
    right = _LOOKALIKES[char]
    return f"This looks like {right}, but is another character: {name_character(char)}.", f"Type {right} in its place."


def _explain(
    problem: str, context: str, at: tuple[int, int], opened: tuple[int, int], lines: tuple[str, ...]
) -> tuple[int, int, str, str]:
    """Line and column (from 0), what is wrong, and what to do."""
    line, column = at
    text = lines[line] if line < len(lines) else ""
    rest = text[column:]
    indent = text[: len(text) - len(text.lstrip())]
    if "\t" in indent or rest.startswith("\t"):
        tab = indent.index("\t") if "\t" in indent else column
        return line, tab, "A tab is used for the indentation.", "Use spaces: two for each level."
    if "alias" in context or "anchor" in context:
        at_line, at_column = opened
        char = lines[at_line][at_column]
        return at_line, at_column, f"A text cannot begin with {char} without quotation marks.", _QUOTE_IT
    if "cannot start any token" in problem:
        return line, column, f"A text cannot begin with {rest[:1]} without quotation marks.", _QUOTE_IT
    if "directive" in problem or "directive" in context or text.startswith("%"):
        return (
            line,
            0,
            "A line cannot begin with % without quotation marks.",
            "Indent it, or put the text in quotation marks.",
        )
    if "<document start>" in problem:
        return (
            line,
            column,
            "This line does not belong to the text above it.",
            "Look at the lines above: something there is not a field (`name: text`).",
        )
    if "undefined tag handle" in problem:
        return line, column, "A text cannot begin with ! without quotation marks.", _QUOTE_IT
    if "mapping values are not allowed" in problem:
        return _explain_colon(line, column, lines)
    if "could not find expected ':'" in problem:
        first = opened[0]
        if re.match(r"\s*[\w-]+:\S", lines[first]):
            return first, lines[first].index(":"), "A space is missing after the colon.", "Write `name: text`."
        return (
            *opened,
            "This line is neither a field (`name: text`) nor an entry of a list (`- text`).",
            "If it continues the text above, indent it further than that text's name.",
        )
    if "block sequence entries" in problem:
        return line, column, "A list cannot begin on the line of its name.", "Begin the first dash on a new line."
    if "quoted scalar" in context:
        return _explain_quotes(problem, line, column, opened)
    if "block scalar" in context:
        return line, column, "After | or > the text begins on the next line.", "Move it there, and indent it."
    if "flow" in context:
        return _explain_brackets(opened, lines)
    if "did not find expected node content" in problem:
        return line, column, f"A text cannot begin with {rest[:1] or 'nothing'} without quotation marks.", _QUOTE_IT
    if "did not find expected key" in problem or "did not find expected '-' indicator" in problem:
        return _explain_block(line, column, text)
    return line, column, f"This is not valid YAML: {problem}.", "Compare it with the lines above."


def _explain_colon(line: int, column: int, lines: tuple[str, ...]) -> tuple[int, int, str, str]:
    text = lines[line]
    if curly := re.match(rf"\s*(?:- )?[^\s:]+:\s+([{_CURLY}].*)", text):
        return line, curly.start(1), *_explain_curly(curly[1].rstrip())
    if re.match(r"\s*(- )?[^\s:]+: .*\S:$|\s*(- )?[^\s:]+: .*\S: ", text[: column + 2]):
        return (
            line,
            column,
            "This line has a second colon.",
            "Put everything after the first one in quotation marks.",
        )
    above = lines[line - 1] if line else ""
    if re.match(r"\s*[\w-]+:[^\s]", above):
        return line - 1, above.index(":"), "A space is missing after the colon.", "Write `name: text`."
    return (
        line,
        len(text) - len(text.lstrip()),
        "This line is indented further than the one above, which already has its text.",
        "Indent it as far as the field that it belongs beside; or put the text above in quotation marks.",
    )


def _explain_curly(text: str) -> tuple[str, str]:
    """What is wrong with a text with a colon that begins with a curly mark, and what to write."""
    whole = len(text) > 1 and text[-1] in _CURLY
    inside = text[1:-1] if whole else text
    right = f'"{inside}"' if '"' not in inside and "\\" not in inside else "'" + inside.replace("'", "''") + "'"
    message = f"Curly marks such as {text[0]} don’t count as quotation marks here, so the second colon is one too many."
    return message, f"{'Write straight ones' if whole else 'Put straight ones around the whole text'}: {right}."


def _explain_quotes(problem: str, line: int, column: int, opened: tuple[int, int]) -> tuple[int, int, str, str]:
    if "escape" in problem:
        return (
            line,
            column,
            "A backslash has a meaning of its own inside double quotation marks.",
            "Use single quotation marks, or write the backslash twice.",
        )
    return *opened, "This quotation mark is never closed.", "Close it; an apostrophe inside '…' is written twice ('')."


def _explain_brackets(opened: tuple[int, int], lines: tuple[str, ...]) -> tuple[int, int, str, str]:
    char = lines[opened[0]][opened[1] : opened[1] + 1] if opened[0] < len(lines) else ""
    if char not in ("[", "{"):
        char = "[ or {"
    return *opened, f"A bracket ({char}) opens here and is not closed as it should be.", f"Close it. {_TEXT_BRACKET}"


_TEXT_BRACKET = "If the bracket is part of a text, put the whole text in quotation marks."


def _explain_block(line: int, column: int, text: str) -> tuple[int, int, str, str]:
    before = text[:column]
    if re.search(r":\s+(['\"]).*\1\s*$", before):
        return (
            line,
            column,
            "There is more text after the closing quotation mark.",
            "Put the whole text in quotation marks; inside '…' write an apostrophe twice ('').",
        )
    if re.search(r":\s+[\[{].*[\]}]\s*$", before):
        return line, column, "There is more text after the closing bracket.", _TEXT_BRACKET
    return (
        line,
        column,
        "The indentation of this line does not fit the lines above.",
        "Fields that belong together begin in the same column; an entry of a list begins with “- ”.",
    )
