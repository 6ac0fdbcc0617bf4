"""Typst in a process of its own, with limits on its time and memory, and a folder that has nothing else in it.

`python -m bulletin.edition.pdf.typst_process FOLDER SECONDS MEMORY` compiles the theme in a folder and writes the PDF
there. A theme may be anyone's, and Typst is a program: what it may read is that folder, and it reaches no network.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bulletin.errors import BulletinError
from bulletin.parts import Part

MOST_SECONDS: Final = 10.0
"""Of computing. On a busy computer that may take three times as long by the clock, and then it is stopped too."""

_BY_THE_CLOCK: Final = 3
MOST_MEMORY: Final = 300_000_000  # bytes; 109 pages take 166 MB

_MISSING, _OUT_OF_MEMORY, _FAULTY = 10, 12, 13
_SIGXCPU: Final = 24  # by POSIX; a name for it is missing on Windows
_PACKAGE: Final = Path(__file__).parents[3]
_NOWHERE: Final = "http://127.0.0.1:9"  # the discard port (RFC 863): should anything ask for the network, it ends here
_REMEDY: Final = "Split the issue in two, or make its pictures fewer. If you have your own templates/pdf, look there."


class TypstFault(Exception):
    """What Typst says is wrong, and the file and line of the theme; "" and 0 if it doesn't say where."""

    def __init__(self, message: str, *, file: str, line: int) -> None:
        super().__init__(message)
        self.message, self.file, self.line = message, file, line


def compile_pdf(files: Mapping[str, bytes], *, seconds: float = MOST_SECONDS, memory: int = MOST_MEMORY) -> bytes:
    """The PDF that the files of a theme make, the main one being `issue.typ`.

    Raises MissingPart without Typst, TypstFault for a fault in a file, BulletinError if it takes more than `seconds` or
    more than `memory` bytes (where the system can limit that).
    """
    with TemporaryDirectory(prefix="bulletin-pdf-") as folder:
        for name, content in files.items():
            path = Path(folder, "theme", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        _run(folder, seconds, memory)
        return Path(folder, "issue.pdf").read_bytes()


def _run(folder: str, seconds: float, memory: int) -> None:
    command = [sys.executable, "-P", "-m", "bulletin.edition.pdf.typst_process", folder, str(int(seconds)), str(memory)]
    environ = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"), _NOWHERE)
    environ |= {"PYTHONPATH": str(_PACKAGE), "PYTHONIOENCODING": "utf-8", "HOME": folder, "TMPDIR": folder}
    environ |= {name: os.environ[name] for name in ("SYSTEMROOT", "COVERAGE_PROCESS_START") if name in os.environ}
    try:
        done = subprocess.run(command, capture_output=True, timeout=_BY_THE_CLOCK * seconds, env=environ, check=False)  # noqa: S603 -- our own module
    except subprocess.TimeoutExpired as error:
        raise BulletinError(f"The PDF takes more than {seconds:g} seconds to make.", _REMEDY) from error
    _judge(done.returncode, done.stdout, seconds, memory)


def _judge(code: int, said: bytes, seconds: float, memory: int) -> None:
    """Raise what the exit code of the process means."""
    if code == _MISSING:
        raise Part.PDF.report_missing()
    if code == _FAULTY:
        raise TypstFault(**json.loads(said))
    if code == -_SIGXCPU:
        raise BulletinError(f"The PDF takes more than {seconds:g} seconds to make.", _REMEDY)
    if code:  # Typst ends at once where it gets no more memory
        raise BulletinError(f"The PDF needs more than {memory // 1_000_000:,} MB of memory to make.", _REMEDY)


def _limit(seconds: int, memory: int) -> None:
    """Set the system's own limits."""
    try:
        import resource
    except ImportError:  # Windows has none; the parent process watches the time there
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))  # where both are reached at once, it is just killed
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def _describe(error: Any, root: Path) -> str:
    """A fault of Typst as JSON: its message, and the place that its diagnostic names first."""
    place = re.search(r"┌─ (?:.*?theme/)?(.+?):(\d+):\d+", error.diagnostic)
    message = error.message.replace(f"{root}/", "")
    fault = {"message": message, "file": place[1] if place else "", "line": int(place[2]) if place else 0}
    return json.dumps(fault)


def main(folder: str, seconds: str, memory: str) -> int:
    """Compile the theme in `folder`. The exit code says what hinders it."""
    _limit(int(seconds), int(memory))
    try:
        import typst
    except ImportError:
        return _MISSING
    root, empty = Path(folder, "theme"), Path(folder, "packages")
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[root / "fonts"])
    compiler = typst.Compiler(
        root / "issue.typ", root=root, font_paths=fonts, package_path=empty, package_cache_path=empty
    )
    try:
        compiler.compile(output=Path(folder, "issue.pdf"), format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError as error:
        sys.stdout.write(_describe(error, root))
        return _FAULTY
    except MemoryError:
        return _OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
