"""Every command of the tutorial and of the how-to pages works, and prints what they show; every block of YAML loads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.issue.model import Issue
from bulletin.settings.settings import Settings
from documented import ISSUE, PAGES, SETTINGS, find_blocks, matches, run_page

LONGEST = 76  # characters of a line of code, so that few have to scroll; an address of a server can't be broken

BLOCKS = [(path, block) for path in PAGES for block in find_blocks(path.read_text(encoding="utf-8"))]


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", [path for path in PAGES if "```console" in path.read_text()], ids=lambda path: path.stem
)
def test_a_page_can_be_followed_to_the_letter(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = run_page(path, tmp_path, monkeypatch)

    assert wrong == [], "\n\n".join(wrong)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_each_block_of_yaml_loads(path: Path) -> None:
    for block in find_blocks(path.read_text(encoding="utf-8")):
        if block.language == "yaml" and not block.marks.get("write", "").startswith("sections/"):
            data = parse_source(block.text, shown_as=path.name).data
            if isinstance(data, list) or "sections" in data:
                whole = block.text if "sections" in data else ISSUE.partition("  - kind")[0] + block.text
                validate(parse_source(whole, shown_as=path.name), Issue)
            elif "month" not in data:
                Settings.model_validate({**yaml.load(SETTINGS, yaml.BaseLoader), **data})


def test_few_blocks_are_untested_and_each_says_why() -> None:
    untested = [block for _, block in BLOCKS if "untested" in block.marks]
    silent = [
        (path.name, block.text)
        for path, block in BLOCKS
        if block.language not in ("console", "yaml") and not {"write", "untested"} & set(block.marks)
    ]

    assert len(untested) <= 10
    assert silent == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_says_what_one_has_at_its_end_and_what_else_it_is_called(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head, _, body = text.removeprefix("---\n").partition("\n---\n")
    first = body.strip().split("\n\n")[1]

    assert len(str(yaml.safe_load(head)["keywords"]).split(",")) >= 3
    assert first.startswith(("At the end", "You will", "When you’re done")), first
    assert 30 <= len(text.splitlines()) <= (200 if path.parent.name == "tutorial" else 100)


def test_lines_of_code_are_short() -> None:
    lines = [(path.name, line) for path, block in BLOCKS for line in block.text.splitlines()]

    assert [(name, line) for name, line in lines if len(line) > LONGEST and "://" not in line] == []


def test_what_is_printed_is_compared_whatever_the_width_of_lines() -> None:
    assert matches("One two … five.", "One\ntwo three\nfour five.\n")
    assert not matches("One two.", "One two. Three.")


def test_no_page_has_commands_that_no_test_sees() -> None:
    for path in PAGES:
        assert not re.search(r"^    (\$|bulletin) ", path.read_text(encoding="utf-8"), re.MULTILINE), path.name
