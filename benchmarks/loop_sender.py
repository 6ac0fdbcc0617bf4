"""What a script without a mail library does: an EmailMessage for each person, sent by smtplib, one after the other.

python loop_sender.py '{"edition": …, "port": …, "messages": …}' prints JSON: seconds and CPU.
"""

from __future__ import annotations

import json
import resource
import smtplib
import sys
import time
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from bulletin.edition.edition import Edition


def write_message(edition: Edition, number: int) -> EmailMessage:
    """The message of one person, in the way of the standard library's documentation."""
    letterhead, slots = edition.letterhead, edition.slots
    greeting = letterhead.greet(f"Reader {number}")
    link = f"{letterhead.website}/unsubscribe/{number:030}"
    message = EmailMessage()
    message["Subject"] = edition.subject
    message["From"] = f"{letterhead.sender_name} <{letterhead.sender_address}>"
    message["To"] = f"Reader {number} <reader-{number}@example.org>"
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="example.org")
    message["List-Unsubscribe"] = f"<{link}>"
    message.set_content(edition.text.replace(slots.greeting, greeting).replace(slots.unsubscribe, link))
    html = edition.html.replace(slots.greeting, greeting).replace(slots.unsubscribe, link)
    message.add_alternative(html, subtype="html")
    _, html_part = message.iter_parts()
    assert isinstance(html_part, EmailMessage)
    for picture in edition.pictures:
        kind, _, subtype = picture.media_type.partition("/")
        html_part.add_related(picture.content, kind, subtype, cid=f"<{picture.cid}>", filename=picture.file_name)
    return message


def main() -> None:
    """Send, and print what it took."""
    job = json.loads(sys.argv[1])
    edition = Edition.from_json(Path(job["edition"]).read_bytes())
    before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    with smtplib.SMTP("127.0.0.1", job["port"]) as connection:
        for number in range(job["messages"]):
            connection.send_message(write_message(edition, number))
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"seconds": seconds, "cpu": cpu}))


if __name__ == "__main__":
    main()
