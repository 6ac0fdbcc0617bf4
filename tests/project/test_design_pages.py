"""The pages on the design are true: all of the gallery is in its issue, and the page on themes has every file."""

from __future__ import annotations

import re

import pytest

from bulletin.edition.palette import Scheme
from bulletin.edition.theme_version import REPLACED
from bulletin.issue.sections import section_kinds
from checkout import ROOT, TESTS

DOCS = ROOT / "docs"
GALLERY = (DOCS / "gallery.md").read_text(encoding="utf-8")
THEME = (DOCS / "theme.md").read_text(encoding="utf-8")
WORKSPACE = TESTS / "edition" / "november"


def test_what_the_gallery_says_to_write_is_in_the_issue_that_it_shows() -> None:
    files = (WORKSPACE / "issues" / "2026-11.yaml", WORKSPACE / "bulletin.yaml")
    lines = {line.strip() for path in files for line in path.read_text(encoding="utf-8").splitlines()}
    blocks = re.findall(r"```yml\n(.*?)```", GALLERY, re.DOTALL)
    assert len(blocks) > 25
    shown = {line.strip() for block in blocks for line in block.splitlines()}
    assert shown - lines == set()


def test_the_gallery_has_every_kind_of_section() -> None:
    assert set(re.findall(r"^- kind: (\w+)$", GALLERY, re.MULTILINE)) == set(section_kinds())


def test_every_picture_of_the_gallery_is_there_in_light_and_dark_and_they_are_small() -> None:
    named = set(re.findall(r"pictures/(gallery/[a-z-]+\.png)", GALLERY))
    kept = {str(path.relative_to(DOCS / "pictures")) for path in (DOCS / "pictures" / "gallery").iterdir()}
    assert named == kept
    assert {name.replace("-light.", "-dark.") for name in named if "-light." in name} < named
    assert sum((DOCS / "pictures" / name).stat().st_size for name in named) < 1_500_000


@pytest.mark.parametrize("folder", ["parts", "sections", "components", "styles"])
def test_the_page_on_themes_names_every_file(folder: str) -> None:
    row = next(line for line in THEME.splitlines() if line.startswith(f"| `email/{folder}/`"))
    named = re.findall(r"`([\w-]+)`", row)
    files = (ROOT / "templates" / "email" / folder).iterdir()
    assert sorted(named) == sorted(path.name.partition(".")[0] for path in files)


def test_the_page_on_themes_names_every_role_of_colour_and_all_that_was_replaced() -> None:
    assert {role for role in Scheme.__dataclass_fields__ if f"`{role}`" not in THEME} == set()
    assert {name for name in REPLACED if f"| `{name}` |" not in THEME} == set()


def test_the_readme_leads_to_both_pages() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "docs/gallery.md" in readme
    assert "docs/theme.md" in readme
