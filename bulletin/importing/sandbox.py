"""Read an untrusted file in a separate process, with limits on its time and memory.

The libraries that read .docx, .html, .pdf and .pub can raise any error on a damaged file, and a hostile one can make
them run for hours or fill the memory. This process survives all of that. `python -m bulletin.importing.sandbox KIND`
reads the file from its standard input, and writes the blocks as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bulletin.errors import BulletinError
from bulletin.importing.blocks import Block, Role, Run

MOST_SECONDS = 40.0
MOST_MEMORY = 1_500_000_000  # bytes of address space: enough for the libraries and three times a large bulletin
_OUT_OF_MEMORY = 12
_DEEPEST_CALL = 10_000  # a page may be 2,048 elements deep, and each takes three calls
_PACKAGE = Path(__file__).parents[2]
_REMEDY = "Save only the pages you need as a new file, or copy its text into a .txt file."


class Unreadable(BulletinError):
    """The reader failed: the file is damaged, or of another type than its name says."""


def read_apart(kind: str, data: bytes, *, seconds: float = MOST_SECONDS, memory: int = MOST_MEMORY) -> list[Block]:
    """The blocks of a file of this kind (docx, html, pdf or pub).

    Raises Unreadable if the reader fails; BulletinError if it refuses the file, or takes more than `seconds` or more
    than `memory` bytes (where the system can limit that).
    """
    command = [sys.executable, "-P", "-m", "bulletin.importing.sandbox", kind, str(int(seconds) + 1), str(memory)]
    environ = {**os.environ, "PYTHONPATH": str(_PACKAGE), "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, env=environ, check=False)  # noqa: S603 -- our own module
    except subprocess.TimeoutExpired as error:
        raise BulletinError(f"It takes more than {seconds:g} seconds to read.", _REMEDY) from error
    if done.returncode == _OUT_OF_MEMORY:
        raise BulletinError(f"It needs more than {memory // 1_000_000:,} MB of memory to read.", _REMEDY)
    if done.returncode:
        raise Unreadable("It can’t be read.")
    found = json.loads(done.stdout)
    if "refused" in found:
        raise BulletinError(*found["refused"])
    return [_unpack(block) for block in found["blocks"]]


def _unpack(packed: dict[str, Any]) -> Block:
    rows = tuple(tuple(_unpack_runs(cell) for cell in row) for row in packed["rows"])
    return Block(**{**packed, "role": Role[packed["role"]], "runs": _unpack_runs(packed["runs"]), "rows": rows})


def _unpack_runs(packed: list[dict[str, Any]]) -> tuple[Run, ...]:
    return tuple(Run(**run) for run in packed)


def _pack(block: Block) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(block), "role": block.role.name}


def _find_reader(kind: str) -> Callable[[bytes], list[Block]]:
    if kind == "pdf":
        from bulletin.importing.pdf import read_pdf

        return read_pdf
    if kind == "docx":
        from bulletin.importing.docx import read_docx

        return read_docx
    if kind == "pub":
        from bulletin.importing.publisher import read_publisher

        return read_publisher
    from bulletin.importing.html_pages import read_html

    return read_html


def _limit(seconds: int, memory: int) -> None:
    """Set the system's own limits, in case the parent process is gone."""
    try:
        import resource
    except ImportError:  # Windows has none; the parent process watches the time there
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def main(kind: str, seconds: str, memory: str) -> int:
    """Read the file at the standard input. The exit code is 0 if the result is worth reading."""
    read = _find_reader(kind)
    _limit(int(seconds), int(memory))
    sys.setrecursionlimit(_DEEPEST_CALL)
    try:
        result: dict[str, Any] = {"blocks": [_pack(block) for block in read(sys.stdin.buffer.read())]}
        written = json.dumps(result)
    except BulletinError as error:
        written = json.dumps({"refused": [error.message, error.remedy]})
    except MemoryError:
        return _OUT_OF_MEMORY
    sys.stdout.write(written)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
