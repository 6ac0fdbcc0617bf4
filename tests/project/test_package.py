"""The package as people install it: a wheel, elsewhere, with the theme, the starter and the sample inside."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.delivery.copies.catcher import MailCatcher
from checkout import ROOT
from new_workspace import ENOUGH, fill_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("ebulletin-*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package installed from its wheel; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder)]
    subprocess.run([*command, str(wheel)], check=True)
    return folder


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        yield catcher


def run(installed: Path, *arguments: str, folder: Path, smtp: str = "") -> str:
    """What the installed `bulletin` command prints, in `folder`."""
    environ = {**os.environ, "PYTHONPATH": str(installed), **({"BULLETIN_SMTP_URL": smtp} if smtp else {})}
    command = [str(installed / "bin" / "bulletin"), *arguments]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_theme_the_starter_and_the_sample_travel_inside(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {
        "bulletin/theme/email/issue.html.j2",
        "bulletin/theme/text/issue.txt.j2",
        "bulletin/theme/web/page.html.j2",
        "bulletin/theme/web/style.css",
        "bulletin/theme/pdf/issue.typ",
        "bulletin/theme/pdf/issue.schema.json",
        "bulletin/theme/pdf/sections/notice.typ",
        "bulletin/theme/pdf/fonts/SourceSans3VF-Upright.ttf",
        "bulletin/theme/pdf/fonts/OFL.txt",
        "bulletin/starter/bulletin.yaml.j2",
        "bulletin/sample/bulletin.yaml",
        "bulletin/glossary.md",
        "bulletin/sample/issues/2021-05.yaml",
        "bulletin/sample/subscribers/partners.csv",
        "bulletin/database/migrations/env.py",
        "bulletin/delivery/record/certificate.html.j2",
        "bulletin/proof/reading/words/en_GB.dic",
        "bulletin/proof/reading/words/en_GB.aff",
        "bulletin/proof/reading/words/en_GB-LICENCE.txt",
        "bulletin/proof/reading/words/field.txt",
        "bulletin/delivery/limits/providers.toml",
        "bulletin/py.typed",
    } <= names
    assert not [name for name in names if ".bulletin/" in name or "__pycache__" in name]


def test_a_workspace_made_by_the_installed_command_checks_renders_and_sends(
    installed: Path, tmp_path: Path, catcher: MailCatcher
) -> None:
    folder = tmp_path / "our-news"
    run(installed, "init", str(folder), *ENOUGH, folder=tmp_path)
    (issue,) = (path.stem for path in (folder / "issues").glob("*.yaml"))

    fill_in(folder, "alex.morgan@northfield.gov.uk", "office@school.sch.uk")
    assert "in order" in run(installed, "check", folder=folder)
    run(installed, "render", issue, "--out", "out", folder=folder)
    assert (folder / "out" / "email.html").stat().st_size > 10_000
    run(installed, "approve", issue, "--by", "Jo Bloggs", "--yes", folder=folder)
    run(installed, "send", issue, "--yes", folder=folder, smtp=f"smtp://127.0.0.1:{catcher.port}")
    assert len(catcher.caught) == 2


def test_the_installed_demo_proves_that_each_person_got_exactly_one(installed: Path, tmp_path: Path) -> None:
    words = run(installed, "demo", folder=tmp_path)

    assert "Proof: the catcher has 27 messages for 27 readers: each got exactly one." in words
