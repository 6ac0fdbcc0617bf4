"""`bulletin render --pdf`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bulletin.edition.build import make_issue_pdfs
from bulletin.errors import LeakFound
from bulletin.workspace.workspace import Workspace, open_workspace
from pdf_structure import read_structure
from typed import type_in

MakeWorkspace = Callable[..., Workspace]
pytestmark = pytest.mark.slow

ISSUE = """\
month: 2021-05
published: 4 May 2021
subject: Anytown news for May
preview_text: What we did in April
sections:
  - kind: notice
    title: Office hours
    text: We are closed on **3 May 2021**.
  - kind: notice
    title: Only for schools
    text: The restricted words.
    for: schools
"""


def test_it_writes_a_pdf_of_what_everyone_may_read_beside_the_email(make_workspace: MakeWorkspace) -> None:
    root = make_workspace(issues={"2021-05": ISSUE}).root
    code, said = type_in("render", "2021-05", "--out", str(root / "out"), "--pdf", "--workspace", str(root))

    assert code == 0, said
    content = (root / "out/monthly-2021-05.pdf").read_bytes()
    assert f"{root}/out/monthly-2021-05.pdf  ({len(content):,} bytes, 1 page)" in said
    assert len(list(root.glob("out/*/email.html"))) == 2
    text = read_structure(content).text
    assert "We are closed on 3 May 2021" in text
    assert "This issue on the web: https://news.anytown.example.org/issues/2021-05" in text
    assert "restricted" not in text


def test_without_the_option_there_is_none(make_workspace: MakeWorkspace) -> None:
    root = make_workspace().root
    code, _ = type_in("render", "2021-05", "--out", str(root / "out"), "--workspace", str(root))

    assert code == 0
    assert list((root / "out").glob("*.pdf")) == []


def test_a_fault_of_the_pdf_theme_is_told_before_anything_is_written(make_workspace: MakeWorkspace) -> None:
    root = make_workspace().root
    (root / "templates/pdf").mkdir(parents=True)
    (root / "templates/pdf/page.typ").write_text('#import "@preview/x:1.0.0"\n')
    code, said = type_in("render", "2021-05", "--out", str(root / "out"), "--pdf", "--workspace", str(root))

    assert code == 1
    assert "templates/pdf/page.typ:1: this asks for a package of Typst" in said
    assert not (root / "out").exists()


def test_a_pdf_that_says_what_is_not_for_everyone_is_refused(make_workspace: MakeWorkspace) -> None:
    """The introduction repeats what only schools may read."""
    words = "The inspectors come to five schools in June."
    issue = ISSUE.replace("The restricted words.", words).replace("sections:", f"introduction: {words}\nsections:")
    root = make_workspace(issues={"2021-05": issue}).root

    with pytest.raises(LeakFound, match="The PDF has “"):
        make_issue_pdfs(open_workspace(root, environ={}), "2021-05")
