"""What bulletin.yaml declares about approval: how many people have to approve an issue, and who may. Pure."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Self
from unicodedata import category, normalize

from pydantic import BeforeValidator, Field, model_validator

from bulletin.declaration.declared import Declared
from bulletin.declaration.values import Plain, WholeNumber, invalid, one_or_more

# What editors and telephones write instead of the plain signs.
_PLAIN_SIGNS = str.maketrans(dict.fromkeys("‘’ʼ´`", "'") | dict.fromkeys("‐‑‒–—−", "-"))


def fold_name(name: str) -> str:
    """What makes two spellings one person's name.

    Capitals, spaces of any kind, signs that are not seen, typographic signs, and the ways in which Unicode writes one
    letter do not tell people apart.
    """
    return "".join(_fold(name).split())


def fold_words(name: str) -> frozenset[str]:
    """The words of a name, each as `fold_name` has it."""
    return frozenset(re.findall(r"[^\W_]+(?:['-][^\W_]+)*", _fold(name)))


def _fold(text: str) -> str:
    seen = "".join(char for char in normalize("NFKC", text.translate(_PLAIN_SIGNS)) if category(char) != "Cf")
    return normalize("NFKC", seen.translate(_PLAIN_SIGNS).casefold())


class ApprovalRules(Declared):
    """Who has to approve an issue before it is sent."""

    noun: ClassVar[str] = "the approval"

    needed: Annotated[WholeNumber, Field(le=9)] = Field(
        default=1, description="How many different people have to approve an issue.", examples=[1]
    )
    people: Annotated[tuple[Plain, ...], BeforeValidator(one_or_more)] = Field(
        default=(), description="Who may approve. Left out, anyone may, by name.", examples=[["Jo Bloggs", "Sam Smith"]]
    )

    def find_person(self, name: str) -> str | None:
        """The name as bulletin.yaml writes it (as given, if it names no people); None if they may not approve."""
        if not self.people:
            return " ".join(name.split()) or None
        return next((person for person in self.people if fold_name(person) == fold_name(name)), None)

    @model_validator(mode="after")
    def _check_people(self) -> Self:
        folded = [fold_name(person) for person in self.people]
        if twice := [person for person in self.people if folded.count(fold_name(person)) > 1]:
            raise invalid(f"“{twice[0]}” is named twice.", "Name each person once.")
        if self.people and self.needed > len(self.people):
            raise invalid(
                f"{self.needed} people have to approve, and only {len(self.people)} may.",
                "Name more people, or ask for fewer.",
            )
        return self
