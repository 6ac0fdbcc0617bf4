"""What a rule is for, in words: `bulletin check --explain`, and the pages under docs/rules. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

from bulletin.errors import NotFound
from bulletin.proof.rule import Example, Rule
from bulletin.settings.proof import Severity

_MEANING = {
    Severity.ERROR: "an error: it stops a mailing",
    Severity.WARNING: "a warning: it is shown, and whoever sends confirms it",
    Severity.NOTE: "a note: it is shown, and stops nobody",
    Severity.OFF: "off",
}

_SILENCING = """\
## When it is meant so

For one place, put above it or at the end of its line:

```yaml
# proof: ignore {code} because …
```

For the whole workspace, in `bulletin.yaml`:

```yaml
proof:
  severities:
    {code}: off   # or note, warning, error
```"""


def explain_rule(rules: Mapping[str, Rule], code: str) -> str:
    """A rule in words, as Markdown that reads well as it is. Raises NotFound for a code that no rule has."""
    rule = rules.get(code.upper())
    if rule is None:
        raise NotFound(f"There is no rule {code}.", "`bulletin check --explain all` lists them.")
    return "\n\n".join(part for part in _describe(rule) if part) + "\n"


def _describe(rule: Rule) -> list[str]:
    what = (rule.check.__doc__ or "").strip().partition("\n")[0] if hasattr(rule.check, "__name__") else ""
    return [
        f"# {rule.code}: {rule.name}",
        what,
        rule.reason,
        f"It is {_MEANING[rule.severity]}."
        + (" A person confirms it by name at the sign-off." if rule.private else ""),
        _show("Wrong", rule.wrong),
        _show("Right", rule.right),
        _SILENCING.format(code=rule.code),
    ]


def _show(heading: str, examples: Iterable[Example]) -> str:
    shown = [f"## {heading}"]
    for example in examples:
        shown += _write(example)
    return "\n\n".join(shown) if len(shown) > 1 else ""


def _write(example: Example) -> list[str]:
    """An example as an officer would write it, with what stands around it where that matters."""
    last = f"the last issue, of {example.month_before}" if example.month_before else "the issue before"
    parts = [
        (f"In {last}:", example.before),
        ("", example.header),
        (
            _tell_answer(example),
            "introduction: |\n" + textwrap.indent(_tidy(example.text), "  ") if example.text else "",
        ),
        ("", example.sections),
        ("With this in bulletin.yaml:", example.settings),
    ]
    files = [
        f"With this in {name}:\n\n```{name.rpartition('.')[2].replace('j2', 'jinja')}\n{_tidy(content)}\n```"
        for name, content in example.files.items()
        if isinstance(content, str)
    ]
    when = "" if example.month == "2021-05" else f"In the issue of {example.month}, published {example.published}:"
    return (
        [when] * bool(when)
        + [(f"{lead}\n\n" if lead else "") + f"```yaml\n{_tidy(text)}\n```" for lead, text in parts if text]
        + files
    )


def _tell_answer(example: Example) -> str:
    """What came of asking for the links of an example, if they were."""
    for status in example.link_statuses.values():
        if status.hops:
            how = "for good" if status.permanent else "for now"
            return f"When it has moved {how}, to {status.hops[-1]}:"
        return f"When this comes of asking for it: {status.why}." if status.why else "When it opens:"
    return ""


def _tidy(text: str) -> str:
    return textwrap.dedent(text).strip("\n")


def list_rules(rules: Iterable[Rule]) -> str:
    """One line a rule: its code, how much it matters, what it is called."""
    return "\n".join(f"{rule.code:<8} {rule.severity:<8} {rule.name.replace('-', ' ')}" for rule in rules)
