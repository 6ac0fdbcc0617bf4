"""The guard of the website: who may ask, what for and how much, and the headers of each answer.

It turns every problem into a page, so it is the outermost of what answers, but for the access lines.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from traceback import extract_tb

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bulletin.web.bodies import BodyTooLarge, ClientTooSlow, read_body, replay_body
from bulletin.web.forms import Form, UnreadableForm, parse_form
from bulletin.web.headers import set_security_headers
from bulletin.web.origins import LOOPBACK_NAMES, comes_from_us, name_site, read_host_name
from bulletin.website.frame import Frame
from bulletin.website.problem_json import answer_json_problem, explain_to_program
from bulletin.website.problems import PageProblem, ProblemKind, answer_problem, busy
from bulletin.website.visitors import Visitor, find_visitor, read_networks

MOST_BYTES = 64 * 1024
MOST_WEBHOOK_BYTES = 1024 * 1024  # the largest batch of a mail service
MOST_FIELDS = 100
BODY_SECONDS = 10.0
AT_ONCE = 64  # requests whose form is read, in each lane

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# With no-referrer, Chromium sends `Origin: null` with our own forms, so the check of origins would lock readers out;
# with same-origin, the token in a page's address reaches the logs of whatever is in front of us.
REFERRER = "strict-origin"
HSTS = "max-age=31536000"

METHODS = ("GET", "HEAD", "POST")
WITH_TOKEN = ("confirm", "preferences", "unsubscribe", "watch")
"""The pages whose address has a token in it: no search engine should keep them."""

FOR_PROGRAMS = "/api/"
"""Where there are no forms: a program has a token in its request, which no browser adds by itself."""

FOR_MONITORS = ("/health", "/metrics")

ONE_CLICK = (("List-Unsubscribe", "One-Click"),)


class WebsiteGuard:
    """Wraps an application. It finds the visitor in `request.state.visitor`, and a form in `request.state.form`."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        frame: Frame,
        report: Callable[[str], object] = print,
        body_seconds: float = BODY_SECONDS,
        at_once: int = AT_ONCE,
        webhooks: Collection[str] = (),
    ) -> None:
        """`webhooks` are paths that programs post to: there is no form, and the endpoint checks who it is.

        `report` is told of faults of ours, by their place and type alone: messages may quote what was sent.
        """
        self._app = app
        self._frame = frame
        self._report = report
        self._proxies = read_networks(frame.website.proxies)
        self._host, self._origin = name_site(frame.website.url)
        self._body_seconds = body_seconds
        self._webhooks = frozenset(webhooks)
        self._lanes = {True: at_once, False: at_once}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        visitor = self._find_visitor(scope, headers)
        scope["path"] = _remove_root(scope["path"], self._frame.root)
        scope.setdefault("state", {})["visitor"] = visitor
        answer = _Answer(scope, send, secure=visitor.secure)
        try:
            self._check(scope["path"], scope["method"], headers)
            if scope["method"] == "POST":
                receive = await self._read_form(scope, receive, headers, visitor)
            with self._lane(scope["path"]):
                await self._app(scope, receive, answer.send)
        except Exception as error:  # noqa: BLE001 -- this is the edge: whatever happens, there is an answer
            problem = self._explain(error)
            if not answer.begun:
                await self._answer(scope["path"], problem)(scope, receive, answer.send)

    def _answer(self, path: str, problem: PageProblem) -> Response:
        if path.startswith(FOR_PROGRAMS):
            return answer_json_problem(explain_to_program(problem))
        return answer_problem(self._frame, problem)

    def _find_visitor(self, scope: Scope, headers: Headers) -> Visitor:
        peer = scope["client"][0] if scope.get("client") else ""
        return find_visitor(peer, scope["scheme"], headers, proxies=self._proxies)

    def _check(self, path: str, method: str, headers: Headers) -> None:
        """Raises PageProblem for a name that isn't ours (DNS rebinding, a proxy set up wrongly) and for odd methods.

        Monitors call a server by whatever name it has in their network.
        """
        hosts = headers.getlist("host")
        name = read_host_name(hosts[0]) if len(hosts) == 1 else ""
        if name != self._host and name not in LOOPBACK_NAMES and path not in FOR_MONITORS:
            raise PageProblem(ProblemKind.WRONG_HOST)
        if method not in METHODS:
            raise PageProblem(ProblemKind.METHOD, allow=", ".join(METHODS))

    async def _read_form(self, scope: Scope, receive: Receive, headers: Headers, visitor: Visitor) -> Receive:
        """Read the form into the state, and what receives it again. Raises what `_explain` knows."""
        is_webhook = scope["path"] in self._webhooks
        by_program = is_webhook or scope["path"].startswith(FOR_PROGRAMS)
        most = MOST_WEBHOOK_BYTES if is_webhook else MOST_BYTES
        if _tell_length(headers) > most:
            raise BodyTooLarge
        body = await read_body(receive, most=most, seconds=self._body_seconds)
        if by_program:
            scope["state"]["body"] = body
            return replay_body(body, receive)
        form = parse_form(body, headers.get("content-type", ""), most_fields=MOST_FIELDS)
        if not comes_from_us(headers, self._own_origins(headers, visitor)) and not _is_exempt(scope["path"], form):
            raise PageProblem(ProblemKind.FOREIGN_FORM)
        scope["state"]["form"] = form
        return replay_body(body, receive)

    def _own_origins(self, headers: Headers, visitor: Visitor) -> set[str]:
        """That of `website: url`; and that of this computer itself, for someone who looks at the pages on it."""
        host = headers.get("host", "").lower()
        own = {f"{'https' if visitor.secure else 'http'}://{host}"} if read_host_name(host) in LOOPBACK_NAMES else set()
        return {self._origin, *own}

    @contextmanager
    def _lane(self, path: str) -> Iterator[None]:
        """A place among the requests in hand. Unsubscribing has places of its own, which nothing else can fill."""
        lane = path.startswith("/unsubscribe/")
        if not self._lanes[lane]:
            raise busy()
        self._lanes[lane] -= 1
        try:
            yield
        finally:
            self._lanes[lane] += 1

    def _explain(self, error: Exception) -> PageProblem:
        """The problem that an exception is. What isn't expected is our fault, and reported."""
        if isinstance(error, PageProblem):
            return error
        if isinstance(error, HTTPException):
            allow = (error.headers or {}).get("Allow", "")
            return PageProblem(ProblemKind.METHOD if error.status_code == 405 else ProblemKind.NOT_FOUND, allow=allow)
        for kind, problem in _KNOWN:
            if isinstance(error, kind):
                return PageProblem(problem)
        place = extract_tb(error.__traceback__)[-1]
        self._report(f"Our fault: {type(error).__name__} at {place.filename}:{place.lineno}")
        return PageProblem(ProblemKind.FAULT)


_KNOWN: tuple[tuple[type[Exception], ProblemKind], ...] = (
    (BodyTooLarge, ProblemKind.TOO_LARGE),
    (ClientTooSlow, ProblemKind.TOO_SLOW),
    (UnreadableForm, ProblemKind.UNREADABLE),
)


class _Answer:
    """Sends an answer with the headers of each, and without a body to HEAD."""

    def __init__(self, scope: Scope, send: Send, *, secure: bool) -> None:
        self.begun = False
        self._scope = scope
        self._send = send
        self._secure = secure

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            self._set_headers(MutableHeaders(scope=message), message["status"])
        elif message["type"] == "http.response.body" and self._scope["method"] == "HEAD":
            message = {**message, "body": b""}
        await self._send(message)

    def _set_headers(self, headers: MutableHeaders, status: int) -> None:
        set_security_headers(headers, policy=PAGE_POLICY, referrer=REFERRER)
        if self._scope["path"].split("/")[1] in WITH_TOKEN:
            headers["x-robots-tag"] = "noindex"
        if self._secure:
            headers["strict-transport-security"] = HSTS
        if status in (ProblemKind.TOO_LARGE.status, ProblemKind.TOO_SLOW.status):
            headers["connection"] = "close"  # the rest of the body is never read


def _remove_root(path: str, root: str) -> str:
    """The path within the website. A proxy may have removed `root` already."""
    rest = path.removeprefix(root) if root and f"{path}/".startswith(f"{root}/") else path
    return rest if rest.startswith("/") else f"/{rest}"


def _tell_length(headers: Headers) -> int:
    """What a request says of its length, in bytes; 0 if it says nothing that can be read."""
    text = headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _is_exempt(path: str, form: Form) -> bool:
    """Whether a mail service asks on a reader's behalf (RFC 8058): it sends neither Origin nor anything like it.

    Nothing is lost by that: anyone who knows the token may unsubscribe.
    """
    fields = tuple((name, value.strip()) for name, value in form.fields)
    return path.startswith("/unsubscribe/") and fields == ONE_CLICK


def form_of(request: Request) -> Form:
    """The form that was posted."""
    form = request.state.form
    if not isinstance(form, Form):
        raise TypeError("The guard has read no form.")
    return form


def body_of(request: Request) -> bytes:
    """What a program posted."""
    body = request.state.body
    if not isinstance(body, bytes):
        raise TypeError("The guard has read no body.")
    return body


def visitor_of(request: Request) -> Visitor:
    """Who asks."""
    visitor = request.state.visitor
    if not isinstance(visitor, Visitor):
        raise TypeError("The guard has found no visitor.")
    return visitor
