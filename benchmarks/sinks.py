"""The servers that senders are measured against: Postfix's smtp-sink, and one in C (`sink.c`) that is no limit."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
BUILD = FOLDER / "build"
STARTING = 10.0  # seconds that a server may take to start
LIFETIME = 1800  # seconds after which our own server ends by itself, whatever happens


PACKAGES = {
    "smtp-sink": "postfix",
    "smtp-source": "postfix",
    "postfix": "postfix",
    "cc": "gcc libc6-dev",
    "node": "nodejs npm",
}
"""The programs of the system that measurements need, and Debian's packages of them."""


def check_programs(names: Collection[str] = tuple(PACKAGES)) -> None:
    """End with words about all of these programs that are missing, before anything is measured."""
    if not Path("/proc/self").exists():
        raise SystemExit("The servers that senders are measured against need Linux.")
    if missing := {name: package for name, package in PACKAGES.items() if name in names and not _look_up(name)}:
        packages = " ".join(dict.fromkeys(missing.values()))
        raise SystemExit(
            f"Missing: {', '.join(missing)}. On Debian or Ubuntu type: "
            f"sudo apt-get install --no-install-recommends {packages}"
        )
    if "node" in names and not (FOLDER / "node" / "node_modules" / "nodemailer").exists():
        raise SystemExit("Missing: nodemailer. Type: npm ci --prefix benchmarks/node")


def find_program(name: str) -> str:
    """The path of one of the programs that `check_programs` has found."""
    return _look_up(name) or name


def _look_up(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))


@dataclass
class Sink:
    """A server at work. Once our own has ended, `messages` says how many it took, whole."""

    port: int
    messages: int = 0


@contextmanager
def run_smtp_sink() -> Iterator[Sink]:
    """Run Postfix's smtp-sink on a free port during the `with` block."""
    program = find_program("smtp-sink")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    user = ["-u", "root"] if os.geteuid() == 0 else []
    process = subprocess.Popen([program, *user, f"127.0.0.1:{port}", "1024"])
    try:
        _wait_for(port)
        yield Sink(port=port)
    finally:
        process.kill()
        process.wait()


@contextmanager
def run_fast_sink(*, delay: float = 0) -> Iterator[Sink]:
    """Run our own server during the `with` block; it ends with us. `delay`: seconds that each reply waits."""
    process = subprocess.Popen(
        [build_fast_sink(), "-d", str(round(delay * 1_000_000)), "-l", str(LIFETIME)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        sink = Sink(port=int(process.stdout.readline().removeprefix("port ")))
        yield sink
        process.terminate()
        words, _ = process.communicate(timeout=STARTING)
        sink.messages = int(words.removeprefix("messages "))
    finally:
        process.kill()
        process.wait()


def build_fast_sink() -> Path:
    """Compile `sink.c`, unless that has been done since it was last changed."""
    source, program = FOLDER / "sink.c", BUILD / "sink"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        BUILD.mkdir(exist_ok=True)
        subprocess.run([find_program("cc"), "-O2", "-o", program, source], check=True)
    return program


def _wait_for(port: int) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.01)
    raise SystemExit(f"smtp-sink did not begin to listen on port {port} within {STARTING:.0f} s.")
