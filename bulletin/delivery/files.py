"""Write an edition down as files: what a browser, a text editor and a mail program open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bulletin.delivery.message import Recipient, build_template, unsubscribe_uris
from bulletin.edition.edition import Edition
from bulletin.edition.pictures import with_picture_files
from bulletin.edition.slots import fill_slots
from bulletin.errors import BulletinError

EXAMPLE_NAME = "Alex Example"
EXAMPLE_TOKEN = "example"  # noqa: S105 -- no secret: it stands where a reader's own token will


def write_edition(edition: Edition, folder: Path, *, now: datetime, key: str = "preview") -> Iterator[Path]:
    """Write email.html (with its pictures beside it), email.txt and message.eml, as an invented reader gets them.

    The message has the date `now`, and `key` in its Message-ID: of what was sent, both are its mailing's. Yields each
    path once it is written. Raises BulletinError if the folder cannot be written.
    """
    greeting = edition.letterhead.greet(EXAMPLE_NAME)
    template = build_template(edition, mailing_key=key, date=now)
    html, text = fill_slots(
        edition, greeting=greeting, unsubscribe=unsubscribe_uris(edition.letterhead, EXAMPLE_TOKEN)[0]
    )
    reader = Recipient(subscriber_id=0, address="alex.example@example.org", name=EXAMPLE_NAME, token=EXAMPLE_TOKEN)
    contents = {
        "email.html": with_picture_files(html, edition).encode(),
        "email.txt": text.encode(),
        "message.eml": template.address_to(reader),
        **{picture.file_name: picture.content for picture in edition.pictures},
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
            yield folder / name
    except OSError as error:
        raise BulletinError(f"{folder} cannot be written: {error.strerror}.", "Choose another folder.") from error
