"""Ten thousand broken messages end as a verdict: quickly, in little memory, and never as an error.

The suite tries a part of them; `make soak` all.
"""

from __future__ import annotations

import random
import resource
from time import process_time

import pytest
from corpus import Sample, make_samples
from hypothesis import given
from hypothesis import strategies as st

from bulletin.bounces.judgement import judge_email
from bulletin.bounces.verdict import ReturnClass, Verdict
from conftest import count_examples

SAMPLES, SENT = make_samples(400, seed=21)
GONE_OR_OUT = (ReturnClass.GONE, ReturnClass.COMPLAINED, ReturnClass.UNSUBSCRIBED)


def break_message(message: bytes, chance: random.Random) -> bytes:
    """One of the ways in which messages are damaged, or made to do damage."""
    octets = bytearray(message)
    way = chance.randrange(9)
    if way == 0:
        return message[: chance.randrange(len(message))]
    if way == 1:
        for _ in range(chance.randrange(1, 40)):
            octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)
        return bytes(octets)
    if way == 2:  # wrong charsets
        charset = chance.choice(
            [b"utf-7", b"x-none", b"utf-16", b"zlib", b"punycode", b"\xff\xfe", b"iso-2022-jp", b""]
        )
        return message.replace(b"us-ascii", charset).replace(b"utf-8", charset)
    if way == 3:  # deep and deeper
        for level in range(chance.randrange(1, 400)):
            message = b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (level, level) + message
        return message
    if way == 4:  # a message in a message in a message
        return b"Content-Type: message/rfc822\n\n" * chance.randrange(1, 200) + message
    if way == 5:  # parts without end
        return message.replace(b"\n--", b"\n--x\n\n--")[:200_000] + b"\n--b\n" * chance.randrange(2000)
    if way == 6:  # a piece of it many times over
        begin = chance.randrange(len(message))
        piece = message[begin : begin + chance.randrange(1, 200)]
        return message[:begin] + piece * chance.randrange(1, 500) + message[begin:]
    if way == 7:  # lines swapped
        lines = message.split(b"\n")
        chance.shuffle(lines)
        return b"\n".join(lines)
    return bytes(chance.choices(range(256), k=chance.randrange(3000)))  # noise


def is_right(verdict: Verdict, sample: Sample) -> bool:
    """Whether it suppresses no one but, at most, the reader whose token is in the message."""
    if verdict.result not in GONE_OR_OUT:
        return True
    return bool(verdict.match and verdict.match.is_proof and verdict.match.ids.subscriber == sample.subscriber)


def test_broken_messages_are_judged_in_time_and_memory() -> None:
    number = count_examples(2500)
    chance = random.Random(22)
    before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, process_time()

    for _ in range(number):
        sample = chance.choice(SAMPLES)
        verdicts = judge_email(break_message(sample.message, chance), SENT)
        assert verdicts
        assert all(is_right(verdict, sample) for verdict in verdicts), sample.kind
        assert all(len(verdict.diagnostic) <= 200 and len(verdict.key) == 16 for verdict in verdicts)

    assert process_time() - begin < 0.03 * number + 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KB


@given(st.sampled_from(SAMPLES), st.randoms(use_true_random=False))
def test_any_damage_ends_as_a_verdict(sample: Sample, chance: random.Random) -> None:
    message = break_message(break_message(sample.message, chance) or b"x", chance)

    assert all(is_right(verdict, sample) for verdict in judge_email(message, SENT))


@given(st.binary(max_size=2000))
def test_any_bytes_end_as_a_verdict(message: bytes) -> None:
    assert [verdict.result for verdict in judge_email(message, SENT)]


FIELDS = st.sampled_from(
    (
        b"Subject",
        b"From",
        b"To",
        b"Content-Type",
        b"Auto-Submitted",
        b"Final-Recipient",
        b"Action",
        b"Status",
        b"Message-ID",
    )
)
VALUES = st.sampled_from(
    (
        b"multipart/report; report-type=delivery-status; boundary=b",
        b"failed",
        b"5.1.1",
        b"MAILER-DAEMON@x",
        b"<>",
        b"rfc822;a@b.c",
        b"\xff\xfe",
        b"=?utf-8?b?",
    )
) | st.binary(max_size=60)
LINES = st.lists(
    st.builds(lambda name, value: name + b": " + value + b"\n", FIELDS, VALUES)
    | st.sampled_from((b"\n", b"--b\n", b"--b--\n"))
)


@given(LINES)
def test_any_fields_in_any_order_end_as_a_verdict(lines: list[bytes]) -> None:
    for verdict in judge_email(b"".join(lines), SENT):
        assert verdict.result not in GONE_OR_OUT


@pytest.mark.parametrize(
    "piece",
    [
        b"<a@b.c>:\n",
        b"  a@b.c\n    x\n",
        b"#550 5.1.1 x\n",
        b"From: ",
        b"> ",
        b"X-Bulletin-Return: v1g1g0123456789abcdef\n",
        b"a@b.c ",
        b"/unsubscribe/u1g1g0123456789abcdef0123456789abcdef ",
        b"Message-ID: <a@b>\n",
        b"unsubscribe ",
        b"-----",
        b"On x wrote:\n",
        b"take me ",
        b"no longer ",
        b"   ",
        b"@",
        b"=\n",
    ],
)
@pytest.mark.parametrize(
    "start",
    [
        b"From: MAILER-DAEMON@x.y\nReturn-Path: <>\nSubject: failure notice\n\nHi. This is the qmail-send program at x.\n",
        b"From: a@b.c\n\nThis message was created automatically by mail delivery software.\n",
        b"From: a@b.c\n\nYour message did not reach some or all of the intended recipients.\n",
        b"From: a@b.c\n\nDelivery has failed to these recipients or groups:\n",
        b"From: MAILER-DAEMON@x.y\nReturn-Path: <>\nSubject: undeliverable\n\n",
        b"From: a@b.c\nSubject: Re: x\n\n",
        b"From: a@b.c\nAuto-Submitted: auto-replied\nSubject: x\n\n",
    ],
)
def test_repeated_words_are_read_quickly(start: bytes, piece: bytes) -> None:
    """Some patterns could look at each pair of places in a text."""
    begin = process_time()
    judge_email(start + piece * (300_000 // len(piece)), SENT)
    assert process_time() - begin < 3
