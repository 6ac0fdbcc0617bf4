"""Facts of the rules of the proof, from the rules themselves. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from bulletin.explain.fact import Fact
from bulletin.proof.registry import find_rules
from bulletin.proof.rule import Example, Rule
from bulletin.settings.proof import Severity

_MOST_LINES, _WIDEST = 12, 100  # of an example in the terminal; the page of a rule has all

_MEANING = {
    Severity.ERROR: "You can't send until it is fixed.",
    Severity.WARNING: "You see it, and confirm it when you send.",
    Severity.NOTE: "You see it, and it stops nothing.",
    Severity.OFF: "It is off.",
}


def list_rule_facts(rules: Iterable[Rule] | None = None) -> Iterator[Fact]:
    """The rules that come with the product, or others, such as a workspace's own."""
    for rule in find_rules().values() if rules is None else rules:
        what = (rule.check.__doc__ or "").strip().partition("\n")[0] if hasattr(rule.check, "__name__") else ""
        yield Fact(
            word=rule.code,
            sort=f"a rule ({rule.severity}): {rule.name}",
            summary=what or rule.reason,
            details=tuple(part for part in (rule.reason if what else "", _MEANING[rule.severity]) if part),
            example=_write_examples(rule),
            see=("check",),
            also=(rule.name,),
            page=f"rules/{rule.code}.md",
        )


def _write_examples(rule: Rule) -> str:
    """The first of what is wrong and of what is right that can be shown in a few lines."""
    pairs = (("Wrong", rule.wrong), ("Right", rule.right))
    shown = ((name, next((words for each in examples if (words := _write(each))), "")) for name, examples in pairs)
    return "\n".join(f"# {name}\n{words}" for name, words in shown if words)


def _write(example: Example) -> str:
    text = textwrap.dedent(example.text or example.sections or example.header).strip("\n")
    fits = len(text.splitlines()) <= _MOST_LINES and max(map(len, text.splitlines()), default=0) <= _WIDEST
    return text if fits else ""
