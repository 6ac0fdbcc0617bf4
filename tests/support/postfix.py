"""A real Postfix of the tests' own: one relay on a loopback port, with STARTTLS, a login, and mailboxes in a folder.

Nothing of the system's Postfix is used but its programs: the configuration, the queue, the logins and the mailboxes are
in a temporary folder. Its daemons change to users of their own, so that it has to be begun by root.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme

from conftest import find_free_port, find_program

STARTING = 60.0  # seconds that it may take to start, to stop, or to deliver what it has accepted
DOMAINS = ("example.org", "example.com")
USER, PASSWORD = "news@anytown.example.org", "pässwort/1"
_NOBODY = 65534  # whose the mailboxes are

# The services of a small relay, as Debian's master.cf has them, but none in a chroot and smtpd on our port.
_SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix n - n 60    1 pickup
cleanup   unix n - n -     0 cleanup
qmgr      unix n - n 300   1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n -     - trivial-rewrite
bounce    unix - - n -     0 bounce
defer     unix - - n -     0 bounce
trace     unix - - n -     0 bounce
flush     unix n - n 1000? 0 flush
proxymap  unix - - n -     - proxymap
proxywrite unix - - n -    1 proxymap
smtp      unix - - n -     - smtp
error     unix - - n -     - error
retry     unix - - n -     - error
discard   unix - - n -     - discard
virtual   unix - n n -     - virtual
anvil     unix - - n -     1 anvil
scache    unix - - n -     1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, kw_only=True)
class Postfix:
    """A Postfix that runs, and takes mail to the mailboxes that it was begun with from whoever has logged in."""

    port: int
    folder: Path
    authority: Path  # the certificate of who has signed its own

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a command that sends by it."""
        return self.environ_for(PASSWORD)

    def environ_for(self, password: str) -> dict[str, str]:
        login = f"{quote(USER, safe='')}:{quote(password, safe='')}"
        url = f"smtp+starttls://{login}@localhost:{self.port}"
        return os.environ | {"BULLETIN_SMTP_URL": url, "SSL_CERT_FILE": str(self.authority)}

    @property
    def log(self) -> str:
        """What it has written down of itself."""
        return (self.folder / "mail.log").read_text(errors="replace")

    def answer(self, replies: Mapping[str, str]) -> None:
        """Say what it answers to these recipients from now on, instead of looking for their mailboxes.

        It notices a changed table of this kind by itself before it speaks with the next client.
        """
        _write_table(self.folder / "answers", replies)

    def read_mailboxes(self) -> dict[str, list[EmailMessage]]:
        """What arrived, by mailbox, once all that was accepted has been delivered."""
        self._await_delivery()
        found: dict[str, list[EmailMessage]] = {}
        for path in sorted((self.folder / "mail").glob("*/*/new/*")):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            found.setdefault(f"{path.parts[-3]}@{path.parts[-4]}", []).append(message)
        return found

    def count_messages(self) -> Counter[str]:
        """How many messages each mailbox has got."""
        return Counter({address: len(messages) for address, messages in self.read_mailboxes().items()})

    def _await_delivery(self) -> None:
        """Until its queue is empty. It tells nobody of that, so we look."""
        queues = [self.folder / "queue" / name for name in ("incoming", "active", "deferred", "maildrop")]
        until = time.monotonic() + STARTING
        while any(path.is_file() for queue in queues for path in queue.rglob("*")):
            assert time.monotonic() < until, self.log
            time.sleep(0.02)


@contextmanager
def run_postfix(*mailboxes: str, options: Mapping[str, str] | None = None) -> Iterator[Postfix]:
    """Run one during the `with` block that has these mailboxes. `options` go to main.cf as they are."""
    find_program("postfix", package="postfix")
    find_program("saslpasswd2", package="sasl2-bin")
    if os.geteuid() != 0:
        pytest.fail("Postfix can be begun by root only. Run this test as root: sudo .venv/bin/python -m pytest …")
    # Not pytest's folder: that is for its owner only, and these programs run as several users.
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    folder.chmod(0o755)
    postfix = Postfix(port=find_free_port(), folder=folder, authority=folder / "authority.pem")
    try:
        for name in ("etc", "queue", "data", "mail"):
            (folder / name).mkdir()
        _write_certificates(postfix)
        _write_logins(folder)
        _write_settings(postfix, mailboxes, options or {})
        with _running(postfix):
            yield postfix
    finally:
        shutil.rmtree(folder)


@contextmanager
def _running(postfix: Postfix) -> Iterator[None]:
    control = ["postfix", "-c", str(postfix.folder / "etc")]
    _run([*control, "start"], postfix.folder)
    try:
        _await_greeting(postfix)
        yield
    finally:
        pid = int((postfix.folder / "queue" / "pid" / "master.pid").read_text())
        _run([*control, "abort"], postfix.folder)
        _await_end(pid)


def _await_greeting(postfix: Postfix) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", postfix.port), timeout=5) as connection:
            if connection.recv(100).startswith(b"220 "):
                connection.sendall(b"QUIT\r\n")
                return
    pytest.fail(f"Postfix does not answer:\n{postfix.log}")


def _await_end(pid: int) -> None:
    """Its children are gone before it is: then nobody writes to the folder any more."""
    until = time.monotonic() + STARTING
    with suppress(ProcessLookupError):
        while time.monotonic() < until:
            os.kill(pid, 0)
            time.sleep(0.01)
        os.killpg(pid, signal.SIGKILL)


def _write_certificates(postfix: Postfix) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(postfix.authority)
    issued = authority.issue_cert("localhost")
    issued.private_key_and_cert_chain_pem.write_to_path(postfix.folder / "server.pem")
    (postfix.folder / "server.pem").chmod(0o600)


def _write_logins(folder: Path) -> None:
    """One login, in a Cyrus SASL database of ours. Debian's Postfix looks for its settings here and nowhere else."""
    settings = folder / "etc" / "sasl"
    settings.mkdir()
    passwords = folder / "passwords"
    name, _, realm = USER.partition("@")
    command = ["saslpasswd2", "-p", "-c", "-f", str(passwords), "-u", realm, name]
    _run(command, folder, given=PASSWORD)
    shutil.chown(passwords, "postfix")
    (settings / "smtpd.conf").write_text(
        f"pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: {passwords}\n"
    )


def _write_settings(postfix: Postfix, mailboxes: Sequence[str], options: Mapping[str, str]) -> None:
    folder = postfix.folder
    shutil.chown(folder / "data", "postfix")
    os.chown(folder / "mail", _NOBODY, _NOBODY)
    boxes = {address: "{2}/{0}/".format(*address.partition("@")) for address in mailboxes}
    tables = {name: _write_table(folder / name, rows) for name, rows in (("mailboxes", boxes), ("answers", {}))}
    (folder / "etc" / "master.cf").write_text(_SERVICES.format(port=postfix.port))
    settings = {
        "compatibility_level": "3.6",
        "queue_directory": folder / "queue",
        "data_directory": folder / "data",
        "maillog_file_prefixes": folder,
        "maillog_file": folder / "mail.log",
        "myhostname": "relay.example.net",
        "mydestination": "",
        "mynetworks": "",  # nobody is trusted for being on this machine
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "alias_maps": "",
        "alias_database": "",
        "virtual_mailbox_domains": ", ".join(DOMAINS),
        "virtual_mailbox_base": folder / "mail",
        "virtual_mailbox_maps": tables["mailboxes"],
        "virtual_uid_maps": f"static:{_NOBODY}",
        "virtual_gid_maps": f"static:{_NOBODY}",
        "smtpd_tls_chain_files": folder / "server.pem",
        "smtpd_tls_security_level": "may",
        "smtpd_tls_auth_only": "yes",
        "smtpd_sasl_auth_enable": "yes",
        "cyrus_sasl_config_path": folder / "etc" / "sasl",
        "smtpd_relay_restrictions": "reject_unauth_destination",
        "smtpd_recipient_restrictions": (
            f"check_recipient_access {tables['answers']}, reject_unlisted_recipient, permit_sasl_authenticated, reject"
        ),
        **options,
    }
    text = "".join(f"{name} = {value}\n" for name, value in settings.items())
    (folder / "etc" / "main.cf").write_text(text)


def _write_table(file: Path, rows: Mapping[str, str]) -> str:
    """Write a table as Postfix looks things up in, and say its name for main.cf."""
    kind = subprocess.run(["postconf", "-dh", "default_database_type"], capture_output=True, text=True, check=True)
    table = f"{kind.stdout.strip()}:{file}"
    file.write_text("".join(f"{name} {value}\n" for name, value in rows.items()))
    _run(["postmap", table], file.parent)
    return table


def _run(command: list[str], folder: Path, *, given: str = "") -> None:
    # Into a file: a daemon that stays would keep a pipe open.
    with (folder / "commands.txt").open("ab") as output:
        done = subprocess.run(
            command, input=given.encode(), stdout=output, stderr=output, timeout=STARTING, check=False, cwd=folder
        )
    if done.returncode:
        pytest.fail(f"{' '.join(command)} failed:\n{(folder / 'commands.txt').read_text()}")
