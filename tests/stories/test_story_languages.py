"""A bilingual issue, each reader in the language of their wish: from the lists and the website to the sink."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bulletin.cli.app import make_app
from bulletin.cli.clock import now_ms
from bulletin.database.schema import open_database
from bulletin.database.states import WishKind
from bulletin.database.tables import subscribers
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.errors import BulletinError
from bulletin.subscribers.wishes import add_wish
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import SETTINGS, new_database
from mailed import databases_closed

MakeWorkspace = Callable[..., Workspace]

ISSUE = """\
month: 2021-05
published: 4 May 2021
languages: [cy, en]
subject: {cy: Newyddion mis Mai, en: Anytown news for May}
preview_text: {cy: Beth wnaethom ym mis Ebrill, en: What we did in April}
sections:
  - kind: notice
    title: {cy: Swyddfa ar gau, en: Office closed}
    text: {cy: Mae ein swyddfa ar gau ar 3 Mai 2021., en: Our office is closed on 3 May 2021.}
  - kind: notice
    title: {cy: Dyddiadau tymor, en: Term dates}
    for: schools
    text: {cy: Daw’r tymor i ben ar 21 Gorffennaf 2021., en: Term ends on 21 July 2021.}
"""
BY_READER = SETTINGS.replace(
    "    title: Anytown news\n", "    title: {cy: Newyddion, en: Anytown news}\n    languages: by reader\n"
).replace(
    "about: We keep children safe in Anytown.",
    "about: {cy: Rydym yn cadw plant yn ddiogel., en: We keep children safe in Anytown.}",
)
CSV = "email,name,Language\nanna@example.org,Anna,Welsh\nben@example.org,Ben,en\ncleo@example.org,Cleo,\n"
SCHOOLS = "email,iaith\ndora@example.org,Cymraeg\nben@example.org,cy\nemil@example.org,French\n"
WORDS = {"cy": "Swyddfa ar gau", "en": "Office closed", "cy schools": "Dyddiadau tymor", "en schools": "Term dates"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def catcher(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    """A mail server, and a database of each kind."""
    with new_database(request.param, request, tmp_path) as url, MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        if request.param == "postgresql":
            monkeypatch.setenv("BULLETIN_DATABASE_URL", url)
            monkeypatch.setenv("BULLETIN_SECRET_KEY", "the same on every computer of this test")
        yield catcher


@pytest.fixture
def workspace(make_workspace: MakeWorkspace, catcher: MailCatcher) -> Workspace:  # noqa: ARG001 -- its server
    return make_workspace(
        settings=BY_READER + "approval: {needed: 1}\n",
        issues={"2021-05": ISSUE},
        lists={"partners": CSV, "schools": SCHOOLS},
    )


def type_(workspace: Workspace, *arguments: str, code: int = 0) -> str:
    with databases_closed():
        result = CliRunner().invoke(make_app(), [*arguments, "--workspace", str(workspace.root)])
    said = str(result.exception) if isinstance(result.exception, BulletinError) else ""
    assert result.exit_code == code, (result.output, result.exception)
    return result.output + said


def read_caught(catcher: MailCatcher) -> dict[str, set[str]]:
    """What of the issue each person got, in each part of their one message."""
    found: dict[str, set[str]] = {}
    for one in catcher.caught:
        message = email.message_from_bytes(one.file.read_bytes(), policy=email.policy.default)
        parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
        first, second = ({name for name, words in WORDS.items() if words in part} for part in parts)
        name = one.recipient.partition("@")[0]
        assert first == second
        assert name not in found
        found[name] = first
    return found


def wish(workspace: Workspace, name: str, language: str) -> None:
    """What a reader chooses on their own page."""
    engine = open_database(open_workspace(workspace.root))
    with engine.begin() as connection:
        address = subscribers.c.address == f"{name}@example.org"
        id_ = connection.execute(select(subscribers.c.id).where(address)).scalar_one()
        add_wish(connection, id_, WishKind.LANGUAGE, language, origin="page", now=now_ms())
    engine.dispose()


@pytest.mark.slow
def test_each_reader_gets_the_language_of_their_wish_by_one_mailing_and_one_approval(
    workspace: Workspace, catcher: MailCatcher
) -> None:
    """A file that changes later, and a sync, never overrule what a reader chose; nor does that need a new approval."""
    synced = type_(workspace, "subscribers", "sync", "--yes")
    assert "“French” is not a language that bulletins are written in." in synced
    assert "“Language”" not in synced  # it is used
    type_(workspace, "approve", "2021-05", "--by", "Jo Bloggs", "--yes")
    wish(workspace, "cleo", "cy")
    wish(workspace, "dora", "")
    (workspace.root / "subscribers" / "partners.csv").write_text(
        CSV.replace("Cleo,", "Cleo,en").replace("Anna,Welsh", "Anna,en")
    )

    said = type_(workspace, "send", "2021-05", "--yes")

    assert re.search(r"1  schools who chose English$", said, re.MULTILINE), said
    assert re.search(r"1  others who chose Welsh$", said, re.MULTILINE), said
    assert read_caught(catcher) == {
        "anna": {"en"},
        "ben": {"en", "en schools"},  # by the first file that says it
        "cleo": {"cy"},
        "dora": set(WORDS),
        "emil": set(WORDS),
    }
    assert "There is nothing to do" in type_(workspace, "send", "2021-05", "--yes")
    assert len(catcher.caught) == 5
    for command in ("status", "certificate"):
        assert "schools who chose English" in type_(workspace, command, "2021-05")
    assert "exactly this edition" in type_(workspace, "certificate", "2021-05")


def test_a_change_in_one_language_voids_the_approval_and_names_it(
    make_workspace: MakeWorkspace,
) -> None:
    workspace = make_workspace(
        settings=BY_READER + "approval: {needed: 1}\n",
        issues={"2021-05": ISSUE.replace("    for: schools\n", "")},
        lists={"partners": CSV, "schools": "email\n"},
    )
    type_(workspace, "approve", "2021-05", "--by", "Jo Bloggs", "--yes")
    path = workspace.issue_path("2021-05")
    path.write_text(path.read_text().replace("Our office is closed", "Our office is open"))

    shown = type_(workspace, "approve", "2021-05", "--by", "Jo Bloggs", "--yes")

    headings = [line for line in shown.splitlines() if line.lstrip().startswith("The edition")]
    assert any("everyone else, in English" in line for line in headings), shown
    assert not any("in Welsh" in line for line in headings), shown


def test_each_language_is_written_shown_in_the_matrix_and_seen_as(
    make_workspace: MakeWorkspace, tmp_path: Path
) -> None:
    workspace = make_workspace(settings=BY_READER, issues={"2021-05": ISSUE})
    type_(workspace, "render", "2021-05", "--out", str(tmp_path / "out"))
    written = {path.name: (path / "email.txt").read_text("utf-8") for path in sorted((tmp_path / "out").iterdir())}

    assert list(written) == [
        "1-everyone-else",
        "2-others-who-chose-welsh",
        "3-others-who-chose-english",
        "4-schools",
        "5-schools-who-chose-welsh",
        "6-schools-who-chose-english",
    ]
    assert "Office closed" not in written["5-schools-who-chose-welsh"]
    assert "Dyddiadau tymor" in written["5-schools-who-chose-welsh"]
    assert "English below" not in written["5-schools-who-chose-welsh"]
    assert "English below" in written["1-everyone-else"]
    assert "Edition 2: others who chose Welsh" in type_(workspace, "render", "2021-05", "--matrix")
    type_(workspace, "render", "2021-05", "--out", str(tmp_path / "as"), "--as", "cy", "--as", "schools")
    assert (tmp_path / "as" / "email.txt").read_text("utf-8") == written["5-schools-who-chose-welsh"]
