"""What other programs can do at `/api/v1`, with which token, and that no one who left comes back by it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import update
from starlette.testclient import TestClient

from anytown import address_of, begin_mailing
from bulletin.access.action_log import find_actions
from bulletin.access.api_tokens import create_token, list_tokens, revoke_token
from bulletin.access.token_text import is_token_text
from bulletin.database.states import SuppressionOrigin, SuppressionReason, TokenScope
from bulletin.database.tables import deliveries
from bulletin.personal_data.retention import DAY, tidy
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.joining.limits import REQUESTS_OF_NETWORK
from bulletin.subscribers.scope import EVERYTHING, one_bulletin, one_list
from bulletin.subscribers.suppression import suppress
from bulletin.website.api.calls import Api
from bulletin.website.api.openapi import write_openapi
from conftest import on_sqlite
from joining_site import JO, ORIGIN, JoiningSite, joining_site, read_part

FILES = {"partners": "email\nanna@example.org\n", "champions": "email\n", "schools": "email\n"}
AGREEMENT = "Email me about training. I can stop at any time."
WANTED = {"email": JO, "lists": ["champions"], "agreement": AGREEMENT}
PEER = "203.0.113.9"


class Program:
    """Another program, and the site that it asks."""

    def __init__(self, site: JoiningSite) -> None:
        self.site = site
        self.client = TestClient(site.application, base_url=ORIGIN, client=(PEER, 4711))
        self.token = self.make_token("crm", *TokenScope)

    def make_token(self, name: str, *scopes: TokenScope, days: int = 30) -> str:
        with self.site.engine.begin() as connection:
            return create_token(connection, name, scopes, now=self.site.now, expires_at=self.site.now + days * DAY)

    def post(self, call: str, body: object, *, token: str | None = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {self.token if token is None else token}", **headers}
        return self.client.post(f"/api/v1/{call}", json=body, headers=sent)

    def get(self, path: str, *, token: str | None = None) -> Any:
        sent = {"Authorization": f"Bearer {self.token if token is None else token}"}
        return self.client.get(f"/api/v1/{path}", headers=sent)

    def stops(self, address: str) -> list[Any]:
        with self.site.engine.begin() as connection:
            hash_ = hash_address(connection, address)
        return self.site.stops(hash_)

    def actions(self) -> list[tuple[str, str, int]]:
        with self.site.engine.begin() as connection:
            return [(one.token, one.action, one.status) for one in find_actions(connection, most=100)]


@pytest.fixture
def program(tmp_path: Path, database_url: str) -> Iterator[Program]:
    with joining_site(tmp_path, database_url, lists=FILES) as site:
        yield Program(site)


def check_problem(answer: Any, status: int) -> dict[str, Any]:
    """It is a problem of RFC 9457, as the description has it."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    document: dict[str, Any] = answer.json()
    schemas = write_openapi(ORIGIN)["components"]
    Draft202012Validator({"$ref": "#/components/schemas/ProblemDocument", "components": schemas}).validate(document)
    assert document["status"] == status
    return document


def test_who_subscribes_by_a_program_joins_by_confirming_alone(program: Program) -> None:
    answer = program.post("subscribe", WANTED | {"name": "Jo", "visitor": "192.0.2.77", "language": "cy"})

    assert (answer.status_code, answer.json()) == (
        202,
        {"done": "If this address may join, it gets an email to confirm."},
    )
    (asked,) = program.site.rows("sign_ups")
    assert (asked.address, asked.lists, asked.name, asked.network) == (JO, ["champions"], "Jo", "192.0.2.0/24")
    assert (asked.page, asked.language) == ("program: crm", ""), "no bulletin here has two languages"
    assert AGREEMENT in [row.text for row in program.site.rows("wordings")]
    assert program.site.rows("memberships") == []
    program.site.send()
    assert "confirm" in read_part(program.site.mail(JO)[-1], "plain").lower()
    program.site.client.post(program.site.find_link(), headers={"Origin": ORIGIN})
    assert [row.list for row in program.site.rows("memberships")] == ["champions"]


@on_sqlite
def test_a_program_brings_no_one_back_and_learns_nothing(program: Program) -> None:
    with program.site.engine.begin() as connection:
        hash_ = hash_address(connection, JO)
        why = {"reason": SuppressionReason.OPTED_OUT, "origin": SuppressionOrigin.PAGE}
        suppress(connection, hash_, now=program.site.now - DAY, **why)

    known = program.post("subscribe", WANTED)
    stranger = program.post("subscribe", WANTED | {"email": "new@office.example.net"})
    program.site.send()

    assert known.content == stranger.content
    assert len(program.stops(JO)) == 1
    assert program.site.rows("memberships") == []


def test_a_program_stops_a_list_a_bulletin_or_everything(program: Program) -> None:
    assert program.post("unsubscribe", {"email": "a@example.net", "list": "partners"}).status_code == 200
    assert program.post("unsubscribe", {"email": "b@example.net", "bulletin": "monthly"}).status_code == 200
    assert program.post("unsubscribe", {"email": "C@EXAMPLE.net"}).status_code == 200
    assert program.post("suppress", {"email": "d@example.net", "reason": "complained", "note": "By phone"}).is_success

    scopes = {name: [one.scope for one in program.stops(f"{name}@example.net")] for name in "abcd"}
    assert scopes == {"a": [one_list("partners")], "b": [one_bulletin(".")], "c": [EVERYTHING], "d": [EVERYTHING]}
    (stop,) = program.stops("d@example.net")
    assert (stop.reason, stop.origin, stop.note) == (SuppressionReason.COMPLAINED, SuppressionOrigin.API, "By phone")


@on_sqlite
def test_a_program_reads_how_an_issue_is_going_and_nothing_of_anyone(program: Program) -> None:
    begin_mailing(program.site.engine, "anna", "ben", issue="training/2021-05")
    with program.site.engine.begin() as connection:
        accepted = update(deliveries).where(deliveries.c.name == "ben").values(state="accepted", ended_at=1)
        connection.execute(accepted)

    answer = program.get("mailings/training/2021-05")

    found = answer.json()
    assert (found["stage"], found["total"], found["queued"], found["accepted"]) == ("sending", 2, 1, 1)
    assert address_of("anna") not in answer.text
    schemas = write_openapi(ORIGIN)["components"]
    Draft202012Validator({"$ref": "#/components/schemas/MailingCounts", "components": schemas}).validate(found)
    check_problem(program.get("mailings/2030-01"), 404)


@on_sqlite
def test_a_token_does_what_its_scopes_say_until_it_expires_or_is_revoked(program: Program) -> None:
    form = program.make_token("form", TokenScope.SUBSCRIBE, days=1)
    assert program.post("subscribe", WANTED, token=form).status_code == 202
    check_problem(program.post("suppress", {"email": JO, "reason": "bounced"}, token=form), 403)
    for wrong in ("", "bulletin_", form[:-1] + ("0" if form[-1] != "0" else "1"), form.upper()):
        refused = program.post("subscribe", WANTED, token=wrong)
        assert check_problem(refused, 401)["title"] == "No valid token"
        assert refused.headers["www-authenticate"].startswith("Bearer")

    program.site.now += DAY
    check_problem(program.post("subscribe", WANTED, token=form), 401)
    with program.site.engine.begin() as connection:
        revoke_token(connection, "crm", now=program.site.now)
    check_problem(program.post("subscribe", WANTED), 401)
    assert program.stops(JO) == []


@on_sqlite
def test_no_token_is_kept_and_scanners_know_one(program: Program) -> None:
    assert re.fullmatch(r"bulletin_[0-9a-f]{56}", program.token)
    assert is_token_text(program.token)
    assert program.token[9:] not in repr(program.site.dump())
    with program.site.engine.begin() as connection:
        (kept,) = list_tokens(connection)
    assert program.token.startswith(kept.hint)
    assert len(kept.hint) == len("bulletin_") + 6


def test_the_same_request_sent_twice_does_nothing_twice(program: Program) -> None:
    first = program.post("subscribe", WANTED, **{"Idempotency-Key": "a-1"})
    second = program.post("subscribe", WANTED, **{"Idempotency-Key": "a-1"})
    other = program.post("subscribe", WANTED | {"name": "Joanna"}, **{"Idempotency-Key": "a-1"})
    elsewhere = program.post("unsubscribe", {"email": JO}, **{"Idempotency-Key": "a-1"})

    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert len(program.site.rows("sign_ups")) == 1
    assert check_problem(other, 422)["title"] == "Key used before"
    check_problem(elsewhere, 422)
    check_problem(program.post("subscribe", WANTED, **{"Idempotency-Key": "k" * 256}), 400)
    assert [action for _, action, _ in program.actions()] == ["subscribe"]
    tidy(program.site.engine, program.site.workspace.settings.retention, now=program.site.now + 3 * DAY)
    assert program.site.rows("kept_answers") == []


@on_sqlite
def test_what_was_done_is_logged_by_the_name_of_the_token_and_forgotten_in_time(program: Program) -> None:
    program.post("subscribe", WANTED)
    program.post("unsubscribe", {"email": JO})
    program.post("suppress", {"email": "not an address", "reason": "bounced"})

    assert program.actions() == [("crm", "subscribe", 202), ("crm", "unsubscribe", 200)]
    assert JO not in repr(program.site.rows("token_actions"))
    tidy(program.site.engine, program.site.workspace.settings.retention, now=program.site.now + 800 * DAY)
    assert program.actions() == []


@on_sqlite
def test_every_fault_of_a_body_is_named_at_once(program: Program) -> None:
    faulty = {"email": "x", "lists": [], "name": "J" * 101, "admin": True}

    errors = check_problem(program.post("subscribe", faulty), 422)["errors"]

    assert {one["pointer"] for one in errors} == {"#/email", "#/lists", "#/name", "#/admin", "#/agreement"}
    for call, body, pointer in [
        ("subscribe", WANTED | {"lists": ["champions", "partners"]}, "#/lists/1"),
        ("subscribe", WANTED | {"email": "jo at home"}, "#/email"),
        ("unsubscribe", {"email": JO, "list": "nothing"}, "#/list"),
        ("unsubscribe", {"email": JO, "bulletin": "nothing"}, "#/bulletin"),
        ("unsubscribe", {"email": JO, "list": "partners", "bulletin": "monthly"}, "#/bulletin"),
        ("suppress", {"email": JO, "reason": "erased"}, "#/reason"),
        ("suppress", {"email": JO, "reason": "bounced", "note": "jo@example.org said so"}, "#/note"),
    ]:
        assert [one["pointer"] for one in check_problem(program.post(call, body), 422)["errors"]] == [pointer]
    assert program.site.rows("sign_ups") == program.site.rows("suppression_events") == []


@on_sqlite
def test_what_is_no_json_is_too_long_or_has_no_address_is_a_problem_in_json(program: Program) -> None:
    bearer = {"Authorization": f"Bearer {program.token}"}
    form = program.client.post("/api/v1/subscribe", data={"email": JO}, headers=bearer)
    check_problem(form, 415)
    json_type = bearer | {"Content-Type": "application/json"}
    for body in (b"{", b"\xff", b"[" * 60_000):
        check_problem(program.client.post("/api/v1/subscribe", content=body, headers=json_type), 400)
    check_problem(program.client.post("/api/v1/subscribe", content=b"x" * 65_537, headers=json_type), 413)
    check_problem(program.client.get("/api/v1/nothing"), 404)
    check_problem(program.client.put("/api/v1/subscribe"), 405)
    wrong = program.client.get("/api/v1/subscribe")
    check_problem(wrong, 405)
    assert wrong.headers["allow"] == "POST"


@on_sqlite
def test_a_network_asks_no_more_often_than_on_the_page(program: Program) -> None:
    answers = [program.post("subscribe", WANTED | {"visitor": "192.0.2.1"}) for _ in range(REQUESTS_OF_NETWORK.most)]
    assert {one.status_code for one in answers} == {202}

    refused = program.post("subscribe", WANTED | {"visitor": "192.0.2.250"})

    check_problem(refused, 429)
    assert refused.headers["retry-after"] == "3600"
    assert program.post("subscribe", WANTED | {"visitor": "2001:db8::1"}).status_code == 202


@on_sqlite
def test_nothing_there_approves_or_sends(program: Program) -> None:
    described = program.client.get("/api/v1/openapi.json").json()

    assert set(described["paths"]) == {"/subscribe", "/unsubscribe", "/suppress", "/mailings/{issue}"}
    routes = {route.path for route in Api(site=program.site.site).routes()}
    assert routes == {f"/api/v1{path}" for path in ("/subscribe", "/unsubscribe", "/suppress", "/openapi.json")} | {
        "/api/v1/mailings/{issue:path}",
        "/api/{rest:path}",
    }
    for call in ("approve", "send", "mailings/2021-05"):
        assert program.post(call, {}).status_code in (404, 405)


def test_the_description_is_openapi_and_its_examples_are_what_it_says() -> None:
    described = json.loads(json.dumps(write_openapi("https://news.example.org/")))

    assert (described["openapi"], described["servers"]) == ("3.1.0", [{"url": "https://news.example.org/api/v1"}])
    schemas = described["components"]["schemas"]
    for name, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        assert schema["additionalProperties"] is False, name
        for field in schema["properties"].values():
            for example in field.get("examples", ()):
                Draft202012Validator(field | {"components": described["components"]}).validate(example)
    for reference in re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(described)):
        assert reference in schemas
    for path in described["paths"].values():
        for call in path.values():
            (scope,) = call["security"][0]["token"]
            assert scope in set(TokenScope)
