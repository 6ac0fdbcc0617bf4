"""What the documentation tells people to type, run as they would: in the order of the page, in a folder of its own.

A `console` block has commands after `$ `, each with what it prints; `…` is for anything. Comments in the page, which
readers don't see, set the scene:

    <!-- scene: starter -->        before the first block: what is in the folder
    <!-- write: bulletin.yaml -->  before a `yaml` block: that file is written
    <!-- run: exit=1 -->           before a `console` block: its last command ends with that code
    <!-- untested: why -->         before a block that can't be run
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bulletin.delivery.copies.catcher import MailCatcher
from checkout import ROOT, TESTS
from command_call import call
from exports import write_mailchimp

FOLDERS = ("tutorial", "howto")
PAGES = sorted(path for folder in FOLDERS for path in (ROOT / "docs" / folder).rglob("*.md"))
NOW_NS = 1_795_428_000 * 10**9  # Monday 23 November 2026, 10:00 UTC

_BLOCK = re.compile(r"((?:^<!-- [^\n]* -->\n+)*)^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"<!-- (\w+): (.+?) -->")

SETTINGS = """\
organisation:
  name: Northfield Safeguarding Partnership
  about: We keep children and young people in Northfield safe.
  address: 1 High Street, Northfield NF1 1AA
  email: contact@northfield.example.org
bulletins:
  news:
    title: Northfield safeguarding news
    sender: {name: Northfield Safeguarding Partnership, email: news@northfield.example.org}
lists:
  partners: {title: Partner agencies, basis: public-task}
  news: {title: Newsletter, basis: consent}
approval: {needed: 1}
"""

ISSUE = """\
month: 2026-12
published: 1 December 2026
subject: Our news for December
preview_text: The champions meet on Wednesday 9 December 2026.
sections:
  - kind: notice
    title: The champions meet on Wednesday 9 December 2026
    text: |
      We meet online at 10am. **Everyone is welcome.**
      Write to [the office](mailto:office@northfield.example.org) for the link.
"""


@dataclass(frozen=True, kw_only=True)
class Block:
    """One block of code: its language, its text, and the comments before it."""

    language: str
    text: str
    marks: dict[str, str]


def find_blocks(text: str) -> list[Block]:
    """The blocks of a page, in order."""
    return [
        Block(language=language, text=body, marks=dict(_MARK.findall(comments)))
        for comments, language, body in _BLOCK.findall(text)
    ]


def find_commands(block: Block) -> Iterator[tuple[str, str]]:
    """Each command of a `console` block, with what is shown below it."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        while command.endswith("\\"):
            more, _, shown = shown.partition("\n")
            command = command[:-1] + more.strip()
        yield command, shown.strip()


def matches(shown: str, printed: str) -> bool:
    """Whether what was printed is what the page shows, whatever the width of lines; `…` is for anything."""
    pattern = r".*".join(re.escape(" ".join(part.split())).replace(r"\ ", r"\s+") for part in shown.split("…"))
    return re.fullmatch(rf"\s*{pattern}\s*", " ".join(printed.split()), re.DOTALL) is not None


@dataclass
class Terminal:
    """A folder, an environment and a mail server that forwards nothing."""

    folder: Path
    catcher: MailCatcher
    environ: dict[str, str] = field(default_factory=dict)

    def type_in(self, command: str) -> tuple[int, str]:
        words = shlex.split(command, comments=True)
        if words[0] == "cd":
            self.folder = (self.folder / words[1]).resolve()
            return (0 if self.folder.is_dir() else 1), ""
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            ours = f"smtp://127.0.0.1:{self.catcher.port}"
            self.environ[name] = ours if name == "BULLETIN_SMTP_URL" else value
            return 0, ""
        if words[0] == "bulletin":
            ran = call(*words[1:], folder=self.folder, environ={"COLUMNS": "76", **self.environ})
            return ran.returncode, ran.stdout + ran.stderr
        done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=False, timeout=30)
        return done.returncode, done.stdout + done.stderr


def set_scene(scene: str, folder: Path) -> Path:
    """Make the folder that a page begins in."""
    folder.mkdir()
    if scene == "desk":  # what someone has before they begin
        shutil.copy(TESTS / "cases/documented/readers.csv", folder)
        return folder
    (folder / "issues").mkdir()
    (folder / "subscribers").mkdir(mode=0o700)
    (folder / "bulletin.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "issues/2026-12.yaml").write_text(ISSUE, encoding="utf-8")
    for name in ("partners", "news"):
        path = folder / f"subscribers/{name}.csv"
        path.write_text("email,name\n" + ("alex@northfield.example.org,Alex Morgan\n" if name == "partners" else ""))
        path.chmod(0o600)
    for path in sorted((TESTS / "cases/exports").iterdir()):
        shutil.copy(path, folder)
    write_mailchimp(folder)
    return folder


def run_page(path: Path, folder: Path, patch: pytest.MonkeyPatch) -> list[str]:
    """Do all that a page says. What went otherwise than it says is returned, in words."""
    blocks = find_blocks(path.read_text(encoding="utf-8"))
    scene = next((block.marks["scene"] for block in blocks if "scene" in block.marks), "workspace")
    began = time.monotonic_ns()
    patch.setattr(time, "time_ns", lambda: NOW_NS + time.monotonic_ns() - began)
    wrong: list[str] = []
    with MailCatcher(folder / "caught") as catcher:
        terminal = Terminal(set_scene(scene, folder / "desk"), catcher)
        for block in blocks:
            if "write" in block.marks:
                target = terminal.folder / block.marks["write"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(block.text, encoding="utf-8")
            if block.language == "console":
                wrong += _run_block(block, terminal)
    return wrong


def _run_block(block: Block, terminal: Terminal) -> Iterator[str]:
    commands = list(find_commands(block))
    for number, (command, shown) in enumerate(commands, 1):
        code, printed = terminal.type_in(command)
        expected = int(block.marks.get("run", "exit=0").removeprefix("exit=")) if number == len(commands) else 0
        if code != expected:
            yield f"$ {command}\nended with {code}, not {expected}:\n{printed}"
        elif shown and not matches(shown, printed):
            yield f"$ {command}\nprinted:\n{printed}\nThe page shows:\n{shown}"
