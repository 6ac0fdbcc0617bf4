"""Remember what the last check of an issue found, to say at the next one what is new.

Only digests are kept, no words of the issue: a finding may be about a person. A finding is the same as long as its
rule, its words and its line's text are the same, wherever that line has moved to.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulletin.disk import make_private_folder, write_whole
from bulletin.errors import Unwritten
from bulletin.proof.finding import Finding
from bulletin.rights import find_rights
from bulletin.settings.proof import Severity

FOLDER: Final = "checks"
"""The folder in the state folder with a file for each issue."""

_ACCESSIBILITY: Final = "ACC"
"""What the codes of the rules on accessibility begin with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LastCheck:
    """What the last check found. `at` is when, in ms since 1970.

    `barriers` are the names of the rules on accessibility that found something that matters: no mere notes.
    """

    at: int
    found: Counter[str]
    barriers: tuple[str, ...] = ()

    def find_new(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Those of `findings` that it did not find."""
        left = Counter(self.found)
        new = []
        for finding in findings:
            key = _make_key(finding)
            if left[key] > 0:
                left[key] -= 1
            else:
                new.append(finding)
        return tuple(new)

    def count_gone(self, findings: Sequence[Finding]) -> int:
        """The number of findings that there are no more."""
        return (self.found - Counter(map(_make_key, findings))).total()


def recall_check(state_folder: Path, issue_id: str) -> LastCheck | None:
    """The last check of an issue; None if there was none, or its file can't be read."""
    try:
        kept = json.loads((state_folder / FOLDER / f"{issue_id}.json").read_text(encoding="utf-8"))
        found = Counter({str(key): int(n) for key, n in kept["found"].items()})
        return LastCheck(at=int(kept["at"]), found=found, barriers=tuple(map(str, kept.get("barriers", ()))))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def keep_check(state_folder: Path, issue_id: str, findings: Iterable[Finding], *, now: int) -> None:
    """Remember what a check found, for those who may write in the state folder.

    If that can't be written, or there is no such folder, the next check tells nothing as new.
    """
    if not state_folder.exists():
        return
    every = tuple(findings)
    kept = {"at": now, "found": dict(Counter(map(_make_key, every))), "barriers": _list_barriers(every)}
    path = state_folder / FOLDER / f"{issue_id}.json"
    with suppress(Unwritten, OSError):
        rights = find_rights(state_folder)
        make_private_folder(path.parent, rights)
        write_whole(path, json.dumps(kept).encode(), rights=rights)


def _list_barriers(findings: Iterable[Finding]) -> list[str]:
    """The names of the rules on accessibility among them."""
    grave = (each for each in findings if each.severity in (Severity.ERROR, Severity.WARNING))
    return sorted({each.name for each in grave if each.code.startswith(_ACCESSIBILITY)})


def _make_key(finding: Finding) -> str:
    message = re.sub(r"\bline [0-9]+", "line", finding.message)
    return hashlib.sha256(f"{finding.code}\0{message}\0{finding.excerpt.strip()}".encode()).hexdigest()[:16]
