"""A bulletin with a look of its own: its colours, its logo and its tagline, and all else as the organisation's."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from anytown import NOON
from archived import MAY, build, find_broken_links
from archived import send as send_issues
from bulletin.approval.snapshot import take_snapshot
from bulletin.database.schema import open_database
from bulletin.edition.build import make_edition
from bulletin.edition.palette import derive_palette
from bulletin.errors import FaultyFiles
from bulletin.preview.reload_events import ReloadEvents
from bulletin.preview.session import PreviewSession
from bulletin.preview.site import Site
from bulletin.settings.settings import Settings
from bulletin.workspace.workspace import Workspace, open_workspace
from checkout import TESTS
from conftest import SETTINGS
from pdf_editions import describe
from planned import run
from specimen import SETTINGS as SPECIMEN
from specimen import picture

OURS, THEIRS = "#17505f", "#5b2a86"
TRAINING = """\
  training:
    title: Anytown training
    about: brings courses and workshops.
    sender: {name: Anytown Training, email: training@anytown.example.org}
    lists: [schools]
    look:
      accent: "#5b2a86"
      logo: {file: training.png, alt: Anytown training}
      tagline: Courses “near” you
"""
WITH_LOOK = (
    SETTINGS.replace("lists:\n", f"{TRAINING}lists:\n", 1).replace("basis: consent", 'basis: consent, open: "*"')
    + f'colours: {{accent: "{OURS}"}}\n'
)
BILINGUAL_LOOK = """\
    look:
      accent: "#5b2a86"
      logo: {file: issues/images/logo.png, alt: {cy: Hyfforddiant, en: Training}, width: 195}
      tagline: {cy: Cyrsiau ger llaw, en: Courses near you}
"""
NOVEMBER = NOON + 176_000_000_000  # 30 November 2026
ISSUES = {"2021-05": MAY, "training/2021-05": MAY.replace("neglect, and a safe summer", "courses")}


@pytest.fixture
def workspace(make_workspace: Callable[..., Workspace], tmp_path: Path) -> Workspace:
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace/training.png").write_bytes(picture())
    return make_workspace(settings=WITH_LOOK, issues=ISSUES)


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace)
    yield engine
    engine.dispose()


def test_an_email_has_the_look_of_its_bulletin(workspace: Workspace) -> None:
    own, other = make_edition(workspace, "training/2021-05"), make_edition(workspace, "2021-05")

    for edition, accent, not_there in ((own, THEIRS, OURS), (other, OURS, THEIRS)):
        palette = derive_palette(accent)
        for colour in (palette.light.fill, palette.dark.accent):
            assert colour in edition.html
        assert derive_palette(not_there).light.fill not in edition.html
    assert "Courses “near” you" in own.html
    assert "Anytown training\nCourses “near” you\nMay 2021\n" in own.text
    assert len(own.pictures) == 1
    assert not other.pictures
    assert "near" not in other.html


def test_the_archive_shows_each_bulletin_in_its_look(workspace: Workspace, engine: Engine, tmp_path: Path) -> None:
    send_issues(engine, "2021-05", "training/2021-05")
    out = tmp_path / "site"
    build(workspace, engine, out)
    sheet = next(out.glob("assets/archive.*.css")).read_text("utf-8")
    pages = {name: (out / name / "index.html").read_text("utf-8") for name in ("", "monthly", "training")}
    issue = (out / "training/2021-05/index.html").read_text("utf-8")

    assert ".of-training{--ink" in sheet
    assert f"--fill:{THEIRS}" in sheet
    assert ".of-monthly" not in sheet
    for page in (pages["training"], issue):
        assert '<body class="of-training">' in page
        assert 'alt="Anytown training"' in page
        assert "Courses “near” you" in page
    assert "of-training" not in pages["monthly"]
    assert "<body>" in pages[""]
    assert '<div class="of-training">' in pages[""]
    assert "Anytown training brings courses and workshops." in pages[""]
    assert 'href="/subscribe#bulletin-training">Get Anytown training by email' in pages[""]
    assert 'class="of-training"' in (out / "issues/training/2021-05/index.html").read_text("utf-8")
    assert find_broken_links(out, url="https://news.anytown.example.org", besides=("/subscribe", "/privacy")) == []
    assert build(workspace, engine, out).change.written == {}


def test_a_bilingual_issue_has_the_look_of_its_bulletin_in_each_language(engine: Engine, tmp_path: Path) -> None:
    shutil.copytree(TESTS / "edition" / "bilingual", tmp_path / "bilingual")
    settings, issue = tmp_path / "bilingual/bulletin.yaml", tmp_path / "bilingual/issues/2026-11.yaml"
    settings.write_text(settings.read_text("utf-8").replace("lists:\n", f"{BILINGUAL_LOOK}lists:\n", 1), "utf-8")
    told = "- kind: executive_updates\n"
    issue.write_text(issue.read_text("utf-8").replace(told, f"{told}  teaser: yes\n", 1), "utf-8")
    send_issues(engine, "2026-11")
    build(open_workspace(tmp_path / "bilingual", environ={}), engine, tmp_path / "site", now=NOVEMBER)
    pages = {
        path: (tmp_path / "site" / path / "index.html").read_text("utf-8")
        for path in ("cy/monthly", "cy/monthly/2026-11", "cy/monthly/2026-11/newyddion-y-bwrdd", "monthly/2026-11")
    }

    for html in pages.values():
        assert '<body class="of-monthly">' in html
        assert 'alt="Hyfforddiant"' in html
    assert "Cyrsiau ger llaw" in pages["cy/monthly/2026-11"]
    assert "Courses near you" not in pages["cy/monthly/2026-11"]
    assert "Cyrsiau ger llaw" in pages["monthly/2026-11"]
    assert "Courses near you" in pages["monthly/2026-11"]
    assert "Cyrsiau ger llaw" in pages["cy/monthly"]
    assert "<body>" in (tmp_path / "site/cy/index.html").read_text("utf-8")


def test_a_bulletin_without_an_issue_is_told_of_all_the_same(
    workspace: Workspace, engine: Engine, tmp_path: Path
) -> None:
    send_issues(engine, "2021-05")
    build(workspace, engine, tmp_path / "site")
    page = (tmp_path / "site/index.html").read_text("utf-8")

    assert "Anytown training brings courses" in page
    assert "No issue is published yet." in page
    assert "Get Anytown training by email" in page


def test_the_preview_shows_each_issue_in_the_look_of_its_bulletin(workspace: Workspace) -> None:
    session = PreviewSession(workspace.root, clock=lambda: datetime(2021, 5, 4, 12, tzinfo=UTC), environ={})
    with TestClient(Site(session, ReloadEvents(), page_token="token").build()) as client:
        seen = {name: client.get(f"/mail/{name}").text for name in ISSUES}
        text = client.get("/text/training/2021-05").text

    assert [THEIRS in seen[name] for name in ISSUES] == [False, True]
    assert [OURS in seen[name] for name in ISSUES] == [True, False]
    assert "Courses “near” you" in text


def test_a_report_and_a_certificate_have_the_colours_of_the_bulletin(
    workspace: Workspace, engine: Engine, tmp_path: Path
) -> None:
    send_issues(engine, *ISSUES)
    for name, accent, not_there in (("training/2021-05", THEIRS, OURS), ("2021-05", OURS, THEIRS)):
        for command in ("report", "certificate"):
            page = tmp_path / f"{command}.html"
            run(workspace, command, name, "--out", str(page))
            html = page.read_text("utf-8")
            assert accent in html
            assert not_there not in html


def test_a_pdf_has_the_look_of_its_bulletin() -> None:
    news: dict[str, Any] = SPECIMEN["bulletins"]["news"]
    look = {"accent": THEIRS, "warm": "#7a3300", "tagline": "Courses near you"}
    settings = Settings.model_validate({**SPECIMEN, "bulletins": {"news": news | {"look": look}}})
    document, _ = describe(settings=settings)

    assert (document["palette"]["fill"], document["tagline"]) == (THEIRS, "Courses near you")
    assert describe()[0]["tagline"] is None


def test_an_approval_remembers_the_look_that_was_seen(workspace: Workspace) -> None:
    taken = {
        name: take_snapshot(workspace, make_edition(workspace, name), lists=["schools"]).provenance.settings
        for name in ISSUES
    }

    assert [settings["colours › accent"] for settings in taken.values()] == [OURS, THEIRS]


@pytest.mark.parametrize(
    ("look", "said"),
    [
        ('accent: "#ffee00"', "too pale"),
        ('warm: "#5b2a8"', "is not a colour"),
        ("logo: {file: gone.png, alt: Ours}", "gone.png"),
        ("colour: red", "colour"),
    ],
)
def test_a_faulty_look_is_named_with_its_place(make_workspace: Callable[..., Workspace], look: str, said: str) -> None:
    before, after = WITH_LOOK.partition("    look:")[0], SETTINGS.partition("lists:")[2]
    settings = f"{before}    look: {{{look}}}\nlists:{after}"
    with pytest.raises(FaultyFiles, match=said) as refused:
        make_workspace(settings=settings)

    assert f"    look: {{{look}}}" in {fault.excerpt for fault in refused.value.faults}


def test_what_a_look_leaves_out_is_as_the_organisations() -> None:
    bulletins = {**SPECIMEN["bulletins"], "other": SPECIMEN["bulletins"]["news"] | {"look": {"tagline": "Only words"}}}
    settings = Settings.model_validate({**SPECIMEN, "bulletins": bulletins})

    assert settings.dress("other").colours == settings.colours
    assert settings.dress("other").organisation == settings.organisation
    assert settings.dress("news") is settings
