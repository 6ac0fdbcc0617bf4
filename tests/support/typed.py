"""A command, typed in this process: its exit code, and all that it says."""

from __future__ import annotations

import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from unittest import mock

from bulletin.cli import edge


class Screen(StringIO):
    """What a person looks at, unless it is said to be none."""

    def __init__(self, *, is_terminal: bool = True) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def type_in(*arguments: str) -> tuple[int, str]:
    words = StringIO()
    with mock.patch.object(sys, "argv", ["bulletin", *arguments]), redirect_stdout(words), redirect_stderr(words):
        code = edge.run()
    return code, words.getvalue()
