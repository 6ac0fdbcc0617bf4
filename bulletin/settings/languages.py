"""What bulletin.yaml says of the languages of bilingual issues. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field, model_validator

from bulletin.declaration.declared import Declared
from bulletin.declaration.values import WebAddress, invalid


class BilingualEmail(StrEnum):
    """In which languages a reader gets a bilingual issue."""

    TOGETHER = "together"  # all of it, one language below the other
    BY_READER = "by reader"  # in the one that they chose; all of it, if they chose none


class PagePair(Declared):
    """One page, or the beginning of many, with its address in each language."""

    noun: ClassVar[str] = "a pair of pages"

    cy: WebAddress | None = Field(default=None, description="In Welsh.", examples=["https://www.gov.wales/cy/"])
    en: WebAddress | None = Field(default=None, description="In English.", examples=["https://www.gov.wales/"])

    @model_validator(mode="after")
    def _check_both(self) -> Self:
        if not (self.cy and self.en):
            raise invalid("has one address only.", "Give the page's address in both languages, `cy:` and `en:`.")
        return self

    def pairs(self, one: str, other: str, *, languages: tuple[str, str]) -> bool:
        """Whether two addresses begin with those of the pair, each in its language, and end alike."""
        first, second = (getattr(self, code, None) for code in languages)
        if not first or not second or not one.startswith(first) or not other.startswith(second):
            return False
        return one.removeprefix(first) == other.removeprefix(second)


class LanguageSettings(Declared):
    """How the languages of a bilingual issue are compared."""

    noun: ClassVar[str] = "the languages"

    pairs: tuple[PagePair, ...] = Field(
        default=(),
        description="Websites that have a page in each language: how their addresses begin.",
        examples=[[{"cy": "https://www.gov.wales/cy/", "en": "https://www.gov.wales/"}]],
    )
