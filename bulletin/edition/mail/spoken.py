"""What puts phrases, dates and states into words for the email's templates, in the language of the part they are in.

A template has the variable `language`: that of the issue, and within a section that of the section. Each function and
filter here looks at it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from bulletin.edition.kickers import find_unsaid, join_kicker
from bulletin.edition.languages.speech import Speech, speak
from bulletin.edition.languages.welsh_dates import WELSH_MONTHS
from bulletin.edition.typography.typesetting import NO_BREAK, TypeStyle, set_field, set_type
from bulletin.issue.section import BaseSection
from bulletin.languages.known import ENGLISH, WELSH, tag_of

_WELSH_DATE = re.compile(rf"(?:\b[0-9–]+ )?\b(?:{'|'.join(WELSH_MONTHS)})\b(?: [12][0-9]{{3}}\b)?")


def make_spoken(style: TypeStyle | None, *, year: int) -> Mapping[str, Callable[..., object]]:
    """The functions for templates, by their names. `year` is the issue's."""
    return {
        "phrase": _by_language(lambda speech, words, /, **values: speech.say(words, **values)),
        "number_phrase": _by_language(
            lambda speech, one, many, n, /, **values: speech.say_number(one, many, n, **values)
        ),
        "month": _by_language(lambda speech, month: speech.month(month)),
        "days": _set_result(lambda speech, *days: speech.days(*days), style),
        "when": _set_result(lambda speech, *days: speech.when(*days, year=year), style),
        "short_when": _set_result(lambda speech, *days: speech.short_when(*days), style),
        "step_days": _set_result(lambda speech, *days: speech.step_days(*days), style),
        "last_day": _set_result(lambda speech, day: speech.last_day(day), style),
        "hours": _by_language(lambda speech, starts, ends: set_field(speech.hours(starts, ends), style)),
        "tile": _by_language(lambda speech, *days: speech.tile(*days)),
        "lower_first": _by_language(lambda speech, words: speech.lower_first(words)),
        "with_last_day": _by_language(_add_last_day),
        "short_days": _by_language(lambda speech: speech.short_days),
        "kicker_of": pass_context(_find_kicker),
        "unsaid_of": _by_language(lambda speech, section: find_unsaid(section, speech)),
        "lang_of": pass_context(_write_lang),
        "tag_of": tag_of,
    }


def make_spoken_filters(style: TypeStyle | None) -> Mapping[str, Callable[..., object]]:
    """The filters for templates, by their names."""
    return {
        "names": _by_language(lambda speech, names: speech.names(names)),
        "day": _set_result(lambda speech, day: speech.day(day), style),
        "weekday": _set_result(lambda speech, day: speech.weekday(day), style),
        "begin": begin,
    }


def begin(words: str) -> str:
    """Words as a line begins: `Dydd Mawrth 9 Chwefror`."""
    return words[:1].upper() + words[1:]


def _by_language(describe: Callable[..., Any]) -> Callable[..., Any]:
    """`describe` with the speech of the part that a template is in."""

    @pass_context
    def spoken(context: Context, /, *values: Any, **options: Any) -> Any:
        return describe(speak(context.get("language", ENGLISH)), *values, **options)

    return spoken


def _set_result(describe: Callable[..., str], style: TypeStyle | None) -> Callable[..., Any]:
    """The same, whose words are then set: no line ends between a day and its month."""

    def describe_set(speech: Speech, *values: Any) -> str:
        words = set_type(set_field(describe(speech, *values), style), style)
        return _keep_welsh_dates(words) if style and speech.language == WELSH else words

    return _by_language(describe_set)


def _keep_welsh_dates(words: str) -> str:
    return _WELSH_DATE.sub(lambda match: match[0].replace(" ", NO_BREAK), words)


def _add_last_day(speech: Speech, words: str, last: str) -> str:
    """The words of a button with the last day behind them, unless an author has written that already."""
    joint = partial(speech.say, "{words} by {date}")
    return words if not last or joint(words="", date="") in words else joint(words=words, date=last)


def _find_kicker(context: Context, section: BaseSection) -> str:
    readers_of = context["readers_of"]
    return join_kicker(section, readers_of(section), speak(context.get("language", ENGLISH)))


def _write_lang(context: Context, part: BaseSection | Any) -> Any:
    """The attribute for a part in another language than what is around it; "" for one in the same."""
    from markupsafe import Markup

    own = part.language
    if not own or own == context.get("language", ENGLISH):
        return ""
    return Markup(' lang="{}"').format(tag_of(own))
