"""One key signs the unsubscribe links of all who send from a ledger: another one, or a new one, signs nothing."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from bulletin.database.engine import connect_database
from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries, link_keys
from bulletin.database.transfer import transfer_database
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.errors import InvalidToken
from bulletin.subscribers.link_key import fingerprint_key, list_reading_keys
from bulletin.subscribers.tokens import LinkToken, Purpose, read_token, sign_token
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import SETTINGS
from mailed import databases_closed
from planned import EVERYBODY, LISTS, make_due, recipients, run
from postgresql import PostgreSQL

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

OUR_KEY = "the same long text on all computers"
MISSING = "The key that signs the unsubscribe links is not here, and emails were sent with it."
OTHER = "is not the one that signed the unsubscribe links so far. Links made with it can't be verified."
THE_SAME = "Set BULLETIN_SECRET_KEY to the same text as on the computer that sent before."


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


@pytest.fixture
def office(make_workspace: MakeWorkspace, catcher: MailCatcher) -> Workspace:  # noqa: ARG001 -- its server
    return make_workspace(lists=LISTS)


@pytest.fixture
def server_url(postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    url = postgresql.make_database()
    monkeypatch.setenv("BULLETIN_DATABASE_URL", url)
    with databases_closed():
        yield url
    postgresql.drop(url)


@pytest.fixture
def colleague(office: Workspace) -> Workspace:
    """The same workspace on another computer, that has its own state."""
    ignore = shutil.ignore_patterns(".bulletin")
    return replace(office, root=Path(shutil.copytree(office.root, office.root.with_name("colleague"), ignore=ignore)))


@pytest.fixture
def use_key(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set BULLETIN_SECRET_KEY; "" is as good as not set."""

    def use(key: str) -> None:
        monkeypatch.setenv("BULLETIN_SECRET_KEY", key)

    return use


UseKey = Callable[[str], None]


def find_tokens(catcher: MailCatcher) -> list[str]:
    """Of the unsubscribe links in all that was sent."""
    texts = [message.file.read_text(encoding="utf-8") for message in catcher.caught]
    return [
        match[1]
        for text in texts
        if (match := re.search(r"^List-Unsubscribe: <\S+/unsubscribe/(\w+)>", text, re.MULTILINE))
    ]


# --- on a server that several computers share


@pytest.mark.usefixtures("server_url")
def test_a_computer_without_the_key_makes_none_and_sends_nothing(
    office: Workspace, colleague: Workspace, catcher: MailCatcher, use_key: UseKey
) -> None:
    use_key(OUR_KEY)
    run(office, "send", "2021-05", "--list", "partners", "--yes")
    use_key("")

    said = run(colleague, "send", "2021-05", "--yes", code=1)

    assert MISSING in said
    assert THE_SAME in said
    assert not (colleague.state_folder / "secret.key").exists()
    assert recipients(catcher) == EVERYBODY - Counter(["cara@example.org"])
    use_key(OUR_KEY)
    run(colleague, "send", "2021-05", "--yes")
    assert recipients(catcher) == EVERYBODY
    assert len({read_token(token, Purpose.UNSUBSCRIBE, [OUR_KEY.encode()]) for token in find_tokens(catcher)}) == 3


@pytest.mark.usefixtures("server_url")
@pytest.mark.parametrize("key", ["another text", f"{OUR_KEY} "])
def test_a_computer_with_another_key_sends_nothing(
    office: Workspace, colleague: Workspace, catcher: MailCatcher, use_key: UseKey, key: str
) -> None:
    use_key(OUR_KEY)
    run(office, "send", "2021-05", "--list", "partners", "--yes")
    use_key(key)

    said = run(colleague, "send", "2021-05", "--yes", code=1)

    assert f"The key in BULLETIN_SECRET_KEY {OTHER} {THE_SAME}" in said
    assert recipients(catcher) == EVERYBODY - Counter(["cara@example.org"])


@pytest.mark.usefixtures("server_url")
@pytest.mark.parametrize("blank", ["", " ", "\t"])
def test_on_a_new_server_no_key_is_made_up(
    office: Workspace, catcher: MailCatcher, use_key: UseKey, blank: str
) -> None:
    use_key(blank)

    said = run(office, "send", "2021-05", "--yes", code=1)

    assert "No key is set to sign the unsubscribe links, and other computers may send from the same database." in said
    assert 'this makes one: python -c "import secrets; print(secrets.token_urlsafe(32))"' in said
    assert not (office.state_folder / "secret.key").exists()
    assert not catcher.caught


def test_run_holds_on_the_computer_that_lacks_the_key_and_begins_on_the_one_that_has_it(
    office: Workspace, colleague: Workspace, catcher: MailCatcher, use_key: UseKey, server_url: str
) -> None:
    use_key(OUR_KEY)
    run(office, "send", "2021-05", "--list", "partners", "--yes")
    run(office, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
    make_due(replace(office, environ={"BULLETIN_DATABASE_URL": server_url}))
    use_key("")

    assert MISSING in run(colleague, "run", code=1)
    use_key("another text")
    assert OTHER in run(colleague, "run", code=1)
    use_key(OUR_KEY)
    run(office, "run")
    assert recipients(catcher) == EVERYBODY


@pytest.mark.usefixtures("server_url")
def test_a_database_from_before_takes_the_first_key_that_is_used(
    office: Workspace, colleague: Workspace, catcher: MailCatcher, use_key: UseKey, server_url: str
) -> None:
    use_key(OUR_KEY)
    run(office, "send", "2021-05", "--list", "partners", "--yes")
    forget_key(server_url)
    use_key("")
    assert MISSING in run(colleague, "send", "2021-05", "--yes", code=1)

    use_key(OUR_KEY)
    run(office, "send", "2021-05", "--yes")
    use_key("another text")
    (colleague.root / "subscribers" / "schools.csv").write_text(LISTS["schools"] + "dora@example.org\n")
    assert OTHER in run(colleague, "send", "2021-05", "--newcomers", "--yes", code=1)
    assert recipients(catcher) == EVERYBODY


def forget_key(url: str) -> None:
    """As a database was that an earlier version made."""
    engine = connect_database(url)
    with engine.begin() as connection:
        connection.execute(delete(link_keys))
    engine.dispose()


def test_the_key_of_the_file_goes_along_to_the_server(
    office: Workspace,
    colleague: Workspace,
    catcher: MailCatcher,
    postgresql: PostgreSQL,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(office, "send", "2021-05", "--list", "partners", "--yes")
    url = postgresql.make_empty_database()
    with databases_closed():
        transfer_database(f"sqlite:///{office.state_folder / 'ledger.db'}", url, now=1)
        monkeypatch.setenv("BULLETIN_DATABASE_URL", url)

        assert MISSING in run(colleague, "send", "2021-05", "--yes", code=1)
        monkeypatch.setenv("BULLETIN_SECRET_KEY", (office.state_folder / "secret.key").read_text())
        run(colleague, "send", "2021-05", "--list", "schools", "--yes")
        monkeypatch.delenv("BULLETIN_SECRET_KEY")
        assert "Everyone on these lists has got it." in run(office, "send", "2021-05", "--yes")
    postgresql.drop(url)
    assert recipients(catcher) == EVERYBODY


# --- in a file


def test_a_key_file_that_is_lost_is_asked_back_and_no_new_one_made(office: Workspace, catcher: MailCatcher) -> None:
    run(office, "send", "2021-05", "--list", "partners", "--yes")
    key = (office.state_folder / "secret.key").rename(office.root / "kept.key")

    assert MISSING in run(office, "send", "2021-05", "--yes", code=1)
    assert not (office.state_folder / "secret.key").exists()
    key.rename(office.state_folder / "secret.key")
    run(office, "send", "2021-05", "--yes")
    assert recipients(catcher) == EVERYBODY


def test_a_key_in_the_environment_that_takes_the_place_of_the_file_is_to_be_taken_away(
    office: Workspace, use_key: UseKey
) -> None:
    run(office, "send", "2021-05", "--list", "partners", "--yes")
    use_key("all of a sudden")

    said = run(office, "send", "2021-05", "--yes", code=1)

    assert f"Unset BULLETIN_SECRET_KEY: the right key is in the file {office.state_folder / 'secret.key'}." in said


def test_a_person_who_means_it_can_change_the_key_and_then_the_old_one_is_refused(
    office: Workspace, catcher: MailCatcher, use_key: UseKey
) -> None:
    run(office, "send", "2021-05", "--list", "partners", "--yes")
    use_key(OUR_KEY)

    said = run(office, "send", "2021-05", "--new-key", "--yes")

    assert "With a new key, the unsubscribe links in earlier emails stop working." in said
    assert recipients(catcher) == EVERYBODY
    assert read_token(find_tokens(catcher)[-1], Purpose.UNSUBSCRIBE, [OUR_KEY.encode()])
    use_key("")
    (office.root / "subscribers" / "schools.csv").write_text(LISTS["schools"] + "dora@example.org\n")
    said = run(office, "send", "2021-05", "--newcomers", "--yes", code=1)
    assert f"The key in {office.state_folder / 'secret.key'} {OTHER} {THE_SAME}" in said


@pytest.mark.parametrize("old", [OUR_KEY, f"the key before that, {OUR_KEY}", f" {OUR_KEY} ,another"])
def test_a_key_that_is_named_as_an_old_one_gives_way_and_its_links_still_work(
    office: Workspace, catcher: MailCatcher, use_key: UseKey, monkeypatch: pytest.MonkeyPatch, old: str
) -> None:
    use_key(OUR_KEY)
    run(office, "send", "2021-05", "--list", "partners", "--yes")
    use_key("a new key")
    assert OTHER in run(office, "send", "2021-05", "--yes", code=1)
    monkeypatch.setenv("BULLETIN_SECRET_KEY_OLD", old)

    said = run(office, "send", "2021-05", "--yes")

    assert "stop working" not in said
    assert recipients(catcher) == EVERYBODY
    keys = list_reading_keys(open_workspace(office.root))
    tokens = [read_token(token, Purpose.UNSUBSCRIBE, keys) for token in find_tokens(catcher)]
    assert len(tokens) == len({token.delivery_id for token in tokens}) == len(EVERYBODY)
    with pytest.raises(InvalidToken):
        read_token(find_tokens(catcher)[0], Purpose.UNSUBSCRIBE, keys[:1])
    use_key(OUR_KEY)  # the old key signs nothing any more
    monkeypatch.delenv("BULLETIN_SECRET_KEY_OLD")
    (office.root / "subscribers" / "schools.csv").write_text(LISTS["schools"] + "dora@example.org\n")
    assert OTHER in run(office, "send", "2021-05", "--newcomers", "--yes", code=1)


def test_both_ways_to_unsubscribe_name_the_reader_and_the_email_that_it_came_in(
    office: Workspace, catcher: MailCatcher, use_key: UseKey
) -> None:
    use_key(OUR_KEY)
    run(office, "send", "2021-05", "--yes")
    engine = open_database(office)
    with engine.begin() as connection:
        rows = connection.execute(select(deliveries.c.address, deliveries.c.subscriber_id, deliveries.c.id)).all()
    engine.dispose()
    sent = {row.address: LinkToken(row.subscriber_id, row.id) for row in rows}
    for message in catcher.caught:
        raw = message.file.read_bytes()
        field = message_from_bytes(raw, policy=policy.default)["List-Unsubscribe"]
        link, mail = re.findall(r"<(\S+?)>", field)
        token = link.rpartition("/")[2]
        keys = [OUR_KEY.encode()]
        assert read_token(token, Purpose.UNSUBSCRIBE, keys) == sent[message.recipient]
        assert read_token(mail.rpartition("%20")[2], Purpose.MAIL, keys) == sent[message.recipient]
        text = message_from_bytes(raw, policy=policy.default).get_body(("plain",)).get_content()
        assert link in text, "the link that people see is the same"


def test_with_a_lost_key_a_new_one_is_made_when_a_person_says_so(office: Workspace, catcher: MailCatcher) -> None:
    run(office, "send", "2021-05", "--list", "partners", "--yes")
    (office.state_folder / "secret.key").unlink()

    run(office, "send", "2021-05", "--new-key", "--yes")

    assert recipients(catcher) == EVERYBODY
    assert read_token(
        find_tokens(catcher)[-1], Purpose.UNSUBSCRIBE, [(office.state_folder / "secret.key").read_bytes()]
    )


def test_a_key_that_has_signed_nothing_may_be_changed(
    make_workspace: MakeWorkspace, catcher: MailCatcher, use_key: UseKey
) -> None:
    office = make_workspace(lists=LISTS, settings=f"{SETTINGS}approval: {{needed: 1}}\n")
    run(office, "send", "2021-05", "--yes", code=1)
    use_key(OUR_KEY)
    run(office, "approve", "2021-05", "--by", "Jo Bloggs", "--yes")

    run(office, "send", "2021-05", "--yes")

    assert recipients(catcher) == EVERYBODY


# --- the fingerprint


@pytest.mark.parametrize("key", [b"short", OUR_KEY.encode(), b"k" * 64, b"k" * 65, "ключ".encode()])
def test_a_fingerprint_is_each_keys_own_and_is_no_part_of_a_link(key: bytes) -> None:
    fingerprint = fingerprint_key(key)

    assert fingerprint == fingerprint_key(key)
    assert fingerprint != fingerprint_key(key + b"\n")
    assert not any(sign_token(Purpose.UNSUBSCRIBE, number, 1, key=key)[-32:] in fingerprint for number in range(1, 50))
