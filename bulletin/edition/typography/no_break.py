"""Spaces at which a line must not end: between a day and its month, a number and what it counts, and so on. Pure.

`SPACE` is the part of a pattern that matches behind a space where a no-break space belongs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bulletin.issue.dates import MONTHS

_SHORT_MONTHS: Final = (*(month[:3] for month in MONTHS), "Sept")
_MONTH_NAMES: Final = tuple(dict.fromkeys((*MONTHS, *_SHORT_MONTHS)))
_LABELS: Final = (
    *("room", "section", "sections", "priority", "priorities", "phase", "part", "parts", "page", "pages", "year"),
    *("years", "stage", "step", "level", "chapter", "appendix", "annex", "article", "figure", "table", "unit"),
    *("floor", "grade", "band", "tier", "group", "module", "session", "week", "day", "question", "block", "suite"),
    *("flat", "zone", "act", "no", "no.", "number"),
)
_TITLES: Final = (
    *("Dr", "Dr.", "Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Miss", "Mx", "Prof", "Prof.", "Professor", "Cllr"),
    *("Cllr.", "St", "St.", "Rev", "Rev.", "Revd", "Sir", "Dame", "Lord", "Lady"),
)
_COUNTED: Final = (
    r"seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|fortnights?|months?|years?|terms?|[ap]\.?m\b|noon|midday|midnight"
    r"|people|persons?|child(?:ren)?|adults?|parents?|carers?|famil(?:y|ies)|pupils?|students?|members?|readers?|staff"
    r"|professionals?|practitioners?|champions?|volunteers?|places?|schools?|colleges?|sites?|cases?|referrals?|visits?"
    r"|courses?|sessions?|modules?|workshops?|copies|posters?|hundred|thousand|million|billion|per cent|percent|pence"
    r"|miles?|metres?|km|cm|mm|kg|litres?"
)


def _after(words: Iterable[str], *, any_case: bool = False) -> str:
    """A pattern for the place behind one of `words` and a space. Words of one length share a look-behind."""
    by_length: dict[int, list[str]] = {}
    for word in words:
        first = f"[{word[0].upper()}{word[0]}]" if any_case else word[0]
        by_length.setdefault(len(word), []).append(first + re.escape(word[1:]))
    return "|".join(rf"(?<=\b(?:{'|'.join(group)})[ ])" for group in by_length.values())


MONTH: Final = rf"(?:{'|'.join(_MONTH_NAMES)})\b"
_FIGURES_OF_A_YEAR: Final = r"[12][0-9]{3}\b"

# Each alternative begins with what follows the space, so that most spaces are done with at once. The groups are empty:
# `digits` and `postcode` tell that more has to be looked at.
SPACE: Final = rf"""
    (?=[–·-])(?:(?=·)|(?=--?[ \u00a0]\S)(?<=\S[ ])|(?=–[ ]))
  | (?<=[0-9½¼¾][ ])(?:(?=%|(?:{_COUNTED.replace(" ", "[ ]")})\b)|(?={MONTH}))
  | (?=[0-9(])(?:{_after(_LABELS, any_case=True)}
      |(?={_FIGURES_OF_A_YEAR})(?:{_after(_MONTH_NAMES)})
      |(?=[0-9][A-Z]{{2}}\b)(?<=[0-9A-Z][ ])(?P<postcode>)
      |(?<=[0-9)][ ])(?P<digits>))
  | (?=[A-Z])(?:{_after(_TITLES)}
      |(?=[A-Z]\b)(?:{_after(_LABELS, any_case=True)})
      |(?<=[0-9](?:st|nd|rd|th)[ ])(?={MONTH}))
"""

# British numbers as people write them, with their spaces: 020 7946 0000, (01632) 960 145, +44 20 7946 0000, 0800 1111,
# 116 123. A number has at most 11 digits after the 0 or +44.
_GAP: Final = "[ \u00a0]"
_FOLLOWING: Final = rf"(?:{_GAP}[0-9]{{2,6}}){{1,4}}"
_TELEPHONE: Final = re.compile(
    rf"""[(+01](?<![0-9£.,/:-].)(?<![0-9]{_GAP}.)(?:
        (?:(?<=0)[1-9][0-9]{{1,4}} | (?<=\()0[1-9][0-9]{{1,4}}\) | (?<=1)8001{_GAP}0[1-9][0-9]{{1,4}}
          | (?<=\+)44{_GAP}?(?:\(0\){_GAP}?)?[1-9][0-9]{{0,4}}){_FOLLOWING}
      | (?<=1)16{_GAP}[0-9]{{3}}
    )(?![0-9]|{_GAP}[0-9])""",
    re.VERBOSE,
)
_OUTWARD: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,2}[0-9][0-9A-Z]?\Z")
_LONGEST_OUTWARD: Final = 5  # a character before it, and four of its own


def find_spaces_in_numbers(text: str) -> frozenset[int]:
    """Where the spaces inside telephone numbers are."""
    return frozenset(
        at
        for match in _TELEPHONE.finditer(text)
        for at in range(match.start(), match.end())
        if text[at] == " " and 6 <= sum(map(str.isdigit, match[0])) <= 18
    )


def ends_outward_code(text: str, at: int) -> bool:
    """Whether the first half of a postcode ends before `at`: DA6 before 7AT."""
    return _OUTWARD.search(text, max(0, at - _LONGEST_OUTWARD), at) is not None
