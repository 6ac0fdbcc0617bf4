"""What readers are told: no sample text, a privacy notice that opens, and a record of each consent."""

from __future__ import annotations

from typing import Final

from bulletin.doctor.case import PATIENCE, Case
from bulletin.doctor.check import Asks, Family, check
from bulletin.doctor.issue_size import find_latest_issue
from bulletin.doctor.judgement import Found, Judgement, NotApplicable, Passed
from bulletin.doctor.outside.page_client import PageUnreachable, ask_page
from bulletin.doctor.readers import count_declared_readers
from bulletin.settings.proof import Severity
from bulletin.untouched import find_untouched, is_sample

_FINE: Final = range(200, 400)


@check(
    "POL01",
    "No sample text is left",
    family=Family.POLICY,
    asks={Asks.SETTINGS, Asks.FILES},
    matters="Readers would see another body's name, or write to no one.",
    fix="Write your own in {file}, line {line}.",
)
def has_no_sample_text(case: Case) -> Judgement:
    """Your settings, the latest issue and the lists have none of our examples in them, and no example address.

    The sample workspace is meant to be an example.
    """
    if is_sample(case.workspace):
        return NotApplicable()
    latest = find_latest_issue(case)
    found = find_untouched(case.workspace, issues=[latest] if latest else [], lists=case.workspace.settings.lists)
    if not found:
        return Passed()
    facts: dict[str, str | int] = {"file": found[0].file, "line": found[0].line, "number": len(found)}
    what = f"{found[0].file} still has sample text, in line {found[0].line}."
    return Found(what=what, severity=Severity.ERROR, facts=facts)


@check(
    "POL02",
    "Readers know what you do with their address, and you know that they agreed",
    family=Family.POLICY,
    asks={Asks.WEB, Asks.FILES},
    matters="You have to be able to show it (UK GDPR, articles 7 and 13).",
    fix="Ask your data protection officer which lawful basis the list {list} has.",
)
def keeps_promises(case: Case) -> Judgement:
    """The privacy notice opens over https, and each reader of a list by consent has a record of when they agreed.

    The record is a column of the list's file: `evidence:` in bulletin.yaml names it.
    """
    if unproven := case.once(count_declared_readers).unproven:
        name, number = max(unproven.items(), key=lambda item: item[1])
        are = "reader has" if number == 1 else "readers have"
        return Found(
            what=f"{number:,} {are} no record of consent on the list {name}.",
            severity=Severity.WARNING,
            facts={"list": name},
        )
    privacy = case.workspace.settings.organisation.privacy
    return _judge_notice(case, str(privacy)) if privacy else Passed()


def _judge_notice(case: Case, url: str) -> Judgement:
    ask = f"Please look at our privacy notice: {url} has to open over https for everyone."
    if not url.startswith("https://"):
        return Found(what=f"The privacy notice at {url} isn't encrypted.", severity=Severity.WARNING, ask=ask, fix="")
    try:
        page = ask_page(case.dialler, "GET", url, patience=PATIENCE)
    except PageUnreachable as error:
        return Found(what=f"The privacy notice doesn't open: {error}", severity=Severity.WARNING, ask=ask, fix="")
    if page.status not in _FINE:
        what = f"The privacy notice doesn't open: {url} answers {page.status}."
        return Found(what=what, severity=Severity.WARNING, ask=ask, fix="")
    return Passed()


CHECKS = (has_no_sample_text, keeps_promises)
