"""What a person answers about a new bulletin, each answer refused in words. Pure.

An answer is a text: typed at a question, given as an option, or written in a file. What isn't answered is None, and the
new workspace has nothing in its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError

from bulletin.declaration.declared import Declared
from bulletin.declaration.values import MailAddress, Plain, invalid, one_or_more, parsed_by
from bulletin.errors import BulletinError
from bulletin.issue.holidays import Nation
from bulletin.settings.organisation import Basis
from bulletin.settings.sending import Provider

SHORTEST, LONGEST = 2, 80
"""Of a name, in characters."""

FREE_MAIL: Final = frozenset(
    (
        *("gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "live.com", "live.co.uk"),
        *("msn.com", "yahoo.com", "yahoo.co.uk", "ymail.com", "icloud.com", "me.com", "aol.com", "btinternet.com"),
        *("virginmedia.com", "sky.com", "talktalk.net", "protonmail.com", "proton.me", "gmx.com", "gmx.co.uk"),
        *("mail.com", "blueyonder.co.uk", "ntlworld.com", "tiscali.co.uk"),
    )
)
"""Where anyone gets an address. Their DMARC policies let no other server send in their name."""

_PLACEHOLDERS: Final = frozenset(("test", "testing", "asdf", "xxx", "name", "title", "organisation", "anytown"))


class Readership(StrEnum):
    """Who a bulletin is for: each gets a list of that name."""

    PARTNERS = "partners"
    PUBLIC = "public"
    STAFF = "staff"

    @property
    def list_title(self) -> str:
        """What its list is called."""
        return {"partners": "Partner agencies", "public": "The public", "staff": "Staff"}[self.value]


@dataclass(frozen=True, kw_only=True, slots=True)
class NewList:
    """A list of the new workspace. `basis` is None if no one has decided it yet."""

    name: Readership
    basis: Basis | None = None

    @property
    def title(self) -> str:
        return self.name.list_title

    @property
    def placeholder(self) -> Basis:
        """The basis that is written until someone decides: the strictest for the public, else the usual one."""
        return Basis.CONSENT if self.name is Readership.PUBLIC else Basis.PUBLIC_TASK


def _parse_list(text: str) -> NewList:
    name, _, basis = (part.strip().lower() for part in text.partition("="))
    if name not in list(Readership):
        raise invalid(f"“{name}” is not partners, public or staff.", "Write one of them, as in partners=public-task.")
    if basis in ("", "not-sure"):
        return NewList(name=Readership(name))
    if basis not in list(Basis):
        raise invalid(f"“{basis}” is not a lawful basis.", f"Write one of: {', '.join(Basis)}, not-sure.")
    return NewList(name=Readership(name), basis=Basis(basis))


def _check_lists(lists: tuple[NewList, ...]) -> tuple[NewList, ...]:
    if len({one.name for one in lists}) < len(lists):
        raise invalid("The same list is there twice.", "Name each list once.")
    return lists


def _check_name(text: str) -> str:
    if not SHORTEST <= len(text) <= LONGEST:
        raise invalid(f"This has {len(text)} characters.", f"Write {SHORTEST} to {LONGEST}.")
    if text.casefold() in _PLACEHOLDERS:
        raise invalid(f"Readers would see “{text}”.", "Write the real one.")
    return text


def _check_sender(address: str) -> str:
    if (domain := find_domain(address)) in FREE_MAIL:
        raise invalid(
            f"{domain} lets no other mail server send in its name, so readers' servers would refuse the bulletin.",
            "Use an address of your organisation.",
        )
    return address


def _parse_provider(text: str) -> Provider | None:
    if text == NOT_SURE:
        return None
    if text not in list(Provider):
        raise invalid(f"“{text}” is not a provider that we know.", f"Write one of: {', '.join(Provider)}, {NOT_SURE}.")
    return Provider(text)


NOT_SURE: Final = "not-sure"

BodyName = Annotated[Plain, AfterValidator(_check_name)]


class Answers(Declared):
    """All answers. The names are those of the options of `bulletin init`, with _ for -."""

    noun: ClassVar[str] = "the answers"

    name: BodyName = Field(description="Your organisation’s name.", examples=["Northfield Safeguarding Partnership"])
    title: BodyName | None = Field(default=None, description="The bulletin’s title.", examples=["Northfield news"])
    sender: Annotated[MailAddress, AfterValidator(_check_sender)] = Field(
        alias="from", description="The address that readers see it from.", examples=["news@northfield.example.org"]
    )
    reply_to: MailAddress | None = Field(
        default=None, description="Where replies go.", examples=["contact@northfield.example.org"]
    )
    address: Plain | None = Field(
        default=None, description="The postal address, in one line.", examples=["1 High Street, Northfield NF1 1AA"]
    )
    lists: Annotated[
        tuple[Annotated[NewList, BeforeValidator(parsed_by(_parse_list))], ...],
        BeforeValidator(one_or_more),
        AfterValidator(_check_lists),
        Field(min_length=1),
    ] = Field(
        default=(NewList(name=Readership.PARTNERS),),
        alias="list",
        description="Who gets it: partners, public or staff, each with its lawful basis if you know it.",
        examples=[["partners=public-task", "public=consent"]],
    )
    provider: Annotated[Provider | None, BeforeValidator(parsed_by(_parse_provider))] = Field(
        default=None, description="Who runs your email, or not-sure.", examples=["microsoft-365"]
    )
    logo: Plain | None = Field(default=None, description="A logo: a PNG or JPEG file.", examples=["logo.png"])
    logo_alt: Plain | None = Field(
        default=None, description="What the logo says, for people who can't see it.", examples=["Northfield"]
    )
    month: Plain | None = Field(
        default=None, description="The first issue’s month, or the day it is published.", examples=["2027-01"]
    )
    nation: Nation = Field(
        default=Nation.ENGLAND, description="Where you are: its bank holidays count.", examples=["scotland"]
    )


def check_answer(name: str, text: str | list[str]) -> Any:
    """The value of one answer: `name` is its field. Raises BulletinError if it can't be used."""
    field = Answers.model_fields[name]
    annotation: Any = field.annotation
    kind: Any = Annotated[annotation, *field.metadata] if field.metadata else annotation
    try:
        return TypeAdapter(kind).validate_python(text)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        problems = detail.get("ctx", {}).get("problems")
        if not problems:
            choices = detail.get("ctx", {}).get("expected", "")
            raise BulletinError(f"“{text}” can’t be used here.", f"Write one of: {choices}." * bool(choices)) from None
        problem = problems[0]
        message = re.sub(r"^(?=is |has |needs )", "This ", problem.message)  # the question is its subject
        raise BulletinError(message, problem.remedy) from None


def find_domain(address: str) -> str:
    """What is behind the @ of an email address, in small letters."""
    return address.rpartition("@")[2].lower()


def is_example(address: str) -> bool:
    """Whether an email address is at a domain that is no one's (RFC 2606, RFC 6761)."""
    return bool(re.search(r"(?:^|\.)(?:example(?:\.(?:org|com|net))?|invalid|test|localhost)$", find_domain(address)))


def suggest_title(name: str) -> str:
    """A title for the bulletin of an organisation."""
    return f"{name} news"[:LONGEST]


def suggest_reply_to(sender: str) -> str:
    """Where replies could go, if the bulletin comes from `sender`."""
    return f"contact@{find_domain(sender)}"
