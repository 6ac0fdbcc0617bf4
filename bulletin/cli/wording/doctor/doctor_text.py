"""What `bulletin doctor` found, in words: on the terminal, as JSON, and as one email to IT."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from bulletin.doctor.case import Case
    from bulletin.doctor.check import CheckResult
    from bulletin.doctor.examination import Examination

_SIGNS: Final = {"error": "✗", "warning": "!", "note": "i", "unknown": "?"}
_WRONG: Final = ("error", "warning", "note")


def describe_examination(examination: Examination, *, folder: str) -> Iterator[str]:
    """The lines for a terminal: what is wrong, by family; what can't be seen; and the counts in the last line.

    `folder` names the workspace where nothing is wrong.
    """
    wrong = examination.select(*_WRONG)
    if not wrong:
        yield _sum_up_all_right(examination, folder)
        return
    for family, results in groupby(wrong, key=lambda result: result.check.family):
        yield str(family)
        for result in results:
            yield from _describe(result)
    yield from _describe_unknown(examination)
    yield ""
    yield f"{_count(examination)} in {examination.seconds:.1f} s"
    if any(result.ask for result in wrong):
        yield "Copy the requests for IT: bulletin doctor --email"


def _sum_up_all_right(examination: Examination, folder: str) -> str:
    """All in one line. What can't be seen from here is never counted as passed."""
    line = f"{folder}: {examination.count('passed')} checks passed in {examination.seconds:.1f} s."
    unknown = examination.select("unknown")
    if not unknown:
        return line
    reasons = dict.fromkeys(f"{result.what} ({result.check.id})" for result in unknown)
    if len(reasons) > 2:
        return f"{line} {_fold(unknown)}"
    return f"{line} {' '.join(reasons)}"


def _fold(unknown: tuple[CheckResult, ...]) -> str:
    """Many that can't be seen, in a sentence: with no network, nearly all of them have one reason."""
    reasons = dict.fromkeys(result.what for result in unknown)
    ids = ", ".join(result.check.id for result in unknown)
    return f"{len(unknown)} can't be seen from here: {' '.join(list(reasons)[:2])} ({ids})"


def _describe(result: CheckResult) -> Iterator[str]:
    yield f"  {_SIGNS[result.outcome]} {result.check.id}  {result.outcome}: {result.what}"
    yield f"           {result.why}"
    if result.fix:
        yield f"           {result.fix}"
    yield f"           More: bulletin doctor --explain {result.check.id}"


def _describe_unknown(examination: Examination) -> Iterator[str]:
    """One line for each reason, with the checks that it keeps from an answer."""
    unknown = sorted(examination.select("unknown"), key=lambda result: result.what)
    if unknown:
        yield "Can't be seen from here"
    for what, results in groupby(unknown, key=lambda result: result.what):
        ids = [result.check.id for result in results]
        if len(ids) == 1:
            yield f"  ? {ids[0]}  unknown: {what}"
        else:
            yield f"  ? {len(ids)} checks  unknown: {what} ({', '.join(ids)})"


def _count(examination: Examination) -> str:
    words = {"error": "error", "warning": "warning", "note": "note", "unknown": "unknown", "passed": "passed"}
    plural = {"error", "warning", "note"}
    parts = []
    for outcome, word in words.items():
        number = examination.count(outcome)
        if number or outcome in ("error", "passed"):
            parts.append(f"{number} {word}{'s' if outcome in plural and number != 1 else ''}")
    return ", ".join(parts)


def write_json(examination: Examination, case: Case) -> str:
    """The results as one JSON object. It has no address of a reader."""
    return json.dumps(
        {
            "checked": f"{case.computer.now:%Y-%m-%dT%H:%M:%SZ}",
            "errors": examination.count("error"),
            "warnings": examination.count("warning"),
            "notes": examination.count("note"),
            "unknown": examination.count("unknown"),
            "passed": examination.count("passed"),
            "checks": [_to_data(result) for result in examination.results],
        },
        ensure_ascii=False,
        indent=2,
    )


def _to_data(result: CheckResult) -> dict[str, Any]:
    return {
        "id": result.check.id,
        "title": result.check.title,
        "group": str(result.check.family),
        "result": result.outcome,
        "what": result.what,
        "why": result.why,
        "ask": result.ask,
        "fix": result.fix,
        "facts": dict(result.facts),
        "page": f"docs/checks/{result.check.id}.md",
    }


def write_request(examination: Examination, case: Case) -> str:
    """One email to IT with all requests; "" if there is nothing to ask for."""
    asked = [result for result in examination.select(*_WRONG) if result.ask]
    if not asked:
        return ""
    title = case.bulletin.title
    lines = [
        f"Subject: {title}: what we need from IT before we send",
        "",
        "Hello,",
        "",
        f"We send “{title}” from {case.sender}. Our program has checked what sending needs. Please help us with this:",
    ]
    for number, result in enumerate(asked, start=1):
        lines += ["", f"{number}. {result.what} ({result.check.id})", f"   {result.ask}", f"   Why: {result.why}"]
    if any("this computer" in result.ask for result in asked) and case.computer.name:
        lines += ["", f"“This computer” is {case.computer.name}."]
    return "\n".join([*lines, "", "Thank you!"])
