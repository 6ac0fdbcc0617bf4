"""The questions of `bulletin init`: asks what isn't answered yet, again after an answer that can't be used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from bulletin.cli.terminal import ask, say
from bulletin.errors import BulletinError
from bulletin.settings.organisation import Basis
from bulletin.settings.sending import Provider
from bulletin.starting.answers import (
    Answers,
    NewList,
    Readership,
    check_answer,
    find_domain,
    is_example,
    suggest_reply_to,
    suggest_title,
)
from bulletin.starting.first_issue import plan_first_issue, read_first_issue
from bulletin.starting.logo_file import describe_colours, read_logo
from bulletin.starting.mail_provider import guess_provider

NOTHING_WRITTEN: Final = "Nothing was written."

QUESTIONS: Final = ("name", "sender", "title", "reply_to", "address", "lists", "provider", "logo", "month")
"""The fields that are asked for: first those without an answer that could be taken."""
NEEDED: Final = QUESTIONS[:2]

_NUMBERS: Final = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_AUDIENCES: Final = {
    "1": (Readership.PARTNERS,),
    "2": (Readership.PUBLIC,),
    "3": (Readership.STAFF,),
    "4": tuple(Readership),
}
_PROVIDERS: Final = {"1": Provider.MICROSOFT_365, "2": Provider.GOOGLE_WORKSPACE, "3": None, "4": None}
_BASES: Final = {"1": Basis.CONSENT, "2": Basis.PUBLIC_TASK, "3": None}
_IN_ORDER: Final = ("name", "title", "sender", "reply_to", "address", "lists", "provider", "logo", "month")


@dataclass(kw_only=True)
class Interview:
    """What is answered so far. `takes_colours`: whether the logo's colours become the bulletin's."""

    today: date
    answers: dict[str, Any] = field(default_factory=dict)
    takes_colours: bool = True
    number: int = 0

    def ask_all(self) -> None:
        """Ask what isn't answered. Raises Interrupted for Ctrl-C and Ctrl-D."""
        left = [name for name in _IN_ORDER if name not in self.answers]
        if left:
            questions = f"{_NUMBERS[len(left)]} question{'s' if len(left) > 1 else ''}."
            say(f"{questions} Enter takes the answer in [brackets]; Ctrl-C leaves nothing.\n")
        for name in left:
            self.number += 1
            getattr(self, f"_ask_{name}")()

    def ask_needed(self) -> None:
        """Ask only what has no answer that could be taken; take that for all the rest."""
        for name in NEEDED:
            if name not in self.answers:
                self.number += 1
                getattr(self, f"_ask_{name}")()
        if "provider" not in self.answers:
            self.answers["provider"] = guess_provider(self.answers["sender"])

    def _ask_name(self) -> None:
        self._ask_for("name", "Your organisation:")

    def _ask_title(self) -> None:
        title = suggest_title(self.answers["name"])
        self._ask_for("title", f"Title of the bulletin [{title}]:", default=title)

    def _ask_sender(self) -> None:
        self._ask_for("sender", "Readers see it from which address?")
        warn_of_example(self.answers["sender"])

    def _ask_reply_to(self) -> None:
        address = suggest_reply_to(self.answers["sender"])
        self._ask_for("reply_to", f"Where should replies go? [{address}]", default=address)

    def _ask_address(self) -> None:
        self._ask_for("address", "Postal address (Enter to add it later):", default=None)

    def _ask_lists(self) -> None:
        chosen = self._choose("Who gets it? 1 partners  2 the public  3 staff  4 several [1]:", _AUDIENCES, "1")
        audiences = chosen if len(chosen) == 1 else [each for each in chosen if self._wants(each)] or [*chosen]
        self.answers["lists"] = tuple(NewList(name=each, basis=self._ask_basis(each)) for each in audiences)

    def _wants(self, audience: Readership) -> bool:
        typed = self._repeat(f"  A list for {_describe(audience)}? [Y/n]", _read_yes)
        return bool(typed)

    def _ask_basis(self, audience: Readership) -> Basis | None:
        question = f"  Lawful basis for {_describe(audience)}? 1 consent  2 public task  3 not sure [3]:"
        basis: Basis | None = self._repeat(question, lambda text: _read_choice(text or "3", _BASES))
        if basis is None:
            say("  Ask your data protection officer. You can’t send until you write it into bulletin.yaml.")
        return basis

    def _ask_provider(self) -> None:
        guess = guess_provider(self.answers["sender"])
        default = next((number for number, each in _PROVIDERS.items() if guess and each is guess), "4")
        if default != "4":
            say(f"  {find_domain(self.answers['sender'])} looks like {_name_provider(guess)}.")
        question = f"Who runs your email? 1 Microsoft 365  2 Google  3 another  4 not sure [{default}]:"
        self.answers["provider"] = self._choose(question, _PROVIDERS, default)

    def _ask_logo(self) -> None:
        def read(text: str) -> str | None:
            if text:
                tell_logo(text)
            return text or None

        self.answers["logo"] = typed = self._repeat(f"{self.number} Logo, a PNG or JPEG file (Enter for none):", read)
        if typed:
            self._settle_logo(typed)

    def _settle_logo(self, typed: str) -> None:
        """Ask about a colour that had to change a lot, and for the words that take the logo's place."""
        logo = read_logo(typed)
        if logo.is_pale and logo.colours:
            seen, accent = logo.colours.seen_accent, logo.colours.accent
            say(f"  The logo’s {seen} is too pale to read, so this is {accent}, which is much darker.")
            self.takes_colours = bool(self._repeat("  Use it? If not, the accent is our blue. [Y/n]", _read_yes))
        if "logo_alt" not in self.answers:
            name = self.answers["name"]
            words = self._repeat(f"  Its words, for those who can’t see it [{name}]:", str)
            self.answers["logo_alt"] = words or name

    def _ask_month(self) -> None:
        nation = self.answers.get("nation", Answers.model_fields["nation"].default)
        planned = plan_first_issue(self.today, nation)

        def read(text: str) -> str:
            return str(read_first_issue(text, self.today, nation).published) if text else planned.month.id

        self.answers["month"] = self._repeat(f"{self.number} First issue [{planned}]:", read)

    def _ask_for(self, name: str, question: str, **default: str | None) -> None:
        """Ask for a text. Without a `default`, an empty answer can't be used."""

        def read(text: str) -> Any:
            if not text and "default" in default:
                return default["default"]
            if not text:
                raise BulletinError("This has no answer that could be taken.", "Write one, or press Ctrl-C to stop.")
            return check_answer(name, text)

        self.answers[name] = self._repeat(f"{self.number} {question}", read)

    def _choose(self, question: str, choices: Mapping[str, Any], default: str) -> Any:
        return self._repeat(f"{self.number} {question}", lambda text: _read_choice(text or default, choices))

    @staticmethod
    def _repeat(question: str, read: Callable[[str], Any]) -> Any:
        """Ask until the answer can be used."""
        while True:
            try:
                return read(ask(question, otherwise=NOTHING_WRITTEN))
            except BulletinError as error:
                say(f"  {error}")


def warn_of_example(address: str) -> None:
    """Say so if an address is at an example's domain."""
    if is_example(address):
        say("  This is an example address. You can't send until you change it.")


def tell_logo(typed: str) -> None:
    """Say which colours a logo gives. Raises BulletinError if it can't be used."""
    colours = read_logo(typed).colours
    say(f"  {describe_colours(colours)}" if colours else "  The logo has only greys, so the accent is our blue.")


def _read_choice(text: str, choices: Mapping[str, Any]) -> Any:
    if text not in choices:
        raise BulletinError(f"“{text}” is not one of the answers.", f"Type a number from 1 to {len(choices)}.")
    return choices[text]


def _read_yes(text: str) -> bool:
    if text.casefold() not in ("", "y", "yes", "n", "no"):
        raise BulletinError(f"“{text}” is neither yes nor no.", "Type y or n.")
    return text.casefold() not in ("n", "no")


def _describe(audience: Readership) -> str:
    return {"partners": "partners", "public": "the public", "staff": "staff"}[audience.value]


def _name_provider(provider: Provider | None) -> str:
    return "Microsoft 365" if provider is Provider.MICROSOFT_365 else "Google"
