"""The languages that have a catalogue of phrases, with what pages and programs call them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

ENGLISH: Final = "en"
WELSH: Final = "cy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """A language: its code, its name in itself and in English, and what HTML (`lang`) and Open Graph call it."""

    code: str
    name: str
    english_name: str
    tag: str
    locale: str


LANGUAGES: Final = {
    ENGLISH: Language(code=ENGLISH, name="English", english_name="English", tag="en-GB", locale="en_GB"),
    WELSH: Language(code=WELSH, name="Cymraeg", english_name="Welsh", tag="cy", locale="cy_GB"),
}
"""By their codes (ISO 639-1), in the order that messages list them."""

SPOKEN: Final = {
    "cy": "Welsh",
    "gd": "Scottish Gaelic",
    "ga": "Irish",
    "gv": "Manx",
    "kw": "Cornish",
    "sco": "Scots",
    "am": "Amharic",
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ckb": "Kurdish (Sorani)",
    "cs": "Czech",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "gu": "Gujarati",
    "hi": "Hindi",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "ku": "Kurdish",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ml": "Malayalam",
    "ne": "Nepali",
    "nl": "Dutch",
    "pa": "Punjabi",
    "pl": "Polish",
    "prs": "Dari",
    "ps": "Pashto",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "si": "Sinhala",
    "sk": "Slovak",
    "so": "Somali",
    "sq": "Albanian",
    "ta": "Tamil",
    "te": "Telugu",
    "ti": "Tigrinya",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "yi": "Yiddish",
    "yo": "Yoruba",
    "zh": "Chinese",
}
"""The languages that a passage may be marked as: those of Britain and Ireland, and those most spoken there besides."""

_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}\Z")


def tag_of(code: str) -> str:
    """What HTML calls a language, also one that has no catalogue: `en-GB`, `cy`, `pl` (BCP 47)."""
    known = LANGUAGES.get(code)
    return known.tag if known else code


def may_be_language(tag: str) -> bool:
    """Whether it has the form of a language's tag: `cy`, `zh-Hant` (BCP 47)."""
    return bool(_TAG.match(tag))


def name_language(code: str) -> str:
    """Its name in English, or its code where that isn't known."""
    return SPOKEN.get(code, code)
