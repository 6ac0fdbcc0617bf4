"""“Was this useful?”: a POST counts, and nothing tells who answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import html
from sqlalchemy import Engine, select

from bulletin.database.schema import open_database
from bulletin.database.tables import metadata, useful_answers
from bulletin.delivery.record.report import make_report
from bulletin.delivery.record.usefulness import UsefulAnswer, Usefulness, count_answer, read_usefulness
from bulletin.edition.rendering import render_edition
from bulletin.edition.theme import Theme
from bulletin.workspace.package_data import theme_folder
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS
from mailed import ACCEPTED, mail, run
from reader_site import ReaderSite

ASKED = SETTINGS.replace("  url: https", "  useful: yes\n  url: https")
LINK = "https://news.anytown.example.org/useful/2021-05"
MakeWorkspace = Callable[..., Workspace]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def site(engine: Engine) -> ReaderSite:
    site = ReaderSite(engine)
    site.add(partners=["anna"])
    site.mail("partners")
    return site


def answer(engine: Engine, issue: str, *, yes: int, no: int) -> None:
    with engine.begin() as connection:
        for given, number in ((UsefulAnswer.YES, yes), (UsefulAnswer.NO, no)):
            for _ in range(number):
                count_answer(connection, issue, given)


def read_rows(engine: Engine) -> list[tuple[str, str, int]]:
    with engine.begin() as connection:
        return [tuple(row) for row in connection.execute(select(useful_answers).order_by(useful_answers.c.answer))]


def test_what_scanners_do_counts_nothing_and_what_a_person_sends_does(site: ReaderSite) -> None:
    for method in ("GET", "HEAD"):
        assert site.client.request(method, "/useful/2021-05").status_code == 200
    assert read_rows(site.engine) == []

    for given in ("yes", "yes", "no"):
        status, page = site.send("/useful/2021-05", [("answer", given)])
        assert status == 200
        assert "We’ve counted your answer." in page
    assert read_rows(site.engine) == [("2021-05", "no", 1), ("2021-05", "yes", 2)]


def test_nothing_tells_who_answered(site: ReaderSite) -> None:
    with site.engine.begin() as connection:
        before = {table.name: list(connection.execute(select(table))) for table in metadata.sorted_tables}
    got = site.client.get("/useful/2021-05")
    site.send("/useful/2021-05", [("answer", "yes")])
    with site.engine.begin() as connection:
        after = {table.name: list(connection.execute(select(table))) for table in metadata.sorted_tables}

    assert {name for name, rows in after.items() if rows != before[name]} == {
        "useful_answers",
        "identity",
    }  # which counts commits
    assert useful_answers.c.keys() == ["issue", "answer", "number"]
    assert "set-cookie" not in got.headers
    assert [field.name for field in html.fromstring(got.text).forms[0].inputs if field.name] == ["answer", "answer"]


def test_an_answer_that_is_none_is_asked_for_again(site: ReaderSite) -> None:
    for pairs in ([], [("answer", "maybe")]):
        status, page = site.send("/useful/2021-05", pairs)
        assert status == 422
        assert "Select yes if it was useful" in page
    assert read_rows(site.engine) == []


@pytest.mark.parametrize("issue", ["2021-06", "training/2021-05", "x" * 300, "2021-05%00", "..%2F2021-05"])
def test_only_an_issue_that_was_sent_can_have_answers(site: ReaderSite, issue: str) -> None:
    assert site.client.get(f"/useful/{issue}").status_code == 404
    assert site.send(f"/useful/{issue}", [("answer", "yes")])[0] == 404
    assert read_rows(site.engine) == []


def test_one_network_can_answer_only_so_often(site: ReaderSite) -> None:
    site.wait = 600
    assert site.send("/useful/2021-05", [("answer", "yes")])[0] == 429
    assert read_rows(site.engine) == []


@pytest.mark.parametrize(
    ("yes", "no", "shown"),
    [
        (0, 0, None),
        (1, 0, Usefulness(yes=None, no=None)),
        (4, 5, Usefulness(yes=None, no=5)),
        (12, 4, Usefulness(yes=12, no=None)),
    ],
)
def test_numbers_under_five_are_hidden(engine: Engine, yes: int, no: int, shown: Usefulness | None) -> None:
    answer(engine, "2021-05", yes=yes, no=no)

    assert read_usefulness(engine, "2021-05") == shown


def test_the_report_and_the_status_have_the_numbers(make_workspace: MakeWorkspace, tmp_path: Path) -> None:
    workspace = make_workspace(settings=SETTINGS)
    engine = open_database(workspace.database_url)
    mail(engine, [("anna", ACCEPTED)])
    answer(engine, "2021-05", yes=6, no=2)

    assert make_report(engine, "2021-05", now=0).usefulness == Usefulness(yes=6, no=None)
    engine.dispose()
    run(workspace, "report", "2021-05", "--out", str(tmp_path / "report.html"))
    words = html.parse(str(tmp_path / "report.html"), html.HTMLParser(encoding="utf-8")).getroot().text_content()
    assert "Yes: 6; No: fewer than 5. Anyone who has the link can answer" in " ".join(words.split())
    assert json.loads(run(workspace, "status", "2021-05", "--json"))["useful"] == {"yes": 6, "no": None}


@pytest.mark.parametrize(
    ("settings", "asked"), [(SETTINGS.partition("website:")[0], False), (SETTINGS, False), (ASKED, True)]
)
def test_readers_are_asked_only_where_the_settings_say_so(
    make_workspace: MakeWorkspace, settings: str, *, asked: bool
) -> None:
    workspace = make_workspace(settings=settings)
    edition = render_edition(
        workspace.load_issue("2021-05"),
        issue_id="2021-05",
        settings=workspace.settings,
        bulletin_name="monthly",
        theme=Theme(folders=(theme_folder(),)),
        pictures=workspace.read_picture,
    )

    assert (f'href="{LINK}"' in edition.html) is asked
    assert (f"Was this useful? Tell us:\n{LINK}\n" in edition.text) is asked
