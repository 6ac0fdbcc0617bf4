"""Secrets: from the environment, from a file that only you can read, or made once for this workspace.

None of them is ever in bulletin.yaml, which people share.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bulletin.disk import prepare_state, sync_folder, write_whole
from bulletin.errors import BulletinError, NotFound, Unwritten
from bulletin.rights import OWNER_ALONE


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """The secrets of one workspace. `folder` is its state folder, and `make_folder` makes it."""

    environ: Mapping[str, str] = field(repr=False)  # may hold passwords
    folder: Path
    make_folder: Callable[[], None] = field(repr=False)

    def read_client_secret(self) -> str:
        """The application's client secret: BULLETIN_CLIENT_SECRET, or what is in BULLETIN_CLIENT_SECRET_FILE.

        Raises BulletinError if there is neither, or the file cannot be read.
        """
        if given := self.environ.get("BULLETIN_CLIENT_SECRET", "").strip():
            return given
        path = self.environ.get("BULLETIN_CLIENT_SECRET_FILE", "")
        if not path:
            raise BulletinError(
                "The login by Microsoft needs the application's client secret.",
                "Put it in the environment variable BULLETIN_CLIENT_SECRET. Or put it in a file that only you can "
                "read, and that file's path in BULLETIN_CLIENT_SECRET_FILE.",
            )
        try:
            secret = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise BulletinError(f"The client secret cannot be read from {path}: {reason}.", "Check the file.") from None
        if not secret:
            raise BulletinError(
                f"The client secret in {path} is empty.", "Write the secret to the file, and nothing else."
            )
        return secret

    def read_secret_key(self) -> bytes:
        """The key that signs unsubscribe links: BULLETIN_SECRET_KEY, or one made once for this workspace.

        Raises BulletinError if it cannot be made or read. `subscribers.link_key` checks that it is the right one.
        """
        if self._given_key:
            return self._given_key.encode()
        path = self.secret_key_file
        try:
            if not path.exists():
                self.make_folder()
                _make_key(path)
            key = path.read_bytes().strip()
        except (OSError, Unwritten) as error:
            raise BulletinError(
                f"The key that signs unsubscribe links, {path}, cannot be read or made: {error.strerror}.",
                "Check the room on that disk, and that you are the user who made the key. For another user (cron’s, "
                "say) set `state_group` in bulletin.yaml, or BULLETIN_SECRET_KEY in the environment to the same key.",
            ) from error
        if not key:
            raise BulletinError(
                f"The key that signs unsubscribe links, {path}, is empty.",
                "Put its last good copy back. If there is none, delete the file, and add --new-key to `bulletin send`: "
                "a new key is made, and the unsubscribe links in emails sent before stop working.",
            )
        return key

    def read_old_keys(self) -> tuple[bytes, ...]:
        """Keys that signed links before: BULLETIN_SECRET_KEY_OLD, with commas between them. They only read links.

        A key with a blank at its end is there twice, with and without: as BULLETIN_SECRET_KEY, it had the blank.
        """
        given = self.environ.get("BULLETIN_SECRET_KEY_OLD", "").split(",")
        spelt = (one for key in given if key.strip() for one in (key.strip(), key))
        return tuple(key.encode() for key in dict.fromkeys(spelt))

    def read_azure_token(self) -> str:
        """What Azure's Event Grid sends along: BULLETIN_AZURE_WEBHOOK_TOKEN; "" if it isn't set."""
        return self.environ.get("BULLETIN_AZURE_WEBHOOK_TOKEN", "").strip()

    def read_teams_webhook(self) -> str:
        """The address of a Teams workflow: BULLETIN_TEAMS_WEBHOOK; "" if it isn't set."""
        return self.environ.get("BULLETIN_TEAMS_WEBHOOK", "").strip()

    def find_dkim_key(self, selector: str) -> Path | None:
        """The file of the key that signs emails by this selector: BULLETIN_DKIM_KEY_FILE, or our own for it.

        None if the key itself is in the environment.
        """
        if self._given_dkim_key:
            return None
        given = self.environ.get("BULLETIN_DKIM_KEY_FILE", "")
        return Path(given) if given else self.folder / f"dkim-{selector}.pem"

    def read_dkim_key(self, selector: str) -> bytes:
        r"""The key that signs emails, as PEM: BULLETIN_DKIM_KEY, or what is in the file of `find_dkim_key`.

        In the environment its line breaks may be written as \n. Raises NotFound if there is none, BulletinError if
        the file can't be read.
        """
        path = self.find_dkim_key(selector)
        if path is None:
            return self._given_dkim_key.replace("\\n", "\n").encode()
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise NotFound(
                f"There is no key to sign emails with (DKIM): {path} isn't there.",
                "Make one with `bulletin dkim`, or put your back-up of it there. For a key elsewhere, set "
                "BULLETIN_DKIM_KEY_FILE to its path, or BULLETIN_DKIM_KEY to the key itself.",
            ) from None
        except OSError as error:
            raise BulletinError(
                f"The key that signs emails (DKIM) can't be read from {path}: {error.strerror}.",
                "Check that you are the user who made it. Another user (cron's, say) can have the key itself in "
                "BULLETIN_DKIM_KEY.",
            ) from None

    def make_dkim_key(self, selector: str, pem: bytes) -> None:
        """Keep a new key, which only we can read. It never takes the place of another. Raises Unwritten."""
        path = self.find_dkim_key(selector)
        if path is None:
            return
        if path.parent == self.folder:
            self.make_folder()
        write_whole(path, pem, rights=OWNER_ALONE, new=True)

    @property
    def _given_dkim_key(self) -> str:
        return self.environ.get("BULLETIN_DKIM_KEY", "").strip()

    @property
    def secret_key_file(self) -> Path:
        """The file of the key that is made for this workspace. BULLETIN_SECRET_KEY takes priority over it."""
        return self.folder / "secret.key"

    @property
    def has_secret_key(self) -> bool:
        """Whether there is a key already; otherwise `read_secret_key` makes one."""
        return bool(self._given_key) or self.secret_key_file.exists()

    @property
    def secret_key_is_given(self) -> bool:
        """Whether it is in BULLETIN_SECRET_KEY."""
        return bool(self._given_key)

    @property
    def _given_key(self) -> str:
        given = self.environ.get("BULLETIN_SECRET_KEY", "")
        return given if given.strip() else ""  # blanks are a slip, and would be a key that everyone can guess


def _make_key(path: Path) -> None:
    """Make the key; of two processes that do so at once, both get the same one. Raises OSError or Unwritten.

    It is on the disk before it is used: otherwise a power failure could leave links that no key can verify.
    """
    try:
        write_whole(path, secrets.token_urlsafe(32).encode(), rights=prepare_state(path.parent), new=True)
    except Unwritten:
        if not path.exists():
            raise
    sync_folder(path.parent)
