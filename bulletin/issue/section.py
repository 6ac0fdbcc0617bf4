"""The fields of every section, and the check that its kind has traits. Pure."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from bulletin.declaration.declared import Declared
from bulletin.declaration.translated import Line, Plain
from bulletin.declaration.values import YesOrNo
from bulletin.issue.item import Feature, Image, Name
from bulletin.issue.language import ALanguage
from bulletin.issue.traits import NOT_IN_TABLES, NOT_SHOWN, Traits

NO_KICKER = "no"


def _read_kicker(value: Any) -> Any:
    """`no`, `off` and `false` ask for no kicker."""
    return NO_KICKER if isinstance(value, str) and value.strip().lower() in (NO_KICKER, "off", "false") else value


Kicker = Annotated[Line, BeforeValidator(_read_kicker)]
"""A few words above a title, or `no`."""


class Quotation(Declared):
    """What a person said, set apart from the text."""

    noun: ClassVar[str] = "a quotation"

    text: Plain = Field(description="What they said, without quotation marks.", examples=["I could read it to my son."])
    name: Name | None = Field(default=None, description="The name readers should see.", examples=["Danielle"])
    role: Line | None = Field(default=None, description="Who they are.", examples=["mother of two"])


class BaseSection(Feature):
    """The fields of every section.

    A kind adds `noun`, `kind`, fields of its own, and `traits`. `traits` is not declared here, so the type checker
    reports a kind without it where `sections` reads it. At run time such a class is refused.
    """

    title: Line = Field(description="The section's heading.", examples=["Executive updates"])
    top_story: Annotated[YesOrNo, NOT_SHOWN, NOT_IN_TABLES] = Field(
        default=False, description="yes for the one section that comes first, with a large heading.", examples=["yes"]
    )
    kicker: Annotated[Kicker | None, NOT_IN_TABLES] = Field(
        default=None,
        description="A few words above the heading; `no` for none. Left out, its kind decides.",
        examples=["From 11 January 2027"],
    )
    language: Annotated[ALanguage | None, NOT_SHOWN, NOT_IN_TABLES] = Field(
        default=None,
        description="The language it is written in, if that is not the issue's: en or cy.",
        examples=["cy"],
    )
    image: Annotated[Image | None, NOT_IN_TABLES] = Field(
        default=None,
        description="A picture at the head of the section, with its text alternative.",
        examples=[{"file": "issues/images/poster.png", "alt": "Poster: a parent rocks a crying baby"}],
    )
    quote: Annotated[Quotation | None, NOT_IN_TABLES] = Field(
        default=None,
        description="What a person said, set apart.",
        examples=[{"text": "I could read it to my son.", "name": "Danielle", "role": "mother of two"}],
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Raise TypeError for a kind without traits."""
        super().__pydantic_init_subclass__(**kwargs)
        if not isinstance(vars(cls).get("traits"), Traits):
            raise TypeError(
                f"{cls.__name__} has no traits. Give it `traits: ClassVar[Traits] = Traits(…)`: "
                "CONTRIBUTING.md has a worked example."
            )
