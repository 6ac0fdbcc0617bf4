"""What veraPDF finds in PDFs: whether each is compliant with PDF/UA-1, and which clauses it fails. One JVM for all."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from checkout import TESTS

FOLDER = TESTS / "verapdf"
JARS = FOLDER / "jars"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`checks` is how many were made; `clauses` are those of ISO 14289-1 that fail, with what is wrong."""

    compliant: bool
    checks: int
    clauses: str


def judge(pdfs: Mapping[str, bytes]) -> dict[str, Verdict]:
    """The verdict on each PDF by its name."""
    if not (JARS / ".installed").exists() and not any(JARS.glob("validation-model-*.jar")):
        pytest.fail("veraPDF is not installed. Type: sh tests/components.sh; make tests/verapdf/jars/.installed")
    with TemporaryDirectory() as folder:
        for name, content in pdfs.items():
            Path(folder, f"{name}.pdf").write_bytes(content)
        command = ["java", "-Xshare:auto", "-cp", f"{JARS}/*", str(FOLDER / "Validate.java")]
        files = [str(Path(folder, f"{name}.pdf")) for name in pdfs]
        done = subprocess.run([*command, *files], capture_output=True, text=True, timeout=300, check=True)
        return dict(map(_read_line, done.stdout.splitlines()))


def _read_line(line: str) -> tuple[str, Verdict]:
    file, verdict, checks, clauses = line.split("\t")
    return Path(file).stem, Verdict(compliant=verdict == "compliant", checks=int(checks), clauses=clauses)
