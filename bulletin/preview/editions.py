"""The editions of an issue in the preview: who reads what, which of them were opened, and approving all of them.

What was opened is remembered here, on the server, by the digest of what it sent: an edition that has changed since
counts as not opened. It is forgotten when the preview ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from bulletin.edition.build import divide_by_audience, make_audience_editions
from bulletin.edition.edition_set import CONSENT, name_audience
from bulletin.edition.matrix import list_matrix
from bulletin.edition.measures import measure
from bulletin.errors import BulletinError, NotFound
from bulletin.issue.audience import Audience, name_all
from bulletin.preview.readers import INVENTED, fill_for
from bulletin.preview.session import Good, PreviewSession

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.sending.preparation import PreparedEditions
    from bulletin.edition.audiences import AudienceEdition
    from bulletin.workspace.workspace import Workspace

EVERYONE: Final = "+everyone"
"""The name of the edition for readers on no list that matters. No list is called so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownEditions:
    """The editions that a mailing of an issue would have now.

    `readers` has how many each would have, by its number; None as long as the database knows no readers.
    """

    editions: tuple[AudienceEdition, ...]
    readers: Mapping[int, int] | None

    def list_unopened(self, session: PreviewSession) -> list[AudienceEdition]:
        """Those that were not opened as they are now."""
        return [one for one in self.editions if not session.has_opened(one.edition)]


def name_edition(edition: AudienceEdition) -> str:
    """The name of an edition in an address: the lists of its smallest audience."""
    return name_audience(edition.audience) or EVERYONE


def read_edition_name(session: PreviewSession, name: str) -> Audience:
    """The audience of an edition, by `name_edition`. Raises NotFound for lists that there aren't."""
    words = name.replace(EVERYONE, "").split()
    lists = frozenset(words) - {CONSENT}
    if unknown := lists - set(session.workspace.settings.lists):
        raise NotFound(f"There is no list “{min(unknown)}”.", "Choose one of the editions.")
    return Audience(lists=lists, consent=CONSENT in words)


def describe_editions(session: PreviewSession, issue_id: str) -> dict[str, object]:
    """What the tab “Editions” shows. Raises NotFound, BulletinError for an issue that makes no editions."""
    good = require_good(session, issue_id)
    shown = find_editions(session, issue_id)
    workspace = session.workspace
    parts = divide_by_audience(
        workspace,
        good.issue,
        lists=workspace.lists_of(issue_id),
        signatures=[signature for one in shown.editions for signature in one.signatures],
    )
    rows = list_matrix(good.issue, parts, titles=workspace.settings.list_titles)
    unopened = {one.number for one in shown.list_unopened(session)}
    return {
        "sentence": _describe_reach(shown, workspace.lists_of(issue_id), checked=f"{session.clock():%H:%M}"),
        "editions": [_describe(one, shown.readers, opened=one.number not in unopened) for one in shown.editions],
        "rows": [asdict(row) for row in rows],
        "people": workspace.settings.approval.people,
        "unopened": _name_unopened(shown.list_unopened(session), len(shown.editions)),
    }


def find_editions(session: PreviewSession, issue_id: str) -> ShownEditions:
    """The editions for the readers that the lists have now; for all that can be, as long as there is no database."""
    workspace = session.workspace
    lists = workspace.lists_of(issue_id)
    if not workspace.remembers:
        return ShownEditions(editions=make_audience_editions(workspace, issue_id, lists=lists), readers=None)
    with _open(workspace) as engine:
        return _prepare(session, engine, issue_id)


def approve_shown(session: PreviewSession, issue_id: str, *, name: str) -> str:
    """Record that a person approves an issue as it is, and say so.

    Raises BulletinError if an edition wasn't opened as it is now, if the proof has an error, if readers were sent
    another issue of the month (the terminal asks about that), or if the person may not approve it.
    """
    from bulletin.approval.approvals import record_approval
    from bulletin.approval.reference import format_reference
    from bulletin.approval.requirement import admit_approver, find_approval_status
    from bulletin.approval.snapshot import take_snapshot

    workspace = session.workspace
    require_good(session, issue_id)
    _require_fit(session, issue_id)
    lists, now = workspace.lists_of(issue_id), int(session.clock().timestamp() * 1000)
    with _open(workspace) as engine:
        _require_first_of_month(session, engine, issue_id)
        prepared = _prepare_set(session, engine, issue_id)
        shown = ShownEditions(editions=prepared.editions.editions, readers=prepared.readers)
        if unopened := shown.list_unopened(session):
            raise BulletinError(
                _name_unopened(unopened, len(shown.editions)), "Open each in the tab “Editions”, then approve."
            )
        snapshot = take_snapshot(workspace, prepared.editions, lists=lists)
        person = admit_approver(workspace.settings.approval, snapshot.contents, name.strip())
        given = record_approval(engine, snapshot, name=person, now=now)
        missing = find_approval_status(workspace, engine, snapshot.contents).missing
    needs = f"It still needs {missing}." if missing else "Nothing more is needed."
    covers = f"It covers {snapshot.contents.coverage}."
    return f"Approved by {given}. {covers} {needs} Approval reference: {format_reference(given.digest)}"


def require_good(session: PreviewSession, issue_id: str) -> Good:
    """The issue as it is now. Raises BulletinError if it has faults, NotFound if there is none."""
    showing = session.show(issue_id)
    if showing.good is None or showing.faults:
        raise BulletinError("This issue has faults.", "Fix them first.")
    return showing.good


def _require_fit(session: PreviewSession, issue_id: str) -> None:
    from bulletin.settings.proof import Severity

    errors = [finding for finding in session.findings(issue_id) if finding.severity is Severity.ERROR]
    if errors:
        many = "an error" if len(errors) == 1 else f"{len(errors)} errors"
        remedy = "Fix it first: see the tab “Findings”."
        if any(finding.private for finding in errors):
            remedy += f" To accept what is about someone’s privacy, type: bulletin approve {issue_id} --by NAME"
        raise BulletinError(f"The proof has {many}.", remedy)


def _require_first_of_month(session: PreviewSession, engine: Engine, issue_id: str) -> None:
    from bulletin.delivery.ledger.same_month import foresee_same_month

    workspace, now = session.workspace, int(session.clock().timestamp() * 1000)
    same = foresee_same_month(workspace, engine, issue_id, workspace.lists_of(issue_id), now=now)
    if same.reached:
        raise BulletinError(" ".join(same.describe()), f"To agree to that, type: bulletin approve {issue_id} --by NAME")


@contextmanager
def _open(workspace: Workspace) -> Iterator[Engine]:
    from bulletin.database.schema import open_database

    engine = open_database(workspace)
    try:
        yield engine
    finally:
        engine.dispose()


def _prepare_set(session: PreviewSession, engine: Engine, issue_id: str) -> PreparedEditions:
    from bulletin.delivery.sending.preparation import prepare_editions

    workspace, now = session.workspace, int(session.clock().timestamp() * 1000)
    return prepare_editions(workspace, engine, issue_id, lists=workspace.lists_of(issue_id), now=now)


def _prepare(session: PreviewSession, engine: Engine, issue_id: str) -> ShownEditions:
    prepared = _prepare_set(session, engine, issue_id)
    return ShownEditions(
        editions=prepared.editions.editions, readers=None if prepared.editions.is_alone else prepared.readers
    )


def _describe(edition: AudienceEdition, readers: Mapping[int, int] | None, *, opened: bool) -> dict[str, object]:
    html, text = fill_for(edition.edition, INVENTED)
    measures = measure(html, text)
    return {
        "number": edition.number,
        "name": name_edition(edition),
        "words": edition.words,
        "readers": None if readers is None else readers.get(edition.number, 0),
        "length": measures.words,
        "bytes": measures.bytes,
        "opened": opened,
    }


def _describe_reach(shown: ShownEditions, lists: Sequence[str], *, checked: str) -> str:
    number = len(shown.editions)
    if number == 1:
        return "Every part of this issue is for all of its readers, so there is one edition."
    proved = f"No restricted item is in an edition that it is not for (checked {checked})."
    if shown.readers is None:
        return f"This mailing can have {number} editions. {proved}"
    readers = sum(shown.readers.values())
    people = "1 reader" if readers == 1 else f"{readers:,} readers"
    on = "1 list" if len(lists) == 1 else f"{len(lists)} lists"
    return f"This mailing reaches {people} on {on}. There are {number} editions. {proved}"


def _name_unopened(unopened: Sequence[AudienceEdition], number: int) -> str:
    """Which editions a person has not read; "" if they have read all."""
    if not unopened:
        return ""
    if number == 1:
        return "You have not opened the email as it is now."
    names = name_all([f"{one.number} ({one.words})" for one in unopened])
    if len(unopened) == 1:
        return f"You have not opened edition {names} as it is now."
    return f"You have not opened editions {names} as they are now."
