"""The site of the documentation: built without a warning, with every page, mended for keyboards and screen readers."""

from __future__ import annotations

import re
import sys

import pytest
from typer.testing import CliRunner

from bulletin.cli.app import make_app
from bulletin.database.states import DeliveryState
from bulletin.issue.sections import section_kinds
from bulletin.settings.settings import Settings
from checkout import ROOT
from documentation_site import BuiltSite, built_site, site_address

__all__ = ["built_site", "site_address"]

pytestmark = pytest.mark.slow

sys.path.insert(0, str(ROOT / "docs/building"))
from mending import mend_html  # noqa: E402 -- it is no part of the package
from site_map import DOORS, sort_pages  # noqa: E402
from sources import fit_page  # noqa: E402


def test_it_is_built_without_a_warning(built_site: BuiltSite) -> None:
    assert built_site.code == 0, built_site.said
    assert "WARNING" not in built_site.said


def test_every_page_of_the_documentation_is_in_it(built_site: BuiltSite) -> None:
    written = {
        path.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for path in (ROOT / "docs").rglob("*.md")
    }

    assert written - set(built_site.list_pages()) == set()


def test_every_page_is_reached_from_the_first(built_site: BuiltSite) -> None:
    pages = set(built_site.list_pages())
    reached, left = set[str](), ["index.html"]
    while left:
        page = left.pop()
        if page in pages and page not in reached:
            reached.add(page)
            text = (built_site.folder / page).read_text(encoding="utf-8")
            folder = (built_site.folder / page).parent
            links = re.findall(r'href="([^"#:]+\.html)', text)
            left += [(folder / link).resolve().relative_to(built_site.folder.resolve()).as_posix() for link in links]

    assert pages - reached - {"search.html", "genindex.html"} == set()


def test_no_page_loads_anything_from_another_place(built_site: BuiltSite) -> None:
    for page in built_site.list_pages():
        text = (built_site.folder / page).read_text(encoding="utf-8")
        assert not re.search(r'<(?:script|img|link)[^>]+(?:src|href)="https?:', text), page


def test_the_reference_has_every_command_with_its_help(built_site: BuiltSite) -> None:
    pages = {path.stem for path in (built_site.source / "reference/commands").glob("*.md")} - {"index"}

    assert {"send", "check", "subscribers-import", "database-backup"} <= pages
    for page in sorted(pages):
        first, _, second = page.partition("-")
        words = [first, second] if second else [page]
        assert CliRunner().invoke(make_app(), [*words, "--help"]).exit_code == 0, page
        assert "Usage: bulletin" in (built_site.source / f"reference/commands/{page}.md").read_text(encoding="utf-8")


def test_the_reference_has_every_kind_setting_and_state(built_site: BuiltSite) -> None:
    reference = built_site.source / "reference"
    kinds = {path.stem for path in (reference / "sections").glob("*.md")}
    settings = (reference / "settings.md").read_text(encoding="utf-8")
    states = (reference / "states.md").read_text(encoding="utf-8")

    assert kinds == {*section_kinds(), "index"}
    assert [name for name in Settings.model_fields if f"## {name}\n" not in settings] == []
    assert "| `sending.stop_at` | " in settings
    assert [state for state in DeliveryState if f"| `{state.value}` | " not in states] == []


def test_the_examples_of_kinds_have_no_marks_of_editors(built_site: BuiltSite) -> None:
    for path in (built_site.source / "reference/sections").glob("*.md"):
        assert "${" not in path.read_text(encoding="utf-8"), path.name


def test_links_lead_to_the_site_where_the_code_host_has_files() -> None:
    assert "](../project/changes.md#unreleased)" in fit_page(
        "[x](../../CHANGELOG.md#unreleased)", "docs/howto/upgrade.md"
    )
    assert "](writing.md)" in fit_page("[x](writing.md)", "docs/index.md")
    assert "](../writing.md)" in fit_page("[x](docs/writing.md)", "README.md")
    assert 'src="../pictures/preview-phone.png"' in fit_page('<img src="docs/pictures/preview-phone.png">', "README.md")
    assert "](https://example.org/)" in fit_page("[x](https://example.org/)", "docs/index.md")


def test_other_names_of_a_page_are_shown_at_its_end() -> None:
    assert fit_page("---\nkeywords: copy, restore\n---\n\n# Back up\n", "docs/x.md").endswith(
        "Also called: copy, restore\n"
    )
    assert "Also called" not in fit_page("# Back up\n", "docs/x.md")


def test_a_page_that_no_door_names_is_still_behind_one() -> None:
    named = [page for door in DOORS for page in door.pages]
    behind = sort_pages([*named, "howto/something-new", "something-new", "tutorial/another"])

    assert behind["Do"][-1] == "howto/something-new"
    assert behind["Learn"][-1] == "tutorial/another"
    assert "something-new" in behind["Understand"]
    assert len(named) == len(set(named))


def test_pages_are_mended_for_keyboards_and_screen_readers() -> None:
    page = '<p class="caption" role="heading">Do</p><pre>x</pre><div class="table-wrapper docutils container"><table>'
    mended = mend_html(page)

    assert mended.count('aria-level="2"') == 1
    assert '<pre tabindex="0">' in mended
    assert 'role="group" aria-label="Table" tabindex="0"' in mended
    assert mend_html(mended) == mended
