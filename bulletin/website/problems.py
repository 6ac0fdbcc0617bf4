"""What can go wrong with a request, each with its status (RFC 9110) and a page that says what to do.

No page repeats anything of the request.
"""

from __future__ import annotations

from enum import Enum

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from bulletin.errors import ThemeError
from bulletin.website.frame import Frame

A_WHILE = 120  # seconds after which to try again
AN_HOUR = 3600


class ProblemKind(Enum):
    """A problem: its status, and the name of its words in `web/problem.html.j2`."""

    UNREADABLE = (400, "trouble")
    FOREIGN_FORM = (403, "foreign")
    NOT_FOUND = (404, "missing")
    BROKEN_LINK = (404, "broken")
    METHOD = (405, "missing")
    TOO_SLOW = (408, "trouble")
    EXPIRED_LINK = (410, "expired")
    WATCH_ENDED = (410, "watched")
    TOO_LARGE = (413, "large")
    WRONG_HOST = (421, "elsewhere")
    TOO_MANY = (429, "later")
    FAULT = (500, "trouble")
    BUSY = (503, "trouble")

    def __init__(self, status: int, words: str) -> None:
        self.status = status
        self.words = words


class PageProblem(Exception):
    """A page cannot be shown, or a form not carried out. `guard` answers with the problem's page.

    `retry_after` is in seconds, 0 for no such header. `allow` are the methods that would have been right.
    """

    def __init__(self, problem: ProblemKind, *, retry_after: int = 0, allow: str = "") -> None:
        super().__init__(problem.name)
        self.problem = problem
        self.retry_after = retry_after
        self.allow = allow


def too_many(seconds: int = AN_HOUR) -> PageProblem:
    """Too many requests; the next one may come after `seconds`."""
    return PageProblem(ProblemKind.TOO_MANY, retry_after=seconds)


def busy(seconds: int = A_WHILE) -> PageProblem:
    """We can't save anything now; it may work after `seconds`."""
    return PageProblem(ProblemKind.BUSY, retry_after=seconds)


def answer_problem(frame: Frame, error: PageProblem) -> Response:
    """The page of a problem. In plain text if the theme can't render it: there is always an answer."""
    problem = error.problem
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    headers |= {"Allow": error.allow} if error.allow else {}
    try:
        page = render_problem(frame, problem, retry_after=error.retry_after)
    except ThemeError as fault:
        frame.report(str(fault))
        words = f"Sorry, there is a problem. To unsubscribe, email {frame.organisation.email}"
        return PlainTextResponse(words, status_code=problem.status, headers=headers)
    return HTMLResponse(page, status_code=problem.status, headers=headers)


def render_problem(frame: Frame, problem: ProblemKind, *, retry_after: int = 0) -> str:
    """The page that says what went wrong and what to do. Raises ThemeError."""
    return frame.render("problem.html.j2", words=problem.words, wait=_describe_wait(retry_after or A_WHILE))


def _describe_wait(seconds: int) -> str:
    """`in a few minutes`, `in an hour`, `in 3 hours`, `tomorrow`: never too early."""
    if seconds <= 5 * 60:
        return "in a few minutes"
    if seconds <= 50 * 60:
        return f"in {-(-seconds // 60)} minutes"
    if seconds <= AN_HOUR:
        return "in an hour"
    hours = -(-seconds // AN_HOUR)
    return f"in {hours} hours" if hours < 24 else "tomorrow"
