"""Export an edition as files for a browser, a text editor and an email program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bulletin.delivery.message.personal_links import preferences_link, unsubscribe_link, unsubscribe_words
from bulletin.delivery.message.template import Recipient, build_template
from bulletin.disk import File, write_all
from bulletin.edition.edition import Edition
from bulletin.edition.pictures.album import with_picture_files
from bulletin.edition.slots import fill_slots
from bulletin.rights import OWNER_ALONE

EXAMPLE_NAME = "Alex Example"
EXAMPLE_TOKEN = "example"  # noqa: S105 -- no secret: it takes the place of a reader's own token


def make_example(*, address: str, name: str) -> Recipient:
    """A recipient whose links lead nowhere."""
    return Recipient(
        subscriber_id=0,
        address=address,
        name=name,
        token=EXAMPLE_TOKEN,
        mail_token=EXAMPLE_TOKEN,
        preferences_token=EXAMPLE_TOKEN,
        return_token=EXAMPLE_TOKEN,
        tag="",
    )


def fill_as_example(edition: Edition, *, name: str) -> tuple[str, str]:
    """The edition's HTML and text as a reader with this name gets them, but with links that lead nowhere."""
    letterhead = edition.letterhead
    link, words = (write(letterhead, EXAMPLE_TOKEN, EXAMPLE_TOKEN) for write in (unsubscribe_link, unsubscribe_words))
    preferences = preferences_link(letterhead, EXAMPLE_TOKEN)
    return fill_slots(
        edition,
        greeting=letterhead.greet(name),
        second_greeting=letterhead.greet_again(name),
        unsubscribe=link,
        preferences=preferences,
        words=words,
    )


def write_edition(edition: Edition, folder: Path, *, now: datetime, key: str = "preview") -> tuple[Path, ...]:
    """Write the files of `show_edition` to `folder`, all or none, readable by the owner only. Raises Unwritten."""
    contents = show_edition(edition, now=now, key=key)
    files = [File(path=folder / name, content=content, rights=OWNER_ALONE) for name, content in contents.items()]
    write_all(files, remedy="Choose another folder.")
    return tuple(file.path for file in files)


def show_edition(edition: Edition, *, now: datetime, key: str = "preview") -> Mapping[str, bytes]:
    """Make email.html, email.txt and message.eml as an invented reader gets them, and the pictures; by file name.

    The message has the date `now`, and `key` in its Message-ID. For a sent edition, give its mailing's.
    """
    template = build_template(edition, mailing_key=key, date=now)
    html, text = fill_as_example(edition, name=EXAMPLE_NAME)
    reader = make_example(address="alex.example@example.org", name=EXAMPLE_NAME)
    return {
        "email.html": with_picture_files(html, edition).encode(),
        "email.txt": text.encode(),
        "message.eml": template.address_to(reader),
        **{picture.file_name: picture.content for picture in edition.pictures},
    }
