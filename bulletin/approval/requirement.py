"""How an issue stands with those who sign it off: who has, who is missing, what has changed since."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulletin.approval.approvals import Approval, find_approvals, first_of_each, load_snapshot, read_snapshot
from bulletin.approval.authors import could_be_one, find_near
from bulletin.approval.changes import describe_changes
from bulletin.approval.contents import Contents, Snapshot
from bulletin.errors import ApprovalError, NotApproved
from bulletin.issue.audience import name_all
from bulletin.settings.approval import ApprovalRules, fold_name

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.workspace.workspace import Workspace

LONGEST_NAME = 100  # characters


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalStatus:
    """Who has signed exactly these contents.

    `given` are the sign-offs of those who may sign; one person may have given several, each time letting more stand.
    `superseded` is the latest one of what the issue was before.
    """

    rules: ApprovalRules
    contents: Contents
    given: tuple[Approval, ...]
    superseded: Approval | None

    @property
    def signed(self) -> tuple[Approval, ...]:
        """The first that each person gave."""
        return first_of_each(self.given)

    @property
    def complete(self) -> bool:
        """Whether as many have signed as bulletin.yaml asks for, and not the author alone."""
        return len(self.signed) >= self.rules.needed and not (self.rules.needed and self._by_author_alone)

    @property
    def missing(self) -> str:
        """Whose sign-off is missing, in words; "" if none is."""
        if self.complete:
            return ""
        authors = name_all(self.contents.authors)
        short = max(1, self.rules.needed - len(self.signed))
        people = "person" if short == 1 else "people"
        if self._by_author_alone:
            return f"the sign-off of {short} other {people}"
        if authors and short == 1 and not self.signed:
            return f"the sign-off of 1 person other than {authors}, who wrote it"
        return f"the sign-off of {short}{' more' if self.signed else ''} {people}"

    @property
    def summary(self) -> str:
        """How it stands, in one line; "" where nobody is asked to sign and nobody ever has."""
        needs = f" It needs {self.missing}." if self.missing else ""
        if self.signed:
            return f"Signed off by {self.approvers}.{needs}"
        if self.superseded:
            return f"Changed since it was signed off by {self.superseded}.{needs}"
        return f"Not signed off yet.{needs}" if needs else ""

    @property
    def approvers(self) -> str:
        """Who has signed and when, in one line."""
        return ", ".join(map(str, self.signed))

    def find(self, name: str, *, confirmed: Collection[str]) -> Approval | None:
        """The sign-off of these contents that somebody has given already, if all of `confirmed` was let stand."""
        given = [one for one in self.given if fold_name(one.name) == fold_name(name)]
        stands = {finding for one in given for finding in one.confirmed}
        return given[0] if given and stands.issuperset(confirmed) else None

    @property
    def _by_author_alone(self) -> bool:
        return bool(self.signed) and all(is_author(self.contents, one.name) for one in self.signed)


def assess_approval(rules: ApprovalRules, contents: Contents, approvals: Sequence[Approval]) -> ApprovalStatus:
    """How `contents` stand, of all sign-offs that their issue was ever given. Pure."""
    given = tuple(one for one in approvals if one.digest == contents.digest and rules.find_person(one.name))
    others = [one for one in approvals if one.digest != contents.digest]
    return ApprovalStatus(rules=rules, contents=contents, given=given, superseded=others[-1] if others else None)


def find_approval_status(workspace: Workspace, engine: Engine, contents: Contents) -> ApprovalStatus:
    """How `contents` stand now."""
    return assess_approval(workspace.settings.approval, contents, find_approvals(engine, contents.issue))


def describe_approval(workspace: Workspace, engine: Engine, contents: Contents) -> str:
    """How `contents` stand, in one line; "" where there is nothing to say. They may be signed for other lists."""
    approval = find_approval_status(workspace, engine, contents)
    last = approval.superseded
    if not approval.signed and last and (signed := read_snapshot(engine, last)):
        elsewhere = replace(contents, lists=signed.contents.lists)
        if elsewhere.digest == last.digest:
            summary = find_approval_status(workspace, engine, elsewhere).summary
            return f"{summary} That is for {', '.join(elsewhere.lists)} only."
    return approval.summary


def require_approval(workspace: Workspace, engine: Engine, snapshot: Snapshot) -> ApprovalStatus:
    """How a snapshot stands, if that is good enough to send it.

    Raises NotApproved, which says what has changed if it was signed off before.
    """
    approval = find_approval_status(workspace, engine, snapshot.contents)
    if not approval.complete:
        raise _refuse(engine, approval, snapshot, command=name_command(workspace, snapshot.contents))
    return approval


def name_command(workspace: Workspace, contents: Contents) -> str:
    """What a person types to sign `contents` off."""
    return f"bulletin approve {contents.issue} --by NAME{workspace.list_options(contents.issue, contents.lists)}"


def admit_approver(rules: ApprovalRules, contents: Contents, name: str) -> str:
    """The name under which somebody signs: as bulletin.yaml writes it, if it names who may.

    Raises ApprovalError if they may not, or if theirs would be the author's sign-off alone. Where bulletin.yaml names
    nobody, a name that is all but the author's may be the author's.
    """
    name = re.sub("[\u00a0\u202f]", " ", name)  # pasted from elsewhere, these spaces look like any other
    if not any(char.isalpha() for char in name) or not name.isprintable() or len(name) > LONGEST_NAME:
        raise ApprovalError(f"“{name}” is not a name.", "Write the name of the person who signs: --by 'Jo Bloggs'.")
    person = rules.find_person(name)
    if person is None:
        raise ApprovalError(
            f"{name} may not sign {contents.issue} off.", f"bulletin.yaml names who may: {', '.join(rules.people)}."
        )
    if rules.needed == 1 and is_author(contents, person):
        raise ApprovalError(
            f"{person} wrote {contents.issue}, and one sign-off is asked for.",
            "It has to be somebody else’s: two people see more than one.",
        )
    if rules.needed == 1 and not rules.people and (author := find_near(contents.authors, person)):
        raise ApprovalError(
            f"{person} is almost the name of the author, {author}.",
            "If they are the same person, someone else must approve it. If not, add both names to `people:` under "
            "`approval:` in bulletin.yaml.",
        )
    return person


def is_author(contents: Contents, name: str) -> bool:
    """Whether somebody wrote the issue that they sign, alone or with others."""
    return any(could_be_one(author, name) for author in contents.authors)


def _refuse(engine: Engine, approval: ApprovalStatus, snapshot: Snapshot, *, command: str) -> NotApproved:
    issue, earlier = snapshot.contents.issue, approval.superseded
    remedy = f"Let it be looked at and signed: {command}"
    if approval.signed:
        return NotApproved(
            f"{issue} still needs {approval.missing}. So far it was signed off by {approval.approvers}.", remedy
        )
    if earlier is None:
        return NotApproved(f"{issue} has not been signed off. It needs {approval.missing}.", remedy)
    return NotApproved(
        f"{issue} has changed since it was signed off by {earlier}, so that does not count any more.",
        f"It needs {approval.missing}. {remedy}",
        changes=describe_changes(load_snapshot(engine, earlier), snapshot),
    )
