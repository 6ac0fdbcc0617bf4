"""The key that signs unsubscribe links: one for all who send from a database, which keeps its fingerprint.

A link that was signed with another key can't be verified, so its reader stays subscribed. So the database keeps
the fingerprint of the key from its first use on, and no other key signs, unless a person means to change it: by
`--new-key`, or by naming the key that signed before in BULLETIN_SECRET_KEY_OLD. Keys named there only read links.

The fingerprint may be read by all who can read the database. It is a keyed hash, made as the token of each link is but
for another purpose, so it tells no more than any email does: neither the key nor a link can be made of it. (A key that
is short enough to be guessed could be tried against it, and against any link just as well.)
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, exists, insert, select

from bulletin.database.dialects import is_on_server, lock_for_writing
from bulletin.database.errors import database_errors
from bulletin.database.tables import deliveries, link_keys
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.workspace.workspace import Workspace

_PURPOSE: Final = b"fingerprint 1"  # never that of a token
_SIZE: Final = 32  # bytes
_MAKE: Final = 'python -c "import secrets; print(secrets.token_urlsafe(32))"'


def fingerprint_key(key: bytes) -> str:
    """The same for the same key, and for no other."""
    seed = hashlib.sha512(key).digest()  # a key may have any length; BLAKE2b takes 64 bytes at most
    return hashlib.blake2b(key=seed, person=_PURPOSE, digest_size=_SIZE).hexdigest()


def find_link_key(workspace: Workspace, engine: Engine, *, new: bool = False) -> bytes:
    """The key to sign with. One is made only for a file's database that has sent nothing.

    `new`: a person means to sign with another key from now on. Raises BulletinError if there is no key here, or it is
    another one than the database knows.
    """
    with database_errors(), engine.begin() as connection:
        return _find(workspace, connection, new=new)


def take_link_key(workspace: Workspace, engine: Engine, *, now: int, new: bool = False) -> bytes:
    """The key to sign with, which the database knows from now on (ms since 1970). Raises as `find_link_key` does."""
    with database_errors(), engine.begin() as connection:
        lock_for_writing(connection, link_keys)
        key = _find(workspace, connection, new=new)
        if _read_fingerprint(connection) != fingerprint_key(key):
            connection.execute(delete(link_keys))
            connection.execute(insert(link_keys).values(fingerprint=fingerprint_key(key), since=now))
        return key


def list_reading_keys(workspace: Workspace) -> tuple[bytes, ...]:
    """The keys by which links are read: the one that signs, if there is one, and those that signed before.

    Raises BulletinError if the first can't be read.
    """
    present = (workspace.secrets.read_secret_key(),) if workspace.secrets.has_secret_key else ()
    return (*present, *workspace.secrets.read_old_keys())


def _find(workspace: Workspace, connection: Connection, *, new: bool) -> bytes:
    known = _read_fingerprint(connection)
    if not workspace.secrets.has_secret_key:
        _refuse_making(connection, known=known, new=new)
    key = workspace.secrets.read_secret_key()
    accepted = {fingerprint_key(one) for one in (key, *workspace.secrets.read_old_keys())}
    if known and not new and known not in accepted:
        raise _another_key(workspace, known)
    return key


def _read_fingerprint(connection: Connection) -> str | None:
    return connection.scalar(select(link_keys.c.fingerprint))


def _refuse_making(connection: Connection, *, known: str | None, new: bool) -> None:
    """Raises BulletinError unless a new key may be made up here: others may sign with theirs, or have done so."""
    has_sent = known or connection.scalar(select(exists().where(deliveries.c.claimed_at.is_not(None))))
    if has_sent and not new:
        raise BulletinError(
            "The key that signs the unsubscribe links is not here, and emails were sent with it. A new key would make "
            "links that can't be verified.",
            _put_back(),
        )
    if is_on_server(connection):
        raise BulletinError(
            "No key is set to sign the unsubscribe links, and other computers may send from the same database. All "
            "have to sign with the same key.",
            "Set BULLETIN_SECRET_KEY to one long, random text on each of them. If one has sent before, take the text "
            f"in its .bulletin/secret.key. If none has, this makes one: {_MAKE}",
        )


def _another_key(workspace: Workspace, known: str) -> BulletinError:
    file, given = workspace.secrets.secret_key_file, workspace.secrets.secret_key_is_given
    fault = (
        f"The key in {'BULLETIN_SECRET_KEY' if given else file} is not the one that signed the unsubscribe links so "
        "far. Links made with it can't be verified."
    )
    if given and _has_key(file, known):
        return BulletinError(fault, f"Unset BULLETIN_SECRET_KEY: the right key is in the file {file}.")
    return BulletinError(fault, _put_back())


def _has_key(file: Path, known: str) -> bool:
    with suppress(OSError):
        return fingerprint_key(file.read_bytes().strip()) == known
    return False


def _put_back() -> str:
    return (
        "Set BULLETIN_SECRET_KEY to the same text as on the computer that sent before. If it is not set there, take "
        "the text in its file .bulletin/secret.key. Only if that key is lost, or known to others, add --new-key to "
        "`bulletin send`: the unsubscribe links in emails sent before stop working."
    )
