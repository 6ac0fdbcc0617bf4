"""Generate docs/rules from the rules: `make rules`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from bulletin.proof.registry import find_rules
from bulletin.proof.rule import Rule
from bulletin.proof.rule_pages import explain_rule

FOLDER = Path(__file__).parent / "rules"

FAMILIES = {
    "DATE": "Dates",
    "CONT": "Continuity",
    "FACT": "Facts of the whole issue",
    "LANG": "Language",
    "LINK": "Links",
    "ACC": "Accessibility",
    "PRIV": "Privacy",
    "MAIL": "Email",
    "STRU": "Structure",
    "MARK": "Marks",
    "PAR": "Two languages",
    "PROOF": "The proof itself",
}

HEAD = """\
# What a careful colleague notices

`bulletin check` checks every issue against these rules. Each rule has a page: why it is there, what is wrong, what is
right, and how to accept a finding. You can't send an issue with an error. You confirm a warning when you send. A note
stops nothing. To read a page in the terminal, run `bulletin check --explain CODE`.
"""


def main() -> None:
    """Write one page for each rule, and the list of all rules."""
    rules = find_rules()
    FOLDER.mkdir(exist_ok=True)
    for page in FOLDER.glob("*.md"):
        page.unlink()
    for code in rules:
        (FOLDER / f"{code}.md").write_text(explain_rule(rules, code), encoding="utf-8")
    families = [
        _list(family, sorted(members, key=lambda rule: rule.code))
        for family, members in groupby(rules.values(), _family)
    ]
    (FOLDER / "README.md").write_text("\n".join([HEAD, *families]), encoding="utf-8")


def _family(rule: Rule) -> str:
    return rule.code.rstrip("0123456789")


def _list(family: str, rules: list[Rule]) -> str:
    rows = [f"| [{rule.code}]({rule.code}.md) | {rule.name.replace('-', ' ')} | {rule.severity} |" for rule in rules]
    return "\n".join([f"## {FAMILIES[family]}", "", "| rule | finds | is |", "|---|---|---|", *rows, ""])


if __name__ == "__main__":
    main()
