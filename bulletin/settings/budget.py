"""What bulletin.yaml says of how long things may be: `budget:`, in words. Pure."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from bulletin.declaration.declared import Declared
from bulletin.declaration.values import WholeNumber

_Words = Annotated[WholeNumber, Field(ge=20, le=100_000)]


class Budget(Declared):
    """How many words an issue, a section and what a contributor sends may have, as readers see them."""

    noun: ClassVar[str] = "the budget"

    issue: _Words | None = Field(
        default=None, description="Words of an issue, in the longest of its emails.", examples=[1500]
    )
    section: _Words | None = Field(default=None, description="Words of a section in an email.", examples=[250])
    contributor: _Words | None = Field(
        default=None, description="Words that one contributor sends for an issue.", examples=[120]
    )
