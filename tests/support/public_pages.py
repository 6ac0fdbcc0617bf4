"""Every page of the website in every state, and a small application that shows them: no route here has a database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from bulletin.complaints.subject import ComplaintSubject
from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.record.usefulness import UsefulAnswer
from bulletin.delivery.sending.mailing_progress import MailingProgress, Stage
from bulletin.settings.settings import Settings
from bulletin.subscribers.masking import mask_address
from bulletin.website.application import build_application
from bulletin.website.frame import Frame, make_frame
from bulletin.website.guard import form_of, visitor_of
from bulletin.website.pages.choices import ListChoice, describe_list, find_open_lists, list_bulletins
from bulletin.website.pages.complaint import (
    ComplaintDoneView,
    ComplaintFault,
    ComplaintView,
    read_complaint,
    render_complaint,
    render_complaint_done,
)
from bulletin.website.pages.confirm import (
    ConfirmView,
    NotAddedView,
    WaitingView,
    WelcomeView,
    render_confirm,
    render_not_added,
    render_waiting,
    render_welcome,
)
from bulletin.website.pages.preferences import (
    LanguageChoice,
    MailFormat,
    PreferencesFault,
    PreferencesView,
    list_breaks,
    render_preferences,
)
from bulletin.website.pages.privacy import KeepingTimes, describe_privacy, render_privacy
from bulletin.website.pages.subscribe import (
    AddressCheckView,
    SubscribeFault,
    SubscribeView,
    read_subscribe,
    render_address_check,
    render_check_your_email,
    render_subscribe,
)
from bulletin.website.pages.unsubscribe import (
    AgainView,
    AlreadyView,
    StopChoice,
    UnsubscribeAct,
    UnsubscribedView,
    UnsubscribeView,
    read_act,
    render_again,
    render_already,
    render_unsubscribe,
    render_unsubscribed,
)
from bulletin.website.pages.useful import UsefulView, render_useful, render_useful_done
from bulletin.website.pages.watch_views import WatchAct, ask_about, describe_progress, render_ask, render_watch
from bulletin.website.problems import PageProblem, ProblemKind, busy, render_problem, too_many
from bulletin.website.server import WebsiteServer, listen_for_readers
from bulletin.website.static_pages import list_static_routes
from bulletin.workspace.package_data import theme_folder

# Names of an organisation, a bulletin, a list that end in a full stop; and one that HTML would take for its own.
SETTINGS = """\
organisation:
  name: Bexley S.H.I.E.L.D.
  about: We keep children safe.
  address: Civic Offices, 2 Watling Street, Bexleyheath, Kent DA6 7AT
  email: shield@shield.example.org
  telephone: 020 7946 0000
  privacy: https://www.shield.example.org/privacy
bulletins:
  monthly:
    title: S.H.I.E.L.D. e-bulletin
    about: brings news, training and resources for everyone who works with children and young people in Bexley.
    sender: {name: Bexley S.H.I.E.L.D., email: bulletin@shield.example.org}
lists:
  partners: {title: Partner agencies, basis: public-task}
  champions:
    title: Safeguarding champions
    basis: consent
    about: Training dates and resources.
    open: "*"
  schools:
    title: Schools & colleges etc.
    basis: public-task
    about: For staff of schools and colleges in Bexley.
    open: ["*.sch.uk", "*.gov.uk"]
colours: {accent: '#17505f'}
website:
  url: https://bulletin.shield.example.org
  proxies: [127.0.0.1]
  urgent: Worried about a child? Don’t use this form. Call 999 in an emergency.
  private: Don’t include details about children or families
  accessibility: https://www.shield.example.org/accessibility
  privacy:
    contact: dpo@shield.example.org
    officer: Data Protection Officer, London Borough of Bexley
    registration: Z1234567
    processors: [Microsoft (sends our emails)]
    more: Microsoft keeps your address in the **United Kingdom**.
"""

TWO_BULLETINS = SETTINGS.replace(
    "lists:\n",
    "  training:\n    title: Training news\n    sender: {name: B, email: b@shield.example.org}\n"
    "    lists: [champions]\nlists:\n",
    1,
)
"""The same with a second bulletin: champions get both."""

HOST = "bulletin.shield.example.org"
OFFERS = ("privacy", "complaint", "subscribe")
KEEPING = KeepingTimes(unconfirmed_days=7, network_days=30, delivery_months=24, complaint_months=24, log_days=90)
TODAY = date(2027, 3, 5)
NOON = 1_804_248_000_000  # that day
MASKED = mask_address("jo.bloggs@schools.example.net")
TOKEN = "u3039g181cdg" + "0123456789abcdef" * 2
PREFERENCES, ALL = f"/preferences/{TOKEN}", f"/unsubscribe/{TOKEN}?all"


@cache
def read_settings(text: str = SETTINGS) -> Settings:
    """Settings never change: the same text is read once for all tests."""
    return validate(parse_source(text, shown_as="bulletin.yaml"), Settings)


def frame_of(
    text: str = SETTINGS,
    *,
    folders: Sequence[Path] = (),
    offers: Sequence[str] = OFFERS,
    report: Callable[[str], object] = print,
) -> Frame:
    return make_frame(read_settings(text), (*folders, theme_folder()), offers=offers, report=report)


def _share(lists: tuple[ListChoice, ...]) -> tuple[ListChoice, ...]:
    """The lists as two bulletins go to them: the first list gets both, the others the second."""
    first, *rest = lists
    return (replace(first, bulletins=("monthly", "training")), *(replace(one, bulletins=("training",)) for one in rest))


def _states(settings: Settings) -> dict[str, Callable[[Frame], str]]:
    bulletins, choices = list_bulletins(settings), find_open_lists(settings)
    members = tuple(describe_list(settings, name, chosen=True) for name in ("champions", "schools"))
    form = SubscribeView(bulletins=bulletins, lists=choices)
    chosen = PreferencesView(
        masked=MASKED, lists=members, breaks=list_breaks(TODAY), name="Jo Bloggs", unsubscribe_all=ALL
    )
    none = tuple(replace(one, chosen=False) for one in members)
    second = replace(bulletins[0], name="training", title="Training etc.", about="brings courses.", latest="/latest/")
    both = (replace(bulletins[0], latest="/latest/", chosen=True), second)
    languages = (
        LanguageChoice(code="en-GB", name="English", chosen=True),
        LanguageChoice(code="cy", name="Cymraeg"),
    )
    title = bulletins[0].title
    pages: dict[str, Callable[[Frame], str]] = {
        "subscribe": lambda frame: render_subscribe(frame, form),
        "subscribe-faults": lambda frame: render_subscribe(
            frame,
            replace(
                form,
                email="jo.bloggs@schools",
                name="J" * 101,
                faults=(SubscribeFault.NO_LIST, SubscribeFault.BAD_ADDRESS, SubscribeFault.LONG_NAME),
            ),
        ),
        "subscribe-empty": lambda frame: render_subscribe(
            frame, replace(form, faults=(SubscribeFault.NO_LIST, SubscribeFault.NO_ADDRESS))
        ),
        "subscribe-one-list": lambda frame: render_subscribe(frame, replace(form, lists=choices[:1])),
        "subscribe-work-list": lambda frame: render_subscribe(frame, replace(form, lists=choices[1:])),
        "subscribe-several": lambda frame: render_subscribe(
            frame, replace(form, bulletins=(*bulletins, replace(second, about="", latest="")))
        ),
        "subscribe-two": lambda frame: render_subscribe(frame, replace(form, bulletins=both, lists=_share(choices))),
        "subscribe-two-faults": lambda frame: render_subscribe(
            frame, replace(form, bulletins=both, lists=_share(choices), faults=(SubscribeFault.NO_LIST,))
        ),
        "preferences-two": lambda frame: render_preferences(
            frame, replace(chosen, bulletins=both, lists=_share(members))
        ),
        "preferences-two-faults": lambda frame: render_preferences(
            frame,
            replace(chosen, bulletins=both, lists=_share(members), faults=(PreferencesFault.NO_BULLETIN,)),
        ),
        "unsubscribed-others": lambda frame: render_unsubscribed(
            frame, UnsubscribedView(masked=MASKED, title=title, others=(both[1].title, both[0].title))
        ),
        "subscribe-closed": lambda frame: render_subscribe(frame, replace(form, lists=())),
        "address-check": lambda frame: render_address_check(
            frame,
            AddressCheckView(
                entered="jo.bloggs@gmail.con", suggested="jo.bloggs@gmail.com", lists=("champions",), name="Jo"
            ),
        ),
        "check-your-email": partial(render_check_your_email, days=7),
        "confirm": lambda frame: render_confirm(
            frame, ConfirmView(masked=MASKED, lists=members, delete_by=date(2027, 3, 12))
        ),
        "welcome": lambda frame: render_welcome(
            frame,
            WelcomeView(
                masked=MASKED,
                titles=(title,),
                sender="bulletin@shield.example.org",
                next_issue="in the first week of April",
                preferences=PREFERENCES,
                archive="/issues",
            ),
        ),
        "welcome-short": lambda frame: render_welcome(
            frame, WelcomeView(masked=MASKED, titles=(title, "Training etc."), sender="bulletin@shield.example.org")
        ),
        "waiting": lambda frame: render_waiting(
            frame, WaitingView(lists=members[1:], days=5, answer_by=date(2027, 3, 12))
        ),
        "waiting-joined": lambda frame: render_waiting(
            frame,
            WaitingView(
                lists=members[1:], joined=("Safeguarding champions etc.",), days=5, answer_by=date(2027, 3, 12)
            ),
        ),
        "waiting-several": lambda frame: render_waiting(
            frame, WaitingView(lists=members, days=5, answer_by=date(2027, 3, 12))
        ),
        "not-added": lambda frame: render_not_added(
            frame, NotAddedView(reason="This list is for staff of schools in Bexley")
        ),
        "not-added-silent": lambda frame: render_not_added(frame, NotAddedView()),
        "preferences": lambda frame: render_preferences(frame, chosen),
        "preferences-saved": lambda frame: render_preferences(
            frame, replace(chosen, saved=True, paused_until=date(2027, 6, 1), mail_format=MailFormat.PLAIN)
        ),
        "preferences-faults": lambda frame: render_preferences(
            frame,
            replace(chosen, lists=none, name="J" * 101, faults=(PreferencesFault.NO_LIST, PreferencesFault.LONG_NAME)),
        ),
        "preferences-nothing": lambda frame: render_preferences(
            frame, replace(chosen, lists=none, gets_nothing=True, languages=languages)
        ),
        "unsubscribe": lambda frame: render_unsubscribe(
            frame, UnsubscribeView(masked=MASKED, title=title, pace="once a month", preferences=PREFERENCES)
        ),
        "unsubscribe-all": lambda frame: render_unsubscribe(
            frame, UnsubscribeView(masked=MASKED, title=title, pace="once a month", chosen=StopChoice.ALL)
        ),
        "unsubscribe-only-one": lambda frame: render_unsubscribe(
            frame, UnsubscribeView(masked=MASKED, title="Training etc.", only_one=True)
        ),
        "unsubscribe-old-link": lambda frame: render_unsubscribe(
            frame, UnsubscribeView(masked=MASKED, chosen=StopChoice.ALL)
        ),
        "unsubscribed": lambda frame: render_unsubscribed(
            frame, UnsubscribedView(masked=MASKED, asks_why=True, title=title)
        ),
        "unsubscribed-all": lambda frame: render_unsubscribed(
            frame, UnsubscribedView(masked=MASKED, can_undo=False, answered=True)
        ),
        "unsubscribed-forgotten": lambda frame: render_unsubscribed(frame, UnsubscribedView(masked="")),
        "already": lambda frame: render_already(
            frame, AlreadyView(masked=MASKED, title=title, since=date(2027, 3, 3), preferences=PREFERENCES)
        ),
        "already-all": lambda frame: render_already(frame, AlreadyView(masked=MASKED, since=date(2027, 3, 3))),
        "again": lambda frame: render_again(frame, AgainView(masked=MASKED, title=title, preferences=PREFERENCES)),
        "again-all": lambda frame: render_again(frame, AgainView(masked=MASKED)),
        "privacy": lambda frame: render_privacy(frame, describe_privacy(settings, KEEPING)),
        "useful": lambda frame: render_useful(frame, UsefulView(title="S.H.I.E.L.D. News")),
        "useful-faults": lambda frame: render_useful(frame, UsefulView(title="S.H.I.E.L.D. News", faulty=True)),
        "useful-unsent": lambda frame: render_useful(frame, UsefulView(title="S.H.I.E.L.D. News", is_sent=False)),
        "useful-done": lambda frame: render_useful_done(frame, UsefulAnswer.NO),
        "complaint": lambda frame: render_complaint(frame, ComplaintView()),
        "complaint-faults": lambda frame: render_complaint(
            frame,
            ComplaintView(
                subject=ComplaintSubject.WRONG,
                email="jo.bloggs",
                faults=(ComplaintFault.NO_TEXT, ComplaintFault.BAD_ADDRESS),
            ),
        ),
        "complaint-empty": lambda frame: render_complaint(
            frame, ComplaintView(text="x" * 20, faults=(ComplaintFault.LONG_TEXT, ComplaintFault.NO_ADDRESS))
        ),
        "complaint-done": lambda frame: render_complaint_done(
            frame, ComplaintDoneView(reference="C-7K4M-2P", acknowledge_by=date(2027, 4, 5))
        ),
    }
    pages |= {f"watch-{name}": page for name, page in _watch_states().items()}
    for kind in ProblemKind:
        name = f"problem-{kind.name.lower().replace('_', '-')}"
        pages[name] = lambda frame, kind=kind: render_problem(frame, kind, retry_after=3600)  # type: ignore[misc]  # bound now
    return pages


def _watch_states() -> dict[str, Callable[[Frame], str]]:
    """The page to watch an issue being sent, and the questions on it."""
    counts = Counts(queued=400_000, sending=8, accepted=590_000, deferred=1_200, refused=31, uncertain=2, withdrawn=4)
    common = {"issue": "training/2027-03", "counts": counts, "next_due": NOON + 600_000}
    progress = {
        "sending": MailingProgress(stage=Stage.SENDING, per_minute=9_000, **common),
        "waiting": MailingProgress(
            stage=Stage.SENDING, per_minute=None, issue="2027-03", counts=Counts(deferred=3), next_due=NOON + 60_000
        ),
        "ended": MailingProgress(
            stage=Stage.ENDED, per_minute=None, issue="2027-03", counts=Counts(accepted=12, bounced=1), next_due=None
        ),
    }
    stopped = (Stage.PAUSED, Stage.HALTED, Stage.CANCELLED)
    progress |= {stage.value: MailingProgress(stage=stage, per_minute=None, **common) for stage in stopped}
    views = {
        name: describe_progress(one, now=NOON, until=NOON + 86_400_000, reloads=name == "sending")
        for name, one in progress.items()
    }
    return {
        **{name: partial(render_watch, view=view) for name, view in views.items()},
        **{f"ask-{act}": partial(render_ask, view=ask_about(act, "training/2027-03")) for act in WatchAct},
    }


PAGES = _states(read_settings())


class PublicPages:
    """Routes as the website will have them, with answers that depend on nothing but the request."""

    def __init__(self, frame: Frame, settings: Settings) -> None:
        self._frame = frame
        self._settings = settings
        self.posted: list[tuple[tuple[str, str], ...]] = []
        self.visitors: list[str] = []

    def routes(self) -> list[BaseRoute]:
        both = ["GET", "POST"]
        return [
            *list_static_routes(self._frame, self._settings, keeping=KEEPING),
            Route("/pages/{name}", self.show),
            Route("/visitors", self.note_visitor),
            Route("/subscribe", self.subscribe, methods=both),
            Route("/unsubscribe/{token}", self.unsubscribe, methods=both),
            Route("/complaint", self.complaint, methods=both),
            Route("/fault/{token}", self.fail),
        ]

    async def show(self, request: Request) -> Response:
        page = PAGES.get(request.path_params["name"])
        if page is None:
            raise PageProblem(ProblemKind.NOT_FOUND)
        return HTMLResponse(page(self._frame))

    async def note_visitor(self, request: Request) -> Response:
        self.visitors.append(visitor_of(request).network)
        return PlainTextResponse("")

    async def subscribe(self, request: Request) -> Response:
        lists = find_open_lists(self._settings)
        view = SubscribeView(bulletins=list_bulletins(self._settings), lists=lists)
        if request.method != "POST":
            return HTMLResponse(render_subscribe(self._frame, view))
        form = form_of(request)
        self.posted.append(form.fields)
        answer = read_subscribe(form, lists)
        if answer.faults:
            filled = tuple(replace(one, chosen=one.name in answer.lists) for one in lists)
            view = replace(view, lists=filled, email=answer.email, name=answer.name, faults=answer.faults)
            return HTMLResponse(render_subscribe(self._frame, view), status_code=422)
        if suggested := answer.suggest_address():
            check = AddressCheckView(entered=answer.email, suggested=suggested, lists=answer.lists, name=answer.name)
            return HTMLResponse(render_address_check(self._frame, check))
        return RedirectResponse(f"{self._frame.root}/subscribe/sent", status_code=303)

    async def unsubscribe(self, request: Request) -> Response:
        if request.path_params["token"] != TOKEN:
            raise PageProblem(ProblemKind.BROKEN_LINK)
        title = self._settings.bulletins["monthly"].title
        if request.method != "POST":
            view = UnsubscribeView(masked=MASKED, title=title, pace="once a month", preferences=PREFERENCES)
            return HTMLResponse(render_unsubscribe(self._frame, view))
        form = form_of(request)
        self.posted.append(form.fields)
        if read_act(form) is UnsubscribeAct.UNDO:
            return HTMLResponse(render_again(self._frame, AgainView(masked=MASKED, title=title)))
        answered = read_act(form) is UnsubscribeAct.REASON
        done = UnsubscribedView(masked=MASKED, asks_why=True, title=title, answered=answered)
        return HTMLResponse(render_unsubscribed(self._frame, done))

    async def complaint(self, request: Request) -> Response:
        if request.method != "POST":
            return HTMLResponse(render_complaint(self._frame, ComplaintView()))
        answer = read_complaint(form_of(request))
        self.posted.append(form_of(request).fields)
        view = ComplaintView(subject=answer.subject, text=answer.text, email=answer.email, faults=answer.faults)
        return HTMLResponse(render_complaint(self._frame, view), status_code=422 if answer.faults else 200)

    async def fail(self, request: Request) -> Response:
        kind = request.path_params["token"]
        if kind == "busy":
            raise busy()
        if kind == "many":
            raise too_many(600)
        if kind == "expired":
            raise PageProblem(ProblemKind.EXPIRED_LINK)
        if kind == "half":
            return _Broken("half")
        raise LookupError(f"secret {kind}")


class _Broken(PlainTextResponse):
    """An answer that breaks off after its beginning."""

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise LookupError("secret half")


def build_pages(
    text: str = SETTINGS, *, frame: Frame | None = None, write: Callable[[str], object] = print, **options: Any
) -> tuple[ASGIApp, PublicPages]:
    """The application, and what it was sent."""
    frame = frame or frame_of(text)
    pages = PublicPages(frame, read_settings(text))
    return build_application(frame, pages.routes(), write=write, **options), pages


@contextmanager
def serve_pages(
    text: str = SETTINGS,
    *,
    header_seconds: float = 10.0,
    most_connections: int = 100,
    frame: Frame | None = None,
    **options: Any,
) -> Iterator[tuple[str, PublicPages]]:
    """The address of a website that runs meanwhile, and what it was sent."""
    application, pages = build_pages(text, frame=frame, **options)
    with serve_application(application, header_seconds=header_seconds, most_connections=most_connections) as address:
        yield address, pages


@contextmanager
def serve_application(application: ASGIApp, **options: Any) -> Iterator[str]:
    """The address of an application that runs meanwhile."""
    sock = listen_for_readers("127.0.0.1", 0)
    server = WebsiteServer(application, sock=sock, **options)
    thread = threading.Thread(target=server.serve_until_stopped, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive(), "the website did not end"
