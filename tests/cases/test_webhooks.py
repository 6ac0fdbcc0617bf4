"""Mail services that tell what came back: who is believed, what follows from it, and what a copy or a forger can do."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text, update
from starlette.testclient import TestClient

from anytown import NOON, add_people, make_edition
from bulletin.bounces.event_report import ReturnedEvent, write_event
from bulletin.bounces.mime import parse_mime
from bulletin.bounces.reading import Reading
from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries, metadata, returns, suppression_events
from bulletin.delivery.ledger.start import start_mailing
from bulletin.errors import BulletinError
from bulletin.subscribers.tokens import Purpose
from bulletin.website.application import build_application
from bulletin.website.guard import MOST_WEBHOOK_BYTES
from bulletin.website.webhooks.azure import Azure
from bulletin.website.webhooks.offering import list_services
from bulletin.website.webhooks.receiving import Webhook
from bulletin.website.webhooks.sendgrid import SendGrid
from bulletin.website.webhooks.service import NotTheServiceError, UnreadableEventError
from bulletin.website.webhooks.ses import AmazonSes
from mail_services import (
    AZURE_TOKEN,
    CERTIFICATE,
    SUBSCRIBE,
    TOPIC,
    Amazon,
    Request,
    azure,
    azure_event,
    sendgrid,
    sendgrid_event,
    sendgrid_key,
    ses_bounce,
    ses_complaint,
    sns,
)
from public_pages import HOST, SETTINGS, frame_of, read_settings
from returned import KEY, Returned

MINUTE = 60_000
SERVICES = ("ses", "sendgrid", "azure")


class Site:
    """A website that three services post to, and a mailing that they tell of."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.now = NOON + 60 * MINUTE
        self.lines: list[str] = []
        self.amazon = Amazon(self.now)
        services = [
            AmazonSes(topic=TOPIC, fetch=self.amazon.fetch),
            SendGrid(public_key=sendgrid_key()),
            Azure(secret=AZURE_TOKEN),
        ]
        webhooks = [Webhook(service=one, make_reading=self._read, now=lambda: self.now) for one in services]
        application = build_application(
            frame_of(SETTINGS, offers=()),
            [webhook.route() for webhook in webhooks],
            write=self.lines.append,
            webhooks=[webhook.path for webhook in webhooks],
        )
        self.client = TestClient(application, base_url=f"https://{HOST}")

    def _read(self, now: int) -> Reading:
        return Reading(engine=self.engine, keys=(KEY,), bulletins=frozenset(("",)), now=now, pushed=True)

    def mail(self, *names: str) -> Returned:
        add_people(self.engine, news=names)
        start_mailing(self.engine, make_edition("2021-05"), lists=["news"], key="s0123456789ab", now=NOON)
        with self.engine.begin() as connection:
            connection.execute(update(deliveries).values(state="accepted", attempts=1, ended_at=NOON, reply="250 Ok"))
        return Returned(self.engine)

    def post(self, service: str, request: Request) -> int:
        headers, body = request
        return self.client.post(f"/webhooks/{service}", content=body, headers=headers).status_code

    def bounce(self, back: Returned, name: str, service: str) -> Request:
        """What a service says of a reader whose mailbox doesn't exist."""
        recipient, number = f"{name}@example.org", f"event-{name}"
        if service == "ses":
            told = ses_bounce(recipient, {"X-Bulletin-Return": back.token(name)})
            return sns(told, now=self.now, MessageId=number)
        if service == "sendgrid":
            event = sendgrid_event("bounce", recipient, back.message_id(name), number=number)
            return sendgrid([event], now=self.now)
        return azure([azure_event(recipient, back.message_id(name)) | {"id": number}])

    def states(self) -> dict[str, str]:
        with self.engine.begin() as connection:
            return dict(connection.execute(select(deliveries.c.name, deliveries.c.state)).all())

    def stops(self) -> list[str]:
        with self.engine.begin() as connection:
            return list(connection.scalars(select(suppression_events.c.reason)))

    def rows(self) -> list[tuple[str, str]]:
        with self.engine.begin() as connection:
            return [tuple(row) for row in connection.execute(select(returns.c.source, returns.c["class"]))]

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        with self.engine.begin() as connection:
            return {one.name: [tuple(row) for row in connection.execute(select(one))] for one in metadata.sorted_tables}


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    engine = open_database(database_url)
    yield Site(engine)
    engine.dispose()


# --- what follows


@pytest.mark.parametrize("service", SERVICES)
def test_a_bounce_suppresses_its_reader_and_a_second_copy_changes_nothing(site: Site, service: str) -> None:
    back = site.mail("anna", "ben")
    request = site.bounce(back, "anna", service)

    assert site.post(service, request) == 200
    assert site.states() == {"anna": "bounced", "ben": "accepted"}
    assert site.stops() == ["bounced"]
    assert site.rows() == [("webhook", "gone")]
    before = site.dump()
    assert site.post(service, request) == 200
    assert site.dump() == before
    assert not [line for line in site.lines if "anna" in line]


@pytest.mark.parametrize("service", ["ses", "sendgrid"])
def test_a_complaint_opts_its_reader_out(site: Site, service: str) -> None:
    back = site.mail("anna", "ben")
    if service == "ses":
        link = f"<https://news.example.org/unsubscribe/{back.token('anna', Purpose.UNSUBSCRIBE)}>"
        request = sns(ses_complaint("anna@example.org", {"List-Unsubscribe": link}), now=site.now, version="1")
    else:
        request = sendgrid([sendgrid_event("spamreport", "anna@example.org", back.message_id("anna"))], now=site.now)

    assert site.post(service, request) == 200
    assert site.stops() == ["complained"]
    assert site.rows() == [("webhook", "complained")]


@pytest.mark.parametrize(
    ("words", "status", "result"),
    [
        ("smtp; 452 4.2.2 The email account is over quota", "4.2.2", "soft"),
        ("smtp; 550 5.7.1 Message rejected as spam", "5.7.1", "ours"),
        ("smtp; 550 5.1.1 user unknown", "5.1.1", "gone"),
        ("", "", "soft"),  # SES has no words of the server: a code alone never says that someone is gone
    ],
)
def test_the_words_of_the_server_are_judged_as_in_a_report(site: Site, words: str, status: str, result: str) -> None:
    back = site.mail("anna", "ben")
    told = ses_bounce("anna@example.org", {"X-Bulletin-Return": back.token("anna")}, words=words, status=status)

    site.post("ses", sns(told, now=site.now))

    assert site.rows() == [("webhook", result)]
    assert site.stops() == (["bounced"] if result == "gone" else [])


@pytest.mark.parametrize(
    ("status", "words", "result"),
    [("FilteredSpam", "", "ours"), ("Quarantined", "", "ours"), ("Suppressed", "", "soft"), ("Bounced", "", "soft")],
)
def test_azure_says_in_a_word_what_it_has_no_words_for(site: Site, status: str, words: str, result: str) -> None:
    back = site.mail("anna")
    site.post("azure", azure([azure_event("anna@example.org", back.message_id("anna"), status=status, words=words)]))
    assert site.rows() == [("webhook", result)]


def test_several_events_of_a_batch_count_each(site: Site) -> None:
    back = site.mail("anna", "ben", "cara")
    events = [
        sendgrid_event(kind, f"{name}@example.org", back.message_id(name), number=f"n-{name}")
        for kind, name in (("bounce", "anna"), ("open", "ben"), ("spamreport", "cara"), ("delivered", "ben"))
    ]

    site.post("sendgrid", sendgrid(events, now=site.now))

    assert sorted(site.stops()) == ["bounced", "complained"]
    assert site.states() == {"anna": "bounced", "ben": "accepted", "cara": site.states()["cara"]}


def test_an_email_that_is_none_of_ours_suppresses_no_one(site: Site) -> None:
    back = site.mail("anna")
    foreign = f"<s0123456789ab.{back.ids('anna')[0]}.0123456789abcdef@anytown.example.org>"  # whose tag is made up
    for service, request in (
        ("ses", sns(ses_bounce("anna@example.org", {"Message-ID": foreign}), now=site.now)),
        ("sendgrid", sendgrid([sendgrid_event("bounce", "anna@example.org", foreign)], now=site.now)),
        ("azure", azure([azure_event("anna@example.org", "")])),
    ):
        assert site.post(service, request) == 200
    assert site.stops() == []
    assert site.states() == {"anna": "accepted"}


def test_very_many_at_once_are_listed_for_a_person(site: Site) -> None:
    names = [f"n{number}" for number in range(30)]
    back = site.mail(*names)
    events = [sendgrid_event("bounce", f"{name}@example.org", back.message_id(name), number=name) for name in names]

    site.post("sendgrid", sendgrid(events, now=site.now))

    assert site.stops() == []
    assert set(site.rows()) == {("webhook", "held")}
    assert len(site.rows()) == 30


def test_very_many_within_an_hour_are_seen_though_each_comes_alone(site: Site) -> None:
    names = [f"n{number:02}" for number in range(60)]
    back = site.mail(*names)

    for name in names[:24]:
        assert site.post("azure", site.bounce(back, name, "azure")) == 200
    assert len(site.stops()) == 20
    assert site.rows() == [("webhook", "gone")] * 20 + [("webhook", "held")] * 4
    site.now += 61 * MINUTE
    site.post("azure", site.bounce(back, names[24], "azure"))
    assert len(site.stops()) == 21


def test_a_service_is_asked_to_try_again_if_nothing_can_be_saved(site: Site) -> None:
    back = site.mail("anna")
    request = site.bounce(back, "anna", "sendgrid")
    with site.engine.begin() as connection:
        connection.execute(text("ALTER TABLE returns RENAME TO elsewhere"))

    assert site.post("sendgrid", request) >= 500  # services try again after any of these

    with site.engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO returns"))
    assert site.post("sendgrid", request) == 200
    assert site.stops() == ["bounced"]


# --- who is believed


def changed(request: Request, **fields: Any) -> Request:
    headers, body = request
    return headers, json.dumps(json.loads(body) | fields).encode()


def with_header(request: Request, name: str, value: str) -> Request:
    return {key: one for key, one in request[0].items() if key.lower() != name.lower()} | {name: value}, request[1]


SIGNATURE, TIMESTAMP = "X-Twilio-Email-Event-Webhook-Signature", "X-Twilio-Email-Event-Webhook-Timestamp"
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)

FORGED: dict[str, tuple[str, Callable[[Site, Any], Request]]] = {
    "SES: another key": ("ses", lambda site, told: sns(told, now=site.now, key=STRANGER)),
    "SES: changed after signing": ("ses", lambda site, told: changed(sns({}, now=site.now), Message=json.dumps(told))),
    "SES: another topic": ("ses", lambda site, told: sns(told, now=site.now, TopicArn=f"{TOPIC}2")),
    "SES: too old": ("ses", lambda site, told: sns(told, now=site.now - 61 * MINUTE)),
    "SES: from the future": ("ses", lambda site, told: sns(told, now=site.now + 11 * MINUTE)),
    "SES: no signature": ("ses", lambda site, told: changed(sns(told, now=site.now), Signature="")),
    "SES: no such version": ("ses", lambda site, told: changed(sns(told, now=site.now), SignatureVersion="3")),
    "SES: the wrong version": ("ses", lambda site, told: changed(sns(told, now=site.now), SignatureVersion="1")),
    "SES: no such type": ("ses", lambda site, told: changed(sns(told, now=site.now), Type="Other")),
    "SendGrid: another key": ("sendgrid", lambda site, told: sendgrid(told, now=site.now, key="a stranger's")),
    "SendGrid: changed after signing": (
        "sendgrid",
        lambda site, told: (sendgrid([], now=site.now)[0], json.dumps(told).encode()),
    ),
    "SendGrid: too old": ("sendgrid", lambda site, told: sendgrid(told, now=site.now - 11 * MINUTE)),
    "SendGrid: another time": (
        "sendgrid",
        lambda site, told: with_header(sendgrid(told, now=site.now - 60 * MINUTE), TIMESTAMP, str(site.now // 1000)),
    ),
    "SendGrid: no signature": ("sendgrid", lambda site, told: with_header(sendgrid(told, now=site.now), SIGNATURE, "")),
    "SendGrid: no base64": ("sendgrid", lambda site, told: with_header(sendgrid(told, now=site.now), SIGNATURE, "*")),
    "Azure: another secret": ("azure", lambda _site, told: azure(told, token=AZURE_TOKEN + "x")),
    "Azure: no secret": ("azure", lambda _site, told: azure(told, token="")),
    "Azure: the secret alone": (
        "azure",
        lambda _site, told: with_header(azure(told, token=""), "Authorization", AZURE_TOKEN),
    ),
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_or_old_request_changes_nothing(site: Site, how: str) -> None:
    service, make = FORGED[how]
    back = site.mail("anna")
    recipient, message_id = "anna@example.org", back.message_id("anna")
    told = {
        "ses": ses_bounce(recipient, {"Message-ID": message_id}),
        "sendgrid": [sendgrid_event("bounce", recipient, message_id)],
        "azure": [azure_event(recipient, message_id)],
    }[service]
    before = site.dump()

    assert site.post(service, make(site, told)) == 403
    assert site.dump() == before


@pytest.mark.parametrize(
    "address",
    [
        "http://sns.eu-west-2.amazonaws.com/a.pem",
        "https://sns.eu-west-2.amazonaws.com.evil.example/a.pem",
        "https://sns.eu-west-2.amazonaws.com@evil.example/a.pem",
        "https://evil.example/sns.eu-west-2.amazonaws.com/a.pem",
        "https://sns.us-east-1.amazonaws.com/a.pem",  # of another region than the topic
        "https://sns.eu-west-2.amazonaws.com:8443/a.pem",
        "https://sns.eu-west-2.amazonaws.com\\@evil.example/a.pem",
        "https://s3.eu-west-2.amazonaws.com/bucket/a.pem",
        "https://sns.eu-west-2.amazonaws.com/?Action=Publish",
        "",
    ],
)
def test_a_certificate_is_never_fetched_from_elsewhere(site: Site, address: str) -> None:
    assert site.post("ses", sns("{}", now=site.now, SigningCertURL=address)) == 403
    assert site.amazon.asked == []


@pytest.mark.parametrize(
    "page", [b"", b"<html>", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", None]
)
def test_what_is_no_certificate_proves_nothing(site: Site, page: bytes | None) -> None:
    site.amazon.pages[CERTIFICATE] = site.amazon.make_certificate(days=-30) if page is None else page  # expired
    assert site.post("ses", sns("{}", now=site.now)) == 403


def test_a_certificate_is_fetched_once(site: Site) -> None:
    for number in range(3):
        assert site.post("ses", sns({}, now=site.now, MessageId=str(number))) == 200
    assert site.amazon.asked == [CERTIFICATE]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (SUBSCRIBE, 200),
        ("https://evil.example/?Action=ConfirmSubscription", 403),
        ("http://sns.eu-west-2.amazonaws.com/", 403),
        ("https://sns.eu-west-2.amazonaws.com/?Action=Other", 400),  # is not there
    ],
)
def test_only_amazons_own_address_confirms_a_subscription(site: Site, address: str, status: int) -> None:
    request = sns("Confirm", now=site.now, Type="SubscriptionConfirmation", Token="2336412f37", SubscribeURL=address)
    assert site.post("ses", request) == status
    assert (SUBSCRIBE in site.amazon.asked) is (status == 200)
    assert not [one for one in site.amazon.asked if "evil" in one]


def test_event_grid_gets_its_code_back_if_it_has_the_secret(site: Site) -> None:
    event = {
        "id": "1",
        "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent",
        "data": {"validationCode": "512d38b6-c7b8", "validationUrl": "https://evil.example/"},
    }
    headers, body = azure([event])
    answer = site.client.post("/webhooks/azure", content=body, headers=headers)
    assert answer.json() == {"validationResponse": "512d38b6-c7b8"}
    assert site.post("azure", azure([event], token="")) == 403


# --- what else is sent


@pytest.mark.parametrize("service", SERVICES)
def test_too_much_is_refused_before_it_is_read(site: Site, service: str) -> None:
    assert site.post(service, ({}, b"x" * (MOST_WEBHOOK_BYTES + 1))) == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_a_post_is_answered(site: Site, method: str) -> None:
    assert site.client.request(method, "/webhooks/ses").status_code == 405


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"[" * 5000, b"\xff\xfe", b'"x"', b'{"Type": 5}', b"[1]"])
def test_what_cant_be_read_is_refused(site: Site, body: bytes) -> None:
    assert site.post("ses", ({}, body)) in (400, 403)
    assert site.post("azure", (azure([])[0], body)) in (200, 400)
    assert site.post("sendgrid", ({}, body)) == 403
    assert site.rows() == []
    assert not [line for line in site.lines if "fault" in line]


def test_a_service_that_no_one_named_has_no_address(site: Site) -> None:
    assert site.post("mailgun", ({}, b"{}")) in (400, 404)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "data", "eventType", "status", "event", "sg_event_id", "email", "mail", "bounce"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_read_or_refused(told: Any) -> None:
    headers = {name.lower(): value for name, value in azure([])[0].items()}
    requests = {name.lower(): value for name, value in sendgrid(told, now=NOON)[0].items()}
    body = json.dumps(told).encode()
    for service, given_headers in (
        (Azure(secret=AZURE_TOKEN), headers),
        (SendGrid(public_key=sendgrid_key()), requests),
    ):
        with contextlib.suppress(NotTheServiceError, UnreadableEventError):
            service.receive(given_headers, body, now=NOON)


@given(st.text(), st.text(), st.text(), st.text())
def test_no_value_adds_a_line_to_the_report(number: str, recipient: str, words: str, value: str) -> None:
    for complaint in ("", "abuse"):
        event = ReturnedEvent(
            service="ses",
            id=number,
            recipient=recipient,
            words=words,
            complaint=complaint,
            fields={"Message-ID": value, "X-Evil": "x"},
        )
        root = parse_mime(write_event(event))
        assert len(root.parts) == (2 if value else 1)
        assert [name for name, _ in root.fields] == [
            *("from", "message-id", "auto-submitted", "mime-version", "content-type")
        ]
        assert b"X-Evil" not in write_event(event)


# --- the settings


def services_of(webhooks: str, token: str = "") -> list[str]:
    settings = read_settings(f"{SETTINGS}returns: {{address: r@example.org, webhooks: {webhooks}}}\n")
    return [one.name for one in list_services(settings.returns, read_azure_token=lambda: token)]


def test_only_the_services_of_the_settings_are_offered() -> None:
    assert list_services(None, read_azure_token=str) == services_of("{}") == []
    assert services_of(f"{{ses: '{TOPIC}'}}") == ["ses"]
    assert services_of(f"{{sendgrid: {sendgrid_key()}, azure: yes}}", AZURE_TOKEN) == ["sendgrid", "azure"]


@pytest.mark.parametrize(
    ("webhooks", "words"), [("{azure: yes}", "BULLETIN_AZURE_WEBHOOK_TOKEN"), ("{sendgrid: MFkw}", "verification key")]
)
def test_a_service_that_could_not_be_checked_is_not_offered(webhooks: str, words: str) -> None:
    with pytest.raises(BulletinError, match=words):
        services_of(webhooks)
