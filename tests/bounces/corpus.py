"""Emails that come back, of every kind, as mail servers and people write them: made up, seeded, with the true class.

`make_samples` mixes three things: what was said (`wordings`), who wrote the report (the forms below) and how it can be
known which delivery is meant (`Trace`).
"""

from __future__ import annotations

import base64
import quopri
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from wordings import KINDS, Wording

from bulletin.bounces.verdict import ReturnClass
from sent_deliveries import SentDeliveries, sign, sign_message_id, sign_old

OUR_DOMAIN = "news.example.org"
_NAMES = [
    "anna",
    "ben.jones",
    "c.davies",
    "d-evans",
    "e_hughes",
    "ff.morgan",
    "gwen",
    "huw",
    "ioan",
    "jo.bloggs",
    "k.okafor",
    "office",
    "safeguarding",
]
_DOMAINS = ("anytown.gov.uk", "school.sch.uk", "nhs.net", "charity.org.uk", "example.com", "gmail.com", "yahoo.co.uk")


class Trace(Enum):
    """What in an email shows which delivery it is about."""

    ENVELOPE = auto()
    RETURN_FIELD = auto()
    ENVELOPE_ID = auto()
    MESSAGE_ID = auto()
    LINK = auto()
    ADDRESS = auto()  # a recent delivery to the address that the report names: no proof
    FOREIGN = auto()  # an email that isn't ours is returned
    NOTHING = auto()  # nothing is returned


PROOFS = (Trace.ENVELOPE, Trace.RETURN_FIELD, Trace.ENVELOPE_ID, Trace.MESSAGE_ID, Trace.LINK)


class Sample(NamedTuple):
    """One email, what it is, what is right, and whose delivery it is about (0 if nobody's)."""

    message: bytes
    kind: str
    maker: str
    expected: ReturnClass
    subscriber: int


@dataclass(kw_only=True)
class Case:
    """One email that is being written."""

    random: random.Random
    subscriber: int
    delivery: int
    address: str
    trace: Trace
    wording: Wording
    action: str = "failed"
    final: str = ""  # where the report says that it went, if elsewhere

    def __post_init__(self) -> None:
        self.final = self.final or self.address

    @property
    def domain(self) -> str:
        return self.final.partition("@")[2]

    @property
    def host(self) -> str:
        host = self.wording.host or "mx1.{d}"
        return host.format(d=self.domain, x=self.domain.replace(".", "-"))

    @property
    def words(self) -> str:
        return self.wording.words.format(
            a=self.final, d=self.domain, u=self.final.partition("@")[0], h=self.host, i="192.0.2.55", q=self.queue_id()
        )

    @property
    def status(self) -> str:
        return self.wording.status

    def queue_id(self) -> str:
        return f"{self.random.getrandbits(44):X}"

    def returned_to(self) -> str:
        """The envelope recipient of the report."""
        if self.trace is not Trace.ENVELOPE:
            return f"news@{OUR_DOMAIN}"
        token = sign("v", self.subscriber, self.delivery)
        token = token.upper() if self.random.random() < 0.1 else token
        batv = "prvs=4012ab34cd=" if self.random.random() < 0.05 else ""
        return f"{batv}bounces+{token}@{OUR_DOMAIN}"

    def envelope_id(self) -> str:
        token = sign("v", self.subscriber, self.delivery)
        return f"Original-Envelope-Id: {token}\n" if self.trace is Trace.ENVELOPE_ID else ""

    def original(self, *, whole: bool | None = None) -> str:
        """The email that is returned: whole, or its header alone."""
        whole = self.random.random() < 0.5 if whole is None else whole
        whole = whole or self.trace is Trace.LINK
        if self.trace is Trace.FOREIGN:
            return _foreign_email(self)
        sender = f"From: Anytown Partnership <news@{OUR_DOMAIN}>\n"
        message_id = f"<{self.delivery:x}.{self.subscriber}@{OUR_DOMAIN}>"
        if self.trace is Trace.MESSAGE_ID:
            message_id = sign_message_id(self.subscriber, self.delivery, OUR_DOMAIN)
        head = f"Message-ID: {message_id}\nTo: {self.address}\n{sender}Subject: Safeguarding news for May\n"
        head += "Precedence: bulk\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n"
        if self.trace is Trace.RETURN_FIELD:
            head += f"X-Bulletin-Return: {sign('v', self.subscriber, self.delivery)}\n"
        head += "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n"
        return f"{head}\n{self.body()}" if whole else head

    def body(self) -> str:
        link = "https://news.example.org/unsubscribe/"
        token = sign("u", self.subscriber, self.delivery) if self.trace is Trace.LINK else "your-own-link"
        return f"What we did in April.\n\nYou can unsubscribe:\n{link}=\n{token}=\n\n\nSpam? User unknown? Not here.\n"


def _foreign_email(case: Case) -> str:
    number = case.random.getrandbits(40)
    return (
        f"Received: from [203.0.113.9] by mail.elsewhere.example with ESMTP; Mon, 2 Nov 2026 09:11:12 +0000\n"
        f"Message-ID: <{number:x}@elsewhere.example>\nFrom: News <news@{OUR_DOMAIN}>\nTo: {case.final}\n"
        f"Subject: You have won\n\nClick https://elsewhere.example/unsubscribe/{number:048x}\n"
    )


def _head(case: Case, sender: str, subject: str, content_type: str, *extra: str) -> str:
    to = case.returned_to()
    lines = [
        "Return-Path: <>" if case.random.random() < 0.9 else "Return-Path: <postmaster@relay.example.net>",
        f"Delivered-To: {to}" if case.random.random() < 0.7 else f"X-Original-To: {to}",
        (
            f"Received: from relay.example.net (relay.example.net [192.0.2.1])\n\tby in.{OUR_DOMAIN} with ESMTPS id {case.queue_id()};\n"
            "\tMon, 2 Nov 2026 09:11:12 +0000 (UTC)"
        ),
        "Date: Mon, 2 Nov 2026 09:11:12 +0000 (UTC)",
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {subject}",
        f"Message-Id: <{case.queue_id()}.{case.queue_id()}@relay.example.net>",
        "MIME-Version: 1.0",
        content_type,
        *extra,
    ]
    return "\n".join(lines) + "\n"


def _encode(case: Case, text: str) -> str:
    """A text part's fields and content, in one of the encodings that are met."""
    choice = case.random.random()
    if choice < 0.15:
        body = base64.encodebytes(text.encode()).decode()
        return f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{body}"
    if choice < 0.35:
        body = quopri.encodestring(text.encode()).decode()
        return f'Content-Type: text/plain; charset="iso-8859-1"\nContent-Transfer-Encoding: quoted-printable\n\n{body}'
    return f"Content-Type: text/plain; charset=us-ascii\n\n{text}"


def _fold(words: str) -> str:
    """A long field, folded as servers do."""
    lines = [""]
    for word in words.replace("\n", " ").split(" "):
        if len(lines[-1]) + len(word) > 72:
            lines.append("")
        lines[-1] += f"{word} "
    return "\n    ".join(line.rstrip() for line in lines)


def _report(case: Case, head: str, text: str, group: str, about: str = "", *, headers: bool | None = None) -> str:
    """multipart/report (RFC 3462): the words for people, the fields, and the email or its header."""
    boundary = case.queue_id() + "/relay"
    own = f'Content-Type: multipart/report; report-type=delivery-status;\n\tboundary="{boundary}"'
    parts = [
        _encode(case, text),
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example.net\n{case.envelope_id()}{about}\n{group}",
    ]
    if case.trace is not Trace.NOTHING:
        only = case.random.random() < 0.4 and case.trace is not Trace.LINK if headers is None else headers
        kind = "text/rfc822-headers" if only else "message/rfc822"
        parts.append(f"Content-Type: {kind}\n\n{case.original(whole=not only)}")
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f"{head.replace('CONTENT-TYPE', own)}\nThis is a MIME-encapsulated message.\n\n{body}--{boundary}--\n"


def _group(case: Case, *, kind: str = "smtp", status: str = "") -> str:
    original = f"Original-Recipient: rfc822;{case.address}\n" if case.random.random() < 0.6 else ""
    return (
        f"Final-Recipient: rfc822; {case.final}\n{original}Action: {case.action}\nStatus: {status or case.status}\n"
        f"Remote-MTA: dns; {case.host}\nDiagnostic-Code: {kind}; {_fold(case.words)}\n"
    )


def write_postfix(case: Case) -> str:
    delayed = case.action == "delayed"
    subject = "Delayed Mail (still being retried)" if delayed else "Undelivered Mail Returned to Sender"
    head = _head(
        case,
        "MAILER-DAEMON@relay.example.net (Mail Delivery System)",
        subject,
        "CONTENT-TYPE",
        "Auto-Submitted: auto-replied",
    )
    text = (
        "This is the mail system at host relay.example.net.\n\nI'm sorry to have to inform you that your message could not\n"
        "be delivered to one or more recipients. It's attached below.\n\nFor further assistance, please send mail to postmaster.\n\n"
        "                   The mail system\n\n"
        f"<{case.final}>: host {case.host}[192.0.2.7] said: {case.words} (in reply\n    to RCPT TO command)\n"
    )
    return _report(
        case, head, text, _group(case), "X-Postfix-Queue-ID: 4AB12\nX-Postfix-Sender: rfc822; news@news.example.org\n"
    )


def write_sendmail(case: Case) -> str:
    head = _head(
        case,
        "Mail Delivery Subsystem <MAILER-DAEMON@relay.example.net>",
        "Returned mail: see transcript for details",
        "CONTENT-TYPE",
        "Auto-Submitted: auto-generated (failure)",
    )
    text = (
        "The original message was received at Mon, 2 Nov 2026 09:11:12 GMT\nfrom localhost\n\n"
        f"   ----- The following addresses had permanent fatal errors -----\n<{case.final}>\n    (reason: {case.words})\n\n"
        f"   ----- Transcript of session follows -----\n... while talking to {case.host}.:\n>>> RCPT To:<{case.final}>\n<<< {case.words}\n"
    )
    return _report(case, head, text, _group(case, kind="SMTP"))


def write_exim(case: Case) -> str:
    head = _head(
        case,
        "Mail Delivery System <Mailer-Daemon@relay.example.net>",
        "Mail delivery failed: returning message to sender",
        "CONTENT-TYPE",
        "Auto-Submitted: auto-replied",
        f"X-Failed-Recipients: {case.final}",
    )
    text = _exim_words(case)
    return _report(case, head, text, _group(case))


def _exim_words(case: Case) -> str:
    reason = "\n    ".join(case.words.split("\n"))
    return (
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to "
        "one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
        f"  {case.final}\n    host {case.host} [192.0.2.7]\n    SMTP error from remote mail server after RCPT TO:<{case.final}>:\n    {reason}\n"
    )


def write_old_exim(case: Case) -> str:
    plain = "Content-Type: text/plain; charset=us-ascii"
    head = _head(
        case,
        "Mail Delivery System <Mailer-Daemon@relay.example.net>",
        "Mail delivery failed: returning message to sender",
        plain,
        f"X-Failed-Recipients: {case.final}",
        "Auto-Submitted: auto-replied",
    )
    copy = (
        ""
        if case.trace is Trace.NOTHING
        else f"\n------ This is a copy of the message, including all the headers. ------\n\n{case.original(whole=True)}"
    )
    return f"{head}\n{_exim_words(case)}{copy}"


def write_qmail(case: Case) -> str:
    head = _head(case, "MAILER-DAEMON@relay.example.net", "failure notice", "X-Mailer: none")
    copy = (
        ""
        if case.trace is Trace.NOTHING
        else f"\n--- Below this line is a copy of the message.\n\n{case.original(whole=True)}"
    )
    reason = "\n".join(case.words.split("\n"))
    return (
        f"{head}\nHi. This is the qmail-send program at relay.example.net.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        f"<{case.final}>:\n192.0.2.7 does not like recipient.\nRemote host said: {reason}\nGiving up on 192.0.2.7.\n{copy}"
    )


def write_hmail(case: Case) -> str:
    head = _head(
        case,
        "mailer-daemon@relay.example.net",
        "Message undeliverable: Safeguarding news for May",
        "Content-Type: text/plain; charset=utf-8",
    )
    copy = "" if case.trace is Trace.NOTHING else f"\n----- Original message -----\n{case.original(whole=True)}"
    return (
        f"{head}\nYour message did not reach some or all of the intended recipients.\n\n   Sent: Mon, 2 Nov 2026 09:11:12 +0000\n"
        "   Subject: Safeguarding news for May\n\nThe following recipient(s) could not be reached:\n\n"
        f"{case.final}\n   Error Type: SMTP\n   Remote server (192.0.2.7) issued an error.\n   hMailServer sent: RCPT TO:<{case.final}>\n"
        f"   Remote server replied: {' '.join(case.words.split())}\n\n\nhMailServer\n{copy}"
    )


def write_old_exchange(case: Case) -> str:
    head = _head(
        case,
        "Microsoft Exchange <postmaster@relay.example.net>",
        "Undeliverable: Safeguarding news for May",
        "Content-Type: text/plain; charset=utf-8",
    )
    copy = "" if case.trace is Trace.NOTHING else f"\nOriginal message headers:\n\n{case.original(whole=True)}"
    return (
        f"{head}\nDelivery has failed to these recipients or groups:\n\n{case.final}\nYour message couldn't be delivered.\n\n\n"
        f"Diagnostic information for administrators:\n\nGenerating server: relay.example.net\n\n{case.final}\n#{' '.join(case.words.split())} ##\n{copy}"
    )


def write_exchange_online(case: Case) -> str:
    head = _head(
        case,
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@tenant.example>",
        "Undeliverable: Safeguarding news for May",
        "CONTENT-TYPE",
        "X-MS-Exchange-Message-Is-Ndr:",
        "Auto-Submitted: auto-replied",
    )
    text = f"Your message to {case.final} couldn't be delivered.\n\nRemote server returned '{case.words}'\n\nOriginal Message Details\nCreated Date: 2/11/2026 9:11:12 AM\n"
    return _report(case, head, text, _group(case), "Received-From-MTA: dns;relay.example.net\n")


def write_google(case: Case) -> str:
    head = _head(
        case,
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "CONTENT-TYPE",
        f"X-Failed-Recipients: {case.final}",
        "Auto-Submitted: auto-replied",
    )
    text = f"** Message not delivered **\n\nThere was a problem delivering your message to {case.final}. See the technical details below.\n\nThe response was:\n{case.words}\n"
    return _report(case, head, text, _group(case) + "Last-Attempt-Date: Mon, 02 Nov 2026 01:11:12 -0800 (PST)\n")


def write_amazon(case: Case) -> str:
    head = _head(
        case, "MAILER-DAEMON@eu-west-2.amazonses.com", "Delivery Status Notification (Failure)", "CONTENT-TYPE"
    )
    text = f"An error occurred while trying to deliver the mail to the following recipients:\n{case.final}\n"
    return _report(case, head, text, _group(case))


def write_bare(case: Case) -> str:
    """A gateway that nobody knows: what it says is in a text, and it calls itself a postmaster."""
    head = _head(case, "postmaster@gateway.example.net", "Undeliverable mail", "Content-Type: text/plain")
    copy = "" if case.trace is Trace.NOTHING else f"\n----- Original message -----\n\n{case.original(whole=True)}"
    return f"{head}\nYour message to <{case.final}> was not delivered.\nThe server {case.host} answered:\n{case.words}\n{copy}"


Writer = Callable[[Case], str]
BY_STANDARD: tuple[Writer, ...] = (
    *(write_postfix, write_sendmail, write_exim, write_exchange_online, write_google, write_amazon),
)
BY_CUSTOM: tuple[Writer, ...] = (write_old_exim, write_qmail, write_hmail, write_old_exchange, write_bare)


def _expect(kind_class: ReturnClass, trace: Trace) -> ReturnClass:
    """What is right for a bounce of this class if only this shows whom it is about."""
    if trace in PROOFS:
        return kind_class
    if trace is Trace.FOREIGN:
        return ReturnClass.IGNORED
    if trace is Trace.NOTHING:
        return ReturnClass.UNKNOWN
    return ReturnClass.TO_CONFIRM if kind_class in (ReturnClass.GONE, ReturnClass.SOFT) else kind_class


class Maker:
    """Writes samples, and remembers whom they are about. The same seed makes the same samples."""

    def __init__(self, seed: int, kinds: dict[str, tuple[ReturnClass, tuple[Wording, ...]]] = KINDS) -> None:
        self.random = random.Random(seed)
        self.kinds = kinds
        self.sent = SentDeliveries()
        self._number = 100

    def make_case(self, wording: Wording, trace: Trace, *, domain: str = "") -> Case:
        self._number += 1
        domain = domain or self.random.choice(_DOMAINS)
        address = f"{self.random.choice(_NAMES)}{self._number}@{domain}"
        subscriber, delivery = self._number, self._number * 7
        if trace in PROOFS or trace is Trace.ADDRESS:
            self.sent.add(subscriber, delivery, address, recent=trace is Trace.ADDRESS or self.random.random() < 0.5)
        return Case(
            random=self.random, subscriber=subscriber, delivery=delivery, address=address, trace=trace, wording=wording
        )

    def pick_trace(self, writer: Writer) -> Trace:
        fits = [trace for trace in PROOFS if trace is not Trace.ENVELOPE_ID or writer in BY_STANDARD]
        return self.random.choices(
            [self.random.choice(fits), Trace.ADDRESS, Trace.FOREIGN, Trace.NOTHING], weights=[86, 6, 5, 3]
        )[0]

    def pick_writer(self, trace: Trace | None = None) -> Writer:
        """Who writes the report; one who repeats the envelope id, where that is all there is."""
        if trace is Trace.ENVELOPE_ID:
            return self.random.choice(BY_STANDARD)
        return self.random.choices((*BY_STANDARD, *BY_CUSTOM), weights=[12, 5, 6, 8, 8, 5, 4, 4, 3, 4, 3])[0]

    def make_bounce(self, kind: str, wording: Wording | None = None, *, proved: bool | None = None) -> Sample:
        """A bounce; with `proved`, one that certainly has proof of its delivery, or certainly none."""
        kind_class, wordings = self.kinds[kind]
        writer = self.pick_writer()
        trace = self.pick_trace(writer)
        while proved is not None and (trace in PROOFS) is not proved:
            trace = self.pick_trace(writer)
        case = self.make_case(wording or self.random.choice(wordings), trace)
        return self.finish(case, writer(case), kind, writer.__name__, _expect(kind_class, case.trace))

    def make_other(self, write: Callable[[Maker], Sample]) -> Sample:
        return write(self)

    def finish(self, case: Case, text: str, kind: str, maker: str, expected: ReturnClass) -> Sample:
        octets = text.encode("utf-8")
        octets = octets.replace(b"\n", b"\r\n") if self.random.random() < 0.5 else octets
        whose = case.subscriber if case.trace in PROOFS else 0
        return Sample(octets, kind, maker.removeprefix("write_"), expected, whose)


def make_samples(number: int, seed: int) -> tuple[list[Sample], SentDeliveries]:
    """So many samples: three in five are bounces, the rest is all else that comes back."""
    maker = Maker(seed)
    kinds, others = [*maker.kinds], [*find_others()]
    samples = []
    for index in range(number):
        if index % 5 < 3:
            samples.append(maker.make_bounce(kinds[index // 5 % len(kinds)]))
        else:
            samples.append(maker.make_other(others[(index // 5 * 2 + index % 5 - 3) % len(others)]))
    return samples, maker.sent


def find_others() -> Iterator[Callable[[Maker], Sample]]:
    """The writers of what is no ordinary bounce."""
    from other_returns import OTHERS

    yield from OTHERS


def make_old_token(subscriber: int) -> str:
    return sign_old(subscriber)
