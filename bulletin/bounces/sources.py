"""Where returned emails are read: the mailbox that bulletin.yaml names, or one that an officer names for once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulletin.bounces.mailbox.folders import read_maildir, read_mbox
from bulletin.bounces.mailbox.imap import FetchedLetter, ImapState, move_letters, read_imap
from bulletin.bounces.mailbox.imap_address import ImapAddress, parse_imap_address
from bulletin.bounces.mailbox.letter import Letter
from bulletin.delivery.sending.relays import find_token
from bulletin.errors import BulletinError, MailboxUnreadable
from bulletin.settings.returning import AfterReading

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class MailSource:
    """A place where emails come back. `name` is how the database knows it, and has no password in it.

    `fetch` hands out what came since a state, and `put_away` does with letters (by their names) what bulletin.yaml
    asks for once they were dealt with; None if they are left as they are. Both raise MailboxUnreadable.
    """

    name: str
    fetch: Callable[[ImapState], Iterator[FetchedLetter]]
    put_away: Callable[[Sequence[str], int], None] | None = None


def has_mailbox(workspace: Workspace) -> bool:
    """Whether bulletin.yaml says that emails come back, and it is known where."""
    return workspace.settings.returns is not None and bool(workspace.imap_url)


def name_own_mailbox(workspace: Workspace) -> str | None:
    """How the database knows the mailbox of bulletin.yaml; None if there is none, or its address can't be read."""
    if not workspace.imap_url:
        return None
    try:
        return _name_imap(parse_imap_address(workspace.imap_url, token=_no_token))
    except MailboxUnreadable:
        return None


def _no_token() -> str:
    return ""


def open_source(workspace: Workspace, given: str = "", *, today: date) -> MailSource:
    """The mailbox of bulletin.yaml; or what is `given`: `maildir:PATH`, `mbox:PATH` or `imaps://…`.

    Nothing that is given is ever moved or deleted. Raises BulletinError, without repeating a password.
    """
    if not given:
        return _open_own(workspace, today)
    kind, _, place = given.partition(":")
    if kind in _FOLDERS and place:
        return _open_folder(kind, Path(place))
    if given.startswith(("imap://", "imaps://")):
        return _open_imap(_parse(workspace, given), today)
    raise BulletinError(
        "This isn't a place where emails can be read.",
        "Write it as maildir:FOLDER, mbox:FILE or imaps://user:password@imap.example.org/INBOX.",
    )


def _open_own(workspace: Workspace, today: date) -> MailSource:
    url, returns = workspace.imap_url, workspace.settings.returns
    if not url:
        raise BulletinError(
            "bulletin.yaml doesn't say where emails come back.",
            "Write the mailbox to `returns:`, as in returns: {address: returns@example.org, "
            "imap: imaps://returns@imap.example.org}, and the same with the password to BULLETIN_IMAP_URL. "
            "Or read a folder once: bulletin bounces --from maildir:FOLDER",
        )
    address = _parse(workspace, url)
    after = returns.after if returns else AfterReading.KEEP
    put_away = None
    if returns and after is not AfterReading.KEEP:
        put_away = partial(_put_away, address, (returns.move_to or "") if after is AfterReading.MOVE else "")
    return _open_imap(address, today, put_away)


def _open_imap(
    address: ImapAddress, today: date, put_away: Callable[[Sequence[str], int], None] | None = None
) -> MailSource:
    return MailSource(name=_name_imap(address), fetch=partial(read_imap, address, today=today), put_away=put_away)


def _name_imap(address: ImapAddress) -> str:
    return f"imap: {address.shown}"


def _put_away(address: ImapAddress, folder: str, names: Sequence[str], uidvalidity: int) -> None:
    move_letters(address, [int(name) for name in names], uidvalidity=uidvalidity, folder=folder)


def _parse(workspace: Workspace, url: str) -> ImapAddress:
    """With a token if `returns: login:` asks for one, and the address has no password."""
    returns = workspace.settings.returns
    if returns is None or returns.login is None:
        return parse_imap_address(url)
    address = parse_imap_address(url, token=find_token(workspace, returns.login))
    return address if not address.password else parse_imap_address(url)


def _open_folder(kind: str, path: Path) -> MailSource:
    return MailSource(name=f"{kind}: {path.resolve()}", fetch=partial(_read_folder, _FOLDERS[kind], path))


def _read_folder(read: Callable[[Path], Iterator[Letter]], path: Path, _state: ImapState) -> Iterator[FetchedLetter]:
    """All of it each time: what was read before is known by its key."""
    return (FetchedLetter(letter, ImapState()) for letter in read(path))


_FOLDERS: Final[dict[str, Callable[[Path], Iterator[Letter]]]] = {"maildir": read_maildir, "mbox": read_mbox}
