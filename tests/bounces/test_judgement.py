"""What each kind of returned email is, and what it may do. `test_corpus` does the same with thousands."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from corpus import OUR_DOMAIN, Case, Maker, Trace, write_postfix, write_qmail
from wordings import KINDS, Wording

from bulletin.bounces.judgement import find_suppressible, judge_answer, judge_email
from bulletin.bounces.match import DeliveryIds, Evidence
from bulletin.bounces.verdict import ReturnClass, ReturnKind, Verdict
from bulletin.delivery.smtp.server_phrases import DiagnosticKind
from checkout import ROOT
from sent_deliveries import SentDeliveries, sign, sign_message_id, sign_old

ANNA = "anna@school.example"
SUBSCRIBER, DELIVERY = 12345, 98765
UNKNOWN_USER = "550 5.1.1 <{a}>: Recipient address rejected: User unknown"


@pytest.fixture
def sent() -> SentDeliveries:
    deliveries = SentDeliveries()
    deliveries.add(SUBSCRIBER, DELIVERY, ANNA)
    return deliveries


def make_case(words: str = UNKNOWN_USER, status: str = "5.1.1", trace: Trace = Trace.RETURN_FIELD) -> Case:
    random = Maker(1).random
    return Case(
        random=random,
        subscriber=SUBSCRIBER,
        delivery=DELIVERY,
        address=ANNA,
        trace=trace,
        wording=Wording(words, status),
    )


def judge(text: str, sent: SentDeliveries) -> Verdict:
    (verdict,) = judge_email(text.encode(), sent)
    return verdict


def test_a_bounce_names_the_delivery_the_kind_and_the_status_and_masks_the_address(sent: SentDeliveries) -> None:
    verdict = judge(write_postfix(make_case()), sent)

    assert (verdict.kind, verdict.result, verdict.status) == (ReturnKind.NO_MAILBOX, ReturnClass.GONE, "5.1.1")
    assert verdict.match == (DeliveryIds(SUBSCRIBER, DELIVERY), Evidence.RETURN_FIELD)
    assert verdict.diagnostic == "550 5.1.1 <a…@school.example>: Recipient address rejected: User unknown"
    assert verdict.recipient == ANNA
    assert find_suppressible(verdict) == DeliveryIds(SUBSCRIBER, DELIVERY)


def test_every_kind_of_diagnostic_is_a_kind_of_return() -> None:
    assert {kind.value for kind in DiagnosticKind} <= {kind.value for kind in ReturnKind}


def test_the_page_has_every_kind_with_a_class_that_it_can_have() -> None:
    page = (ROOT / "docs" / "returns.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| [^|]*\|$", page, re.MULTILINE))

    assert {kind.value for kind in ReturnKind} <= set(rows)
    classes = "|".join(result.value.replace("_", " ") for result in ReturnClass)
    assert all(re.match(rf"(?:{classes})\b", rows[kind.value]) for kind in ReturnKind)


@pytest.mark.parametrize("trace", [Trace.ADDRESS, Trace.FOREIGN, Trace.NOTHING])
def test_a_forged_report_suppresses_no_one(sent: SentDeliveries, trace: Trace) -> None:
    """It knows the address, and says that the mailbox is missing. It has nothing that only our message has."""
    verdict = judge(write_postfix(make_case(trace=trace)), sent)

    assert verdict.result is ReturnClass.TO_CONFIRM
    assert verdict.counts_as_soft
    assert find_suppressible(verdict) is None


@pytest.mark.parametrize("change", [0, 5, 12, -1])
def test_a_token_that_was_altered_proves_nothing(sent: SentDeliveries, change: int) -> None:
    token = sign("v", SUBSCRIBER, DELIVERY)
    other = "1" if token[change] != "1" else "2"
    altered = token[:change] + other + token[change + 1 :] if change >= 0 else token[:-1] + other
    sent.recent.clear()

    verdict = judge(write_postfix(make_case()).replace(token, altered), sent)

    assert verdict.result in (ReturnClass.UNKNOWN, ReturnClass.IGNORED)


@pytest.mark.parametrize("purpose", "upmy")
def test_a_token_for_another_purpose_proves_no_return_path(sent: SentDeliveries, purpose: str) -> None:
    text = write_postfix(make_case(trace=Trace.RETURN_FIELD)).replace(
        sign("v", SUBSCRIBER, DELIVERY), sign(purpose, SUBSCRIBER, DELIVERY)
    )
    sent.recent.clear()

    assert judge(text, sent).result in (ReturnClass.UNKNOWN, ReturnClass.IGNORED)


def test_the_sender_of_a_report_is_never_taken_for_the_reader(sent: SentDeliveries) -> None:
    text = write_postfix(make_case(trace=Trace.FOREIGN)).replace("MAILER-DAEMON@relay.example.net", ANNA)
    sent.recent = {ANNA: DeliveryIds(SUBSCRIBER, DELIVERY)}
    text = text.replace(f"rfc822; {ANNA}", "rfc822; other@example.net").replace(
        f"rfc822;{ANNA}", "rfc822;other@example.net"
    )

    assert judge(text, sent).match is None


def test_each_recipient_of_a_report_is_judged_alone(sent: SentDeliveries) -> None:
    """Our address was an alias for two people: it exists, so no one is gone."""
    text = write_postfix(make_case())
    group = "\nFinal-Recipient: rfc822; {}\nAction: failed\nStatus: {}\nDiagnostic-Code: smtp; {}\n"
    others = group.format("b@school.example", "5.1.1", "550 5.1.1 User unknown") + group.format(
        "c@school.example", "5.2.2", "552 5.2.2 mailbox full"
    )
    head, _, tail = text.partition("\nFinal-Recipient")
    rest = tail.partition("\n--")[2]
    verdicts = judge_email(f"{head}{others}\n--{rest}".encode(), sent)

    assert [verdict.result for verdict in verdicts] == [ReturnClass.SOFT, ReturnClass.SOFT]
    assert [verdict.kind for verdict in verdicts] == [ReturnKind.FORWARDED, ReturnKind.FULL]
    assert len({verdict.key for verdict in verdicts}) == 2


@pytest.mark.parametrize("final", ["old@elsewhere.example", "anna@mail.school.example", "ANNA@SCHOOL.EXAMPLE.net"])
def test_a_forwarded_address_exists_even_if_its_target_is_gone(sent: SentDeliveries, final: str) -> None:
    verdict = judge(write_postfix(replace(make_case(), final=final)), sent)

    assert (verdict.kind, verdict.result) == (ReturnKind.FORWARDED, ReturnClass.SOFT)


@pytest.mark.parametrize("final", [ANNA, ANNA.upper(), "asmith@school.example"])
def test_another_spelling_at_the_same_domain_is_the_readers_own(sent: SentDeliveries, final: str) -> None:
    assert judge(write_postfix(replace(make_case(), final=final)), sent).result is ReturnClass.GONE


@pytest.mark.parametrize(
    "words", ["550 5.7.1 <{a}>: User unknown", "553 5.7.1 no such user here", "550 5.7.13 mailbox disabled"]
)
def test_under_5_7_a_person_looks_at_it(sent: SentDeliveries, words: str) -> None:
    verdict = judge(write_postfix(make_case(words, "5.7.1")), sent)

    assert verdict.result in (ReturnClass.HELD, ReturnClass.TO_CONFIRM)


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.2.1", "5.0.0"])
def test_without_the_servers_words_a_code_only_counts(sent: SentDeliveries, status: str) -> None:
    """RFC 3464 lets a report leave out Diagnostic-Code. We invent none."""
    report = (
        f"From: postmaster@x.example\nSubject: Report\nMessage-ID: <3@x>\nDelivered-To: b+{sign('v', SUBSCRIBER, DELIVERY)}@x.org\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\nContent-Type: text/plain\n\n\n'
        f"--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; {ANNA}\nAction: failed\nStatus: {status}\n\n--b--\n"
    )
    verdict = judge(report, sent)

    assert (verdict.kind, verdict.result) == (ReturnKind.FAULT, ReturnClass.SOFT)


@pytest.mark.parametrize(
    ("words", "result"),
    [
        ("The address may be wrong, or the mailbox does not exist any more.", ReturnClass.SOFT),
        ("Possible reasons: the user is unknown.", ReturnClass.SOFT),
        ("The server said: 550 mailbox does not exist.", ReturnClass.GONE),
        ("The server said: no such user (#5.1.1).", ReturnClass.GONE),
    ],
)
def test_a_text_that_only_guesses_suppresses_no_one(sent: SentDeliveries, words: str, result: ReturnClass) -> None:
    text = (
        f"Return-Path: <>\nFrom: postmaster@x.example\nSubject: Undeliverable\nMessage-ID: <4@x>\n\nYour email to {ANNA} was "
        f"not delivered.\n{words}\n\n----- Original message -----\nX-Bulletin-Return: {sign('v', SUBSCRIBER, DELIVERY)}\n"
    )

    assert judge(text, sent).result is result


def test_the_new_address_is_noted_and_never_followed(sent: SentDeliveries) -> None:
    verdict = judge(write_postfix(make_case("551 5.1.6 user has moved to new@other.example", "5.1.6")), sent)

    assert (verdict.kind, verdict.result) == (ReturnKind.MOVED, ReturnClass.SOFT)
    assert "n…@other.example" in verdict.note


def test_two_bounces_of_qmail_in_one_text_are_two_verdicts(sent: SentDeliveries) -> None:
    text = write_qmail(make_case())
    entry = "<b@other.example>:\nRemote host said: 552 mailbox full\n\n"
    verdicts = judge_email(text.replace(f"<{ANNA}>:", f"{entry}<{ANNA}>:", 1).encode(), sent)

    assert [verdict.kind for verdict in verdicts] == [ReturnKind.FULL, ReturnKind.NO_MAILBOX]


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_while_sending_is_judged_like_a_report(kind: str) -> None:
    expected, wordings = KINDS[kind]
    for wording in wordings:
        words = replace(make_case(), wording=wording).words
        verdict = judge_answer(words, DeliveryIds(1, 2), address=ANNA)

        if words[:1].isdigit():  # others are a relay's own words, not an answer
            assert verdict.result is expected, words
        assert verdict.match == (DeliveryIds(1, 2), Evidence.ANSWER)
        assert ANNA not in verdict.diagnostic


# Unsubscribing by email


def write_mail(subject: str, body: str = "", *, sender: str = ANNA, fields: str = "", kind: str = "text/plain") -> str:
    return f"From: <{sender}>\nTo: news@{OUR_DOMAIN}\nSubject: {subject}\nMessage-ID: <1@x>\n{fields}Content-Type: {kind}\n\n{body}\n"


TOKEN = sign("m", SUBSCRIBER, DELIVERY)


@pytest.mark.parametrize(
    "subject",
    [
        f"Unsubscribe {TOKEN}",
        f"Re: Unsubscribe {TOKEN}",
        f"Fw: Re: Unsubscribe {TOKEN.upper()}",
        f"Unsubscribe\n {TOKEN}",
        f"=?utf-8?q?Unsubscribe_{TOKEN[:20]}?=\n =?utf-8?q?{TOKEN[20:]}?=",
        f"[EXTERNAL] Unsubscribe {TOKEN}.",
        TOKEN,
        f"Automatic reply: Unsubscribe {TOKEN}",
    ],
)
def test_a_token_in_the_subject_unsubscribes(sent: SentDeliveries, subject: str) -> None:
    verdict = judge(write_mail(subject), sent)

    assert verdict.result is ReturnClass.UNSUBSCRIBED
    assert find_suppressible(verdict) == DeliveryIds(SUBSCRIBER, DELIVERY)


def test_a_token_of_an_earlier_release_unsubscribes_from_all(sent: SentDeliveries) -> None:
    verdict = judge(write_mail(f"Unsubscribe {sign_old(SUBSCRIBER)}"), sent)

    assert verdict.match == (DeliveryIds(SUBSCRIBER, None), Evidence.SUBJECT)


def test_another_sender_than_the_reader_is_noted(sent: SentDeliveries) -> None:
    verdict = judge(write_mail(f"Unsubscribe {TOKEN}", sender="gmail-bot@google.example"), sent)

    assert verdict.result is ReturnClass.UNSUBSCRIBED
    assert verdict.note == "sent by g…@google.example, not by the reader's own address"
    assert judge(write_mail(f"Unsubscribe {TOKEN}"), sent).note == ""


@pytest.mark.parametrize("purpose", "upvy")
def test_only_a_token_for_email_unsubscribes_by_email(sent: SentDeliveries, purpose: str) -> None:
    verdict = judge(write_mail(f"Unsubscribe {sign(purpose, SUBSCRIBER, DELIVERY)}"), sent)

    assert verdict.result is not ReturnClass.UNSUBSCRIBED


def test_a_token_in_a_body_a_quotation_or_a_report_unsubscribes_no_one(sent: SentDeliveries) -> None:
    reply = write_mail("Re: News", f"Thanks!\n> To unsubscribe, email us with this subject: Unsubscribe {TOKEN}")
    bounce = write_postfix(make_case("452 4.2.2 mailbox full", "4.2.2")).replace(
        "Precedence: bulk", f"Precedence: bulk\nList-Unsubscribe: <mailto:x@y.org?subject=Unsubscribe%20{TOKEN}>"
    )
    report = bounce.replace("Undelivered Mail Returned to Sender", f"Undelivered: Unsubscribe {TOKEN}")

    assert judge(reply, sent).result is ReturnClass.IGNORED
    assert judge(bounce, sent).result is ReturnClass.SOFT
    assert judge(report, sent).result is ReturnClass.SOFT


# Replies


@pytest.mark.parametrize(
    "words",
    [
        "Please take me off this list",
        "please unsubscribe me",
        "Remove me please from your list.",
        "I don't wish to receive these emails",
        "STOP SENDING THESE",
        "Could you take our address off the list?",
        "I’d like to opt out.",
        "Tynnwch fy enw oddi ar y rhestr",
        "Peidiwch â anfon hwn eto",
        "Dad-danysgrifio",
    ],
)
def test_a_request_in_words_is_listed_for_a_person(sent: SentDeliveries, words: str) -> None:
    reply = f"In-Reply-To: {sign_message_id(SUBSCRIBER, DELIVERY, OUR_DOMAIN)}\n"
    verdict = judge(write_mail("Re: News", f"Hello\n{words}\n\nAnna", fields=reply), sent)

    assert (verdict.kind, verdict.result) == (ReturnKind.REMOVAL_REQUEST, ReturnClass.TO_CONFIRM)
    assert words.strip(".?") in verdict.note.replace("'", "’") or words.strip(".?") in verdict.note
    assert verdict.recipient == ANNA
    assert verdict.match
    assert verdict.match.ids == DeliveryIds(SUBSCRIBER, DELIVERY)


@pytest.mark.parametrize(
    "quoted",
    [
        "> Please unsubscribe me",
        "On Mon, 2 Nov 2026 at 09:11, News <n@x.org> wrote:\n\nUnsubscribe me: select this link",
        "-----Original Message-----\nFrom: News\n\nPlease take me off this list",
        "From: News <n@x.org>\nSent: Monday\nTo: Anna\n\nI no longer wish to receive this",
        "________________\nStop sending these",
        "Ar Llun, 2 Tach 2026 ysgrifennodd News <n@x.org>:\nTynnwch fi oddi ar y rhestr",
    ],
)
def test_words_that_are_quoted_are_not_the_senders(sent: SentDeliveries, quoted: str) -> None:
    assert judge(write_mail("Re: News", f"Thanks for this.\n\n{quoted}\n"), sent).kind is ReturnKind.REPLY


@pytest.mark.parametrize(
    ("subject", "body", "fields", "kind"),
    [
        ("Automatic reply: News", "I'm away", "Auto-Submitted: auto-replied\n", ReturnKind.OUT_OF_OFFICE),
        ("Ateb awtomatig: Newyddion", "Rwyf ar wyliau", "", ReturnKind.OUT_OF_OFFICE),
        ("Re: News", "I am on leave", "X-Autoreply: yes\n", ReturnKind.OUT_OF_OFFICE),
        ("Out of Office", "please unsubscribe from my time", "", ReturnKind.OUT_OF_OFFICE),
        ("Automatic reply", "She no longer works here.", "", ReturnKind.HAS_LEFT),
        ("Re: News", "This mailbox is no longer monitored", "Auto-Submitted: auto-replied\n", ReturnKind.HAS_LEFT),
        ("[Case 12] News", "", "", ReturnKind.AUTOMATIC),
        ("Ticket 4711", "we have it", "Auto-Submitted: auto-generated\n", ReturnKind.AUTOMATIC),
        ("Please confirm that you sent this", "", "", ReturnKind.CHALLENGE),
        ("Your message to heads awaits moderator approval", "", "", ReturnKind.MAILING_LIST),
        ("Re: News", "Welcome", "List-Id: <x.y.z>\n", ReturnKind.MAILING_LIST),
        ("Report domain: x.org Submitter: google.com Report-ID: 1", "", "", ReturnKind.DMARC_REPORT),
        (
            "TLS report",
            "",
            'Content-Disposition: attachment; filename="g!x.org!1!2.json.gz"\n',
            ReturnKind.DMARC_REPORT,
        ),
        ("Re: News", "Can you add our event?", "Auto-Submitted: no\n", ReturnKind.REPLY),
    ],
)
def test_other_replies_are_told_apart(
    sent: SentDeliveries, subject: str, body: str, fields: str, kind: ReturnKind
) -> None:
    verdict = judge(write_mail(subject, body, fields=fields), sent)

    assert verdict.kind is kind
    assert verdict.result is (ReturnClass.TO_CONFIRM if kind is ReturnKind.HAS_LEFT else ReturnClass.IGNORED)


# Complaints


def write_complaint(kind: str, returned: str) -> str:
    return (
        "From: fbl@yahoo.example\nSubject: FW: News\nMessage-ID: <2@x>\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n--b\n\nreport\n'
        f"--b\nContent-Type: message/feedback-report\n\n{kind}User-Agent: x\n\n--b\nContent-Type: message/rfc822\n\n{returned}\n--b--\n"
    )


@pytest.mark.parametrize(
    ("kind", "result"),
    [
        ("Feedback-Type: abuse\n", ReturnClass.COMPLAINED),
        ("feedback-type: ABUSE\n", ReturnClass.COMPLAINED),
        ("Feedback-Type: other\n", ReturnClass.COMPLAINED),
        ("", ReturnClass.COMPLAINED),
        ("Feedback-Type: not-spam\n", ReturnClass.IGNORED),
        ("Feedback-Type: auth-failure\n", ReturnClass.OURS),
        ("Feedback-Type: virus\n", ReturnClass.OURS),
    ],
)
def test_a_complaint_with_proof_opts_out(sent: SentDeliveries, kind: str, result: ReturnClass) -> None:
    assert judge(write_complaint(kind, make_case(trace=Trace.LINK).original()), sent).result is result


def test_a_complaint_without_proof_is_listed_or_ignored(sent: SentDeliveries) -> None:
    named = f"Feedback-Type: abuse\nOriginal-Rcpt-To: <{ANNA}>\n"
    foreign = make_case(trace=Trace.FOREIGN).original().replace(ANNA, "x@y.example")

    assert judge(write_complaint(named, foreign), sent).result is ReturnClass.TO_CONFIRM
    assert judge(write_complaint("Feedback-Type: abuse\n", foreign), sent).kind is ReturnKind.NOT_OURS
    assert judge(write_complaint("Feedback-Type: auth-failure\n", foreign), sent).kind is ReturnKind.NOT_OURS


def test_a_person_who_forwards_our_email_does_not_complain(sent: SentDeliveries) -> None:
    """Outlook attaches a forwarded email in the very form in which Microsoft reports complaints."""
    body = f"--b\nContent-Type: text/plain\n\nFor your information\n--b\nContent-Type: message/rfc822\n\n{make_case(trace=Trace.LINK).original()}\n--b--"
    verdict = judge(write_mail("FW: News", body, kind='multipart/mixed; boundary="b"'), sent)

    assert verdict.kind is ReturnKind.REPLY


def test_a_person_who_asks_about_a_bounce_is_no_bounce(sent: SentDeliveries) -> None:
    body = f"Hello, what does this mean?\n\n> This is the qmail-send program.\n> <{ANNA}>:\n> 550 5.1.1 User unknown\n"

    assert judge(write_mail("Fwd: failure notice", body), sent).result is ReturnClass.IGNORED
