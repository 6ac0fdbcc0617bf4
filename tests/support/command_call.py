"""`bulletin` called in the tests' own process: everything but a process of its own, which takes half a second to start.

What only a process shows (signals, pipes, a terminal, what gets imported) needs one: see `command_process`.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import chdir
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from bulletin.cli import main
from mailed import databases_closed


def call(
    *arguments: str, folder: Path | None = None, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Call the whole program, from its arguments to its exit code, with nothing to read and no terminal."""
    outputs = {"stdout": BytesIO(), "stderr": BytesIO()}
    thresholds = gc.get_threshold()
    with (
        databases_closed(),
        pytest.MonkeyPatch.context() as patch,
        chdir(folder or Path.cwd()),
        Path(os.devnull).open(encoding="utf-8") as nothing,
    ):
        streams = {name: TextIOWrapper(output, encoding="utf-8") for name, output in outputs.items()}
        for name, value in (environ or {}).items():
            patch.setenv(name, value)
        time.tzset()
        for name, stream in {"stdin": nothing, **streams}.items():
            patch.setattr(sys, name, stream)
        patch.setattr(sys, "argv", ["bulletin", *arguments])
        patch.setattr(tempfile, "tempdir", None)  # where TMPDIR says, as a new process finds it
        with pytest.raises(SystemExit) as ended:
            main()
        for stream in streams.values():
            stream.flush()
    time.tzset()
    gc.set_threshold(*thresholds)
    assert isinstance(ended.value.code, int)
    said = {name: output.getvalue().decode() for name, output in outputs.items()}
    return subprocess.CompletedProcess(list(arguments), ended.value.code, said["stdout"], said["stderr"])
