"""What bulletin.yaml says for the accessibility statement: whose it is, who tested what by hand, what is known. Pure.

Public bodies need such a page: the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility
Regulations 2018, regulation 8.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from bulletin.declaration.declared import Declared
from bulletin.declaration.values import MailAddress, Plain, Text, WholeNumber, invalid, one_or_more
from bulletin.issue.dates import ADay

Lines = Annotated[tuple[Plain, ...], BeforeValidator(one_or_more)]
"""One sentence, or a list of them."""


class Region(StrEnum):
    """Where the organisation is, which decides who enforces the regulations."""

    GREAT_BRITAIN = "great-britain"
    NORTHERN_IRELAND = "northern-ireland"


class AccessibilitySettings(Declared):
    """The accessibility statement of the website."""

    noun: ClassVar[str] = "the accessibility statement"

    checked: ADay | None = Field(
        default=None,
        description="The day on which a person read the statement and found it true. Until then it is not published.",
        examples=["26 November 2026"],
    )
    prepared: ADay | None = Field(
        default=None,
        description="The day on which it was first published. Left out, the day it was checked.",
        examples=["26 November 2026"],
    )
    name: Plain | None = Field(
        default=None,
        description="What the website is called, after “Accessibility statement for”. Left out, your first bulletin.",
        examples=["the Safeguarding bulletin"],
    )
    scope: Plain | None = Field(
        default=None,
        description="What it applies to, after “applies to”. Left out, the address of the website.",
        examples=["the bulletin’s archive at bulletin.example.org"],
    )
    contact: MailAddress | None = Field(
        default=None,
        description="Where to report problems, and to ask for another format. Left out, the organisation’s address.",
        examples=["accessibility@example.org"],
    )
    days: Annotated[WholeNumber, Field(ge=1, le=60)] = Field(
        default=10, description="How many days you take to answer.", examples=[10]
    )
    region: Region = Field(
        default=Region.GREAT_BRITAIN,
        description="Where you are, for who enforces the rules: great-britain or northern-ireland.",
        examples=["northern-ireland"],
    )
    tested_by: Plain | None = Field(
        default=None, description="Who tested the website by hand.", examples=["Asha Rahman"]
    )
    on: ADay | None = Field(default=None, description="When they did.", examples=["2 November 2026"])
    method: Plain | None = Field(
        default=None,
        description="What they tested, and how.",
        examples=["keyboard alone, 400% zoom, and NVDA with Firefox, on six pages"],
    )
    problems: Lines = Field(
        default=(),
        description="What does not comply: what it is, and the success criterion that it fails.",
        examples=[["Films from before March 2026 have no audio description. This fails WCAG criterion 1.2.5."]],
    )
    burden: Lines = Field(
        default=(),
        description="What you have assessed as a disproportionate burden to fix, and until when.",
        examples=[["The maps of 2019 have no text alternative. We review this in June 2027."]],
    )
    outside: Lines = Field(
        default=(),
        description="What the regulations leave out, such as old PDFs and live films.",
        examples=[["PDFs from before 23 September 2018 that no one needs to use our services."]],
    )
    improving: Text | None = Field(
        default=None,
        description="What you are doing to improve accessibility.",
        examples=["We add descriptions to our films by March 2027."],
    )

    @model_validator(mode="after")
    def _check_test(self) -> Self:
        told = {"tested_by": self.tested_by, "on": self.on, "method": self.method}
        missing = [name for name, value in told.items() if not value]
        if missing and len(missing) < len(told):
            given = next(name for name, value in told.items() if value)
            raise invalid(
                f"says nothing of {' and '.join(f'`{name}:`' for name in missing)}.",
                "A test by hand needs who did it (`tested_by:`), when (`on:`) and how (`method:`).",
                field=given,
            )
        return self
