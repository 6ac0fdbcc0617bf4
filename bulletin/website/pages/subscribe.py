"""`/subscribe`: who sends what and how often, which lists to join, and the address. Then: check your email. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bulletin.issue.language import find_language
from bulletin.subscribers.address import Address, suggest_domain
from bulletin.web.forms import Form
from bulletin.website.frame import Frame
from bulletin.website.pages.choices import BulletinTitle, LanguageChoice, ListChoice, ListGroup, group_lists
from bulletin.website.pages.fields import read_address, read_line

LONGEST_NAME = 100  # characters
CHECKED = "checked"
"""The field that says a person has seen the page about a slip of the fingers: it is shown once."""


class SubscribeFault(StrEnum):
    """What is wrong with the form."""

    NO_LIST = "no-list"
    NO_ADDRESS = "no-address"
    BAD_ADDRESS = "bad-address"
    LONG_NAME = "long-name"


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscribeView:
    """The form, as it was filled in. Without `lists`, no one can join; without `languages`, none is asked for.

    `others` are the languages that the page can be read in besides.
    """

    bulletins: tuple[BulletinTitle, ...]
    lists: tuple[ListChoice, ...]
    languages: tuple[LanguageChoice, ...] = ()
    others: tuple[LanguageChoice, ...] = ()
    email: str = ""
    name: str = ""
    faults: tuple[SubscribeFault, ...] = ()

    @property
    def groups(self) -> tuple[ListGroup, ...]:
        """The lists by the bulletins that go to them."""
        return group_lists(self.bulletins, self.lists)


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressCheckView:
    """The address that was entered, the one that was probably meant, and the rest of the form to come back with it."""

    entered: str
    suggested: str
    lists: tuple[str, ...]
    name: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscribeAnswer:
    """What a person entered. `address` is None if it has a fault."""

    lists: tuple[str, ...]
    email: str
    name: str
    address: Address | None
    faults: tuple[SubscribeFault, ...]
    checked: bool
    language: str = ""

    def suggest_address(self) -> str | None:
        """The address that was probably meant, unless the person has been asked already."""
        domain = None if self.address is None or self.checked else suggest_domain(self.address)
        return f"{self.email.rpartition('@')[0]}@{domain}" if domain else None


def read_subscribe(form: Form, lists: Sequence[ListChoice]) -> SubscribeAnswer:
    """What was entered, with all its faults. Names of other lists than `lists` are left out."""
    known = {choice.name for choice in lists}
    chosen = tuple(dict.fromkeys(name for name in form.all("list") if name in known))
    email, name = form.first("email"), read_line(form.first("name"))
    address = read_address(email)
    found = {
        SubscribeFault.NO_LIST: not chosen,
        SubscribeFault.NO_ADDRESS: not email,
        SubscribeFault.BAD_ADDRESS: bool(email) and address is None,
        SubscribeFault.LONG_NAME: len(name) > LONGEST_NAME,
    }
    return SubscribeAnswer(
        lists=chosen,
        email=email,
        name=name,
        address=address,
        faults=tuple(fault for fault, here in found.items() if here),
        checked=bool(form.first(CHECKED)),
        language=find_language(form.first("language")),
    )


def render_subscribe(frame: Frame, view: SubscribeView) -> str:
    """The form, with its faults. Raises ThemeError, as all of these do."""
    return frame.render("subscribe.html.j2", view=view, agreement=write_agreement(frame, view.lists, view.bulletins))


def write_agreement(
    frame: Frame, lists: Sequence[ListChoice], bulletins: Sequence[BulletinTitle] = ()
) -> tuple[str, ...]:
    """What is agreed to, above the button, a paragraph each: these very words are the evidence of a consent."""
    several = bulletins if len(bulletins) > 1 else ()
    brings = {it.name: [one.title for one in several if one.name in it.bulletins] for it in lists}
    bases = tuple(dict.fromkeys(it.basis for it in lists))
    text = frame.render("agreement.txt.j2", lists=lists, bases=bases, brings=brings)
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def render_address_check(frame: Frame, view: AddressCheckView) -> str:
    """Which of two addresses is right."""
    return frame.render("address-check.html.j2", view=view, checked=CHECKED)


def render_check_your_email(frame: Frame, *, days: int) -> str:
    """What to do now. The same for every address, known or not."""
    return frame.render("check-your-email.html.j2", days=days)
