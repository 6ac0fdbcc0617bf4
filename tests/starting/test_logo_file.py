"""A logo's path as terminals write it, and answers as editors of other systems save them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.starting.answers import Answers, check_answer
from bulletin.starting.logo_file import find_path
from conftest import write_workspace
from new_workspace import NAME, SENDER
from typed import type_in


@pytest.mark.parametrize(
    "typed", ["{}/my logo.png", "'{}/my logo.png'", '"{}/my logo.png"', "{}/my\\ logo.png", "  {}/my logo.png "]
)
def test_a_path_is_found_as_it_is_typed_quoted_or_dropped(tmp_path: Path, typed: str) -> None:
    (tmp_path / "my logo.png").touch()

    assert find_path(typed.format(tmp_path)) == tmp_path / "my logo.png"


def test_a_path_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))

    assert find_path("~/logo.png") == tmp_path / "logo.png"


def test_backslashes_of_windows_stay_in_a_path() -> None:
    assert str(find_path("'C:\\Users\\Jo\\logo.png'")) == "C:\\Users\\Jo\\logo.png"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_answers_are_read_with_the_line_ends_and_the_marks_of_any_system(
    tmp_path: Path, encoding: str, end: str
) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_bytes(f"name: {NAME}\nfrom: {SENDER}\n".replace("\n", end).encode(encoding))

    assert type_in("init", str(tmp_path / "new"), "--answers", str(answers), "--yes")[0] == 0
    assert b"\r" not in (tmp_path / "new/bulletin.yaml").read_bytes()


def test_a_workspace_whose_files_end_their_lines_as_on_windows_reads_the_same(tmp_path: Path) -> None:
    root = write_workspace(tmp_path).root
    (root / "bulletin.yaml").write_bytes((root / "bulletin.yaml").read_bytes().replace(b"\n", b"\r\n"))

    assert type_in("check", "--workspace", str(root))[0] == 0


def test_every_example_of_an_answer_is_one() -> None:
    for name, field in Answers.model_fields.items():
        check_answer(name, (field.examples or [""])[0])
