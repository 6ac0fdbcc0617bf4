"""Random issues with random marks and embargoes, read back from every output that there is: no one sees too much.

Each text is a word of its own. What the archive writes is looked through file by file, whatever kind of file it is, so
an output that comes later is looked through too: see `decode`.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from starlette.testclient import TestClient

from anytown import NOON, add_people
from archived import write_yaml
from bulletin.comparison.difference import compare_issues
from bulletin.database.schema import open_database
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.copies.export import show_edition
from bulletin.delivery.copies.test_copy import send_copy
from bulletin.delivery.ledger.start import start_mailing
from bulletin.delivery.record.certificate import certify
from bulletin.delivery.record.certificate_page import describe_certificate
from bulletin.delivery.record.report import make_report
from bulletin.delivery.record.report_page import describe_report
from bulletin.delivery.sending.preparation import prepare_editions
from bulletin.edition.build import make_edition, make_issue_pdfs
from bulletin.errors import FaultyFiles
from bulletin.issue.audience import PUBLIC, Audience
from bulletin.issue.model import Issue
from bulletin.preview.reload_events import ReloadEvents
from bulletin.preview.session import PreviewSession
from bulletin.preview.site import Site
from bulletin.publishing.archive import build_archive
from bulletin.publishing.calendar_files import CalendarMaker
from bulletin.publishing.pdf_files import PdfMaker
from bulletin.publishing.search.search_files import SearchMaker
from bulletin.subscribers.address import parse_addresses
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import SETTINGS
from pdf_structure import read_structure
from random_issues import random_sections
from specimen import picture

pytestmark = pytest.mark.slow

ISSUE = "2021-05"
HEAD = {"month": ISSUE, "published": "4 May 2021", "subject": "News for May", "preview_text": "What we did"}
LISTS = ("partners", "schools", "champions")
MORE = SETTINGS.replace("  schools:", "  champions: {title: Champions, basis: consent}\n  schools:")
DAY = datetime(2021, 5, 5, 12, tzinfo=UTC)
_WORD = re.compile(r"word[0-9]+x")
AUDIENCES = (
    PUBLIC,
    Audience(lists=frozenset({"schools"}), consent=True),  # their list is one by consent
    Audience(lists=frozenset({"partners"})),
    Audience(lists=frozenset({"champions", "partners"}), consent=True),
)


def list_parts(value: Any) -> Iterator[dict[str, Any]]:
    """Each record of the sections, as they are written, that a mark can be on."""
    for entry in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        if isinstance(entry, dict) and isinstance(value, list):
            yield entry
        yield from list_parts(entry)


@st.composite
def written_issues(draw: Callable[..., Any]) -> dict[str, Any]:
    """An issue as its file says it, with marks at any depth; perhaps with an embargo, or under one."""
    sections = draw(random_sections())[: draw(st.integers(1, 4))]
    for part in list_parts(sections):
        mark = draw(st.sampled_from(["", "", "", "for", "marketing"]))
        if mark == "for":
            part["for"] = sorted(draw(st.sets(st.sampled_from(LISTS), min_size=1)))
        elif mark:
            part["marketing"] = "yes"
    embargo = draw(st.sampled_from([{}, {}, {"embargo": "5 May 2021, 9am"}, {"embargo": "6 May 2021, 9am"}]))
    written = {**HEAD, **embargo, "to_do": draw(st.sampled_from(["yes", "all"])), "sections": sections}
    return in_languages(written, draw(st.sampled_from(["en", "cy", "both"])))


def in_languages(written: dict[str, Any], languages: str) -> dict[str, Any]:
    """The same in English, in Welsh, or with each text in both."""
    if languages == "both":
        return {**_write_twice(written), "languages": ["cy", "en"]}
    return {**written, "language": languages}


def _write_twice(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _write_twice(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_write_twice(each) for each in value]
    return {"cy": value, "en": value} if isinstance(value, str) and _WORD.fullmatch(value) else value


@dataclass(frozen=True)
class Desk:
    """A workspace with one issue."""

    workspace: Workspace
    engine: Engine
    whole: Issue
    catcher: MailCatcher

    def find_hidden(self, audience: Audience) -> set[str]:
        """The words that an audience may see nowhere."""
        return _find_words(self.whole) - _find_words(self.whole.for_audience(audience))


@contextmanager
def open_desk(written: Mapping[str, Any]) -> Iterator[Desk | None]:
    """None for an issue that doesn't load, because what it says contradicts itself."""
    root = Path(tempfile.mkdtemp())
    with MailCatcher(root / "caught") as catcher:
        (root / "bulletin.yaml").write_text(f"{MORE}editions: 200\n", encoding="utf-8")
        for name in ("issues", "subscribers"):
            (root / name).mkdir()
        for name in LISTS:
            people = [name, "both"] if name != "champions" else [name]
            rows = "".join(f"{one}@example.org\n" for one in people)
            (root / "subscribers" / f"{name}.csv").write_text(f"email\n{rows}", encoding="utf-8")
        (root / "poster.png").write_bytes(picture(size=(8, 8)))
        (root / "issues" / f"{ISSUE}.yaml").write_text(write_yaml(dict(written)), encoding="utf-8")
        workspace = open_workspace(root, environ={"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{catcher.port}"})
        engine = open_database(workspace)
        try:
            yield _read_desk(workspace, engine, catcher)
        finally:
            engine.dispose()
            shutil.rmtree(root)


def _read_desk(workspace: Workspace, engine: Engine, catcher: MailCatcher) -> Desk | None:
    try:
        return Desk(workspace, engine, workspace.load_issue(ISSUE), catcher)
    except FaultyFiles:
        return None


def _find_words(issue: Issue) -> set[str]:
    return set(_WORD.findall(json.dumps(issue.model_dump(mode="json"))))


def decode(path: Path) -> str:
    """Whatever a file says: of a PDF also what it reads out, of what is packed also what is in it."""
    content = path.read_bytes()
    if path.suffix == ".pdf":
        structure = read_structure(content)
        alternatives = (element.alt or "" for element in structure.root.walk())
        return " ".join([structure.text, structure.title, *alternatives, *structure.addresses])
    if content[:2] == b"\x1f\x8b":  # the index for searching
        content = gzip.decompress(content)
    return content.decode(errors="replace").replace("\r\n ", "")


def list_archive(desk: Desk) -> Iterator[tuple[str, str]]:
    """Each file of the archive, its name included; every maker that `bulletin archive` has is asked."""
    out = desk.workspace.root / "site"
    now = round(DAY.timestamp() * 1000)
    calendars = CalendarMaker(
        engine=desk.engine, settings=desk.workspace.settings, now=now, draw=lambda size: b"x" * size
    )
    makers = [PdfMaker(desk.workspace), calendars, SearchMaker(workspace=desk.workspace)]
    build_archive(desk.workspace, desk.engine, out, now=now, companions=makers)
    for path in out.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(out)), f"{path.name}\n{decode(path)}"


def list_emails(desk: Desk, audience: Audience) -> Iterator[tuple[str, str]]:
    """The email as files and as a test copy; the PDF for the same readers; what is new to them."""
    edition = make_edition(desk.workspace, ISSUE, audience=audience)
    for name, content in show_edition(edition, now=DAY).items():
        yield name, _read_message(content) if name.endswith(".eml") else content.decode(errors="replace")
    (address,) = parse_addresses(["anna@example.org"], otherwise="")
    send_copy(desk.workspace, edition, address, key="test", now=DAY, readers="some of them")
    yield "test copy", _read_message(desk.catcher.caught[-1].file.read_bytes())
    for name, made in make_issue_pdfs(desk.workspace, ISSUE, audience=audience).items():
        yield name, made.words
    empty = desk.whole.model_copy(update={"sections": ()})
    yield "diff", "\n".join(compare_issues(empty, desk.whole.for_audience(audience)).describe())


def _read_message(content: bytes) -> str:
    message = message_from_bytes(content, policy=default)
    parts = [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
    names = [str(part.items()) for part in message.walk()]
    return "\n".join([*names, *parts])


def list_preview(desk: Desk) -> Iterator[tuple[str, Audience, str]]:
    """What the preview shows as readers on lists, and as a person."""
    session = PreviewSession(desk.workspace.root, clock=lambda: DAY, environ={})
    client = TestClient(Site(session, ReloadEvents(), page_token="token").build())
    schools = Audience(lists=frozenset({"schools"}), consent=True)
    both = Audience(lists=frozenset({"schools", "partners"}), consent=True)
    queries = {"": PUBLIC, "?as=schools": schools, "?reader=schools:3": both, "?edition=%2Beveryone": PUBLIC}
    for query, audience in queries.items():
        for view in ("mail", "text", "source"):
            answer = client.get(f"/{view}/{ISSUE}{query}")
            assert answer.status_code == 200, answer.text
            yield f"{view}{query}", audience, answer.text


def list_records(desk: Desk) -> Iterator[tuple[str, str]]:
    """What is made of a mailing afterwards, for people who may be on no list."""
    add_people(desk.engine, partners=["anna"], schools=["ben", "anna"], champions=["cleo"])
    prepared = prepare_editions(desk.workspace, desk.engine, ISSUE, lists=LISTS, now=NOON)
    start_mailing(desk.engine, prepared.editions, lists=list(LISTS), key="key", now=NOON)
    organisation, lists = desk.workspace.settings.organisation.name, desk.workspace.settings.lists
    report = describe_report(make_report(desk.engine, ISSUE, now=NOON), publisher=organisation, lists=lists)
    yield "report", report.to_html(accent="#1d5c87")
    certificate = certify(desk.engine, ISSUE, now=NOON)
    yield (
        "certificate",
        describe_certificate(certificate, publisher=organisation, lists=lists).to_html(accent="#1d5c87"),
    )


def assert_none(hidden: set[str], said: str, where: str) -> None:
    assert not {word for word in hidden if word in said}, where


@settings(
    max_examples=3,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(written=written_issues())
def test_no_output_says_what_its_readers_may_not_see(written: dict[str, Any]) -> None:
    with open_desk(written) as desk:
        if desk is None:
            return
        for audience in AUDIENCES:
            if desk.whole.for_audience(audience).sections:
                for name, said in list_emails(desk, audience):
                    assert_none(desk.find_hidden(audience), said, name)
        for name, seen_by, said in list_preview(desk):
            assert_none(desk.find_hidden(seen_by), said, name)
        for name, said in list_records(desk):
            assert_none(desk.find_hidden(PUBLIC), said, name)
        embargoed = written.get("embargo") == "6 May 2021, 9am"
        for name, said in list_archive(desk):
            assert_none(_find_words(desk.whole) if embargoed else desk.find_hidden(PUBLIC), said, name)


@pytest.mark.parametrize("languages", ["en", "cy", "both"])
def test_the_outputs_are_looked_through(languages: str) -> None:
    """What is for everyone is found in each of them, so the property above looks in the right places."""
    sections = [
        {"kind": "notice", "title": "word0x", "text": "word1x", "do": "word2x", "by": "1 June 2021"},
        {"kind": "notice", "title": "word3x", "text": "word4x", "for": "schools"},
    ]
    with open_desk(in_languages({**HEAD, "sections": sections}, languages)) as desk:
        assert desk
        assert desk.find_hidden(PUBLIC) == {"word3x", "word4x"}
        schools = {name for name, said in list_emails(desk, AUDIENCES[1]) if "word4x" in said or "word3x" in said}
        assert {"email.html", "email.txt", "message.eml", "test copy", "diff"} <= schools
        assert {name.rpartition(".")[2] for name in schools} >= {"pdf"}
        assert {name for name, _, said in list_preview(desk) if "word4x" in said} >= {
            *("mail?as=schools", "text?as=schools", "mail?reader=schools:3"),
        }
        assert len(dict(list_records(desk))) == 2
        found = {name for name, said in list_archive(desk) if "word2x" in said}
        assert {name.rpartition(".")[2] for name in found} >= {"html", "xml", "ics", "pdf", "pf_fragment"}
