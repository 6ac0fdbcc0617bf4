from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bulletin.delivery.copies.catcher import Caught, MailCatcher
from bulletin.delivery.smtp.mailer import SmtpMailer
from bulletin.delivery.smtp.outcome import Fate
from bulletin.delivery.smtp.relay import Relay, Security

MESSAGE = b"Subject: May\r\n\r\nNews.\r\n..and more\r\n"


def mailer_to(catcher: MailCatcher) -> SmtpMailer:
    relay = Relay(host="127.0.0.1", port=catcher.port, security=Security.PLAIN)
    return SmtpMailer(relay, local_hostname="localhost")


def catch(folder: Path, *recipients: str) -> tuple[Caught, ...]:
    with MailCatcher(folder) as catcher, closing(mailer_to(catcher)) as mailer:
        for recipient in recipients:
            assert mailer.deliver("news@example.org", recipient, MESSAGE).fate is Fate.ACCEPTED
        return catcher.caught


def test_each_message_is_kept_to_the_byte_in_a_file_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "messages"

    caught = catch(folder, "anna@example.org", "ben@example.org", "anna@example.org")

    assert [(one.recipient, one.file.name) for one in caught] == [
        ("anna@example.org", "0001-anna@example.org.eml"),
        ("ben@example.org", "0002-ben@example.org.eml"),
        ("anna@example.org", "0003-anna@example.org.eml"),
    ]
    assert {file.read_bytes() for file in folder.iterdir()} == {MESSAGE}
    assert sorted(folder.iterdir()) == [one.file for one in caught]


def test_an_address_with_letters_beyond_ascii_is_taken(tmp_path: Path) -> None:
    (caught,) = catch(tmp_path, "jöhn@xn--bcher-kva.example")

    assert caught == Caught(
        recipient="jöhn@xn--bcher-kva.example", file=tmp_path / "0001-j_hn@xn--bcher-kva.example.eml"
    )


@pytest.mark.parametrize("local_part", ["../../etc/passwd", "a|b&c", "'quote`", "a" * 250, "..", "*?"])
def test_no_address_gets_out_of_the_folder_or_makes_a_name_that_a_disk_refuses(tmp_path: Path, local_part: str) -> None:
    (caught,) = catch(tmp_path / "messages", f"{local_part}@example.org")

    assert caught.recipient == f"{local_part}@example.org"
    assert caught.file.parent == tmp_path / "messages"
    assert caught.file.read_bytes() == MESSAGE
    assert len(caught.file.name.encode()) <= 255
    assert not set(caught.file.name) & set("/\\|&;'`*?:")


def test_nothing_that_comes_in_at_once_is_lost_or_kept_twice(tmp_path: Path) -> None:
    everyone = [f"reader{number}@example.org" for number in range(200)]

    def send(catcher: MailCatcher, recipients: list[str]) -> None:
        with closing(mailer_to(catcher)) as mailer:
            for recipient in recipients:
                assert mailer.deliver("news@example.org", recipient, MESSAGE).fate is Fate.ACCEPTED

    with MailCatcher(tmp_path) as catcher, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda part: send(catcher, everyone[part::4]), range(4)))

        assert sorted(one.recipient for one in catcher.caught) == sorted(everyone)
        assert len({one.file for one in catcher.caught}) == len(list(tmp_path.iterdir())) == 200


def test_it_listens_on_this_machine_alone_and_not_any_longer_than_needed(tmp_path: Path) -> None:
    with MailCatcher(tmp_path) as catcher, socket.create_connection(("127.0.0.1", catcher.port)) as visitor:
        assert visitor.getpeername()[0] == "127.0.0.1"
        assert visitor.recv(100).startswith(b"220 ")

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", catcher.port))


def test_it_ends_at_once_though_someone_is_still_connected(tmp_path: Path) -> None:
    with socket.socket() as visitor:
        with MailCatcher(tmp_path) as catcher:
            visitor.connect(("127.0.0.1", catcher.port))
            visitor.sendall(
                b"EHLO visitor\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nhalf a mess"
            )
            while b"354" not in visitor.recv(1000):
                pass

        assert visitor.recv(1000) == b""
        assert catcher.caught == ()


def test_it_can_end_before_it_has_begun(tmp_path: Path) -> None:
    for _ in range(20):
        with MailCatcher(tmp_path):
            pass
