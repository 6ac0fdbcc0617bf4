"""How large an email of the latest issue is, written as it would be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.doctor.judgement import CannotTellError
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from bulletin.doctor.case import Case


def find_latest_issue(case: Case) -> str | None:
    """The latest issue of the first bulletin; None if there is none yet."""
    return max((name for name in case.workspace.issue_ids() if "/" not in name), default=None)


def measure_issue(case: Case) -> int | None:
    """The octets of one email of the latest issue; None without an issue. Raises CannotTellError if it has faults."""
    from bulletin.delivery.message.template import build_template
    from bulletin.edition.build import make_edition

    name = find_latest_issue(case)
    if name is None:
        return None
    try:
        edition = make_edition(case.workspace, name)
    except BulletinError:
        raise CannotTellError(f"{name} has faults: bulletin check {name}") from None
    return build_template(edition, mailing_key="doctor", date=case.computer.now).size
