"""Someone joins on the pages of `bulletin serve`, which sends the emails for it; `bulletin run` sends them too."""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from axe import ALL_LEVELS, find_violations
from bulletin.database.schema import open_database
from command_call import call
from conftest import on_sqlite, write_workspace
from inbox import RealRelay
from joining_site import JO, KEY, JoiningSite, joining_site, read_email, read_part
from public_pages import SETTINGS
from served_pages import serving

pytestmark = pytest.mark.slow


def wait_for_mail(relay: RealRelay, number: int) -> list[str]:
    """The plain text of the first emails, once so many have come."""
    until = time.monotonic() + 60
    while len(relay.inbox.envelopes) < number:
        assert time.monotonic() < until, f"only {len(relay.inbox.envelopes)} came"
        time.sleep(0.02)
    return [read_part(read_email(one), "plain") for one in relay.inbox.envelopes]


def test_on_a_phone_without_scripts_someone_subscribes_confirms_and_is_welcomed(
    browser: Browser, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with RealRelay() as relay:
        environ = {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{relay.port}", "BULLETIN_SECRET_KEY": KEY}
        office = write_workspace(tmp_path / "office", settings=SETTINGS, environ=environ)
        with serving(office, log) as address:
            phone = browser.new_context(
                viewport={"width": 390, "height": 800}, java_script_enabled=False, has_touch=True, is_mobile=True
            )
            page = phone.new_page()
            page.goto(f"http://{address}/subscribe")
            page.get_by_label("Safeguarding champions").check()
            page.get_by_label("Email address").fill(JO)
            page.get_by_role("button", name="Subscribe").tap()
            expect(page.get_by_role("heading", name="Check your email")).to_be_visible()

            (asked,) = wait_for_mail(relay, 1)
            found = re.search(r"^https://\S+$", asked, re.MULTILINE)
            assert found
            page.goto(f"http://{address}{urlsplit(found[0]).path}")
            page.get_by_role("button", name="Confirm").tap()
            expect(page.get_by_role("heading", name="You’re subscribed")).to_be_visible()
            assert page.title().startswith("You’re subscribed")

            _, welcome = wait_for_mail(relay, 2)
            assert "You’ll get S.H.I.E.L.D. e-bulletin once a month" in welcome.replace("\n", " ")
            assert phone.cookies() == []
            phone.close()
    said = log.read_text(encoding="utf-8")
    assert "Emails to one person: 1 accepted." in said
    assert "bloggs" not in said
    assert urlsplit(found[0]).path.rpartition("/")[2] not in said


def test_the_emails_are_accessible_and_fit_a_phone(browser: Browser, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with joining_site(tmp_path, url) as site:
        site.join(JO, "champions", "schools")
        site.send()
        context = browser.new_context(viewport={"width": 390, "height": 800})
        page = context.new_page()
        shown = [read_part(one, "html") for one in site.mail()]
        found = {}
        for number, html in enumerate(shown):
            page.set_content(html)
            found[number] = find_violations(page, ALL_LEVELS)
            assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        context.close()
    assert len(shown) == 2
    # a message is shown inside a program that has landmarks and a heading of its own
    apart = {"region", "landmark-one-main", "page-has-heading-one", "bypass"}
    assert [[name for name, _ in one if name not in apart] for one in found.values()] == [[], []]


def test_serve_says_at_once_if_it_can_send_no_email(tmp_path: Path) -> None:
    log = tmp_path / "log"
    office = write_workspace(tmp_path / "office", settings=SETTINGS, environ={"BULLETIN_SECRET_KEY": KEY})
    with serving(office, log):
        pass
    assert "No SMTP server is set, so people who subscribe get no email." in log.read_text(encoding="utf-8")


@on_sqlite
def test_run_sends_what_waits_and_says_nothing_else(tmp_path: Path, database_url: str) -> None:
    with joining_site(tmp_path, database_url) as site:
        office = site.workspace
        assert run(site) == ""

        site.subscribe()  # at another time than now: it has expired already
        assert run(site) == ""
        site.now = time.time_ns() // 1_000_000
        site.subscribe("sam@office.example.net", host="198.51.100.1")
        assert run(site) == "Emails to one person: 1 accepted.\n"
        assert run(site) == ""
        assert site.confirm(site.find_link("sam@office.example.net")).status_code == 303
        assert run(site) == "Emails to one person: 1 accepted.\n"
        assert office.root.is_dir()


@on_sqlite
def test_run_tells_of_a_server_that_is_away_once_a_day(tmp_path: Path, database_url: str) -> None:
    with joining_site(tmp_path, database_url) as site:
        site.now = time.time_ns() // 1_000_000
        site.subscribe()
        environ = {**site.workspace.environ, "BULLETIN_SMTP_URL": ""}
        first = call("run", folder=site.workspace.root, environ=environ)
        again = call("run", folder=site.workspace.root, environ=environ)
    assert (first.returncode, again.returncode) == (1, 1)
    assert "Emails to one person wait: No SMTP server is set." in " ".join(first.stderr.split())
    assert again.stderr == ""


def run(site: JoiningSite) -> str:
    done = call("run", folder=site.workspace.root, environ=site.workspace.environ)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_the_ledger_of_a_workspace_knows_what_happened(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with joining_site(tmp_path, url) as site:
        site.join()
        done = call("subscribers", "show", JO, folder=site.workspace.root, environ=site.workspace.environ)
    assert "On champions since 4 May 2021" in done.stdout
    open_database(url).dispose()
