"""An issue in each of its languages, each with the settings in that language: one half of a bilingual email. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bulletin.declaration.translated import choose_language
from bulletin.edition.contents_list import ContentsEntry, find_top_story, list_contents
from bulletin.edition.kickers import find_readers
from bulletin.edition.languages.speech import speak
from bulletin.edition.mail.teasers import shorten_teasers
from bulletin.edition.to_do import ToDo, ToDoBox, gather_to_do
from bulletin.issue.item import Item
from bulletin.issue.model import Issue
from bulletin.languages.catalogue import say
from bulletin.settings.organisation import BulletinSettings, Organisation
from bulletin.settings.settings import Settings

_DEFAULTS = ("greeting", "greeting_unnamed", "pace", "reason")


@dataclass(frozen=True, kw_only=True, slots=True)
class Half:
    """An issue in one language: what a template shows of it.

    `contents` has its sections, the top story first; anchors in a bilingual issue begin with the language: `cy-news`.
    `greeting` is the slot's word; `readers_of` says which lists an item is for.
    """

    language: str
    issue: Issue
    bulletin: BulletinSettings
    organisation: Organisation
    top_story: ContentsEntry | None
    contents: tuple[ContentsEntry, ...]
    others: tuple[ContentsEntry, ...]
    to_do: tuple[ToDo, ...]
    to_do_box: ToDoBox
    greeting: str
    readers_of: Callable[[Item], str]


def make_halves(
    issue: Issue, settings: Settings, bulletin_name: str, greetings: Iterable[str], *, page: str = ""
) -> tuple[Half, ...]:
    """One for each language of the issue, in their order: a single one for an issue in one language.

    `page` is the address of the issue's page on the website, or "".
    """
    bulletin = settings.bulletins[bulletin_name]
    halves = zip(issue.in_each_language, greetings, strict=False)
    return tuple(
        _make_half(
            half,
            choose_bulletin(bulletin, half.first_language),
            choose_language(settings.organisation, half.first_language),
            prefix=f"{half.first_language}-" if issue.languages else "",
            greeting=greeting,
            titles=_list_titles(settings, half.first_language),
            page=page,
        )
        for half, greeting in halves
    )


def _list_titles(settings: Settings, language: str) -> dict[str, str]:
    return {name: choose_language(each, language).title for name, each in settings.lists.items()}


def choose_bulletin(bulletin: BulletinSettings, language: str) -> BulletinSettings:
    """The settings of a bulletin in a language: a text that is left out is said in it as well."""
    chosen = choose_language(bulletin, language)
    unset = [name for name in _DEFAULTS if name not in bulletin.model_fields_set]
    said = {name: say(getattr(chosen, name), language) for name in unset}
    return chosen.model_copy(update=said) if language != "en" else chosen


def _make_half(
    issue: Issue,
    bulletin: BulletinSettings,
    organisation: Organisation,
    *,
    prefix: str,
    greeting: str,
    titles: dict[str, str],
    page: str,
) -> Half:
    speech = speak(issue.first_language)
    box = _lead_to_half(gather_to_do(issue, speech, page=page), prefix)
    issue = shorten_teasers(issue, page=_name_page(page, issue.first_language if prefix else ""), speech=speech)
    contents = tuple(
        ContentsEntry(anchor=f"{prefix}{entry.anchor}", section=entry.section) for entry in list_contents(issue)
    )
    return Half(
        language=issue.first_language,
        issue=issue,
        bulletin=bulletin,
        organisation=organisation,
        top_story=find_top_story(contents),
        contents=tuple(sorted(contents, key=lambda entry: not entry.section.top_story)),
        others=tuple(entry for entry in contents if not entry.section.top_story),
        to_do=box.rows,
        to_do_box=box,
        greeting=greeting,
        readers_of=find_readers(issue, titles, speech),
    )


def _name_page(page: str, language: str) -> str:
    """The address of the issue's page in one language: below its code, as in `…/cy/monthly/2026-11/`."""
    if not (page and language):
        return page
    site, bulletin, name, end = page.rsplit("/", 3)
    return f"{site}/{language}/{bulletin}/{name}/{end}"


def _lead_to_half(box: ToDoBox, prefix: str) -> ToDoBox:
    """The box, whose rows without an address of their own lead to the sections of this half."""
    rows = (replace(row, link=f"#{prefix}{row.link[1:]}") if row.link.startswith("#") else row for row in box.rows)
    return replace(box, rows=tuple(rows))
