"""Two independent verifiers of DKIM signatures, which read the key from us instead of from DNS: dkimpy and OpenDKIM."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import dkim

from bulletin.delivery.message.dkim import DkimSigner
from bulletin.delivery.message.signing_key import make_key, prepare_signature, write_record
from conftest import find_program

DOMAIN = "anytown.example.org"
SELECTOR = "bulletin"
RECORD_NAME = f"{SELECTOR}._domainkey.{DOMAIN}"


@cache
def make_test_key() -> bytes:
    """One key for all tests of a process: making it takes a while."""
    return make_key()


@cache
def make_signer() -> DkimSigner:
    return DkimSigner(domain=DOMAIN, selector=SELECTOR, sign=prepare_signature(make_test_key()))


def dkimpy_takes(message: bytes, *, key: bytes = b"", domain: str = DOMAIN) -> bool:
    record = write_record(key or make_test_key()).encode()
    published = f"{SELECTOR}._domainkey.{domain}."
    return bool(dkim.verify(message, dnsfunc=lambda name, **_: record if name.decode() == published else b""))


def opendkim_takes(message: bytes, folder: Path, *, key: bytes = b"") -> bool:
    """Ask Debian's OpenDKIM, whose test mode reads files with the line ends of the system."""
    keys, letter, settings = folder / "keys", folder / "letter.eml", folder / "opendkim.conf"
    keys.write_text(f"{RECORD_NAME} {write_record(key or make_test_key())}\n")
    settings.write_text(f"TestPublicKeys {keys}\nMode v\n")
    letter.write_bytes(message.replace(b"\r\n", b"\n"))
    program = find_program("opendkim", package="opendkim")
    run = subprocess.run(
        [program, "-x", str(settings), "-vv", "-t", str(letter)], capture_output=True, text=True, check=False
    )
    verdict = run.stdout + run.stderr
    assert "verification" in verdict, verdict
    return "verification (s=bulletin, d=anytown.example.org, 2048-bit key) succeeded" in verdict
