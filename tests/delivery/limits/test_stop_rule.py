from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.delivery.limits.stop_rule import RefusalRule
from bulletin.delivery.smtp.classification import RefusalCategory, asks_to_slow_down, categorise_refusal, read_status
from bulletin.delivery.smtp.outcome import Fate, Outcome

UNKNOWN = "550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown in local recipient table"


def make_stop_rule(*, stop_at: float = 0.05, stop_after: int = 20) -> RefusalRule:
    return RefusalRule(stop_at=stop_at, stop_after=stop_after)


def accepted() -> Outcome:
    return Outcome(fate=Fate.ACCEPTED, reply="250 2.0.0 Ok: queued as 4XyZ")


def refused(reply: str = UNKNOWN) -> Outcome:
    return Outcome(fate=Fate.REFUSED, reply=reply)


@pytest.mark.parametrize(
    "reply",
    [
        UNKNOWN,
        # Microsoft
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient anna@example.org not found by SMTP address lookup",
        "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [LO1GBR01FT004.eop-gbr01.prod.example.org]",
        "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check",
        "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded",
        # Google
        "550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the address",
        "550 5.2.1 The email account that you tried to reach is disabled.",
        "552 5.2.2 The email account that you tried to reach is over quota.",
        # Postfix
        "550 5.1.0 <anna@example.org>: Recipient address rejected: undeliverable address: host said: 550 no such user",
        "554 5.7.1 <anna@example.org>: Recipient address rejected: Access denied",
        "501 5.1.3 Bad recipient address syntax",
        # Without enhanced codes
        "550 Requested action not taken: mailbox unavailable",
        "550 No such user here",
        "550 no",
        "The address has characters that email can't carry.",
    ],
)
def test_a_refusal_of_one_person_stops_nothing(reply: str) -> None:
    assert categorise_refusal(reply) is RefusalCategory.PERSON
    assert make_stop_rule().note(refused(reply)) == ""


@pytest.mark.parametrize(
    ("reply", "matter"),
    [
        # Microsoft
        ("550 5.7.60 SMTP; Client does not have permissions to send as this sender", RefusalCategory.SENDER),
        ("554 5.2.252 SendAsDenied; news@example.org not allowed to send as x@example.org", RefusalCategory.SENDER),
        ("550 5.1.8 Access denied, bad outbound sender AS(42004)", RefusalCategory.SENDER),
        (
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
            RefusalCategory.LOGIN,
        ),
        ("530 5.7.57 Client not authenticated to send mail.", RefusalCategory.LOGIN),
        (
            "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.",
            RefusalCategory.REPUTATION,
        ),
        ("550 5.7.501 Access denied, spam abuse detected.", RefusalCategory.REPUTATION),
        ("550 5.7.606 Access denied, banned sending IP [192.0.2.1].", RefusalCategory.REPUTATION),
        ("550 5.7.705 Access denied, tenant has exceeded threshold.", RefusalCategory.QUOTA),
        (
            "550 5.7.23 The message was rejected because of Sender Policy Framework violation",
            RefusalCategory.AUTHENTICITY,
        ),
        (
            "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message",
            RefusalCategory.QUOTA,
        ),
        # Google
        (
            "550 5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits",
            RefusalCategory.QUOTA,
        ),
        ("550 5.7.1 Daily SMTP relay limit exceeded for customer.", RefusalCategory.QUOTA),
        (
            "550 5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires SPF or DKIM.",
            RefusalCategory.AUTHENTICITY,
        ),
        (
            "550 5.7.25 The IP address sending this message does not have a PTR record setup",
            RefusalCategory.AUTHENTICITY,
        ),
        (
            "550 5.7.1 [192.0.2.1] Our system has detected that this message is likely unsolicited mail.",
            RefusalCategory.REPUTATION,
        ),
        (
            "550 5.7.1 Unauthenticated email from example.org is not accepted due to domain's DMARC policy.",
            RefusalCategory.AUTHENTICITY,
        ),
        # Postfix
        ("554 5.7.1 <anna@example.com>: Relay access denied", RefusalCategory.SENDER),
        ("553 5.7.1 <news@example.org>: Sender address rejected: not owned by user bulletin", RefusalCategory.SENDER),
        (
            "550 5.1.0 <news@example.org>: Sender address rejected: User unknown in virtual mailbox table",
            RefusalCategory.SENDER,
        ),
        (
            "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; listed",
            RefusalCategory.REPUTATION,
        ),
        # GoDaddy and others, under the codes of a wrong address
        ("550 5.1.1 anna@example.org has sent to too many recipients this hour. IB607a", RefusalCategory.QUOTA),
        ("550 5.1.1 <anna@example.org>: Client host [192.0.2.1] blocked by Spamhaus", RefusalCategory.REPUTATION),
        ("550 5.1.1 <anna@example.org>: not accepted, fails DMARC", RefusalCategory.AUTHENTICITY),
        # Amazon SES
        (
            "554 Message rejected: Email address is not verified. The following identities failed",
            RefusalCategory.SENDER,
        ),
    ],
)
def test_a_refusal_of_ourselves_stops_the_mailing_at_once_and_says_what_to_do(
    reply: str, matter: RefusalCategory
) -> None:
    assert categorise_refusal(reply) is matter
    words = make_stop_rule().note(refused(reply))
    assert f"“{reply}”" in words
    assert words.endswith("it continues with the readers who are left.")


def test_what_a_rule_forbids_once_may_be_about_a_person_and_three_times_in_a_row_is_about_us() -> None:
    reply = "550 5.7.1 Delivery not authorized, message refused"
    verdict = make_stop_rule()

    assert [verdict.note(refused(reply)) for _ in range(2)] == ["", ""]
    verdict.note(accepted())
    assert [verdict.note(refused(reply)) for _ in range(2)] == ["", ""]
    assert verdict.note(refused(reply)).startswith("3 in a row were refused by a rule of the server")


def test_it_stops_when_twenty_and_a_twentieth_are_refused() -> None:
    verdict = make_stop_rule()
    for _ in range(380):
        assert not verdict.note(accepted())
    assert [verdict.note(refused()) for _ in range(19)] == [""] * 19

    words = verdict.note(refused())

    assert words.startswith(f"20 of 400 were refused (5%), the last one with “{UNKNOWN}”.")


def test_a_few_refusals_among_many_or_of_few_stop_nothing() -> None:
    few = make_stop_rule()
    assert [few.note(refused()) for _ in range(19)] == [""] * 19

    many = make_stop_rule()
    for _ in range(1_000):
        many.note(accepted())
    assert [many.note(refused()) for _ in range(50)] == [""] * 50


def test_what_is_put_off_or_uncertain_does_not_count() -> None:
    verdict = make_stop_rule(stop_after=1, stop_at=1)
    for fate in (Fate.DEFERRED, Fate.UNCERTAIN, Fate.UNSENT):
        assert verdict.note(Outcome(fate=fate, reply="451 4.7.1 spam")) == ""


@given(fates=st.lists(st.sampled_from([Fate.ACCEPTED, Fate.REFUSED]), max_size=80), after=st.integers(1, 30))
def test_it_stops_exactly_when_both_thresholds_are_reached(fates: list[Fate], after: int) -> None:
    verdict = make_stop_rule(stop_at=0.25, stop_after=after)
    for number, fate in enumerate(fates, start=1):
        words = verdict.note(Outcome(fate=fate, reply=UNKNOWN))
        refusals = fates[:number].count(Fate.REFUSED)
        assert bool(words) == (fate is Fate.REFUSED and refusals >= after and refusals >= 0.25 * number)


@pytest.mark.parametrize(
    "reply",
    [
        "421 4.7.0 [192.0.2.1] Our system has detected an unusual rate of unsolicited mail originating from your IP",
        "421 Too many connections",
        "421 4.4.5 Server busy, try again later.",
        "421 4.7.0 mail.example.org Error: too many connections from 192.0.2.1",
        "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending",
        "451 4.7.500 Server busy. Please try again later from [192.0.2.1].",
        "450 4.2.1 Peak SMTP relay limit exceeded for customer.",
        "452 4.3.1 Insufficient system storage",
        "454 Throttling failure: Maximum sending rate exceeded.",
        "450 4.7.1 Error: too much mail from 192.0.2.1",
        "451 Temporary local problem",
        "mail.example.org:587 isn't accepting mail now: “421 4.7.0 Try again later”.",
    ],
)
def test_some_replies_ask_us_to_slow_down(reply: str) -> None:
    assert asks_to_slow_down(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "450 4.2.0 <anna@example.org>: Recipient address rejected: Greylisted, see https://postgrey.example.org/",
        "451 4.7.1 Greylisting in action, please come back later",
        "450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages",
        "452 4.2.2 The email account that you tried to reach is over quota.",
        "450 4.1.1 <anna@example.org>: Recipient address rejected: unverified address",
        "421 4.4.2 mail.example.org Error: timeout exceeded",
        "421 4.7.0 Too many messages in this session",
        "421 Maximum number of messages per connection reached",
        "550 5.7.1 too many",
        "250 2.0.0 Ok",
        "The connection to mail.example.org:421 failed: the server hung up.",
        "",
    ],
)
def test_what_concerns_one_person_does_not_slow_the_others_down(reply: str) -> None:
    assert not asks_to_slow_down(reply)


@given(st.text(max_size=80) | st.from_regex(r"[2-5][0-9]{2}[ -][245]\.[0-9]{1,3}\.[0-9]{1,3} .{0,30}", fullmatch=True))
def test_any_reply_is_about_something(reply: str) -> None:
    assert categorise_refusal(reply) in RefusalCategory
    assert asks_to_slow_down(reply) in (True, False)


def test_codes_are_read_where_the_server_said_them() -> None:
    assert read_status("550 5.1.1 no").enhanced == (5, 1, 1)
    assert read_status("550-5.1.1 no").enhanced == (5, 1, 1)
    assert read_status("550").code == 550
    assert read_status("mail.example.org:587 said nothing").code == 0
    assert read_status("250 2.0.0 Ok: queued as 550 5.7.1").code == 250


def test_what_was_refused_in_earlier_runs_counts() -> None:
    verdict = RefusalRule(stop_at=0.05, stop_after=20, accepted=100, refused=19)
    assert "20 of 120 were refused" in verdict.note(refused(UNKNOWN))
