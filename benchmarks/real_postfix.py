"""A whole Postfix that queues what it takes and then discards it: what an organisation's own relay costs. Root only."""

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

from sinks import find_program

STARTING = 30.0  # seconds that it may take to start
EMPTYING = 300.0  # seconds that it may take to discard what it has queued

_SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup   unix n - n -     0 cleanup
qmgr      unix n - n 300   1 qmgr
rewrite   unix - - n -     - trivial-rewrite
bounce    unix - - n -     0 bounce
defer     unix - - n -     0 bounce
trace     unix - - n -     0 bounce
proxymap  unix - - n -     - proxymap
error     unix - - n -     - error
retry     unix - - n -     - error
discard   unix - - n -     - discard
anvil     unix - - n -     1 anvil
postlog   unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, kw_only=True)
class PostfixRelay:
    """A Postfix at work on `port`, with its queue below `folder`."""

    port: int
    folder: Path

    def await_empty(self) -> None:
        """Wait until all that it took is discarded: what is sent next would compete with it."""
        queues = [self.folder / "queue" / name for name in ("incoming", "active", "deferred")]
        until = time.monotonic() + EMPTYING
        while any(path.is_file() for queue in queues for path in queue.rglob("*")):
            if time.monotonic() > until:
                raise SystemExit("Postfix did not discard what it had queued.")
            time.sleep(0.2)


@contextmanager
def run_postfix() -> Iterator[PostfixRelay]:
    """Run one on a free port during the `with` block. Nothing of the system's own is used but its programs."""
    if os.geteuid() != 0:
        raise SystemExit("Postfix can be started by root only.")
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    folder.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    control = [find_program("postfix"), "-c", str(folder / "etc")]
    try:
        _write_settings(folder, port)
        subprocess.run([*control, "start"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _await_greeting(port)
            yield PostfixRelay(port=port, folder=folder)
        finally:
            subprocess.run([*control, "abort"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # its last children may still be writing to it


def _write_settings(folder: Path, port: int) -> None:
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    settings = {
        "compatibility_level": "3.6",
        "queue_directory": folder / "queue",
        "data_directory": folder / "data",
        "maillog_file_prefixes": folder,
        "maillog_file": folder / "mail.log",
        "myhostname": "relay.example.net",
        "mydestination": "",
        "mynetworks": "127.0.0.0/8",
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "alias_maps": "",
        "alias_database": "",
        "default_transport": "discard:",
        "smtpd_relay_restrictions": "permit_mynetworks, reject",
    }
    text = "".join(f"{name} = {value}\n" for name, value in settings.items())
    (folder / "etc" / "main.cf").write_text(text)
    (folder / "etc" / "master.cf").write_text(_SERVICES.format(port=port))


def _await_greeting(port: int) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            if connection.recv(100).startswith(b"220 "):
                return
        time.sleep(0.05)
    raise SystemExit(f"Postfix did not begin to answer on port {port} within {STARTING:.0f} s.")
