"""Reads an IMAP mailbox (RFC 3501) from where the last reading ended. Nothing in it is changed unless asked."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final, NamedTuple

from bulletin.bounces.mailbox.imap_address import ImapAddress, encode_mailbox
from bulletin.bounces.mailbox.letter import KEPT_OF_LONGER, LONGEST_READ, Letter
from bulletin.errors import MailboxUnreadable

TIMEOUT: Final = 60.0  # seconds for each answer
_AT_ONCE: Final = 50  # emails in one command
_MOST_OCTETS: Final = 8 << 20  # of emails in one command, which are in memory at the same time
_SIZES_AT_ONCE: Final = 1000
_LOOKED_BACK: Final = 60  # days that are read of a mailbox that is new to us, or numbered anew
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class ImapState(NamedTuple):
    """How far a mailbox was read. UIDs (RFC 3501, 2.3.1.1) mean something only under their UIDVALIDITY."""

    uidvalidity: int = 0
    last_uid: int = 0


class FetchedLetter(NamedTuple):
    """An email, and the state to keep once it has been dealt with."""

    letter: Letter
    state: ImapState


def read_imap(
    address: ImapAddress, state: ImapState, *, today: date, timeout: float = TIMEOUT
) -> Iterator[FetchedLetter]:
    """The emails that came since `state`, oldest first, at most fifty in memory.

    All of the last 60 days if the mailbox is new to us, or has another UIDVALIDITY: then the server has numbered its
    emails anew, and keys tell which were read before. No flag is set. Raises MailboxUnreadable, at any time.
    """
    with _translate_errors(address), _log_in(address, timeout) as server:
        uidvalidity = _select(server, address, readonly=True)
        since = state.last_uid if state.uidvalidity == uidvalidity else 0
        uids = _find_uids(server, since, today - timedelta(days=_LOOKED_BACK))
        for batch, octets in _plan_batches(_find_sizes(server, uids)):
            for uid, content in sorted(_fetch(server, batch, octets).items()):
                yield FetchedLetter(Letter(str(uid), content), ImapState(uidvalidity, uid))


def move_letters(
    address: ImapAddress, uids: Sequence[int], *, uidvalidity: int, folder: str = "", timeout: float = TIMEOUT
) -> None:
    """Move emails that were dealt with to a folder, or delete them if it is empty.

    Raises MailboxUnreadable; also if the mailbox was numbered anew, because other emails would be meant.
    """
    with _translate_errors(address), _log_in(address, timeout) as server:
        if _select(server, address, readonly=False) != uidvalidity:
            raise MailboxUnreadable(f"The server has numbered {address.shown} anew.", "Run the command again.")
        for start in range(0, len(uids), _SIZES_AT_ONCE):
            _move(server, _write_set(sorted(uids[start : start + _SIZES_AT_ONCE])), folder)


def _move(server: imaplib.IMAP4, uids: str, folder: str) -> None:
    """By MOVE (RFC 6851), else by COPY; deleted by UID EXPUNGE alone (RFC 4315), which touches no other emails."""
    words = b" ".join(_ask(server.capability())).upper().split()  # after the login a server offers more than before
    if folder and b"MOVE" in words:
        _ask(server.uid("MOVE", uids, encode_mailbox(folder)))
        return
    if folder:
        _ask(server.uid("COPY", uids, encode_mailbox(folder)))
    _ask(server.uid("STORE", uids, "+FLAGS.SILENT", r"(\Deleted)"))
    if b"UIDPLUS" in words:
        _ask(server.uid("EXPUNGE", uids))


@contextmanager
def _translate_errors(address: ImapAddress) -> Iterator[None]:
    try:
        yield
    except (imaplib.IMAP4.error, OSError, ssl.SSLError) as error:
        words = str(error).strip("b'\"") or type(error).__name__
        raise MailboxUnreadable(
            f"The mailbox {address.shown} can’t be read: {_one_line(words)}.",
            "Check BULLETIN_IMAP_URL, or try again later.",
        ) from error


def _one_line(words: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in words).split())[:200].rstrip(".")


@contextmanager
def _log_in(address: ImapAddress, timeout: float) -> Iterator[imaplib.IMAP4]:
    server = _connect(address, timeout)
    try:
        _authenticate(server, address)
        yield server
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()


def _connect(address: ImapAddress, timeout: float) -> imaplib.IMAP4:
    """Encrypted, with the server's certificate verified, unless the server is this computer."""
    if address.encrypted:
        return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=ssl.create_default_context(), timeout=timeout)
    server = imaplib.IMAP4(address.host, address.port, timeout=timeout)
    if "STARTTLS" in server.capabilities:
        _ask(server.starttls(ssl.create_default_context()))
    elif not address.is_local:
        server.shutdown()
        raise MailboxUnreadable(
            f"{address.host} offers no encryption, so the password would cross the network in clear.",
            "Write imaps:// in BULLETIN_IMAP_URL (usually port 993).",
        )
    return server


def _authenticate(server: imaplib.IMAP4, address: ImapAddress) -> None:
    """XOAUTH2 with a token, else SASL PLAIN (RFC 4616), which takes any letters, else LOGIN."""
    if address.token:
        start = f"user={address.username}\x01auth=Bearer {address.token()}\x01\x01".encode()
        _ask(server.authenticate("XOAUTH2", _answer_once(start)))
    elif "AUTH=PLAIN" in server.capabilities:
        _ask(server.authenticate("PLAIN", _answer_once(f"\0{address.username}\0{address.password}".encode())))
    else:
        _ask(server.login(address.username, address.password))


class _answer_once:  # noqa: N801 -- a function with a memory
    """The response to the first challenge. A second one tells why the server refuses: it is answered with nothing."""

    def __init__(self, response: bytes) -> None:
        self._left = [response]

    def __call__(self, _challenge: bytes) -> bytes:
        return self._left.pop() if self._left else b""


def _ask(answer: tuple[str, Any]) -> Any:
    """What the server answers. Raises IMAP4.error if it refuses."""
    kind, data = answer
    if kind != "OK":
        words = data[0].decode("utf-8", "replace") if data and isinstance(data[0], bytes) else kind
        raise imaplib.IMAP4.error(words)
    return data


def _select(server: imaplib.IMAP4, address: ImapAddress, *, readonly: bool) -> int:
    """Open the mailbox; return its UIDVALIDITY."""
    _ask(server.select(encode_mailbox(address.mailbox), readonly=readonly))
    _, values = server.response("UIDVALIDITY")
    value = values[-1] if values else None
    if not isinstance(value, bytes) or not value.isdigit():
        raise imaplib.IMAP4.error("it has no UIDVALIDITY")
    return int(value)


def _find_uids(server: imaplib.IMAP4, last: int, since: date) -> list[int]:
    """The UIDs after `last`; if that is 0, those since a day.

    A search for `n:*` always finds the newest email, even if its UID is below n (RFC 3501, 6.4.8).
    """
    if last:
        data = _ask(server.uid("SEARCH", f"UID {last + 1}:*"))
    else:
        data = _ask(server.uid("SEARCH", f"SINCE {since.day:02}-{_MONTHS[since.month - 1]}-{since.year}"))
    found = b" ".join(piece for piece in data if isinstance(piece, bytes)).split()
    return sorted({int(uid) for uid in found if uid.isdigit() and int(uid) > last})


_UID = re.compile(rb"\bUID (\d{1,10})", re.IGNORECASE)
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,12})", re.IGNORECASE)


def _find_sizes(server: imaplib.IMAP4, uids: list[int]) -> Iterator[tuple[int, int]]:
    """Each email's UID and its octets. One that was deleted meanwhile is left out."""
    for start in range(0, len(uids), _SIZES_AT_ONCE):
        data = _ask(server.uid("FETCH", _write_set(uids[start : start + _SIZES_AT_ONCE]), "(UID RFC822.SIZE)"))
        for line in data:
            if isinstance(line, bytes) and (uid := _UID.search(line)) and (size := _SIZE.search(line)):
                yield int(uid[1]), int(size[1])


def _plan_batches(sizes: Iterator[tuple[int, int]]) -> Iterator[tuple[list[int], int]]:
    """The UIDs to fetch together, in order, and how many octets of each: 0 for all of it."""
    batch: list[int] = []
    octets = 0
    for uid, size in sizes:
        if size > LONGEST_READ:
            if batch:
                yield batch, 0
            yield [uid], KEPT_OF_LONGER
            batch, octets = [], 0
            continue
        if batch and (len(batch) == _AT_ONCE or octets + size > _MOST_OCTETS):
            yield batch, 0
            batch, octets = [], 0
        batch.append(uid)
        octets += size
    if batch:
        yield batch, 0


def _fetch(server: imaplib.IMAP4, uids: list[int], octets: int) -> dict[int, bytes]:
    """The contents of these emails, by UID. PEEK leaves the flag that says that somebody has read them."""
    part = f"<0.{octets}>" if octets else ""
    data = _ask(server.uid("FETCH", _write_set(uids), f"(UID BODY.PEEK[]{part})"))
    found: dict[int, bytes] = {}
    for index, item in enumerate(data):
        if isinstance(item, tuple):
            after = next((piece for piece in islice(data, index + 1, index + 2) if isinstance(piece, bytes)), b"")
            if uid := _UID.search(item[0]) or _UID.search(after):
                found[int(uid[1])] = item[1]
    return {uid: found[uid] for uid in uids if uid in found}


def _write_set(uids: Sequence[int]) -> str:
    """`1:3,7` for 1, 2, 3 and 7."""
    ranges: list[list[int]] = []
    for uid in uids:
        if ranges and ranges[-1][1] == uid - 1:
            ranges[-1][1] = uid
        else:
            ranges.append([uid, uid])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in ranges)
