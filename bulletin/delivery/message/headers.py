"""Header fields, written so that no value can add a field, and no address is broken. Pure.

Python's own writer encodes a long List-Unsubscribe as `=?utf-8?q?=3Chttps=3A…`, which silently breaks one-click
unsubscribing (seen with 3.11). Here addresses and URIs are written unchanged, each on one line (RFC 5322 allows 998
octets). Only text for people is folded at 76 octets and, if necessary, encoded (RFC 2047).
"""

from __future__ import annotations

import re
from functools import lru_cache
from textwrap import wrap
from urllib.parse import quote

_LONGEST_LINE = 900  # octets; RFC 5322 (2.1.1) allows 998, of which a subscriber's token needs some
_FOLDED = 76  # octets of a line that is folded or contains an encoded-word (RFC 2047, 2)
_LONGEST_WORD = 75

_NOT_SHOWN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?: [\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_PLAIN_TARGET = re.compile(r"[!-;=?-~]+")  # ASCII without a space or a bracket
_IN_ENCODED_WORDS = re.compile(r"[A-Za-z0-9!*+/-]")  # allowed there in a phrase (RFC 2047, 5 (3)); a space is "_"
_URI = re.compile(r"[\w:/?#\[\]@!$&'()*+,;=.~%-]*", re.ASCII)
_URI_RESERVED = ":/?#[]@!$&'()*+,;=%"
_HOST = re.compile(r"(?<=://)[^/?#@:]+")


def one_line(text: str) -> str:
    """Return the text without control characters and line breaks, with single spaces, as a header needs it."""
    if text.isascii() and text.isprintable() and "  " not in text:  # nearly all texts: this halves the time
        return text.strip()
    return _NOT_SHOWN.sub(" ", text).strip()


def write_value(name: str, value: str) -> str:
    """Write a field whose value is for programs: a date, a keyword, a bare address."""
    return f"{name}: {one_line(value)}\r\n"


def write_text(name: str, text: str) -> str:
    """Write a field for people, such as Subject: folded, and encoded unless it is plain ASCII."""
    text, start = one_line(text), f"{name}: "
    lines = wrap(
        text, _FOLDED, initial_indent=start, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False
    )
    if _is_plain(text) and all(len(line) <= _FOLDED for line in lines):
        return "\r\n".join(lines or [start]) + "\r\n"
    return start + "\r\n ".join(_encode_words(text, room=_FOLDED - len(start))) + "\r\n"


def write_named(name: str, phrase: str, target: str) -> str:
    """Write `name: phrase <target>`: a person and an address, or a list and its id. An empty phrase is omitted."""
    line = f"{name}: {phrase} <{target}>"
    if len(line) <= _FOLDED and "=?" not in phrase and _ATOMS.fullmatch(phrase) and _PLAIN_TARGET.fullmatch(target):
        return f"{line}\r\n"  # nearly all fields: this halves the time
    phrase, target = one_line(phrase), f"<{one_line(target)}>"
    start = f"{name}: "
    if not phrase:
        return f"{start}{target}\r\n"
    field = start + "\r\n ".join(_write_phrase(phrase, room=_FOLDED - len(start)))
    last_line = field.rpartition("\r\n")[2]
    fold = "\r\n" if len(f"{last_line} {target}") > _FOLDED else ""
    return f"{field}{fold} {target}\r\n"


def write_uris(name: str, *uris: str) -> str:
    """Write `name: <uri>, <uri>` (RFC 2369). It is folded only between two URIs that do not fit on one line."""
    value = ", ".join(f"<{ascii_uri(uri)}>" for uri in uris)
    if len(name) + len(": ") + len(value) > _LONGEST_LINE:
        value = value.replace(">, <", ">,\r\n <")
    return f"{name}: {value}\r\n"


def write_disposition(disposition: str, file_name: str) -> str:
    """Write Content-Disposition with a file name, by RFC 2231 unless it is plain ASCII."""
    file_name = one_line(file_name)
    if _is_plain(file_name):
        parameter = f"filename={_quote_string(file_name)}"
    else:
        parameter = f"filename*=utf-8''{quote(file_name, safe='')}"
    return f"Content-Disposition: {disposition};\r\n {parameter}\r\n"


def ascii_uri(address: str) -> str:
    """Convert a web address with any letters to an ASCII URI (RFC 3987), its host to A-labels."""
    if _URI.fullmatch(address):
        return address
    return quote(_HOST.sub(lambda match: _ascii_host(match[0]), one_line(address)), safe=_URI_RESERVED)


def mailto(address: str, *, subject: str = "") -> str:
    """Make a mailto URI (RFC 6068), with every special character encoded."""
    uri = f"mailto:{quote(address, safe='@')}"
    return f"{uri}?subject={quote(subject, safe='')}" if subject else uri


def _ascii_host(host: str) -> str:
    import idna  # 5 ms, and rarely needed

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host  # browsers accept a percent-encoded one as well


def _is_plain(text: str) -> bool:
    """Whether the text needs no encoding, and cannot be read as an encoded-word."""
    return text.isascii() and "=?" not in text


def _write_phrase(phrase: str, *, room: int) -> list[str]:
    """Write a display name as atoms, a quoted string or encoded-words: one a line, the first within `room` octets."""
    if _is_plain(phrase):
        plain = phrase if _ATOMS.fullmatch(phrase) else _quote_string(phrase)
        if len(plain) <= room:
            return [plain]
    return _encode_words(phrase, room=room)


def _quote_string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _encode_words(text: str, *, room: int) -> list[str]:
    """Encode as RFC 2047 encoded-words: no character is split, and the first fits into `room` octets."""
    start, end = "=?utf-8?q?", "?="
    words, room = [start], room - len(end)
    for char in text:
        encoded = _encode_char(char)
        if len(words[-1]) + len(encoded) > room:
            words.append(start)
            room = _LONGEST_WORD - len(end)
        words[-1] += encoded
    return [word + end for word in words]


@lru_cache(maxsize=1024)
def _encode_char(char: str) -> str:
    if char == " ":
        return "_"
    return char if _IN_ENCODED_WORDS.match(char) else "".join(f"={octet:02X}" for octet in char.encode())
