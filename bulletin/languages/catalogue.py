"""Fixed phrases that readers see, in each language. Reads the package's own catalogues, each once.

A phrase is known by its English words:

    say("Published {date}", "cy", date="4 Mai 2021")            # Cyhoeddwyd: 4 Mai 2021
    say_number("{n} place", "{n} places", 2, "cy")              # 2 le

Email templates call `phrase("Published {date}", date=…)`, which knows the language of the part it is in; others
ask a `Speech` (`edition.languages.speech`). A phrase that a catalogue lacks is said in English: a test keeps Welsh
complete. In a translation no name and no author's word may follow a word that changes its first letter (“o”, “i”,
“gan” …), so it is often a label and a value: “Led by {name}” is “Yn arwain: {name}”.
"""

from __future__ import annotations

import re
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any, Final

_HERE: Final = Path(__file__).parent
_SLOT: Final = re.compile(r"\{(\w+)\}")


def say(phrase: str, language: str, /, **values: object) -> str:
    """The phrase in a language, each `{name}` in it replaced by the value of that name.

    If a value is HTML already (it has `__html__`), the result is HTML, and all else in it is escaped.
    """
    return _fill(_open_catalogue(language).gettext(phrase), values)


def say_number(one: str, many: str, number: int, language: str, /, **values: object) -> str:
    """The phrase for so many of something: English has two forms, Welsh six (CLDR). `{n}` in it is the number."""
    return _fill(_open_catalogue(language).ngettext(one, many, number), {"n": number, **values})


def list_phrases(language: str) -> tuple[str, ...]:
    """Every phrase of a language that has a catalogue, with its slots; none of English, whose phrases are the ids."""
    catalogue = _open_catalogue(language)
    known = getattr(catalogue, "_catalog", {})
    return tuple(text for id_, text in known.items() if id_)


@cache
def _open_catalogue(language: str) -> NullTranslations:
    """The catalogue of a language. One that has none is English."""
    path = _HERE / f"{language}.mo"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)


def _fill(text: str, values: dict[str, Any]) -> str:
    pieces = _SLOT.split(text)
    filled = [values.get(piece, f"{{{piece}}}") if at % 2 else piece for at, piece in enumerate(pieces)]
    html = next((piece for piece in filled if hasattr(piece, "__html__")), None)
    if html is not None:
        joined: str = type(html)("").join(filled)  # markupsafe's: it escapes what isn't HTML yet
        return joined
    return "".join(map(str, filled))
