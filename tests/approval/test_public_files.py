"""What an approval covers of the website: the page in each language of an issue."""

from __future__ import annotations

import shutil
from pathlib import Path

from bulletin.approval.public_files import PAGE, digest_public_files
from bulletin.workspace.workspace import open_workspace
from checkout import ROOT

ISSUE = "2026-11"


def digest(root: Path) -> str:
    workspace = open_workspace(root, environ={})
    return digest_public_files(workspace, ISSUE, workspace.load_issue(ISSUE))[PAGE]


def test_a_change_in_either_language_is_a_change_of_the_page(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(ROOT / "tests/edition/bilingual", root)
    before = digest(root)
    path = root / "issues" / f"{ISSUE}.yaml"
    written = path.read_text(encoding="utf-8")
    assert digest(root) == before
    for words in ("Welcome to the", "Croeso i rifyn"):
        assert words in written
        path.write_text(written.replace(words, words.upper()), encoding="utf-8")
        assert digest(root) != before, words
