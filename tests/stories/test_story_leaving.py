"""A reader leaves by the link in an email, on the pages of `bulletin serve`; the next issue leaves them out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.workspace.workspace import Workspace
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


def test_without_a_website_it_says_what_to_write(make_workspace: MakeWorkspace) -> None:
    office = make_workspace(settings=SETTINGS.partition("website:")[0], lists=LISTS)
    assert "has no `website`" in run(office, "serve", "--port", "0", code=1)


def test_a_port_that_is_none_is_refused(make_workspace: MakeWorkspace) -> None:
    assert "is not a port" in run(make_workspace(), "serve", "--port", "web", code=2)
