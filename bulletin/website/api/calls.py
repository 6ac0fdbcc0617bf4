"""`/api/v1` at work: whose token it is, then what is asked for, in one transaction with the record of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bulletin.access.action_log import LoggedAction, log_action
from bulletin.access.kept_answers import Asked, find_kept_answer, keep_answer
from bulletin.database.errors import database_errors
from bulletin.database.reading import watch
from bulletin.database.states import SuppressionOrigin, SuppressionReason, TokenAction, TokenScope
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.sending.mailing_progress import read_progress
from bulletin.errors import DatabaseError, InvalidAddress
from bulletin.subscribers.address import Address, parse_address
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.joining.limits import REQUESTS_OF_TOKEN, take_turn
from bulletin.subscribers.joining.sign_up import JoinRequest, ask_to_join
from bulletin.subscribers.scope import EVERYTHING, Scope, find_declared_bulletins, one_bulletin, one_list
from bulletin.subscribers.suppression import suppress
from bulletin.website.api.bodies import DoneAnswer, MailingCounts, SubscribeBody, SuppressBody, UnsubscribeBody
from bulletin.website.api.openapi import write_openapi
from bulletin.website.bearer import find_bearer
from bulletin.website.guard import body_of, visitor_of
from bulletin.website.pages.choices import find_open_lists, list_languages
from bulletin.website.pages.fields import read_line, read_lines
from bulletin.website.problem_json import JsonProblem, answer_json_problem, explain_to_program
from bulletin.website.problems import AN_HOUR, PageProblem, ProblemKind, busy, too_many
from bulletin.website.site import ReaderSite

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.access.api_tokens import ApiToken

ROOT: Final = "/api/v1"
_LONGEST_KEY: Final = 255
_POSTED: Final = ("/v1/subscribe", "/v1/unsubscribe", "/v1/suppress")
_Read = TypeVar("_Read", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Api:
    """The calls and what they work on."""

    site: ReaderSite

    def routes(self) -> list[Route]:
        """Where they are served. The functions wait for the database, so they run in threads of their own."""
        posts = {"subscribe": self.subscribe, "unsubscribe": self.unsubscribe, "suppress": self.suppress}
        return [
            *(Route(f"{ROOT}/{name}", _in_json(call), methods=["POST"]) for name, call in posts.items()),
            Route(f"{ROOT}/mailings/{{issue:path}}", _in_json(self.show_mailing), methods=["GET"]),
            Route(f"{ROOT}/openapi.json", self.describe, methods=["GET"]),
            # Before the pages of the archive, which answer whatever is left.
            Route("/api/{rest:path}", _in_json(_refuse), methods=["GET", "POST"]),
        ]

    def describe(self, _request: Request) -> Response:
        """Answer with the description, which anyone may read."""
        return JSONResponse(write_openapi(self.site.frame.website.url))

    def subscribe(self, request: Request) -> Response:
        """Have someone asked whether they want these lists. The answer is the same for every address."""
        token = self._require(request, TokenScope.SUBSCRIBE)
        body = _read_body(request, SubscribeBody)
        address = _read_address(body.email)
        self._require_open(body.lists)
        asked = JoinRequest(
            address=address,
            lists=tuple(dict.fromkeys(body.lists)),
            name=read_line(body.name),
            wording=read_lines(body.agreement),
            wanted_language=body.language if list_languages(self.site.settings) else "",
            page=f"program: {token.name}",
            days=self.site.settings.retention.unconfirmed,
            network=_name_network(body, request),
        )

        def ask(connection: Connection, now: int) -> str:
            if not ask_to_join(connection, asked, now=now):
                raise explain_to_program(too_many(AN_HOUR))
            return "If this address may join, it gets an email to confirm."

        answer = self._act(request, token, TokenAction.SUBSCRIBE, ask, status=202)
        self.site.wake()
        return answer

    def unsubscribe(self, request: Request) -> Response:
        """Stop what someone wants no more."""
        token = self._require(request, TokenScope.UNSUBSCRIBE)
        body = _read_body(request, UnsubscribeBody)
        address, scope = _read_address(body.email), self._choose_scope(body)

        def stop(connection: Connection, now: int) -> str:
            _stop(connection, address, SuppressionReason.OPTED_OUT, now=now, scope=scope)
            return "This is stopped." if scope != EVERYTHING else "All email to this address is stopped."

        return self._act(request, token, TokenAction.UNSUBSCRIBE, stop)

    def suppress(self, request: Request) -> Response:
        """Stop all email to an address."""
        token = self._require(request, TokenScope.SUPPRESS)
        body = _read_body(request, SuppressBody)
        if "@" in body.note:
            raise _faulty([("#/note", "Leave the email address out of the note: it is kept for good.")])
        address = _read_address(body.email)

        def stop(connection: Connection, now: int) -> str:
            _stop(connection, address, SuppressionReason(body.reason), now=now, note=read_line(body.note))
            return "All email to this address is stopped."

        return self._act(request, token, TokenAction.SUPPRESS, stop)

    def show_mailing(self, request: Request) -> Response:
        """Answer with how many readers of an issue are in each state."""
        self._require(request, TokenScope.STATUS)
        issue = request.path_params["issue"]
        with watch(self.site.engine) as connection:
            if not find_mailings(connection, issue):
                raise JsonProblem(404, "Not found", "No issue of this name was sent.")
            progress = read_progress(connection, issue, now=self.site.now())
        counts = progress.counts
        found = MailingCounts(issue=issue, stage=progress.stage.value, total=counts.total, **asdict(counts))
        return JSONResponse(found.model_dump(mode="json"))

    def _require(self, request: Request, scope: TokenScope) -> ApiToken:
        """The token of a request. Raises JsonProblem if there is none that works, or it may not do this."""
        token = find_bearer(self.site.engine, request, now=self.site.now())
        if token is None:
            detail = "Send a token that works: Authorization: Bearer … See `bulletin token list`."
            raise JsonProblem(401, "No valid token", detail, headers={"WWW-Authenticate": 'Bearer realm="bulletin"'})
        if scope not in token.scopes:
            raise JsonProblem(403, "Not allowed", f"This token doesn’t have the scope “{scope}”.")
        return token

    def _act(
        self,
        request: Request,
        token: ApiToken,
        action: TokenAction,
        act: Callable[[Connection, int], str],
        *,
        status: int = 200,
    ) -> Response:
        """Do it and write it down, unless the same request was answered before. Raises JsonProblem, DatabaseError."""
        key, now = _read_key(request), self.site.now()
        asked = Asked(token_id=token.id, key=key, content=f"{action} ".encode() + body_of(request))
        with database_errors(), self.site.engine.begin() as connection:
            if key and (kept := find_kept_answer(connection, asked)):
                if not kept.is_same:
                    raise JsonProblem(422, "Key used before", "Use a new Idempotency-Key for each different request.")
                return _write(kept.status, kept.body)
            if not take_turn(connection, REQUESTS_OF_TOKEN, f"token {token.id}", now=now):
                raise explain_to_program(too_many(AN_HOUR))
            body = DoneAnswer(done=act(connection, now)).model_dump_json()
            log_action(connection, LoggedAction(token=token.name, action=action, at=now, status=status))
            if key:
                keep_answer(connection, asked, status=status, body=body, now=now)
        return _write(status, body)

    def _require_open(self, lists: list[str]) -> None:
        known = {one.name for one in find_open_lists(self.site.settings)}
        words = "No list of this name is open for people to join."
        if faults := [(f"#/lists/{at}", words) for at, name in enumerate(lists) if name not in known]:
            raise _faulty(faults)

    def _choose_scope(self, body: UnsubscribeBody) -> Scope:
        settings = self.site.settings
        if body.list and body.bulletin:
            raise _faulty([("#/bulletin", "Give a list or a bulletin, not both.")])
        if body.list:
            if body.list not in settings.lists:
                raise _faulty([("#/list", "There is no list of this name.")])
            return one_list(body.list)
        if body.bulletin:
            named = dict(zip(settings.bulletins, find_declared_bulletins(settings), strict=True))
            if body.bulletin not in named:
                raise _faulty([("#/bulletin", "There is no bulletin of this name.")])
            return one_bulletin(named[body.bulletin])
        return EVERYTHING


def _refuse(request: Request) -> Response:
    """Say that there is nothing at this address, or nothing for this method."""
    if request.method != "POST" and request.url.path.endswith(_POSTED):
        raise explain_to_program(PageProblem(ProblemKind.METHOD, allow="POST"))
    raise explain_to_program(PageProblem(ProblemKind.NOT_FOUND))


def _stop(
    connection: Connection,
    address: Address,
    reason: SuppressionReason,
    *,
    now: int,
    scope: Scope = EVERYTHING,
    note: str = "",
) -> None:
    hash_ = hash_address(connection, address.key)
    suppress(connection, hash_, reason=reason, origin=SuppressionOrigin.API, now=now, scope=scope, note=note)


def _in_json(call: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """A call whose problems are answered as RFC 9457 has it."""

    def answer(request: Request) -> Response:
        try:
            return call(request)
        except JsonProblem as problem:
            return answer_json_problem(problem)
        except DatabaseError:
            return answer_json_problem(explain_to_program(busy()))

    return answer


def _read_body(request: Request, model: type[_Read]) -> _Read:
    """The body of a request. Raises JsonProblem with all its faults."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise JsonProblem(415, "Not JSON", "Send the body as application/json.")
    try:
        return model.model_validate_json(body_of(request))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
    if faults[0]["type"] == "json_invalid":
        raise JsonProblem(400, "Not JSON", "The body can’t be read as JSON.")
    raise _faulty([(_point_at(one["loc"]), f"{one['msg']}.") for one in faults])


def _point_at(place: tuple[int | str, ...]) -> str:
    return "#/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in place)


def _faulty(faults: list[tuple[str, str]]) -> JsonProblem:
    errors: list[Mapping[str, Any]] = [{"pointer": pointer, "detail": words} for pointer, words in faults]
    return JsonProblem(422, "Faults in the body", "Mend what `errors` names, and send it again.", errors=errors)


def _read_address(written: str) -> Address:
    try:
        return parse_address(written)
    except InvalidAddress:
        raise _faulty([("#/email", "This is not an email address that can be used.")]) from None


def _read_key(request: Request) -> str:
    key = request.headers.get("idempotency-key", "").strip()
    if len(key) > _LONGEST_KEY or not key.isprintable():
        raise JsonProblem(400, "Idempotency-Key", f"It may have {_LONGEST_KEY} characters at most.")
    return key


def _name_network(body: SubscribeBody, request: Request) -> str:
    """The network of the person's form if the program says it; or else the program's own."""
    if body.visitor is None:
        return visitor_of(request).network
    return str(ip_network((body.visitor, 24 if body.visitor.version == 4 else 48), strict=False))


def _write(status: int, body: str) -> Response:
    return Response(body, status_code=status, media_type="application/json")
