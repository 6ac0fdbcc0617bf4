"""What comes back beside bounces: complaints, replies of people and programs, requests, and reports for others."""

from __future__ import annotations

from collections.abc import Callable

from corpus import BY_STANDARD, OUR_DOMAIN, PROOFS, Case, Maker, Sample, Trace, _head, _report, write_postfix
from wordings import Wording

from bulletin.bounces.verdict import ReturnClass
from sent_deliveries import sign, sign_message_id, sign_old

_NO_WORDING = Wording("")


def _start(maker: Maker, *traces: Trace) -> Case:
    return maker.make_case(_NO_WORDING, maker.random.choice(traces or PROOFS))


def _mail(case: Case, sender: str, subject: str, body: str, *fields: str) -> str:
    """A plain email to the mailbox of returns, from a person or a program."""
    lines = [
        f"Return-Path: <{sender}>",
        f"Delivered-To: news@{OUR_DOMAIN}",
        "Received: from mail.example.net by in.news.example.org; Mon, 2 Nov 2026 09:11:12 +0000",
        "Date: Mon, 2 Nov 2026 09:11:12 +0000",
        f"From: Someone <{sender}>",
        f"To: news@{OUR_DOMAIN}",
        f"Subject: {subject}",
        f"Message-ID: <{case.queue_id()}@mail.example.net>",
        *fields,
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
    ]
    return "\n".join(lines) + f"\n\n{body}\n"


def _answers(case: Case) -> str:
    return f"In-Reply-To: {sign_message_id(case.subscriber, case.delivery, OUR_DOMAIN)}"


_QUOTES = (
    "On Mon, 2 Nov 2026 at 09:11, Anytown Partnership <news@news.example.org> wrote:\n> What we did.\n> To unsubscribe, select this link.\n",
    "-----Original Message-----\nFrom: Anytown Partnership\nSent: 02 November 2026 09:11\n\nWhat we did. Please unsubscribe me is what some write.\n",
    "________________________________\nFrom: Anytown Partnership <news@news.example.org>\nSent: Monday, 2 November 2026\nSubject: News\n\nUnsubscribe: take me off this list\n",
    "Ar Llun, 2 Tach 2026 am 09:11, ysgrifennodd Anytown Partnership:\n> Newyddion. I ddad-danysgrifio, dewiswch y ddolen.\n",
    "",
)


def write_still_trying(maker: Maker) -> Sample:
    words = maker.random.choice(("451 4.4.1 Connection timed out", "450 4.2.2 mailbox full", "450 4.1.1 User unknown"))
    case = maker.make_case(Wording(words, "4.4.1"), maker.random.choice(PROOFS))
    case.action = "delayed"
    return maker.finish(case, write_postfix(case), "still trying", "write_postfix", ReturnClass.IGNORED)


def write_warning(maker: Maker) -> Sample:
    case = _start(maker, Trace.ENVELOPE)
    plain = "Content-Type: text/plain"
    head = _head(
        case,
        "Mail Delivery System <Mailer-Daemon@relay.example.net>",
        "Warning: message 1aBcDe-00 delayed 24 hours",
        plain,
        "Auto-Submitted: auto-replied",
    )
    body = (
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\n"
        f"recipients after more than 24 hours on the queue.\n\nThe address to which the message has not yet been delivered is:\n\n  {case.address}\n    host mx1: 451 User unknown, later\n\n"
        "No action is required on your part. Delivery attempts will continue for\nsome time.\n"
    )
    return maker.finish(case, f"{head}\n{body}", "still trying", "write_exim_warning", ReturnClass.IGNORED)


def write_success(maker: Maker) -> Sample:
    case = maker.make_case(Wording("250 2.1.5 OK", "2.1.5"), maker.random.choice(PROOFS))
    case.action = maker.random.choice(("delivered", "relayed", "expanded"))
    writer = maker.random.choice(BY_STANDARD)
    return maker.finish(case, writer(case), "success", writer.__name__, ReturnClass.IGNORED)


def write_forwarded(maker: Maker) -> Sample:
    """The reader's address forwards to another one, which is gone."""
    case = maker.make_case(Wording("550 5.1.1 <{a}>: User unknown", "5.1.1"), maker.random.choice(PROOFS))
    case.final = f"old{case.subscriber}@forwarded.example"
    writer = maker.random.choice(BY_STANDARD)
    return maker.finish(case, writer(case), "forwarded", writer.__name__, ReturnClass.SOFT)


def write_complaint(maker: Maker) -> Sample:
    case = _start(maker)
    return _complaint(
        maker,
        case,
        maker.random.choice(("abuse", "abuse", "abuse", "fraud", "opt-out", "other")),
        ReturnClass.COMPLAINED,
    )


def write_not_spam(maker: Maker) -> Sample:
    return _complaint(maker, _start(maker), "not-spam", ReturnClass.IGNORED)


def write_auth_failure(maker: Maker) -> Sample:
    return _complaint(maker, _start(maker), "auth-failure", ReturnClass.OURS)


def write_weak_complaint(maker: Maker) -> Sample:
    return _complaint(maker, _start(maker, Trace.ADDRESS), "abuse", ReturnClass.TO_CONFIRM)


def _complaint(maker: Maker, case: Case, kind: str, expected: ReturnClass) -> Sample:
    boundary = f"arf{case.queue_id()}"
    named = (
        f"Original-Rcpt-To: <{case.address}>\n"
        if case.trace is Trace.ADDRESS
        else "Original-Rcpt-To: <redacted@example.com>\n"
    )
    case.trace = Trace.RETURN_FIELD if case.trace is Trace.ENVELOPE_ID else case.trace
    head = _head(
        case,
        "Complaints <feedback@arf.mail.yahoo.com>",
        "FW: Safeguarding news for May",
        f'Content-Type: multipart/report; report-type=feedback-report;\n\tboundary="{boundary}"',
    )
    only = maker.random.random() < 0.3 and case.trace is not Trace.LINK
    returned = f"Content-Type: {'text/rfc822-headers' if only else 'message/rfc822'}\n\n{case.original(whole=not only)}"
    body = (
        f"\n--{boundary}\nContent-Type: text/plain\n\nThis is an email abuse report for an email message from {OUR_DOMAIN}\n"
        f"--{boundary}\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\nUser-Agent: Yahoo!-Mail-Feedback/2.0\nVersion: 1\n{named}"
        f"Original-Mail-From: <news@{OUR_DOMAIN}>\n\n--{boundary}\n{returned}\n--{boundary}--\n"
    )
    return maker.finish(case, head + body, f"complaint ({kind})", "write_arf", expected)


def write_microsoft_complaint(maker: Maker) -> Sample:
    case = _start(maker, Trace.RETURN_FIELD, Trace.LINK, Trace.MESSAGE_ID)
    boundary = f"jmr{case.queue_id()}"
    head = _head(
        case,
        "staff@hotmail.com",
        "complaint about message from 192.0.2.55",
        f'Content-Type: multipart/mixed; boundary="{boundary}"',
    )
    original = f"X-HmXmrOriginalRecipient: {case.address}\n{case.original(whole=True)}"
    body = f"\n--{boundary}\nContent-Type: message/rfc822\nContent-Disposition: inline\n\n{original}\n--{boundary}--\n"
    return maker.finish(case, head + body, "complaint (Microsoft)", "write_jmrp", ReturnClass.COMPLAINED)


_AWAY = (
    (
        "Automatic reply: Safeguarding news for May",
        "Thank you for your email. I am out of the office until 9 November.",
    ),
    (
        "Out of Office: Safeguarding news",
        "I am on annual leave and back on Monday. For urgent matters call 01234 567890.",
    ),
    ("Ateb awtomatig: Newyddion", "Rwyf allan o'r swyddfa tan ddydd Llun. I am out of the office until Monday."),
    ("Auto-Reply: News", "I am on maternity leave. Please contact my colleague."),
    ("Re: Safeguarding news for May", "I'm away from my desk this week and will reply on my return."),
)


def write_away(maker: Maker) -> Sample:
    case = _start(maker)
    subject, body = maker.random.choice(_AWAY)
    field = maker.random.choice(
        (
            "Auto-Submitted: auto-replied",
            "X-Autoreply: yes",
            "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All",
            "Precedence: auto_reply",
        )
    )
    return maker.finish(
        case,
        _mail(case, case.address, subject, body, field, _answers(case)),
        "out of office",
        "write_reply",
        ReturnClass.IGNORED,
    )


_LEFT = (
    "I no longer work for Anytown Council. Please contact office@anytown.gov.uk.",
    "Anna has left the organisation. Your email has not been forwarded.",
    "This mailbox is no longer monitored.",
    "Thank you for your email. I have now retired.",
    "Ben Jones no longer works here.",
    "Mae Gwen wedi gadael y cyngor.",
    "I have left the Trust. Please email the team.",
    "This email address is no longer in use.",
)


def write_left(maker: Maker) -> Sample:
    case = _start(maker)
    body = maker.random.choice(_LEFT)
    return maker.finish(
        case,
        _mail(case, case.address, "Automatic reply: Safeguarding news", body, "Auto-Submitted: auto-replied"),
        "has left",
        "write_reply",
        ReturnClass.TO_CONFIRM,
    )


def write_ticket(maker: Maker) -> Sample:
    case = _start(maker)
    subject, body = maker.random.choice(
        (
            ("[Case 0012345] Safeguarding news for May", "Thank you for contacting us. Your reference is 0012345."),
            ("Ticket #88123 received", "##- Please type your reply above this line -##\nWe have received your email."),
            (
                "Thank you for your enquiry INC0012345",
                "We aim to reply within 5 working days. Do not reply to this email.",
            ),
        )
    )
    return maker.finish(
        case,
        _mail(case, case.address, subject, body, "Auto-Submitted: auto-generated"),
        "ticket",
        "write_reply",
        ReturnClass.IGNORED,
    )


def write_receipt(maker: Maker) -> Sample:
    case = _start(maker)
    boundary = f"mdn{case.queue_id()}"
    kind = f'Content-Type: multipart/report; report-type=disposition-notification;\n boundary="{boundary}"'
    body = (
        f"\n--{boundary}\nContent-Type: text/plain\n\nYour message was read on Monday.\n--{boundary}\nContent-Type: message/disposition-notification\n\n"
        f"Final-Recipient: rfc822;{case.address}\nOriginal-Message-ID: <x@{OUR_DOMAIN}>\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--{boundary}--\n"
    )
    return maker.finish(
        case,
        _head(case, case.address, "Read: Safeguarding news for May", kind) + body,
        "reading receipt",
        "write_mdn",
        ReturnClass.IGNORED,
    )


def write_challenge(maker: Maker) -> Sample:
    case = _start(maker)
    subject, body = maker.random.choice(
        (
            (
                "Please confirm that you sent: Safeguarding news",
                "This is an automated message. To have your message delivered, select this link.",
            ),
            (
                "Your email requires verification verify#4kTz",
                "Boxbe: approve this sender to have your message delivered.",
            ),
            ("Please confirm your message", "TMDA: confirm your message by replying to this email."),
        )
    )
    return maker.finish(
        case,
        _mail(case, case.address, subject, body, "Auto-Submitted: auto-replied"),
        "challenge",
        "write_reply",
        ReturnClass.IGNORED,
    )


def write_moderated(maker: Maker) -> Sample:
    case = _start(maker)
    subject, body = maker.random.choice(
        (
            (
                "Your message to heads awaits moderator approval",
                "Is being held until the list moderator can review it for approval.\nReason: Post by non-member",
            ),
            ("Message to governors held for approval", "Your message to governors has been held."),
            ("Your message to staff was rejected: Moderator approval", "You are not allowed to post to this list."),
        )
    )
    field = "List-Id: <heads.lists.example.net>\nX-Mailman-Version: 2.1.39\nPrecedence: bulk"
    return maker.finish(
        case,
        _mail(case, "heads-bounces@lists.example.net", subject, body, field),
        "moderator",
        "write_mailman",
        ReturnClass.IGNORED,
    )


def write_unsubscribe(maker: Maker) -> Sample:
    case = _start(maker)
    token = sign("m", case.subscriber, case.delivery)
    old = maker.random.random() < 0.2
    token = sign_old(case.subscriber) if old else token
    token = token.upper() if maker.random.random() < 0.15 else token
    prefix = maker.random.choice(("Unsubscribe ", "Re: Unsubscribe ", "Fw: Unsubscribe ", "unsubscribe ", ""))
    folded = f"{prefix.rstrip()}\n {token}" if prefix and maker.random.random() < 0.3 else prefix + token
    subject = (
        f"=?utf-8?q?{folded.replace(' ', '_')}?=" if "\n" not in folded and maker.random.random() < 0.15 else folded
    )
    sender = case.address if maker.random.random() < 0.7 else "someone.else@elsewhere.example"
    field = "Auto-Submitted: auto-generated" if maker.random.random() < 0.1 else "X-Mailer: Mail"
    body = maker.random.choice(
        ("Send this email to unsubscribe from News. You don't need to write anything.", "", "Sent from my phone")
    )
    case.trace = Trace.LINK  # whoever has the token is known by it
    return maker.finish(
        case, _mail(case, sender, subject, body, field), "unsubscribe email", "write_mailto", ReturnClass.UNSUBSCRIBED
    )


def make_reply(maker: Maker, subject: str, body: str, field: str, expected: ReturnClass) -> Sample:
    """A reply of a person or a program, to one of our emails."""
    case = _start(maker)
    return maker.finish(case, _mail(case, case.address, subject, body, field), "reply", "write_reply", expected)


_REQUESTS = (
    "Please take me off this list.",
    "Unsubscribe",
    "please remove me from your mailing list",
    "Please stop sending me these emails.",
    "I no longer wish to receive this bulletin.",
    "Hi, could you unsubscribe me please? I've changed job.",
    "Remove my email address from your list, thanks",
    "I don't want to receive these any more.",
    "Kindly delete this address from your distribution list.",
    "Please can I be removed from this list?",
    "I would like to unsubscribe.",
    "Opt out",
    "Tynnwch fi oddi ar y rhestr os gwelwch yn dda.",
    "Peidiwch ag anfon rhagor o e-byst ataf.",
    "Hoffwn ddad-danysgrifio.",
    "Dwi ddim eisiau derbyn y bwletin.",
)


def write_request(maker: Maker) -> Sample:
    case = _start(maker)
    body = f"{maker.random.choice(_REQUESTS)}\n\nRegards,\nAnna\n\n{maker.random.choice(_QUOTES)}"
    field = _answers(case) if maker.random.random() < 0.7 else "X-Mailer: Outlook"
    return maker.finish(
        case,
        _mail(case, case.address, "Re: Safeguarding news for May", body, field),
        "asks to be removed",
        "write_person",
        ReturnClass.TO_CONFIRM,
    )


_REPLIES = (
    "Thanks, this was really useful. Could you send me the form?",
    "Hello, can you add our event on 3 June to the next issue?",
    "The link to the training page doesn't work.",
    "Diolch yn fawr, bwletin gwych.",
    "Please forward this to the head teacher.",
    "I'd like to book two places on the course.",
)


def write_reply(maker: Maker) -> Sample:
    case = _start(maker)
    body = f"{maker.random.choice(_REPLIES)}\n\n{maker.random.choice(_QUOTES)}"
    return maker.finish(
        case,
        _mail(case, case.address, "Re: Safeguarding news for May", body, _answers(case)),
        "reply",
        "write_person",
        ReturnClass.IGNORED,
    )


def write_dmarc(maker: Maker) -> Sample:
    case = _start(maker)
    name = f"google.com!{OUR_DOMAIN}!1793577600!1793663999.zip"
    subject = f"Report domain: {OUR_DOMAIN} Submitter: google.com Report-ID: {case.queue_id()}"
    text = _mail(
        case,
        "noreply-dmarc-support@google.com",
        subject,
        "UEsDBA==",
        f'Content-Disposition: attachment; filename="{name}"',
    )
    return maker.finish(
        case,
        text.replace("text/plain; charset=utf-8", f'application/zip; name="{name}"'),
        "DMARC report",
        "write_dmarc",
        ReturnClass.IGNORED,
    )


def write_forged(maker: Maker) -> Sample:
    """A report with a token that nobody signed, about a delivery that there is."""
    case = maker.make_case(Wording("550 5.1.1 <{a}>: User unknown", "5.1.1"), Trace.RETURN_FIELD)
    maker.sent.recent.pop(case.address.lower(), None)
    good = sign("v", case.subscriber, case.delivery)
    text = write_postfix(case).replace(good, good[:-16] + "0123456789abcdef")
    case.trace = Trace.FOREIGN
    return maker.finish(case, text, "forged", "write_forger", ReturnClass.UNKNOWN)


def write_quoted_token(maker: Maker) -> Sample:
    """A bounce that returns our own List-Unsubscribe with a mail token: nobody has asked for anything."""
    case = maker.make_case(Wording("452 4.2.2 mailbox full", "4.2.2"), Trace.RETURN_FIELD)
    token = sign("m", case.subscriber, case.delivery)
    text = write_postfix(case).replace(
        "Precedence: bulk", f"List-Unsubscribe: <mailto:news@{OUR_DOMAIN}?subject=Unsubscribe%20{token}>"
    )
    return maker.finish(case, text, "bounce with our own mailto", "write_postfix", ReturnClass.SOFT)


def write_no_diagnostic(maker: Maker) -> Sample:
    """A report that gives a code and no words: counted, and never a reason to suppress at once."""
    case = maker.make_case(Wording("", "5.1.1"), maker.random.choice(PROOFS))
    group = f"Final-Recipient: rfc822; {case.address}\nAction: failed\nStatus: 5.1.1\n"
    head = _head(case, "postmaster@relay.example.net", "Delivery status", "CONTENT-TYPE")
    return maker.finish(case, _report(case, head, "", group), "no diagnostic", "write_terse", ReturnClass.SOFT)


OTHERS: tuple[Callable[[Maker], Sample], ...] = (
    *(write_still_trying, write_warning, write_success, write_forwarded, write_complaint, write_not_spam),
    *(write_auth_failure, write_weak_complaint, write_microsoft_complaint, write_away, write_left, write_ticket),
    *(write_receipt, write_challenge, write_moderated, write_unsubscribe, write_request, write_reply, write_dmarc),
    *(write_forged, write_quoted_token, write_no_diagnostic, write_complaint, write_unsubscribe),
)
