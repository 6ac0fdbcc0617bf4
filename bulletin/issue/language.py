"""The language of a part of an issue, as `language: cy` says it. Pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from bulletin.declaration.values import Plain, invalid
from bulletin.languages.known import LANGUAGES


def list_languages() -> str:
    """`en (English) or cy (Welsh)`: what may be written, for remedies."""
    return " or ".join(f"{code} ({known.english_name})" for code, known in LANGUAGES.items())


def find_language(words: str) -> str:
    """The code of the language that `Welsh`, `Cymraeg`, `CY` or `cy` names; "" if it is none of ours."""
    word = words.strip().lower()
    for code, known in LANGUAGES.items():
        if word in (code, known.name.lower(), known.english_name.lower(), known.tag.lower()):
            return code
    return ""


def _read_code(value: object) -> object:
    """The code of a language that is written in another way; anything else as it is."""
    return (find_language(value) or value) if isinstance(value, str) else value


def _check_code(code: str) -> str:
    if code not in LANGUAGES:
        raise invalid(f"“{code}” is not a language that bulletins are written in.", f"Write {list_languages()}.")
    return code


def read_languages(data: object) -> tuple[str, ...]:
    """The languages that the data of an issue's file names under `languages`; () if it is in one language."""
    written = data.get("languages") if isinstance(data, dict) else None
    entries = written if isinstance(written, list) else [written]
    codes = [code for code in map(_read_code, entries) if isinstance(code, str) and code in LANGUAGES]
    return tuple(dict.fromkeys(codes)) if len(codes) > 1 else ()


ALanguage = Annotated[Plain, BeforeValidator(_read_code), AfterValidator(_check_code)]
"""The code of a language that has a catalogue of phrases."""
