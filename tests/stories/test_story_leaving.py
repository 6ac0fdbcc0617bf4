"""A reader leaves by the link in an email, on the pages of `bulletin serve`; the next issue leaves them out."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from bulletin.cli.clock import now_ms
from bulletin.database.schema import open_database
from bulletin.database.states import DeliveryState
from bulletin.database.tables import deliveries
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.workspace.workspace import Workspace
from command_process import start
from conftest import ISSUE, SETTINGS
from planned import EVERYBODY, LISTS, recipients, run
from served_pages import ask, serving

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

JUNE = ISSUE.replace("2021-05", "2021-06").replace("May", "June")
ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


def read_links(catcher: MailCatcher) -> dict[str, str]:
    """Each reader's link in the header List-Unsubscribe."""
    links = {}
    for caught in catcher.caught:
        message = message_from_bytes(caught.file.read_bytes())
        assert message["List-Unsubscribe-Post"] == ONE_CLICK
        found = re.search(r"<(https://[^>]+)>", message["List-Unsubscribe"])
        assert found
        links[caught.recipient] = found[1]
    return links


def test_who_leaves_by_one_click_is_sent_nothing_more(
    make_workspace: MakeWorkspace, catcher: MailCatcher, tmp_path: Path
) -> None:
    office = make_workspace(lists=LISTS)
    run(office, "send", "2021-05", "--yes")
    office.issue_path("2021-06").write_text(JUNE, encoding="utf-8")
    link = read_links(catcher)["anna@example.org"]
    log = tmp_path / "log"
    log.touch()

    with serving(office, log) as address:
        assert [ask(address, method, link)[0] for method in ("GET", "HEAD") * 3] == [200] * 6
        assert "anna" not in ask(address, "GET", link)[1]
        status, page = ask(address, "POST", link, ONE_CLICK)
        assert (status, "You’ve unsubscribed" in page) == (200, True)
        sent = recipients(catcher)
        run(office, "send", "2021-06", "--yes")  # while the pages are served, on the same database

    assert recipients(catcher) - sent == EVERYBODY - Counter(["anna@example.org"])
    assert "from the bulletin Anytown news" in run(office, "subscribers", "show", "anna@example.org")
    said = log.read_text(encoding="utf-8")
    assert "POST /unsubscribe/… 200" in said
    assert urlsplit(link).path.rpartition("/")[2] not in said


def test_who_leaves_while_a_mailing_is_under_way_gets_at_most_what_was_on_its_way(
    make_workspace: MakeWorkspace, catcher: MailCatcher, tmp_path: Path
) -> None:
    """No delivery is claimed once the POST was answered; the mailing goes on, and the next one leaves them out."""
    people = [f"reader{number}@example.org" for number in range(90)]
    settings = SETTINGS + "sending: {limits: 40/second, connections: 2}\n"
    office = make_workspace(settings=settings, lists={"partners": "email\n" + "\n".join(people), "schools": "email\n"})
    run(office, "send", "2021-05", "--yes")
    links, leaving = read_links(catcher), people[20:80:3]
    for month, name in (("2021-06", "June"), ("2021-07", "July")):
        office.issue_path(month).write_text(
            ISSUE.replace("2021-05", month).replace("May 2021", f"{name} 2021").replace("for May", f"for {name}"),
            encoding="utf-8",
        )
    log, said = tmp_path / "log", tmp_path / "said"
    log.touch()

    with serving(office, log) as address:
        sender = start(office, os.environ, said, "send", "2021-06", "--yes")
        while len(catcher.caught) < len(people) + 20:
            assert sender.poll() is None, said.read_text(encoding="utf-8")
            time.sleep(0.005)
        answered = {}
        for person in reversed(leaving):
            assert ask(address, "POST", links[person], ONE_CLICK)[0] == 200
            answered[person] = now_ms()
        assert sender.wait(60) == 0, said.read_text(encoding="utf-8")

    claimed = read_claims(office)
    got = recipients(catcher) - Counter(people)
    assert [person for person in leaving if claimed.get(person, 0) > answered[person]] == []
    assert all(got[person] == (person in claimed) for person in leaving)
    assert any(person not in claimed for person in leaving), "the mailing was over before anyone left"
    assert all(got[person] == 1 for person in set(people) - set(leaving))

    run(office, "send", "2021-07", "--yes")
    assert recipients(catcher) - Counter(people) - got == Counter(people) - Counter(leaving)


def read_claims(office: Workspace) -> dict[str, int]:
    """When each delivery of the newest mailing was claimed that left, in ms since 1970."""
    engine = open_database(office.database_url)
    query = select(deliveries.c.address, deliveries.c.claimed_at).where(
        deliveries.c.mailing_id == select(func.max(deliveries.c.mailing_id)).scalar_subquery(),
        deliveries.c.state == DeliveryState.ACCEPTED,
    )
    with engine.begin() as connection:
        claims = {row.address: row.claimed_at for row in connection.execute(query)}
    engine.dispose()
    return claims


def test_without_a_website_it_says_what_to_write(make_workspace: MakeWorkspace) -> None:
    office = make_workspace(settings=SETTINGS.partition("website:")[0], lists=LISTS)
    assert "has no `website`" in run(office, "serve", "--port", "0", code=1)


def test_a_port_that_is_none_is_refused(make_workspace: MakeWorkspace) -> None:
    assert "is not a port" in run(make_workspace(), "serve", "--port", "web", code=2)
