"""The sample's May 2021 issue, made into an edition as every command makes it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bulletin.edition.build import make_edition
from bulletin.edition.edition import Edition
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import Workspace, open_workspace

pytestmark = pytest.mark.slow

PRINT_DIGEST = (
    "import sys; from pathlib import Path; from bulletin.edition.build import make_edition; "
    "from bulletin.workspace.workspace import open_workspace; "
    "print(make_edition(open_workspace(Path(sys.argv[1]), environ={}), '2021-05').digest)"
)


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return open_workspace(sample_folder(), environ={})


@pytest.fixture(scope="module")
def edition(workspace: Workspace) -> Edition:
    return make_edition(workspace, "2021-05")


def test_may_2021_is_far_from_where_gmail_cuts_a_mail(edition: Edition) -> None:
    assert len(edition.html.encode()) < 80_000


def test_html_and_text_have_every_section_in_the_issues_order(workspace: Workspace, edition: Edition) -> None:
    titles = [section.title for section in workspace.load_issue("2021-05").sections]
    in_html = re.findall(r"<h2[^>]*>\s*(.*?)\s*</h2>", edition.html, re.DOTALL)
    in_text = re.findall(r"^(.+)\n-{3,}$", edition.text, re.MULTILINE)

    assert len(titles) == 10
    in_html = [re.sub("<[^>]*>", "", heading).replace("\u00a0", " ") for heading in in_html]
    assert [heading for heading in in_html if heading != "In this issue"] == titles
    assert [heading for heading in in_text if heading != "In this issue"] == titles


def test_lines_of_the_text_are_76_long_at_most_but_for_addresses(edition: Edition) -> None:
    text = edition.text.replace(edition.slots.unsubscribe, "https://bulletin.example.org/unsubscribe/x")

    for line in text.splitlines():
        assert len(line) <= 76 or line.strip().startswith("https://"), line


def test_every_address_of_the_text_stands_on_a_line_of_its_own(edition: Edition) -> None:
    for line in edition.text.splitlines():
        if "https://" in line or "mailto:" in line:
            assert line.strip().split() == [line.strip()], line


def test_the_same_issue_makes_the_same_edition_to_the_byte_in_any_process(edition: Edition) -> None:
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", PRINT_DIGEST, str(sample_folder())],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == edition.digest


def test_an_edition_is_read_back_as_it_was_written_down(edition: Edition) -> None:
    assert Edition.from_json(edition.to_json()) == edition


def test_a_workspace_overrides_one_file_of_the_theme_and_keeps_the_others(tmp_path: Path, workspace: Workspace) -> None:
    own = tmp_path / "templates" / "email" / "parts"
    own.mkdir(parents=True)
    (own / "foot.html.j2").write_text('{# theme 2 #}<p>Our own foot. <a href="{{ slots.unsubscribe }}">Leave</a></p>')
    shutil.copy(workspace.root / "bulletin.yaml", tmp_path)
    shutil.copytree(workspace.root / "issues", tmp_path / "issues")
    html = make_edition(open_workspace(tmp_path, environ={}), "2021-05").html

    assert "Our own foot." in html
    assert "Learning Hub priorities" in html
