"""How each language says dates, times, numbers and phrases: the one door for whatever shows an issue. Pure.

    welsh = speak("cy")
    welsh.say("Published {date}", date=welsh.weekday(day))     # Cyhoeddwyd: dydd Iau 26 Tachwedd 2026
    welsh.when(event.date, event.until, year=2026)            # dydd Mawrth 9 Chwefror 2027
    welsh.say("By {date}", date=welsh.last_day(day))           # Erbyn dydd Gwener 4 Rhagfyr
    welsh.say("From {date}", date=welsh.last_day(day), soft=welsh.soft(day))

English is what it always was. Give `soft` wherever a date follows a phrase: languages in which words change after
“from” need it, and the others leave it out. In email templates all of this goes by the variable `language`, which is
that of the issue, and in a section that of the section: `phrase("Read more")`, `when(event.date)`. Other renderers make
one `Speech` for each language, and hand it to their templates. To add a language: a catalogue
(`bulletin/languages/CODE.po`), a module like `welsh_dates`, and an entry in `_SPEECHES`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bulletin.declaration.translated import list_versions
from bulletin.edition import phrases
from bulletin.edition.languages import welsh_dates
from bulletin.edition.phrases import DateTile
from bulletin.issue.dates import Month, PartialDate, TimeOfDay
from bulletin.languages.catalogue import say, say_number
from bulletin.languages.known import ENGLISH, WELSH


class SaysDays(Protocol):
    """Says a date, or a run of them."""

    def __call__(self, first: PartialDate, last: PartialDate | None = None) -> str:
        """Say the days from `first` to `last`."""


class SaysWhen(Protocol):
    """Says when to be there, without the `year` that is the issue's."""

    def __call__(self, first: PartialDate, last: PartialDate | None = None, *, year: int | None = None) -> str:
        """Say the days from `first` to `last`, weekday first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Speech:
    """One language. Each function returns words; `phrases` and `welsh_dates` say what each is like.

    `month` May 2021 · `in_month` in May 2021 · `day` 4 May 2021 · `weekday` Tuesday 4 May 2021 · `days` a date or run ·
    `when` weekday first · `short_when` the same in a row · `last_day` the last day to act, in a sentence · `soft` that
    day after “from” or “until” · `step_days` in a timeline · `hours` from when to when · `tile` a calendar's leaf ·
    `names` a list · `lower_first` a description after “For”. `short_days`: whether rows have short words, which fit
    into a narrow column.
    """

    language: str
    month: Callable[[Month], str]
    in_month: Callable[[Month], str]
    day: Callable[[date], str]
    weekday: Callable[[date], str]
    days: SaysDays
    when: SaysWhen
    short_when: SaysWhen
    last_day: Callable[[PartialDate], str]
    soft: Callable[[PartialDate], str]
    step_days: SaysDays
    hours: Callable[[TimeOfDay | None, TimeOfDay | None], str]
    tile: Callable[[PartialDate, PartialDate | None], DateTile]
    names: Callable[[Sequence[str]], str]
    lower_first: Callable[[str], str]
    short_days: bool

    def say(self, phrase: str, /, **values: object) -> str:
        """A fixed phrase, by its English words: see `languages.catalogue`."""
        return say(phrase, self.language, **values)

    def say_number(self, one: str, many: str, number: int, /, **values: object) -> str:
        """A phrase for so many of something, by its two English forms."""
        return say_number(one, many, number, self.language, **values)

    def say_setting(self, text: str) -> str:
        """What bulletin.yaml says in this language; our own words, where it leaves them out."""
        return dict(list_versions(text)).get(self.language, self.say(str(text)) if text else "")


_SPEECHES = {
    ENGLISH: Speech(
        language=ENGLISH,
        month=str,
        in_month=lambda month: f"in {month}",
        day=phrases.describe_day,
        weekday=phrases.describe_weekday,
        days=phrases.describe_days,
        when=phrases.describe_when,
        short_when=phrases.describe_when_short,
        last_day=phrases.describe_last_day,
        soft=phrases.describe_last_day,
        step_days=phrases.describe_step_days,
        hours=phrases.describe_hours,
        tile=phrases.date_tile,
        names=phrases.join_names,
        lower_first=phrases.lower_first,
        short_days=True,
    ),
    WELSH: Speech(
        language=WELSH,
        month=welsh_dates.welsh_month,
        in_month=welsh_dates.welsh_in_month,
        day=welsh_dates.welsh_day,
        weekday=welsh_dates.welsh_weekday,
        days=welsh_dates.welsh_days,
        when=welsh_dates.welsh_when,
        short_when=welsh_dates.welsh_when,
        last_day=welsh_dates.welsh_last_day,
        soft=welsh_dates.soft_date,
        step_days=welsh_dates.welsh_days,
        hours=welsh_dates.welsh_hours,
        tile=welsh_dates.welsh_tile,
        names=welsh_dates.join_welsh_names,
        lower_first=str,
        short_days=False,
    ),
}


def speak(language: str) -> Speech:
    """How a language says things; English, where it is none of ours."""
    return _SPEECHES.get(language, _SPEECHES[ENGLISH])


ENGLISH_SPEECH = speak(ENGLISH)
