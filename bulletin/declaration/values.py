"""The kinds of value that issues and settings share: texts, addresses, numbers, each refused in words.

Every value arrives as the text that was written (see `source`), so each type here decides what that text means.
`invalid` makes a PydanticCustomError of type `declared` whose context has the `problems`; `validation` turns each into
a Fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from bulletin.declaration.characters import remove_strays
from bulletin.declaration.markup import Problem, find_odd_part, find_problems, refuse_address

T = TypeVar("T")


def invalid(message: str, remedy: str = "", *, found: str = "", field: str = "") -> PydanticCustomError:
    """The error that a validator raises: what is wrong, what to do, and the words meant inside the value.

    `field` is the field that is meant, if the value is a record.
    """
    below = (field,) if field else ()
    return invalid_each([Problem(message=message, remedy=remedy, found=found, below=below)])


def invalid_each(problems: Sequence[Problem]) -> PydanticCustomError:
    """The error for a value with several problems, each reported at its own place, and in one line."""
    told = [replace(problem, message=_make_tellable(problem.message)) for problem in problems]
    return PydanticCustomError("declared", "{message}", {"message": told[0].message, "problems": told})


def _make_tellable(message: str) -> str:
    """In one line, and without what cannot be UTF-8: a file's name may have that, and pydantic takes none."""
    return " ".join(message.splitlines()).encode(errors="backslashreplace").decode()


def _strip(value: object) -> object:
    if not isinstance(value, str):
        return value  # pydantic says what it should have been
    if not remove_strays(value).strip():
        raise invalid("is empty.", "Write the text, or delete the line.")
    return value.strip()


def _require_line(value: object) -> object:
    text = _strip(value)
    if isinstance(text, str) and "\n" in text:
        raise invalid("has more than one line.", "Write it in one line.", found=text.partition("\n")[2].strip())
    return text


def _clean(text: str) -> str:
    """The text without soft hyphens and odd blanks. The proof names them."""
    return remove_strays(text).strip()


def _clean_line(value: object) -> object:
    line = _require_line(value)
    return _clean(line) if isinstance(line, str) else line


def _refuse_problems(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise invalid_each(found)


def _check_blocks(text: str) -> str:
    _refuse_problems(find_problems(text))
    return _clean(text)


def _check_inline(text: str) -> str:
    _refuse_problems(find_problems(text, inline=True, links=False))
    return _clean(text)


Plain = Annotated[str, BeforeValidator(_clean_line)]
"""One line without any markup: a subject, a button's label, a text alternative."""


Line = Annotated[str, BeforeValidator(_require_line), AfterValidator(_check_inline)]
"""One line that may hold *emphasis*, and no link: a title, a name."""

Text = Annotated[str, BeforeValidator(_strip), AfterValidator(_check_blocks)]
"""A text in Markdown: paragraphs, lists, quotations, links, emphasis."""


def _check_web(address: str) -> str:
    if remedy := refuse_address(address, schemes="web"):
        raise invalid(f"“{address}” is not a web address.", remedy, found=find_odd_part(address))
    return address


def _check_link(address: str) -> str:
    if remedy := refuse_address(address):
        raise invalid(f"“{address}” is not an address that readers can open.", remedy, found=find_odd_part(address))
    return address


WebAddress = Annotated[str, BeforeValidator(_require_line), AfterValidator(_check_web)]
"""An absolute http(s) address."""

LinkAddress = Annotated[str, BeforeValidator(_require_line), AfterValidator(_check_link)]
"""An address that a reader can follow from an email: http(s), mailto: or tel:."""

_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")


def _check_mail(address: str) -> str:
    if not _MAIL.match(address):
        raise invalid(f"“{address}” is not an email address.", "Write it as in news@example.org.")
    return address


MailAddress = Annotated[str, BeforeValidator(_require_line), AfterValidator(_check_mail)]
"""The organisation's own email address: plain ASCII, as every server takes it."""


def _read_number(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"0|[1-9][0-9]{0,8}", value.strip()):
        raise invalid(f"“{value}” is not a whole number.", "Write it in figures, as in 3.")
    return int(value)


WholeNumber = Annotated[int, BeforeValidator(_read_number)]
"""A whole number from 0, written in figures; `007`, `1_000` and `1.0` are refused, not guessed at."""


def _read_yes_or_no(value: object) -> object:
    if not isinstance(value, str):
        return value
    word = value.strip().lower()
    if word in ("yes", "true", "on"):
        return True
    if word in ("no", "false", "off"):
        return False
    raise invalid(f"“{value}” is neither yes nor no.", "Write yes or no.")


YesOrNo = Annotated[bool, BeforeValidator(_read_yes_or_no)]
"""`yes` or `no` (`true`, `false`, `on` and `off` mean the same)."""


def one_or_more(value: Any) -> Any:
    """Let a list that has one entry be written without its dash; it may be a text in several languages."""
    return [value] if isinstance(value, str | dict) else value


def parsed_by(parse: Callable[[str], T]) -> Callable[[object], object]:
    """A validator that lets `parse` read a text, leaves values already parsed alone, and refuses any other shape."""

    def read(value: object) -> object:
        if isinstance(value, list | dict):
            raise invalid("is not a text.", "Write it in one line, without dashes or fields below it.")
        return parse(value.strip()) if isinstance(value, str) else value

    return read
