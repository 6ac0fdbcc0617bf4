"""Email addresses: which can be written to, and which two spellings are one. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

from bulletin.errors import InvalidAddress


class Address(NamedTuple):  # made a million times for a long list: faster than a frozen dataclass
    """An address that can be written to.

    `written` is what was typed, without what stood around it. `key` is the same for every spelling of the address:
    NFC, the local part case-folded (a +tag stays: it may be another person's), the domain as lower-case A-labels.
    `envelope` is for the SMTP server: the domain as A-labels, the local part as written, in NFC. A server must offer
    SMTPUTF8 (RFC 6531) for an address that `needs_smtputf8`.
    """

    written: str
    key: str
    envelope: str
    needs_smtputf8: bool


def parse_address(text: str) -> Address:
    """The address that `text` is, apart from white space and invisible characters around it.

    Raises InvalidAddress, which says in words what keeps it from being one address. Nothing is looked up.
    """
    written = text.strip(_AROUND)
    return _parse_plain(written) or _parse_any(written)


def find_envelope(written: str) -> str:
    """The `envelope` of an address that was let in, and nothing else of it: what each message of a mailing needs.

    Raises InvalidAddress.
    """
    plain = written.isascii() and len(written) <= 254 and _PLAIN_ENVELOPE.fullmatch(written)
    return written if plain else parse_address(written).envelope


@lru_cache(maxsize=1 << 16)
def _write_domain(domain: str) -> str:
    """A domain in lower-case A-labels; if it is none, in lower case."""
    if not domain.isascii():
        with suppress(InvalidAddress):
            return parse_address(f"a@{domain}").envelope.rpartition("@")[2]
    return domain.lower()


def find_domain(written: str) -> str:
    """The domain of an address that was let in, the same for every spelling: in lower-case A-labels."""
    return _write_domain(written.rpartition("@")[2])


def parse_addresses(texts: Iterable[str], *, otherwise: str) -> tuple[Address, ...]:
    """Each address once, in order. A text may have several, with commas, semicolons or spaces between them.

    Raises InvalidAddress, which names all that are none, and says `otherwise`: what was not done.
    """
    found: dict[str, Address] = {}
    faults: list[InvalidAddress] = []
    for text in (one for several in texts for one in _split(several)):
        try:
            one = parse_address(text)
        except InvalidAddress as error:
            faults.append(error)
        else:
            found.setdefault(one.key, one)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise InvalidAddress("\n".join(map(str, faults)), f"\n{otherwise}")
    return tuple(found.values())


def _split(text: str) -> list[str]:
    """The addresses in a text; the text itself, if it has anything else between its commas, such as a name."""
    for parts in (re.split(r"[,;\r\n]", text), re.split(r"[\s,;]", text)):
        some = [part.strip() for part in parts if part.strip()]
        if all(part.count("@") == 1 for part in some) and some:
            return some
    return [text]


# White space, control characters, and the invisible ones that come along when text is copied from a page.
_AROUND = "".join(
    chr(code)
    for first, last in ((0, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x206F))
    for code in range(first, last + 1)
)
_AROUND += "\u1680\u3000\ufeff"

# RFC 5321 4.1.2: a dot-string of RFC 5322's atext. RFC 5321 4.5.3.1: at most 64 octets, 254 with the domain.
_LOCAL = r"(?=[^@]{1,64}@)([\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*)"
_PLAIN = re.compile(_LOCAL + r"@(.{1,252})", re.ASCII)

# Small letters, digits and hyphens (RFC 1035, 2.3.1), and no A-label.
_LABEL = r"(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PLAIN_ENVELOPE = re.compile(rf"{_LOCAL}@(?:{_LABEL}\.)+(?!..--)[a-z](?:[a-z0-9-]{{0,61}}[a-z])", re.ASCII)


_LONGEST = 1000  # letters; longer texts are not looked at, because some checks take the square of the length


def _parse_plain(written: str) -> Address | None:
    """The short road for ASCII, seven times as fast: email-validator sees each domain once. None: take the other."""
    match = _match_plain(written)
    domain = _check_domain(match[2]) if match else None
    return _build(written, match[1], domain) if match and domain else None


def _match_plain(written: str) -> re.Match[str] | None:
    return _PLAIN.fullmatch(written) if written.isascii() and len(written) <= 254 else None


@lru_cache(maxsize=1 << 16)
def _check_domain(domain: str) -> str | None:
    """`domain` as the DNS has it, or None if it cannot have mail. (One with A-labels is left to the other road.)"""
    from email_validator import EmailNotValidError

    try:
        return None if "xn--" in domain.lower() else _validate(f"a@{domain}")
    except EmailNotValidError:
        return None


def _parse_any(written: str) -> Address:
    from email_validator import EmailNotValidError

    if len(written) > _LONGEST:
        message = f"“{_show(written)}” is too long: an address has 254 letters at most."
        raise InvalidAddress(message, "Write one address in each line.")
    try:
        domain = _validate(written)
    except EmailNotValidError as error:
        raise _explain(written, str(error)) from None
    local = unicodedata.normalize("NFC", written.rpartition("@")[0])
    if len(local.encode()) > 64:  # RFC 5321 4.5.3.1.1 counts octets; email-validator counts letters
        raise _explain(written, "It is too long before the @.")
    if odd := next((char for char in local if unicodedata.normalize("NFKC", char) != char), ""):
        usual = unicodedata.normalize("NFKC", odd)
        raise InvalidAddress(
            f"“{_show(written)}” has “{odd}” in it, which looks like “{usual}” but is another character.",
            f"If “{usual}” is meant, type the address again.",
        )
    return _build(written, local, domain)


def _validate(written: str) -> str:
    """The domain's A-labels. Raises EmailNotValidError."""
    from email_validator import validate_email

    valid = validate_email(
        written, strict=True, check_deliverability=False, allow_quoted_local=False, allow_domain_literal=False
    )
    return valid.ascii_domain


def _build(written: str, local: str, domain: str) -> Address:
    # Equal texts are kept as one: a list may have a million.
    if written.isascii() and domain == written[len(local) + 1 :] and local.lower() == local:
        return Address(written, written, written, False)  # noqa: FBT003 -- as nearly every address is
    envelope = written if written == (exact := f"{local}@{domain}") else exact
    folded = f"{unicodedata.normalize('NFC', local.casefold())}@{domain}"
    return Address(
        written=written,
        key=envelope if envelope == folded else folded,
        envelope=envelope,
        needs_smtputf8=not local.isascii(),
    )


class _Slip(NamedTuple):
    """How an address is often mistyped: what it looks like, and what to say, with the pattern's groups filled in."""

    pattern: re.Pattern[str]
    message: str
    remedy: str


_SLIPS = tuple(
    _Slip(re.compile(pattern, re.IGNORECASE), message, remedy)
    for pattern, message, remedy in (
        (r"\A()\Z", "There is no address here.", "Write one, as in anna@example.org."),
        (r"@.*[\s,;/|]\S*@", "“{shown}” is more than one address.", "Write one address in each line."),
        (r"<\s*([^<>\s]+)\s*>", "“{shown}” is more than an address.", "Write only “{0}”."),
        (r"[＠﹫]", "“{shown}” has “＠” in it, which is not the usual @.", "Type the @ again."),
        (r"\A[^@]*\Z", "“{shown}” has no @ in it.", "Write the whole address, as in anna@example.org."),
        (r"@.*@", "“{shown}” has more than one @.", "Keep the one before the domain."),
        (r"\A@", "“{shown}” has nothing before its @.", "Write the whole address, as in anna@example.org."),
        (r"@\Z", "“{shown}” has nothing after its @.", "Write the whole address, as in anna@example.org."),
        (r"\s", "“{shown}” has a space in it.", "Take the space out, or write what belongs there."),
        (r",", "“{shown}” has a comma in it.", "Perhaps a full stop is meant."),
        (r"[\"“”]", "“{shown}” has quotation marks in it.", "Write the address without them."),
        (r"@\[", "“{shown}” has an IP address for its domain.", "Write the domain's name, as in anna@example.org."),
        (r"\.\.", "“{shown}” has two full stops side by side.", "Take one out."),
        (r"\.\Z", "“{shown}” ends with a full stop.", "Take it out."),
        (r"\A\.|\.@|@\.", "“{shown}” has a full stop too many, at the @ or at its beginning.", "Take it out."),
        (r"\A[^@]{65}", "“{shown}” is too long before its @: 64 letters are the most.", "Check how it is spelt."),
        (
            r"@(?:.*\.)?(test|local|localhost|invalid|onion|arpa)\Z",
            "“{shown}” is inside “.{0}”, which has no mail from outside.",
            "Ask for the address that the person uses outside their own network.",
        ),
        (r"@([^.]+)\Z", "“{shown}” breaks off after “{0}”.", "Write the whole domain, as in anna@example.org."),
    )
)


def _explain(written: str, reason: str) -> InvalidAddress:
    shown = _show(written)
    hidden = next((char for char in written if not char.isprintable() and not char.isspace()), "")
    if hidden:
        name = unicodedata.name(hidden, "control character").lower()
        return InvalidAddress(f"“{shown}” has an invisible character in it ({name}).", "Type the address again.")
    for slip in _SLIPS:
        if match := slip.pattern.search(written):
            words = [_show(group) for group in match.groups()]
            return InvalidAddress(slip.message.format(*words, shown=shown), slip.remedy.format(*words, shown=shown))
    return InvalidAddress(f"“{shown}” cannot be an address: {_lower_first(reason)}", "Check how it is spelt.")


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _show(text: str, *, most: int = 80) -> str:
    """`text` in one line of `most` characters, with nothing in it that a terminal would act upon."""
    shown = "".join(char if char.isprintable() else "·" for char in text)
    return shown if len(shown) <= most else shown[: most - 1] + "…"


_DOMAINS = (
    *("gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "yahoo.com", "yahoo.co.uk"),
    *("icloud.com", "btinternet.com", "virginmedia.com", "ntlworld.com", "blueyonder.co.uk", "talktalk.net"),
    *("tiscali.co.uk", "protonmail.com"),
)
_NEIGHBOURS = frozenset({"mail.com", "ymail.com", "email.com", "cloud.com"})  # one letter from those, and real
_NHS = frozenset({"nhs.ne", "nhs.nt", "nhs.et", "nhs.nte", "nhs.nett"})  # too short a name for a general rule
_ENDINGS = (
    (re.compile(r"\.(con|cmo|ocm|cim|vom|xom|cpm|comm|coom|cmm)\Z"), ".com"),
    (re.compile(r"\.(gov|co|org|ac|sch|nhs|police)(\.(u|k|ku|ukk|uuk|ul)|uk)\Z"), r".\1.uk"),
    (re.compile(r"\.(ogr|orgg|rog)\Z"), ".org"),
)


_ROLES = frozenset(
    (
        *("info", "information", "admin", "administrator", "office", "contact", "contactus", "enquiries", "enquiry"),
        *(
            "inquiries",
            "mail",
            "mailbox",
            "post",
            "reception",
            "support",
            "help",
            "helpdesk",
            "team",
            "hello",
            "noreply",
        ),
        *("no-reply", "donotreply", "do-not-reply", "postmaster", "webmaster", "hostmaster", "abuse", "root", "sales"),
        *("accounts", "marketing", "newsletter", "secretary", "staff", "all", "everyone", "general", "feedback"),
    )
)


def is_role(address: Address) -> bool:
    """Whether an address is likely a role's and no person's: several people read it, or no one (RFC 2142)."""
    return address.key.partition("@")[0].partition("+")[0] in _ROLES


def suggest_domain(address: Address) -> str | None:
    """The domain that is probably meant, where the one written looks like a slip of the fingers: `gmail.con`.

    A warning's worth only: the address is valid, and may well be right.
    """
    return _suggest(address.envelope.rpartition("@")[2])


@lru_cache(maxsize=1 << 16)
def _suggest(domain: str) -> str | None:
    if domain in _DOMAINS or domain in _NEIGHBOURS:
        return None
    if domain in _NHS:
        return "nhs.net"
    if near := next((_NEAR[spelling] for spelling in _leave_one_out(domain) if spelling in _NEAR), None):
        return near
    return next((ending.sub(right, domain) for ending, right in _ENDINGS if ending.search(domain)), None)


def _leave_one_out(word: str) -> Iterator[str]:
    """`word`, and `word` without each of its letters: two words one slip apart have one of these in common."""
    yield word
    for index in range(len(word)):
        yield word[:index] + word[index + 1 :]


_NEAR = {spelling: domain for domain in _DOMAINS for spelling in _leave_one_out(domain)}
