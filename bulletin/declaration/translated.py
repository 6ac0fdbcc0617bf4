"""Texts that may be written in two languages: `{cy: Newyddion, en: News}` in place of one. Pure.

A record has such a text as a `Translated`: to whatever only shows it, it is the words in the first language, and
`choose_language` makes a record in one language of it. Dates, numbers and choices are written once, so they can't
differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import ValidationError, ValidationInfo, WrapValidator

from bulletin.declaration import values
from bulletin.declaration.declared import Declared
from bulletin.declaration.markup import Problem
from bulletin.declaration.values import invalid, invalid_each
from bulletin.languages.known import LANGUAGES, name_language

D = TypeVar("D", bound=Declared)

SAME: Final = "same"
"""Beside the languages: `yes` says that a text is meant to be the same in both."""


class Translated(str):
    """A text in several languages: itself in the first. `is_same`: whether it is meant to be the same in all."""

    __slots__ = ("is_same", "versions")

    versions: Mapping[str, str]
    is_same: bool

    def __new__(cls, versions: Mapping[str, str], *, is_same: bool = False) -> Self:
        """From the words in each language, the first one first."""
        made = super().__new__(cls, next(iter(versions.values())))
        made.versions, made.is_same = dict(versions), is_same
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Mapping[str, str]], dict[str, bool]]:
        """How to copy it."""
        return (self.versions,), {"is_same": self.is_same}

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Translated):
            return self.versions == other.versions
        return str.__eq__(self, other) if isinstance(other, str) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return str.__hash__(self)


def is_translated(value: object) -> bool:
    """Whether a value of a file is a text in several languages, and not a record: all its fields are languages."""
    return isinstance(value, dict) and bool(value) and all(key in LANGUAGES or key == SAME for key in value)


def list_versions(value: str) -> Sequence[tuple[str, str]]:
    """Each language of a text with the words in it; ("", the text) for one that is written once."""
    return tuple(value.versions.items()) if isinstance(value, Translated) else (("", value),)


def choose_language(record: D, language: str) -> D:
    """The record with all its texts in one language. What is written once, or not in that language, stays."""
    return _choose(record, language)  # type: ignore[no-any-return]  # the record comes back as one of its class


def _choose(value: Any, language: str) -> Any:
    if isinstance(value, Translated):
        return value.versions.get(language, str(value))
    if isinstance(value, tuple):
        entries = tuple(_choose(entry, language) for entry in value)
        return entries if any(one is not other for one, other in zip(entries, value, strict=True)) else value
    if isinstance(value, Declared):
        pairs = ((name, getattr(value, name)) for name in type(value).model_fields)
        chosen = {name: (old, _choose(old, language)) for name, old in pairs}
        changed = {name: new for name, (old, new) in chosen.items() if new is not old}
        return value.model_copy(update=changed) if changed else value
    return value


def _read(value: Any, read_one: Callable[[Any], Any], info: ValidationInfo) -> Any:
    """`info.context` has the `languages` of the file: () if it is in one, None if it doesn't say."""
    if not isinstance(value, dict):
        return read_one(value)
    known = getattr(info.context, "languages", None)
    languages = tuple(LANGUAGES) if known is None else known
    _refuse_keys(value, languages)
    versions = {code: _read_version(code, value[code], read_one) for code in languages if code in value}
    if not versions:
        raise invalid("has no text in it.", f"Write the text in each language, as in `{languages[0]}: …`.")
    return Translated(versions, is_same=str(value.get(SAME, "")).strip().lower() in ("yes", "true", "on"))


def _refuse_keys(value: dict[Any, Any], languages: tuple[str, ...]) -> None:
    """Raises PydanticCustomError unless a group of fields is a text in the languages of the file."""
    if not is_translated(value):
        raise invalid(
            "is a group of fields, where a text belongs.", "Write it after the colon, in one line or below a |."
        )
    if not languages:
        raise invalid(
            "is in several languages, and the issue is in one.",
            "Write `languages: [cy, en]` at the top of the issue, or leave one text here.",
        )
    if others := [key for key in value if key != SAME and key not in languages]:
        names = " and ".join(map(name_language, languages))
        raise invalid(
            f"is in {name_language(others[0])}, and the issue is in {names}.", f"Delete `{others[0]}:` and its text."
        )


def _read_version(code: str, value: Any, read_one: Callable[[Any], Any]) -> str:
    """The words in one language. Raises PydanticCustomError, whose problems are below the language."""
    if value is None or isinstance(value, list | dict):
        problem = Problem(message="is not a text.", remedy="Write the text after the colon.", below=(code,))
        raise invalid_each([problem])
    try:
        return str(read_one(value))
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = [problem for each in details for problem in each.get("ctx", {}).get("problems", ())]
        raise invalid_each([replace(each, below=(code, *each.below)) for each in problems]) from error


IN_LANGUAGES: Final = WrapValidator(_read)
"""Marks a type whose texts may be written in several languages."""

Plain = Annotated[values.Plain, IN_LANGUAGES]
Line = Annotated[values.Line, IN_LANGUAGES]
Text = Annotated[values.Text, IN_LANGUAGES]
LinkAddress = Annotated[values.LinkAddress, IN_LANGUAGES]
WebAddress = Annotated[values.WebAddress, IN_LANGUAGES]
"""As in `values`, once or in each language: for what an issue says to readers."""
