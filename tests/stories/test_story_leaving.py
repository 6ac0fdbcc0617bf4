"""A reader leaves by the link in an email, on the pages of `bulletin serve`; the next issue leaves them out."""

from __future__ import annotations

import http.client
import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.workspace.workspace import Workspace
from command_process import start
from conftest import ISSUE, SETTINGS
from planned import EVERYBODY, LISTS, recipients, run

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

HOST = "news.anytown.example.org"  # of `website: url` in the settings
JUNE = ISSUE.replace("2021-05", "2021-06").replace("May", "June")
ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


@contextmanager
def serving(workspace: Workspace, log: Path) -> Iterator[str]:
    """The address of `bulletin serve`, which runs meanwhile and is ended by Ctrl-C."""
    program = start(workspace, os.environ, log, "serve", "--port", "0")
    try:
        until = time.monotonic() + 120
        while not (found := re.search(r"are at http://(127\.0\.0\.1:\d+)\.", log.read_text(encoding="utf-8"))):
            assert program.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < until, log.read_text(encoding="utf-8")
            time.sleep(0.02)
        yield found[1]
    finally:
        program.send_signal(signal.SIGINT)
        assert program.wait(20) == 0
    assert log.read_text(encoding="utf-8").endswith("The pages have stopped.\n")


def ask(address: str, method: str, link: str, body: str = "") -> tuple[int, str]:
    """As the web server in front of it does, for a mail service that one-clicks."""
    connection = http.client.HTTPConnection(address, timeout=20)
    headers = {"Host": HOST, "Content-Type": "application/x-www-form-urlencoded"} if body else {"Host": HOST}
    try:
        connection.request(method, urlsplit(link).path, body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


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


def test_without_a_website_it_says_what_to_write(make_workspace: MakeWorkspace) -> None:
    office = make_workspace(settings=SETTINGS.partition("website:")[0], lists=LISTS)
    assert "has no `website`" in run(office, "serve", "--port", "0", code=1)


def test_a_port_that_is_none_is_refused(make_workspace: MakeWorkspace) -> None:
    assert "is not a port" in run(make_workspace(), "serve", "--port", "web", code=2)
