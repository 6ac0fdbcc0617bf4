"""Whether an issue has the approvals that it needs: who has approved it, who is missing, what has changed since."""

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
    """Who has approved these contents, for these lists or for more.

    `given` are the approvals of people who may give one; a person may have given several, and accepted more findings
    each time. `superseded` is the latest approval of an earlier version of the issue.
    """

    rules: ApprovalRules
    contents: Contents
    given: tuple[Approval, ...]
    superseded: Approval | None

    @property
    def counted(self) -> tuple[Approval, ...]:
        """The first approval that each person gave."""
        return first_of_each(self.given)

    @property
    def complete(self) -> bool:
        """Whether as many people as bulletin.yaml asks for have approved, and not the author alone."""
        return len(self.counted) >= self.rules.needed and not (self.rules.needed and self._by_author_alone)

    @property
    def missing(self) -> str:
        """Which approval is missing, in words; "" if none is."""
        if self.complete:
            return ""
        authors = name_all(self.contents.authors)
        short = max(1, self.rules.needed - len(self.counted))
        people = "person" if short == 1 else "people"
        if self._by_author_alone:
            return f"approval by {short} other {people}"
        if authors and short == 1 and not self.counted:
            return f"approval by 1 person other than {authors}, who wrote it"
        return f"approval by {short}{' more' if self.counted else ''} {people}"

    @property
    def summary(self) -> str:
        """The approvals, in one line; "" if none is needed and there has never been one."""
        needs = f" It needs {self.missing}." if self.missing else ""
        if self.counted:
            return f"Approved by {self.approvers}.{needs}"
        if self.superseded:
            return f"Changed since {self.superseded} approved it.{needs}"
        return f"Not approved yet.{needs}" if needs else ""

    @property
    def approvers(self) -> str:
        """Who has approved and when, in one line."""
        return ", ".join(map(str, self.counted))

    def find(self, name: str, *, confirmed: Collection[str]) -> Approval | None:
        """The approval that this person has already given, if they accepted all of `confirmed`."""
        given = [one for one in self.given if fold_name(one.name) == fold_name(name)]
        accepted = {finding for one in given for finding in one.confirmed}
        return given[0] if given and accepted.issuperset(confirmed) else None

    @property
    def _by_author_alone(self) -> bool:
        return bool(self.counted) and all(is_author(self.contents, one.name) for one in self.counted)


def assess_approval(
    rules: ApprovalRules, contents: Contents, approvals: Sequence[Approval], *, wider: Collection[int] = ()
) -> ApprovalStatus:
    """The approval of `contents`, from all that their issue was ever given. Pure.

    `wider` are the ids of those that are for more lists and cover `contents` as well.
    """
    covering = [one for one in approvals if one.digest == contents.digest or one.id in wider]
    given = tuple(one for one in covering if rules.find_person(one.name))
    others = [one for one in approvals if one not in covering]
    return ApprovalStatus(rules=rules, contents=contents, given=given, superseded=others[-1] if others else None)


def find_approval_status(workspace: Workspace, engine: Engine, contents: Contents) -> ApprovalStatus:
    """How `contents` stand now."""
    approvals = find_approvals(engine, contents.issue)
    wider = [one.id for one in approvals if one.digest != contents.digest and _is_wider(engine, one, contents)]
    return assess_approval(workspace.settings.approval, contents, approvals, wider=wider)


def _is_wider(engine: Engine, approval: Approval, contents: Contents) -> bool:
    """Whether it was given for more lists and covers `contents`; never if it was altered in the database."""
    signed = read_snapshot(engine, approval)
    return signed is not None and signed.contents.covers(contents)


def describe_approval(workspace: Workspace, engine: Engine, contents: Contents) -> str:
    """The status of `contents` in one line, "" if there is nothing to say; also if approved for other lists only."""
    approval = find_approval_status(workspace, engine, contents)
    last = approval.superseded
    if not approval.counted and last and (signed := read_snapshot(engine, last)):
        elsewhere = replace(contents, lists=signed.contents.lists)
        if elsewhere.digest == last.digest:
            summary = find_approval_status(workspace, engine, elsewhere).summary
            return f"{summary} That is for {', '.join(elsewhere.lists)} only."
    return approval.summary


def require_approval(workspace: Workspace, engine: Engine, snapshot: Snapshot) -> ApprovalStatus:
    """The status of a snapshot that may be sent.

    Raises NotApproved otherwise, which says what has changed if an earlier version was approved.
    """
    approval = find_approval_status(workspace, engine, snapshot.contents)
    if not approval.complete:
        raise _refuse(engine, approval, snapshot, command=name_command(workspace, snapshot.contents))
    return approval


def name_command(workspace: Workspace, contents: Contents) -> str:
    """What a person types to approve `contents`."""
    return f"bulletin approve {contents.issue} --by NAME{workspace.list_options(contents.issue, contents.lists)}"


def admit_approver(rules: ApprovalRules, contents: Contents, name: str) -> str:
    """The name of the person who approves, as bulletin.yaml writes it if it names people.

    Raises ApprovalError if they may not approve, or if they are the author and one approval is needed. If bulletin.yaml
    names no people, a name very close to the author's is taken for the author's.
    """
    name = re.sub("[\u00a0\u202f]", " ", name)  # pasted from elsewhere, these spaces look like any other
    if not any(char.isalpha() for char in name) or not name.isprintable() or len(name) > LONGEST_NAME:
        raise ApprovalError(f"“{name}” is not a name.", "Write the name of the person who approves: --by 'Jo Bloggs'.")
    person = rules.find_person(name)
    if person is None:
        raise ApprovalError(
            f"{name} can't approve {contents.issue}.", f"The people who can are: {', '.join(rules.people)}."
        )
    if rules.needed == 1 and is_author(contents, person):
        raise ApprovalError(
            f"{person} wrote {contents.issue}, so their approval alone isn’t enough.",
            "Someone else must approve it.",
        )
    if rules.needed == 1 and not rules.people and (author := find_near(contents.authors, person)):
        raise ApprovalError(
            f"{person} is almost the name of the author, {author}.",
            "If they are the same person, someone else must approve it. If not, add both names to `people:` under "
            "`approval:` in bulletin.yaml.",
        )
    return person


def is_author(contents: Contents, name: str) -> bool:
    """Whether this person wrote the issue, alone or with others."""
    return any(could_be_one(author, name) for author in contents.authors)


def _refuse(engine: Engine, approval: ApprovalStatus, snapshot: Snapshot, *, command: str) -> NotApproved:
    issue, earlier = snapshot.contents.issue, approval.superseded
    remedy = f"Ask a colleague to approve it: {command}"
    if approval.counted:
        return NotApproved(
            f"{issue} still needs {approval.missing}. So far it was approved by {approval.approvers}.", remedy
        )
    if earlier is None:
        return NotApproved(f"{issue} has not been approved. It needs {approval.missing}.", remedy)
    return NotApproved(
        f"{issue} has changed since {earlier} approved it, so that approval no longer counts.",
        f"It needs {approval.missing}. {remedy}",
        changes=describe_changes(load_snapshot(engine, earlier), snapshot),
    )
