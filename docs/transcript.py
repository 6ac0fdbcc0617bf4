"""Write docs/transcript.md: a newcomer's first bulletin, from the wheel to the readers (`make transcript`).

Everything in it is typed and done, in a new environment that has nothing but the wheel and what it needs, from files
that such a person has: an old bulletin in Word and a list in a spreadsheet. A mail server on this computer takes the
emails. No file is edited by hand.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from docx import Document

from bulletin.delivery.copies.catcher import MailCatcher

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "transcript.md"
MOST_COMMANDS: Final = 14
READERS: Final = 12
ANSWERS: Final = """\
name: Northfield Safeguarding Partnership
title: Northfield news
from: news@northfield.example.org
address: 1 High Street, Northfield NF1 1AA
list: [partners=public-task]
"""

HEAD: Final = """\
# A first bulletin, from start to finish

This is what someone sees who starts with nothing but a Word file of their last bulletin and a list of readers as a
spreadsheet. `make transcript` types all of it anew, in an empty environment, and writes this page. The emails go to a
mail server on the same computer. {count} commands, and no file was edited by hand.
"""


@dataclass
class Terminal:
    """Types commands into a shell, and keeps what it shows. `environ` is what the commands know."""

    folder: Path
    environ: Mapping[str, str]
    shown: list[str] = field(default_factory=list)

    def look(self, command: str) -> str:
        """What a command prints, unseen."""
        return self._run(command, "").stdout

    def type_in(self, command: str, *, within: str = "") -> None:
        """Type a command. Ends the script with everything so far if it fails."""
        done = self._run(command, within)
        said = re.sub(r"/\S*/(?=(?:old-bulletin|readers|our-news)\b)", "", done.stdout).strip()
        self.shown.append(f"$ {command}\n{said}".strip())
        if done.returncode:
            sys.exit("\n\n".join(self.shown))

    def _run(self, command: str, within: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 -- our own commands
            shlex.split(command),
            cwd=self.folder / within,
            env=dict(self.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def find_month(issues: Path) -> date:
    """The month after that of the one issue that is there: its first day."""
    (first,) = issues.glob("*.yaml")
    return (date.fromisoformat(f"{first.stem}-01") + timedelta(days=31)).replace(day=1)


def list_weekdays(month: date) -> Iterator[date]:
    """The Tuesdays of a month from its second one on."""
    days = (month + timedelta(days=number) for number in range(7, 28))
    return (day for day in days if day.weekday() == 1)


def describe(day: date) -> str:
    """`Tuesday 12 January 2027`."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def write_old_bulletin(path: Path, month: date) -> None:
    """A short bulletin as a Word file, with headings, a list and a link in words."""
    first, second, *_ = list_weekdays(month)
    document = Document()
    document.add_heading("Northfield news", 0)
    document.add_paragraph(f"{month:%B %Y}")
    document.add_heading("Winter helpline", 1)
    document.add_paragraph(
        "The helpline for families is open every day this winter. Ring 020 7946 0000 between 9am and 5pm."
    )
    document.add_heading("Champions meet", 1)
    document.add_paragraph(f"The safeguarding champions meet online on {describe(first)} at 10am. Everyone is welcome.")
    document.add_heading("Share your views", 1)
    document.add_paragraph(f"Tell us what you think of our plan by {describe(second)}. We read every answer.")
    document.save(str(path))


def write_readers(path: Path) -> None:
    """A list as a spreadsheet saves it. Its last row has a mistake that people make."""
    rows = [f"Reader {chr(65 + number)},reader-{number}@partner.example.org" for number in range(READERS)]
    path.write_text("\n".join(["Name,Email address", *rows, "Sam,sam@example"]) + "\n", encoding="utf-8")


def make_environment(folder: Path) -> Path:
    """An empty virtual environment; the folder of its programs."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)  # noqa: S603 -- Python's own
    return folder / ("Scripts" if os.name == "nt" else "bin")


def build_wheel(folder: Path) -> Path:
    """The wheel of this checkout, in `folder`."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    (wheel,) = folder.glob("*.whl")
    return wheel


def publish(terminal: Terminal, wheel: Path) -> None:
    """All that the newcomer types."""
    terminal.type_in(f"pip install --quiet {wheel.name}")
    begin(terminal)
    month = find_month(terminal.folder / "our-news" / "issues")
    write_old_bulletin(terminal.folder / "old-bulletin.docx", month)
    name = f"{month:%Y-%m}"
    terminal.type_in(f"bulletin draft ../old-bulletin.docx --month {name}", within="our-news")
    (people,) = (terminal.folder / "our-news" / "subscribers").glob("*.csv")
    adding = "--without-opt-outs --all-may-be-written-to"
    for command in (
        f"bulletin check {name}",
        f"bulletin subscribers import ../readers.csv --list {people.stem} {adding} --yes",
        f"bulletin test {name} --to jo@northfield.example.org",
        f"bulletin approve {name} --by 'Jo Bloggs' --yes",
        f"bulletin send {name} --dry-run",
        f"bulletin send {name} --new-database --yes",
        f"bulletin status {name}",
    ):
        terminal.type_in(command, within="our-news")


def begin(terminal: Terminal) -> None:
    """Set up the folder: from answers in a file where `init` asks questions, else as it comes."""
    answers = " --answers answers.yaml --yes" if "--answers" in terminal.look("bulletin init --help") else ""
    terminal.type_in(f"bulletin init our-news{answers}")
    terminal.shown.append("$ cd our-news")


def main() -> None:
    """Type everything, count what arrived, and write the page."""
    with tempfile.TemporaryDirectory() as name, MailCatcher(Path(name, "caught")) as catcher:
        folder = Path(name)
        programs = make_environment(folder / "environment")
        terminal = Terminal(
            folder=folder,
            environ={
                "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
                "HOME": name,
                "COLUMNS": "80",
                "NO_COLOR": "1",
                "PYTHONUTF8": "1",
                "PIP_DISABLE_PIP_VERSION_CHECK": "1",
                "PIP_CONSTRAINT": str(ROOT / "constraints.txt"),
                "BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{catcher.port}",
            },
        )
        write_readers(folder / "readers.csv")
        (folder / "answers.yaml").write_text(ANSWERS, encoding="utf-8")
        publish(terminal, build_wheel(folder))
        arrived = len(catcher.caught)
    count = sum(text.startswith("$ ") for text in terminal.shown)
    if count > MOST_COMMANDS or arrived < READERS + 1:
        sys.exit(f"{count} commands, and {arrived} emails arrived.")
    blocks = "\n\n".join(f"```console\n{text}\n```" for text in terminal.shown)
    PAGE.write_text(f"{HEAD.format(count=count)}\n{blocks}\n", encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {count} commands, {arrived} emails")


if __name__ == "__main__":
    main()
