"""A setting under its old name works as before; `check` says the new name, and `check --fix` writes it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from bulletin.declaration.source import parse_source
from bulletin.errors import FaultyFiles
from bulletin.settings.renamed import find_old_names, read_new_names, write_new_names
from bulletin.workspace.workspace import SETTINGS_FILE, Workspace, open_workspace
from conftest import SETTINGS
from typed import type_in

MakeWorkspace = Callable[..., Workspace]

OLD = f"{SETTINGS}\n# Ask Jo.\nsign_off:   # who reads it\n  needed: 2\n  people: [Jo Bloggs, Sam Smith]  # both\n"


def check(workspace: Workspace, *arguments: str) -> tuple[int, str]:
    return type_in("check", *arguments, "--workspace", str(workspace.root))


def test_an_old_name_works_as_the_new_one(make_workspace: MakeWorkspace) -> None:
    approval = make_workspace(settings=OLD).settings.approval
    assert (approval.needed, approval.people) == (2, ("Jo Bloggs", "Sam Smith"))


def test_a_slip_below_an_old_name_is_told_at_its_place(make_workspace: MakeWorkspace) -> None:
    with pytest.raises(FaultyFiles) as raised:
        make_workspace(settings=OLD.replace("needed: 2", "needed: two"))
    (fault,) = raised.value.faults
    assert fault.excerpt == "  needed: two"


def test_check_says_the_new_name_at_the_line_of_the_old_one(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=OLD)
    line = OLD.splitlines().index("sign_off:   # who reads it") + 1
    code, said = check(workspace)
    assert code == 0
    assert f"bulletin.yaml:{line}:1: warning: `sign_off:` is called `approval:` now." in said
    assert "bulletin check --fix" in said
    code, said = check(workspace, "--format", "json")
    (finding,) = [one for one in json.loads(said)["findings"] if "called" in one["message"]]
    assert (finding["severity"], finding["line"], finding["end_column"]) == ("warning", line, 9)


def test_check_says_nothing_of_the_new_name(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=OLD.replace("sign_off", "approval"))
    assert "called" not in check(workspace)[1]
    assert "sign_off" not in check(workspace, "--fix", "--yes")[1]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_fix_writes_the_new_name_and_leaves_all_else(make_workspace: MakeWorkspace, end: str, mark: str) -> None:
    workspace = make_workspace()
    file = workspace.root / SETTINGS_FILE
    file.write_bytes((mark + OLD.replace("\n", end)).encode())
    code, said = check(workspace, "--fix", "--yes")
    assert code == 0
    assert "- sign_off:   # who reads it" in said
    assert "+ approval:   # who reads it" in said
    assert file.read_bytes().decode() == mark + OLD.replace("\n", end).replace("sign_off", "approval")
    assert open_workspace(workspace.root, environ={}).settings.approval.needed == 2
    assert "called" not in check(workspace)[1]


def test_fix_writes_nothing_without_a_yes(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=OLD)
    check(workspace, "--fix")
    assert (workspace.root / SETTINGS_FILE).read_text(encoding="utf-8") == OLD


@pytest.mark.parametrize("both", [f"{OLD}approval: {{needed: 1}}\n", f"approval: {{needed: 1}}\n{OLD}"])
def test_both_names_at_once_are_one_error_at_the_old_one(make_workspace: MakeWorkspace, both: str) -> None:
    with pytest.raises(FaultyFiles) as raised:
        make_workspace(settings=both)
    (fault,) = raised.value.faults
    assert "this file has both" in fault.message
    assert fault.excerpt.startswith("sign_off")


def test_a_name_in_quotation_marks_and_in_braces_is_renamed_too() -> None:
    text = '{"sign_off": {needed: 1}, colours: {accent: "#1d5c87"}}\n'
    source = parse_source(text, shown_as="bulletin.yaml")
    assert write_new_names(text, source) == text.replace("sign_off", "approval")


@pytest.mark.parametrize("text", ["", "- sign_off\n", "sign_off\n", "lists: {sign_off: {title: A}}\n"])
def test_only_a_name_at_the_top_is_an_old_one(text: str) -> None:
    source = parse_source(text, shown_as="bulletin.yaml")
    assert list(find_old_names(source)) == []
    assert read_new_names(source) is source
    assert write_new_names(text, source) == text
