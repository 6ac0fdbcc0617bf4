"""Mail scanners open every link of every email, again and again: nothing changes by that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from anytown import opt_out
from bulletin.cli.archive_keeper import name_site_folder
from bulletin.database.schema import open_database
from bulletin.database.tables import metadata
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.subscribers.tokens import Purpose
from bulletin.workspace.workspace import Workspace
from planned import LISTS, run
from reader_site import ReaderSite, change
from served_pages import HOST, ask, serving

MakeWorkspace = Callable[..., Workspace]
TIMES = 20
BUT = {"limits"}  # how often something was asked for


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def dump(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
            if table.name not in BUT
        }


def test_a_scanner_that_opens_every_link_changes_nothing(engine: Engine) -> None:
    """On every page, for people in every state: as they were, with choices, on a break, gone, and with a complaint."""
    site = ReaderSite(engine)
    site.add(partners=["anna", "ben", "cara", "dora"])
    mailing = site.mail("partners")
    links = [
        site.link(mailing, name, purpose)
        for name in ("anna", "ben", "cara", "dora")
        for purpose in (Purpose.PREFERENCES, Purpose.UNSUBSCRIBE)
    ]
    site.choose(site.link(mailing, "ben"), "partners", "champions", format="text", pause="3", name="Benedict")
    opt_out(engine, "cara")
    leaving = site.link(mailing, "dora", Purpose.UNSUBSCRIBE)
    site.send(leaving, site.open_form(leaving))
    site.send("/complaint", [("text", "Something"), ("email", "jo@example.net")])
    before = dump(engine)

    seen = site.crawl(*links, *(f"{link}?saved" for link in links), "/privacy", "/complaint", times=TIMES)

    assert {link.split("/")[1].partition(".")[0] for link in seen} >= {"preferences", "unsubscribe", "privacy", "style"}
    assert len(seen) > 20
    assert dump(engine) == before


def test_an_old_form_that_is_opened_by_name_is_no_form(engine: Engine) -> None:
    """What a form would send, in the address of a GET."""
    site = ReaderSite(engine)
    site.add(partners=["anna"])
    link = site.link(site.mail("partners"), "anna")
    form, before = change(site.open_form(link), "champions", pause="6"), dump(engine)
    query = "&".join(f"{name}={value}" for name, value in form)
    for _ in range(TIMES):
        assert site.client.get(f"{link}?{query}").status_code == 200
        assert site.client.get(f"/complaint?text=x&email=jo@example.net&{query}").status_code == 200
    assert dump(engine) == before


# --- a whole month: real emails, and the real server


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


def find_links(catcher: MailCatcher) -> set[str]:
    """Each link to our pages in any part of an email, or in its headers."""
    found = set()
    for caught in catcher.caught:
        message = message_from_bytes(caught.file.read_bytes(), policy=policy.default)
        texts = [str(value) for value in message.values()]
        texts += [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
        found |= {link for text in texts for link in re.findall(rf"https://{re.escape(HOST)}/[^\s\"<>]+", text)}
    return found


@pytest.mark.slow
def test_the_links_of_emails_as_they_are_sent_change_nothing(
    make_workspace: MakeWorkspace, catcher: MailCatcher, tmp_path: Path
) -> None:
    office = make_workspace(lists=LISTS)
    run(office, "send", "2021-05", "--yes")
    run(office, "archive", "--out", str(name_site_folder(office)))  # else the server builds it meanwhile
    links, log = find_links(catcher), tmp_path / "log"
    assert len(links) >= len(catcher.caught)
    log.touch()
    engine = open_database(office)

    with serving(office, log) as address:
        before, waiting, seen = dump(engine), sorted(links), set[str]()
        while waiting:
            if (link := waiting.pop()) in seen:
                continue
            seen.add(link)
            for _ in range(TIMES):
                status, page = ask(address, "GET", link)
                assert (ask(address, "HEAD", link)[0], status in (200, 301, 404)) == (status, True)
            waiting += [f"https://{HOST}{path}" for path in re.findall(r'(?:href|action)="(/[^"#]*)"', page)]
        assert dump(engine) == before
    engine.dispose()

    assert {path.split("/")[3] for path in seen} >= {"unsubscribe", "preferences", "privacy", "complaint"}
    said = log.read_text(encoding="utf-8")
    tokens = {
        path.split("/")[4].partition("?")[0] for path in seen if path.split("/")[3] in ("unsubscribe", "preferences")
    }
    assert not [token for token in tokens if token in said]
    assert "@" not in said.partition("are at http://")[2].partition("\n")[2]
