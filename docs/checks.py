"""Generate docs/checks from the checks of doctor: `make rules`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from bulletin.doctor.check import DoctorCheck, Family
from bulletin.doctor.check_pages import explain_check
from bulletin.doctor.registry import find_checks

FOLDER = Path(__file__).parent / "checks"

HEAD = """\
# What doctor checks

`bulletin doctor` checks that sending will work: [how to use it](../doctor.md). Each check has a page: what it looks at,
why it matters to readers, and what to ask IT for. To read a page in the terminal, run `bulletin doctor --explain ID`.
"""


def main() -> None:
    """Write one page for each check, and the list of all checks."""
    checks = find_checks()
    FOLDER.mkdir(exist_ok=True)
    for page in FOLDER.glob("*.md"):
        page.unlink()
    for id_ in checks:
        (FOLDER / f"{id_}.md").write_text(explain_check(checks, id_), encoding="utf-8")
    families = [
        _list(family, sorted(members, key=lambda check: check.id))
        for family, members in groupby(checks.values(), lambda check: check.family)
    ]
    (FOLDER / "README.md").write_text("\n".join([HEAD, *families]), encoding="utf-8")


def _list(family: Family, checks: list[DoctorCheck]) -> str:
    rows = [f"| [{check.id}]({check.id}.md) | {check.title} |" for check in checks]
    return "\n".join([f"## {family}", "", "| check | in order if |", "|---|---|", *rows, ""])


if __name__ == "__main__":
    main()
