"""What each kind of email says, and to which bulletin's readers: from its row in the outbox to a whole message.

The words are in `templates/notices/`, one file for each kind, and a workspace may replace any of them.

What these templates are given: `organisation`; `titles`, the bulletins' titles; `lists`, each with `title` and `pace`;
`website`, its address; `sender`, the address that emails come from; `preferences`, where the reader chooses; and what
the kind needs: `link` and `by`, `asked_on`, `reason`, `reference` and `acknowledge_by`, `subject` and `lines`.
`phrase` says a fixed phrase in the language of the reader, `day`, `weekday` and `names` are functions of that language.
Filters, in English: `day` and `weekday` for a date, `names` for several words, `end` for the end of a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from bulletin.database.states import OutboxKind
from bulletin.declaration.translated import choose_language
from bulletin.delivery.message.headers import one_line
from bulletin.delivery.message.short_email import ShortEmail
from bulletin.delivery.outbox.claims import OutboxEmail
from bulletin.delivery.outbox.paragraphs import Wording, parse_wording, write_plain
from bulletin.edition.languages.speech import Speech, speak
from bulletin.edition.palette import derive_palette
from bulletin.edition.phrases import describe_day, describe_weekday, end_sentence, join_names
from bulletin.edition.theme import Theme
from bulletin.errors import ThemeError
from bulletin.languages.known import ENGLISH, tag_of
from bulletin.settings.organisation import Basis, BulletinSettings
from bulletin.settings.settings import Settings
from bulletin.subscribers.address import find_envelope
from bulletin.subscribers.joining.bulletins import find_bulletins, title_bulletins
from bulletin.subscribers.tokens import Purpose, sign_confirmation, sign_token
from bulletin.times import read_local

_IN_ENGLISH: Final = frozenset({OutboxKind.COMPLAINT, OutboxKind.ALERT})
"""What is in English for everyone: the law of complaints, and what officers are told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stationery:
    """What all emails of a workspace are written with. `key` signs their links.

    `report` is told what is wrong with a workspace's own templates.
    """

    settings: Settings
    folders: Sequence[Path]
    key: bytes = field(repr=False)
    report: Callable[[str], object] = print

    def write(self, email: OutboxEmail, *, now: int) -> ShortEmail:
        """The whole email, dated `now` (ms since 1970). Raises ThemeError, and InvalidAddress for its recipient."""
        bulletin = self._find_bulletin(email)
        wording, html = self._word(email, bulletin)
        return ShortEmail(
            sender_name=bulletin.sender.name,
            sender_address=bulletin.sender.email,
            reply_to=bulletin.reply_to or bulletin.sender.email,
            recipient=find_envelope(email.recipient),
            subject=wording.subject,
            text=write_plain(wording),
            html=html,
            key=f"{email.made_at:x}.{email.id}.outbox",
            date=datetime.fromtimestamp(now / 1000, tz=UTC),
        )

    def _word(self, email: OutboxEmail, bulletin: BulletinSettings) -> tuple[Wording, str]:
        """Its words, and they as HTML. A faulty template of the workspace's own is reported, and ours used instead."""
        language = ENGLISH if email.kind in _IN_ENGLISH else email.language or bulletin.language
        values = self._gather(email, bulletin, speak(language))
        theme = Theme(folders=tuple(self.folders))
        try:
            return _render(theme, email.kind, values)
        except ThemeError as error:
            if not theme.is_own:
                raise
            self.report(str(error))
            return _render(Theme(folders=theme.folders[-1:]), email.kind, values)

    def _find_bulletin(self, email: OutboxEmail) -> BulletinSettings:
        """The one that it comes from: the first that goes to its lists, or else the first of all."""
        of_lists = find_bulletins(self.settings, self._list_names(email)).values()
        return next(iter(of_lists), next(iter(self.settings.bulletins.values())))

    def _list_names(self, email: OutboxEmail) -> list[str]:
        named = email.lists or email.details.get("lists", ())
        return [name for name in named if name in self.settings.lists]

    def _gather(self, email: OutboxEmail, bulletin: BulletinSettings, speech: Speech) -> dict[str, object]:
        lists = self._list_names(email)
        website = self.settings.website.url.rstrip("/") if self.settings.website else ""
        titles = title_bulletins(self.settings, lists) if lists else (bulletin.title,)
        named = next(name for name, each in self.settings.bulletins.items() if each is bulletin)
        colours = self.settings.dress(named).colours
        return {
            "language": tag_of(speech.language),
            "phrase": speech.say,
            "day": speech.day,
            "weekday": speech.weekday,
            "names": speech.names,
            "organisation": choose_language(self.settings.organisation, speech.language),
            "palette": derive_palette(colours.accent, colours.warm),
            "website": website,
            "sender": bulletin.sender.email,
            "titles": tuple(speech.say_setting(title) for title in titles),
            "lists": [self._describe_list(name, speech) for name in lists],
            "is_consent": any(self.settings.lists[name].basis is Basis.CONSENT for name in lists),
            "preferences": self._find_preferences(email, website),
            "link": f"{website}/confirm/{sign_confirmation(email.sign_up, key=self.key)}" if email.sign_up else "",
            "by": read_local(email.confirm_by).date() if email.confirm_by else None,
            **_read_details(email.details),
        }

    def _describe_list(self, name: str, speech: Speech) -> dict[str, str]:
        first = next(iter(find_bulletins(self.settings, [name]).values()), None)
        texts = {"title": self.settings.lists[name].title, "pace": first.pace if first else ""}
        return {key: speech.say_setting(text) for key, text in texts.items()}

    def _find_preferences(self, email: OutboxEmail, website: str) -> str:
        if email.subscriber_id is None:
            return ""
        return f"{website}/preferences/{sign_token(Purpose.PREFERENCES, email.subscriber_id, 0, key=self.key)}"


def _read_details(details: Mapping[str, Any]) -> dict[str, object]:
    """What the row brings along, each text in one line. `added` are the lists as it names them, in a reader's words."""
    day = details.get("acknowledge_by", "")
    asked_at = details.get("asked_at", 0)
    return {
        "added": [one_line(str(one)) for one in details.get("lists", ())],
        "asked_on": read_local(asked_at).date() if asked_at else None,
        "by_officer": bool(details.get("by_officer", False)),
        "reason": one_line(details.get("reason", "")),
        "reference": one_line(details.get("reference", "")),
        "acknowledge_by": date.fromisoformat(day) if day else None,
        "subject": one_line(details.get("subject", "")),
        "lines": [one_line(str(one)) for one in details.get("lines", ())],
    }


def _render(theme: Theme, kind: OutboxKind, values: Mapping[str, object]) -> tuple[Wording, str]:
    name = f"notices/{kind}.txt.j2"
    wording = parse_wording(theme.render(name, filters=_FILTERS, context=values), template=name)
    around = {**values, "wording": wording}
    return wording, theme.render("notices/frame.html.j2", filters=_FILTERS, context=around)


_FILTERS: Final[Mapping[str, Callable[..., object]]] = {
    "day": describe_day,
    "end": end_sentence,
    "names": join_names,
    "weekday": describe_weekday,
}
