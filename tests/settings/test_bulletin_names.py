"""What a bulletin may be called: its name is a folder, and begins the addresses of its pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.errors import FaultyFiles, NotFound
from bulletin.workspace.workspace import open_workspace
from conftest import SETTINGS

PAGES = ("issues", "search", "topics", "about", "preferences", "unsubscribe", "robots", "assets", "style", "hooks")


def open_with(root: Path, name: str) -> None:
    (root / "bulletin.yaml").write_text(SETTINGS.replace("  monthly:", f'  "{name}":', 1), encoding="utf-8")
    open_workspace(root, environ={})


@pytest.mark.parametrize("name", [*PAGES, "cy", "en", "gd", "2021", "1999"])
def test_the_address_of_another_page_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    with pytest.raises(FaultyFiles) as refused:
        open_with(tmp_path, name)

    fault = refused.value.faults[0]
    assert (fault.file, fault.excerpt.strip()) == ("bulletin.yaml", f'"{name}":')
    assert f"{name}-news" in fault.remedy


@pytest.mark.parametrize("name", ["Monthly", "two words", "news/schools", "-news", "café", "news.xml", "a" * 42])
def test_what_can_not_be_part_of_an_address_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FaultyFiles, match="can’t be part of an address"):
        open_with(tmp_path, name)


@pytest.mark.parametrize("name", ["news", "search-news", "cy-news", "20210", "a", "e-bulletin"])
def test_other_names_are_taken(tmp_path: Path, name: str) -> None:
    open_with(tmp_path, name)


def test_the_first_bulletin_has_no_folder_of_its_own(tmp_path: Path) -> None:
    """Readers who left it would get what is in such a folder."""
    open_with(tmp_path, "monthly")
    with pytest.raises(NotFound, match="directly in issues/"):
        open_workspace(tmp_path, environ={}).bulletin_of("monthly/2021-05")
