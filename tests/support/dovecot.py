"""A real Dovecot of the tests' own: one IMAP server on loopback ports, with TLS, a login, and mailboxes in a folder.

Nothing of the system's Dovecot is used but its programs. Its daemons change to users of their own, so that it has to be
begun by root.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme

from conftest import find_free_port, find_program

STARTING = 60.0  # seconds that it may take to start or to stop
USER, PASSWORD = "returns", "pässwort/1"
_OWNER = 65534  # whose the mailboxes are

_SETTINGS = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.pem
disable_plaintext_auth = no
auth_mechanisms = plain login {mechanisms}
auth_verbose = yes
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
mail_fsync = never
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
{oauth}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True, kw_only=True)
class Dovecot:
    """A Dovecot that runs, with one mailbox, `returns`."""

    port: int
    tls_port: int
    folder: Path
    authority: Path  # the certificate of who has signed its own

    def url(self, *, password: str = PASSWORD, mailbox: str = "", scheme: str = "imaps") -> str:
        port = self.tls_port if scheme == "imaps" else self.port
        return f"{scheme}://{USER}:{quote(password, safe='')}@localhost:{port}/{quote(mailbox)}"

    @property
    def log(self) -> str:
        return (self.folder / "dovecot.log").read_text(errors="replace")

    @property
    def inbox(self) -> Path:
        """The Maildir of the mailbox."""
        return self.folder / "mail" / USER

    def put(self, *messages: bytes, folder: str = "") -> None:
        """Deliver messages, as a mail server beside it does."""
        place = self.inbox / folder if folder else self.inbox
        for name in ("", "new", "cur", "tmp"):
            (place / name).mkdir(exist_ok=True, parents=True)
        start = sum(1 for _ in (place / "new").iterdir()) + sum(1 for _ in (place / "cur").iterdir())
        for index, message in enumerate(messages, start + 1):
            path = place / "new" / f"{1_790_000_000 + index}.M{index}P1.host"
            path.write_bytes(message)
        for path in (place, *place.rglob("*")):
            os.chown(path, _OWNER, _OWNER)

    def describe(self) -> dict[str, bytes]:
        """Every message by its file's name, which has its flags in it."""
        files = (path for path in self.inbox.rglob("*") if path.parent.name in ("new", "cur") and path.is_file())
        return {path.name.removesuffix(":2,"): path.read_bytes() for path in files}


@contextmanager
def run_dovecot(*, oauth_url: str = "") -> Iterator[Dovecot]:
    """Run one during the `with` block. `oauth_url` is asked whether an access token is good."""
    program = find_program("dovecot", package="dovecot-imapd")
    if os.geteuid() != 0:
        pytest.fail("Dovecot can be begun by root only. Run this test as root: sudo .venv/bin/python -m pytest …")
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    folder.chmod(0o755)
    dovecot = Dovecot(
        port=find_free_port(), tls_port=find_free_port(), folder=folder, authority=folder / "authority.pem"
    )
    try:
        _write_files(dovecot, oauth_url)
        with (folder / "output.txt").open("wb") as output:
            process = subprocess.Popen(
                [program, "-F", "-c", str(folder / "dovecot.conf")], stdout=output, stderr=output
            )
            try:
                _await_greeting(dovecot, process)
                yield dovecot
            finally:
                process.terminate()
                process.wait(STARTING)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_files(dovecot: Dovecot, oauth_url: str) -> None:
    folder = dovecot.folder
    for name in ("mail", "home", "run", "state"):
        (folder / name).mkdir()
    for name in ("mail", "home"):
        os.chown(folder / name, _OWNER, _OWNER)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(dovecot.authority)
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    (folder / "users").write_text(f"{USER}:{PASSWORD}::::::\n", encoding="utf-8")
    oauth = ""
    if oauth_url:
        (folder / "oauth.conf").write_text(
            f"introspection_url = {oauth_url}\nintrospection_mode = post\n"
            "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
        )
        oauth = f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {folder}/oauth.conf\n}}"
    settings = _SETTINGS.format(
        folder=folder,
        port=dovecot.port,
        tls_port=dovecot.tls_port,
        owner=_OWNER,
        oauth=oauth,
        mechanisms="xoauth2" if oauth else "",
    )
    (folder / "dovecot.conf").write_text(settings)
    dovecot.put()


def _await_greeting(dovecot: Dovecot, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", dovecot.port), timeout=5) as connection:
            if connection.recv(200).startswith(b"* OK"):
                return
        time.sleep(0.05)
    output = (dovecot.folder / "output.txt").read_text(errors="replace")
    log = dovecot.log if (dovecot.folder / "dovecot.log").exists() else ""
    pytest.fail(f"Dovecot does not answer:\n{output}{log}")
