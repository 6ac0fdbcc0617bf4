"""What bulletin.yaml declares about the proof: how much each rule matters, and your own words and rules. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field

from bulletin.declaration.declared import Declared
from bulletin.declaration.values import Plain, invalid, one_or_more
from bulletin.issue.holidays import Nation


class Severity(StrEnum):
    """How much a finding matters, the gravest first."""

    ERROR = "error"  # stops a mailing
    WARNING = "warning"  # is shown; the person who sends or approves confirms it
    NOTE = "note"  # is shown
    OFF = "off"  # the rule does not run

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


def _check_code(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{3,5}[0-9]{2}", code):
        raise invalid(f"“{code}” is not the code of a rule.", "Write it as the proof does, as in DATE03.")
    return code


RuleCode = Annotated[Plain, AfterValidator(_check_code)]
"""The code of a rule: three to five capital letters and two figures."""


class RuleException(Declared):
    """Rules that matter more or less, or not at all, in one issue or in some sections; and why."""

    noun: ClassVar[str] = "an exception"

    rule: Annotated[tuple[RuleCode, ...], BeforeValidator(one_or_more), Field(min_length=1)] = Field(
        description="The code of the rule, or several.", examples=["LANG05", ["LANG05", "LANG09"]]
    )
    issue: Plain | None = Field(default=None, description="In this issue only.", examples=["2021-05"])
    section: Plain | None = Field(
        default=None, description="In sections with this title, or of this kind, only.", examples=["Training"]
    )
    severity: Severity = Field(
        default=Severity.OFF,
        description="How much it matters there: error, warning, note, or off.",
        examples=["off"],
    )
    because: Plain = Field(
        description="Why: the person who approves the issue reads it.", examples=["The quotation is what they said."]
    )

    def covers(self, code: str, *, issue: str, section: str, kind: str) -> bool:
        """Whether it is about a finding of rule `code` in that section (title, kind) of that issue."""
        within = self.section is None or self.section.casefold() in (section.casefold(), kind)
        return code in self.rule and self.issue in (None, issue) and within


def _check_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise invalid(
            f"“{pattern}” is not a pattern: {error.msg}.",
            "Write the words as they are; put a \\ before . * + ? ( ) [ ] { } | to mean the character itself.",
        ) from None
    return pattern


class CustomRule(Declared):
    """A rule of your own: words to keep out of an issue, and what to write instead."""

    noun: ClassVar[str] = "a rule"

    code: RuleCode = Field(
        description="Its code, which no other rule has: capital letters and two figures.", examples=["OWN01"]
    )
    pattern: Annotated[Plain, AfterValidator(_check_pattern)] = Field(
        description="The words, as a regular expression; capital and small letters are the same.",
        examples=["service users?"],
    )
    message: Plain = Field(description="What is wrong with them.", examples=["We say “people we support”."])
    remedy: Plain | None = Field(default=None, description="What to do.", examples=["Write “people we support”."])
    instead: Plain | None = Field(
        default=None, description="What `check --fix` writes instead.", examples=["people we support"]
    )
    severity: Severity = Field(default=Severity.WARNING, description="How much it matters.", examples=["warning"])


class Style(StrEnum):
    """A style guide to keep to."""

    GOVUK = "govuk"
    NHS = "nhs"
    OWN = "own"


class TimeStyle(StrEnum):
    """How the minutes of a time are written, by an example."""

    COLON = "5:30pm"
    POINT = "5.30pm"


class HeadingStyle(StrEnum):
    """Which words of a heading have a capital letter: the first and names, or any."""

    SENTENCE = "sentence"
    ANY = "any"


class RangeStyle(StrEnum):
    """What is between the ends of a range: 9am to 5pm, or 9am–5pm. With `any`, both may."""

    TO = "to"
    DASH = "dash"
    ANY = "any"


class OrdinalStyle(StrEnum):
    """Whether days have an ending, as in 4th May."""

    NEVER = "never"
    ANY = "any"


class QuoteStyle(StrEnum):
    """Which quotation marks and apostrophes readers get."""

    CURLY = "curly"
    STRAIGHT = "straight"


class DashStyle(StrEnum):
    """What readers get where a hyphen between two spaces is typed."""

    DASH = "dash"
    HYPHEN = "hyphen"


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseStyle:
    """How a workspace writes times, days, ranges and headings, its style guide and its own settings taken together."""

    times: TimeStyle = TimeStyle.COLON
    ordinals: OrdinalStyle = OrdinalStyle.ANY
    headings: HeadingStyle = HeadingStyle.ANY
    ranges: RangeStyle = RangeStyle.ANY
    quotes: QuoteStyle = QuoteStyle.CURLY
    dashes: DashStyle = DashStyle.DASH


_GUIDES = {
    Style.GOVUK: HouseStyle(ordinals=OrdinalStyle.NEVER, headings=HeadingStyle.SENTENCE, ranges=RangeStyle.TO),
    Style.NHS: HouseStyle(ordinals=OrdinalStyle.NEVER, headings=HeadingStyle.SENTENCE, ranges=RangeStyle.TO),
    Style.OWN: HouseStyle(),
}
"""Sources: GOV.UK, Style guide A to Z; NHS digital service manual, Numbers, measurements, dates and time."""


_CHOICES = ("times", "ordinals", "headings", "ranges", "quotes", "dashes")


class ProofSettings(Declared):
    """How issues are proofed."""

    noun: ClassVar[str] = "the proof"

    severities: dict[RuleCode, Severity] = Field(
        default={},
        description="How much a rule matters here: error, warning, note, or off. Those not named keep their own.",
        examples=[{"LANG05": "off", "LINK03": "error"}],
    )
    exceptions: tuple[RuleException, ...] = Field(
        default=(),
        description="Where rules matter less, or are off, and why.",
        examples=[[{"rule": "LANG05", "section": "article", "because": "Articles are printed as we get them."}]],
    )
    words: Annotated[tuple[Plain, ...], BeforeValidator(one_or_more)] = Field(
        default=(),
        description="Words that are right, though no dictionary has them.",
        examples=[["Bexleyheath", "safeguarder"]],
    )
    terms: Annotated[tuple[Plain, ...], BeforeValidator(one_or_more)] = Field(
        default=(),
        description="Names and terms in their one right form: anything close to one is a finding.",
        examples=[["Bexley S.H.I.E.L.D.", "multi-agency", "Learning Hub"]],
    )
    abbreviations: Annotated[tuple[Plain, ...], BeforeValidator(one_or_more)] = Field(
        default=(), description="Abbreviations that all your readers know.", examples=[["DfE", "SENCO"]]
    )
    jargon: dict[Plain, Plain] = Field(
        default={},
        description="Words that readers stumble over, each with what to write instead.",
        examples=[{"going forward": "from now on"}],
    )
    allowed: Annotated[tuple[Plain, ...], BeforeValidator(one_or_more)] = Field(
        default=(), description="Words from the list of jargon that you do use.", examples=[["stakeholders"]]
    )
    nation: Nation = Field(
        default=Nation.ENGLAND,
        description="Whose bank holidays count: england, wales, scotland or northern-ireland.",
        examples=["wales"],
    )
    style: Style = Field(
        default=Style.OWN,
        description="The style guide you keep to: govuk, nhs, or own. Each setting below goes before it.",
        examples=["govuk"],
    )
    times: TimeStyle | None = Field(default=None, description="How you write times.", examples=["5.30pm"])
    ordinals: OrdinalStyle | None = Field(
        default=None, description="Whether days may have an ending, as in 4th May: never, or any.", examples=["never"]
    )
    headings: HeadingStyle | None = Field(
        default=None,
        description="Capital letters in titles: sentence (the first word and names alone), or any.",
        examples=["sentence"],
    )
    ranges: RangeStyle | None = Field(
        default=None, description="What is between two ends, as in 9am to 5pm: to, dash, or any.", examples=["to"]
    )
    quotes: QuoteStyle | None = Field(
        default=None, description="The quotation marks that readers get: curly, or straight.", examples=["straight"]
    )
    dashes: DashStyle | None = Field(
        default=None,
        description="What readers get for a hyphen between two spaces: dash, or hyphen.",
        examples=["hyphen"],
    )

    @property
    def house(self) -> HouseStyle:
        """The house style: that of the guide, with the settings of this workspace."""
        named = {name: getattr(self, name) for name in _CHOICES}
        return replace(_GUIDES[self.style], **{name: value for name, value in named.items() if value is not None})
