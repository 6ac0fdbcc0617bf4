"""What went wrong with a program's request, as RFC 9457 has it: in plain words, with every fault at once.

No answer repeats anything of the request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.responses import JSONResponse, Response

from bulletin.website.problems import PageProblem, ProblemKind

PROBLEM_TYPE: Final = "application/problem+json"


class JsonProblem(Exception):
    """A request that can't be carried out. `errors` has a JSON Pointer (RFC 6901) and words for each fault."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    @property
    def document(self) -> dict[str, object]:
        """What is answered."""
        found = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        return found | ({"errors": list(self.errors)} if self.errors else {})


_WORDS: Final[Mapping[ProblemKind, tuple[str, str]]] = {
    ProblemKind.NOT_FOUND: ("Not found", "There is nothing at this address. /api/v1/openapi.json says what there is."),
    ProblemKind.METHOD: ("Wrong method", "Use one of the methods that the field Allow names."),
    ProblemKind.TOO_SLOW: ("Too slow", "The body took too long to come. Send it again."),
    ProblemKind.TOO_LARGE: ("Too large", "A body may have 64 KiB at most."),
    ProblemKind.WRONG_HOST: ("Wrong host", "Use the address that `website: url` in bulletin.yaml has."),
    ProblemKind.TOO_MANY: ("Too many requests", "Try again after the number of seconds in Retry-After."),
    ProblemKind.BUSY: ("Busy", "The database can’t be written now. Try again after the seconds in Retry-After."),
}
_FAULT: Final = ("Our fault", "Something went wrong here. The log of `bulletin serve` says where.")


def explain_to_program(problem: PageProblem) -> JsonProblem:
    """What a page would say, for a program."""
    title, detail = _WORDS.get(problem.problem, _FAULT)
    headers = {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}
    headers |= {"Allow": problem.allow} if problem.allow else {}
    return JsonProblem(problem.problem.status, title, detail, headers=headers)


def answer_json_problem(problem: JsonProblem) -> Response:
    """The answer that says it."""
    return JSONResponse(problem.document, status_code=problem.status, headers=problem.headers, media_type=PROBLEM_TYPE)
