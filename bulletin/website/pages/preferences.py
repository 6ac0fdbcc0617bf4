"""`/preferences/TOKEN`: lists, format, language, a break, the name. Pure.

The form brings along what it showed, so that an old copy of it can't undo what was chosen since.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bulletin.edition.languages.speech import speak
from bulletin.web.forms import Form
from bulletin.website.frame import Frame
from bulletin.website.pages.choices import BulletinTitle, LanguageChoice, ListChoice, ListGroup, group_lists
from bulletin.website.pages.fields import read_line
from bulletin.website.pages.subscribe import LONGEST_NAME

MONTHS_OF_A_BREAK = (1, 3, 6)
KEEP, NONE = "keep", "none"  # what the form says of a pause, besides months


class MailFormat(StrEnum):
    """How a reader wants the bulletin."""

    PICTURES = "html"
    PLAIN = "text"


class PreferencesFault(StrEnum):
    """What is wrong with the form."""

    NO_LIST = "no-list"
    NO_BULLETIN = "no-bulletin"
    LONG_NAME = "long-name"


@dataclass(frozen=True, kw_only=True, slots=True)
class Break:
    """A break of some months, and the day on which it ends."""

    months: int
    until: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownChoices:
    """What a form showed as chosen when it was opened. `pause` is the day until which it was, YYYY-MM-DD, or ""."""

    lists: tuple[str, ...] = ()
    bulletins: tuple[str, ...] = ()
    mail_format: MailFormat = MailFormat.PICTURES
    language: str = ""
    pause: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PreferencesView:
    """What a reader gets now. With fewer than two `languages` none is asked for. `unsubscribe_all` is an address.

    `gets_nothing` says that all of it is stopped, `is_old` that the link no longer adds lists. `was` is what the form
    showed at first; as it is now, if it has just been opened. With fewer than two `bulletins` none is asked for.
    """

    masked: str
    lists: tuple[ListChoice, ...]
    bulletins: tuple[BulletinTitle, ...] = ()
    mail_format: MailFormat = MailFormat.PICTURES
    languages: tuple[LanguageChoice, ...] = ()
    paused_until: date | None = None
    breaks: tuple[Break, ...]
    name: str = ""
    unsubscribe_all: str
    gets_nothing: bool = False
    is_old: bool = False
    saved: bool = False
    was: ShownChoices = ShownChoices()
    faults: tuple[PreferencesFault, ...] = ()

    @property
    def groups(self) -> tuple[ListGroup, ...]:
        """The lists by the bulletins that go to them."""
        return group_lists(self.bulletins, self.lists)


@dataclass(frozen=True, kw_only=True, slots=True)
class PreferencesAnswer:
    """What a reader chose. `ticked` and `unticked` are of the lists that the form showed, and of no others.

    `bulletins` and `refused_bulletins` are the same of bulletins. `pause_months` is None to leave a pause as it is, 0
    to end it. `was` is what the form showed; None if it doesn't say.
    """

    ticked: tuple[str, ...]
    unticked: tuple[str, ...]
    bulletins: tuple[str, ...] = ()
    refused_bulletins: tuple[str, ...] = ()
    mail_format: MailFormat
    language: str
    pause_months: int | None
    name: str
    faults: tuple[PreferencesFault, ...]
    was: ShownChoices | None = None


def list_breaks(today: date) -> tuple[Break, ...]:
    """The breaks that a reader can take from `today` on."""
    return tuple(Break(months=months, until=_add_months(today, months)) for months in MONTHS_OF_A_BREAK)


def _add_months(day: date, months: int) -> date:
    """The same day of a later month; its last one if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def read_preferences(
    form: Form, lists: Sequence[ListChoice], bulletins: Sequence[BulletinTitle] = ()
) -> PreferencesAnswer:
    """What was chosen, with all its faults. Names of other lists and bulletins than these are left out."""
    known = {choice.name for choice in lists}
    shown = _read_known(form, "shown", known)
    chosen = set(form.all("list"))
    ticked = tuple(name for name in shown if name in chosen)
    shown_bulletins = _read_known(form, "shown-bulletin", {each.name for each in bulletins})
    wanted = tuple(name for name in shown_bulletins if name in form.all("bulletin"))
    name = read_line(form.first("name"))
    found = {
        PreferencesFault.NO_BULLETIN: bool(shown_bulletins) and not wanted,
        PreferencesFault.NO_LIST: bool(known) and not ticked,
        PreferencesFault.LONG_NAME: len(name) > LONGEST_NAME,
    }
    return PreferencesAnswer(
        ticked=ticked,
        unticked=tuple(name for name in shown if name not in chosen),
        bulletins=wanted,
        refused_bulletins=tuple(name for name in shown_bulletins if name not in wanted),
        mail_format=_read_format(form.first("format")),
        language=form.first("language"),
        pause_months=_read_pause(form.first("pause")),
        name=name,
        faults=tuple(fault for fault, here in found.items() if here),
        was=_read_shown(form) if form.first("was-format") else None,
    )


def _read_known(form: Form, field: str, known: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in form.all(field) if name in known))


def _read_shown(form: Form) -> ShownChoices:
    return ShownChoices(
        lists=tuple(form.first("was-lists").split()),
        bulletins=tuple(form.first("was-bulletins").split()),
        mail_format=_read_format(form.first("was-format")),
        language=form.first("was-language"),
        pause=form.first("was-pause"),
        name=form.first("was-name"),
    )


def _read_format(text: str) -> MailFormat:
    return MailFormat.PLAIN if text == MailFormat.PLAIN else MailFormat.PICTURES


def _read_pause(text: str) -> int | None:
    if text == NONE:
        return 0
    return next((months for months in MONTHS_OF_A_BREAK if text == str(months)), None)


def write_choice(frame: Frame, choice: ListChoice) -> str:
    """The words by which someone chose a list: they are the evidence of their wish. Raises ThemeError, as the next."""
    return " ".join(frame.render("choice.txt.j2", list=choice).split())


def write_bulletin_choice(frame: Frame, title: str) -> str:
    """The words by which someone chose a bulletin: the evidence of their wish."""
    return f"{speak(frame.language).say('Change what you get')}: {title}"


def render_preferences(frame: Frame, view: PreferencesView) -> str:
    """Change what you get."""
    return frame.render("preferences.html.j2", view=view, keep_pause=KEEP, no_pause=NONE)
