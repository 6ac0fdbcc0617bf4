"""The transcript of a first bulletin is what happens: from an empty folder to readers, and no file edited by hand."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from bulletin.delivery.copies.catcher import MailCatcher
from checkout import ROOT

sys.path.insert(0, str(ROOT / "docs"))  # scripts, and no package

import transcript

pytestmark = pytest.mark.slow


def test_a_newcomers_commands_send_a_word_file_to_a_spreadsheet_of_readers(tmp_path: Path) -> None:
    """With the program at hand in the place of what `pip` would install."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "pip").write_text("#!/bin/sh\n", encoding="utf-8")
    (programs / "pip").chmod(0o700)
    transcript.write_readers(tmp_path / "readers.csv")
    (tmp_path / "answers.yaml").write_text(transcript.ANSWERS, encoding="utf-8")
    with MailCatcher(tmp_path / "caught") as catcher:
        terminal = transcript.Terminal(
            folder=tmp_path,
            environ={
                "PATH": os.pathsep.join((str(programs), str(Path(sys.executable).parent), os.environ["PATH"])),
                "HOME": str(tmp_path),
                "BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{catcher.port}",
            },
        )
        transcript.publish(terminal, Path("ebulletin.whl"))

        assert len(catcher.caught) > transcript.READERS
    assert len(terminal.shown) <= transcript.MOST_COMMANDS
    page = transcript.PAGE.read_text(encoding="utf-8")
    assert forget_months("\n".join(terminal.shown[1:])) == forget_months(page)[1:]


def forget_months(text: str) -> list[str]:
    """The commands in a text, without their months: those go with the day on which they are typed."""
    return [re.sub(r"\d{4}-\d{2}", "MONTH", line) for line in re.findall(r"^\$ .+", text, re.MULTILINE)]


def test_the_page_ends_with_everyone_accepted() -> None:
    last = transcript.PAGE.read_text(encoding="utf-8").rpartition("$ bulletin status")[2]

    assert re.search(r"(\d+) of \1 accepted\. Nothing is left to do\.", last)
