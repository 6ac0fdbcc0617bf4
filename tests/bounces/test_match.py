from __future__ import annotations

import pytest

from bulletin.bounces.match import DeliveryIds, Evidence, find_match, find_subject_match, find_weak_match, may_report
from bulletin.bounces.returned_email import read_email
from bulletin.database.states import DeliveryState
from sent_deliveries import SentDeliveries, sign, sign_message_id, sign_old

DAY = 24 * 60 * 60 * 1000


@pytest.fixture
def sent() -> SentDeliveries:
    deliveries = SentDeliveries()
    for number in range(1, 9):
        deliveries.add(number, number * 10, f"reader{number}@example.org")
    return deliveries


def write(**places: int) -> bytes:
    """A report in which each place names another delivery."""

    def token(place: str, purpose: str = "v") -> str:
        return sign(purpose, places[place], places[place] * 10) if place in places else "nothing"

    message_id = sign_message_id(places["id"], places["id"] * 10, "news.example.org") if "id" in places else "<a@b.c>"
    reply = (
        sign_message_id(places["reply"], places["reply"] * 10, "news.example.org") if "reply" in places else "<a@b.c>"
    )
    return (
        f"Delivered-To: prvs=1234=bounces+{token('envelope').upper()}@news.example.org\nIn-Reply-To: {reply}\n"
        'Content-Type: multipart/report; boundary="b"\n\n--b\n\nWords\n--b\nContent-Type: message/delivery-status\n\n'
        f"Original-Envelope-Id: {token('envid')}\n\nFinal-Recipient: rfc822; reader8@example.org\nAction: failed\n\n"
        f"--b\nContent-Type: message/rfc822\n\nX-Bulletin-Return: {token('field')}\nMessage-ID: {message_id}\n\n"
        f"https://news.example.org/unsubscribe/{token('link', 'u')} and /preferences/{token('choices', 'p')}\n--b--\n"
    ).encode()


ORDER = [
    ("envelope", Evidence.ENVELOPE),
    ("field", Evidence.RETURN_FIELD),
    ("envid", Evidence.ENVELOPE_ID),
    ("id", Evidence.MESSAGE_ID),
    ("reply", Evidence.MESSAGE_ID),
    ("link", Evidence.LINK),
    ("choices", Evidence.LINK),
]


@pytest.mark.parametrize("first", range(len(ORDER)))
def test_the_first_proof_in_the_order_counts(sent: SentDeliveries, first: int) -> None:
    """Each place names another delivery."""
    places = {name: index + 1 for index, (name, _) in enumerate(ORDER) if index >= first}
    match = find_match(read_email(write(**places)), sent)

    assert match == (DeliveryIds(first + 1, (first + 1) * 10), ORDER[first][1])
    assert match.is_proof


def test_without_any_there_is_no_match(sent: SentDeliveries) -> None:
    assert find_match(read_email(write()), sent) is None


def test_an_address_is_no_proof(sent: SentDeliveries) -> None:
    match = find_weak_match(["", "nonsense", "READER3@example.org"], sent)

    assert match == (DeliveryIds(3, 30), Evidence.ADDRESS)
    assert not match.is_proof
    assert find_weak_match(["other@example.org"], sent) is None


def test_a_link_of_an_earlier_release_names_the_subscriber(sent: SentDeliveries) -> None:
    text = write().replace(b"/unsubscribe/nothing", f"/unsubscribe/{sign_old(5)}".encode())

    assert find_match(read_email(text), sent) == (DeliveryIds(5, None), Evidence.LINK)


@pytest.mark.parametrize("quote", ["", "> ", "    ", "| "])
def test_the_field_is_found_where_a_bounce_repeats_our_header_in_its_text(sent: SentDeliveries, quote: str) -> None:
    text = f"Subject: failure notice\n\nSorry.\n\n{quote}Subject: News\n{quote}X-Bulletin-Return: {sign('v', 4, 40)}\n"

    assert find_match(read_email(text.encode()), sent) == (DeliveryIds(4, 40), Evidence.RETURN_FIELD)


@pytest.mark.parametrize("letter", ["ſ", "K", "ü", "\u212a"])
def test_readers_are_only_asked_about_ascii(letter: str) -> None:
    """“ſ” and the Kelvin sign are capitals of “s” and “k” to a pattern, and no reader of tokens expects them."""

    class Strict(SentDeliveries):
        def read_token(self, text: str, purpose: str) -> DeliveryIds | None:
            assert text.isascii()
            return super().read_token(text, purpose)

        def read_message_id(self, text: str) -> DeliveryIds | None:
            assert text.isascii()
            return super().read_message_id(text)

    odd = letter + sign("v", 1, 10)[1:]
    text = (
        f"Delivered-To: b+{odd}@x.org\nIn-Reply-To: <1.2.{letter}@x.org>\nSubject: {odd}\n\n/unsubscribe/{odd}{odd}\n"
    )
    email = read_email(text.encode())

    assert find_match(email, Strict()) is None
    assert find_subject_match(email, Strict()) is None


def test_thousands_of_candidates_are_not_all_tried() -> None:
    asked: list[str] = []

    class Counting(SentDeliveries):
        def read_token(self, text: str, purpose: str) -> DeliveryIds | None:
            asked.append(text)
            return super().read_token(text, purpose)

    links = "\n".join(f"/unsubscribe/{sign('u', number, number)[:-1]}x" for number in range(5000))
    links += "\n".join(f"/unsubscribe/{sign('u', number, number)[:-4]}0000" for number in range(5000))
    find_match(read_email(f"Subject: x\n\n{links}".encode()), Counting())

    assert len(asked) <= 100


@pytest.mark.parametrize("state", DeliveryState)
def test_only_what_was_sent_lately_can_be_reported(state: DeliveryState) -> None:
    may = state in (DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN)

    assert may_report(state, sent_at=100 * DAY, now=101 * DAY) is may
    assert not may_report(state, sent_at=100 * DAY, now=160 * DAY)
    assert not may_report(state, sent_at=100 * DAY, now=99 * DAY)
