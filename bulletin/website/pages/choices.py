"""The bulletins and lists on a page, as people choose among them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bulletin.edition.languages.speech import speak
from bulletin.languages.known import LANGUAGES
from bulletin.settings.joining import ANYONE, is_closed
from bulletin.settings.languages import BilingualEmail
from bulletin.settings.organisation import Basis
from bulletin.settings.settings import Settings


class Check(StrEnum):
    """Whether a person looks at requests to join a list."""

    NONE = "none"
    OTHERS = "others"  # of those whose address doesn't let them join at once
    ALL = "all"


@dataclass(frozen=True, kw_only=True, slots=True)
class ListChoice:
    """A list, and whether it is chosen. `name` is its short name, `pace` how often it gets an issue, in words.

    `bulletins` are the short names of those that go to it.
    """

    name: str
    title: str
    about: str = ""
    pace: str
    basis: Basis
    check: Check = Check.NONE
    chosen: bool = False
    bulletins: tuple[str, ...] = ()

    def in_language(self, language: str) -> ListChoice:
        """The same in a language, as far as bulletin.yaml has it."""
        say = speak(language).say_setting
        title, about, pace = (say(text) for text in (self.title, self.about, self.pace))
        return replace(self, title=title, about=about, pace=pace)


@dataclass(frozen=True, kw_only=True, slots=True)
class LanguageChoice:
    """A language that there is an edition in: its code, "" for all of them, and its name in itself."""

    code: str
    name: str
    chosen: bool = False


def list_languages(settings: Settings) -> tuple[LanguageChoice, ...]:
    """What readers choose from: all languages, and each. None where no bulletin goes to each reader in theirs."""
    by_reader = [one for one in settings.bulletins.values() if one.languages is BilingualEmail.BY_READER]
    if not by_reader:
        return ()
    codes = dict.fromkeys([by_reader[0].language, *reversed(LANGUAGES)])
    each = tuple(LanguageChoice(code=code, name=LANGUAGES[code].name) for code in codes)
    return (LanguageChoice(code="", name=" / ".join(one.name for one in each)), *each)


def choose_language(languages: tuple[LanguageChoice, ...], code: str) -> tuple[LanguageChoice, ...]:
    """The languages with this one chosen; the first, if it is none of them."""
    codes = [one.code for one in languages]
    chosen = code if code in codes else next(iter(codes), "")
    return tuple(replace(one, chosen=one.code == chosen) for one in languages)


@dataclass(frozen=True, kw_only=True, slots=True)
class BulletinTitle:
    """A bulletin as readers are told of it. `about` follows its title; "" if bulletin.yaml doesn't say.

    `latest` is the address that leads to its latest issue, "" if there is none. `chosen`: whether the reader wants it.
    """

    title: str
    about: str = ""
    pace: str
    name: str = ""
    latest: str = ""
    chosen: bool = False

    def in_language(self, language: str) -> BulletinTitle:
        """The same in a language, as far as bulletin.yaml has it."""
        say = speak(language).say_setting
        title, about, pace = (say(text) for text in (self.title, self.about, self.pace))
        return replace(self, title=title, about=about, pace=pace)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListGroup:
    """The lists that the same bulletins go to, and these bulletins. `told`: those that no group before has."""

    bulletins: tuple[BulletinTitle, ...]
    lists: tuple[ListChoice, ...]
    told: tuple[BulletinTitle, ...]


def group_lists(bulletins: Sequence[BulletinTitle], lists: Sequence[ListChoice]) -> tuple[ListGroup, ...]:
    """The lists by the bulletins that go to them, in the order of the bulletins; in a group as they come."""
    found: dict[tuple[str, ...], list[ListChoice]] = {}
    for each in lists:
        found.setdefault(each.bulletins, []).append(each)
    order = {each.name: number for number, each in enumerate(bulletins)}
    groups, told = [], set[str]()
    for names in sorted(found, key=lambda names: [order.get(name, 0) for name in names]):
        own = tuple(each for each in bulletins if each.name in names)
        new = tuple(each for each in own if each.name not in told)
        told |= set(names)
        groups.append(ListGroup(bulletins=own, lists=tuple(found[names]), told=new))
    return tuple(groups)


def find_open_lists(settings: Settings, *, chosen: Collection[str] = ()) -> tuple[ListChoice, ...]:
    """The lists that people can ask to join, in the order of bulletin.yaml."""
    names = [name for name, declared in settings.lists.items() if not is_closed(declared.open)]
    return tuple(describe_list(settings, name, chosen=name in chosen) for name in names)


def describe_list(settings: Settings, name: str, *, chosen: bool = False) -> ListChoice:
    """The list of this short name. Raises KeyError if bulletin.yaml has none."""
    declared = settings.lists[name]
    return ListChoice(
        name=name,
        title=declared.title,
        about=declared.about or "",
        pace=_find_pace(settings, name),
        basis=declared.basis,
        check=_find_check(declared.open),
        chosen=chosen,
        bulletins=_find_bulletins(settings, name),
    )


def list_bulletins(
    settings: Settings, *, find_latest: Callable[[str], str] = lambda _: ""
) -> tuple[BulletinTitle, ...]:
    """All bulletins, in the order of bulletin.yaml. `find_latest` gives the address of the latest issue of one."""
    return tuple(
        BulletinTitle(
            name=name,
            title=bulletin.title,
            about=bulletin.about or "",
            pace=bulletin.pace,
            latest=find_latest(name),
        )
        for name, bulletin in settings.bulletins.items()
    )


def _find_bulletins(settings: Settings, name: str) -> tuple[str, ...]:
    """The short names of the bulletins that go to a list; of all, if bulletin.yaml doesn't say."""
    found = tuple(each for each, it in settings.bulletins.items() if name in it.lists or not it.lists)
    return found or tuple(settings.bulletins)


def _find_pace(settings: Settings, name: str) -> str:
    """The pace of the first bulletin that goes to the list."""
    bulletins = [*settings.bulletins.values()]
    return next((it.pace for it in bulletins if name in it.lists or not it.lists), bulletins[0].pace)


def _find_check(open_to: tuple[str, ...]) -> Check:
    if not open_to or is_closed(open_to):
        return Check.ALL
    return Check.NONE if ANYONE in open_to else Check.OTHERS
