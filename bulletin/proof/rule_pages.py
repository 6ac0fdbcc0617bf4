"""The page of a rule, for `bulletin check --explain` and docs/rules. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

from bulletin.errors import NotFound
from bulletin.proof.finding import STRUCTURE
from bulletin.proof.rule import Example, Rule
from bulletin.settings.proof import Severity

_MEANING = {
    Severity.ERROR: "an error: you can’t send until it is fixed",
    Severity.WARNING: "a warning: you see it, and confirm it when you send",
    Severity.NOTE: "a note: you see it, and it stops nothing",
    Severity.OFF: "off",
}

_SILENCING = """\
## If it is right as it is

To accept one finding, write this on the line above it or at the end of its line:

```yaml
# proof: ignore {code} because …
```

To change the rule for the whole workspace, write this in `bulletin.yaml`:

```yaml
proof:
  severities:
    {code}: off   # or note, warning, error
```"""


_FILES = f"""\
# {STRUCTURE}: What the files hold

An issue, `bulletin.yaml` or another file can't be read as it is, has an entry that isn't right, or still has our
examples.

The finding says where it is and what to do. It is no rule of the proof, so you can't change or switch it off.
"""


def explain_rule(rules: Mapping[str, Rule], code: str) -> str:
    """The page of a rule in Markdown, also readable as plain text. Raises NotFound for an unknown code."""
    if code.upper() == STRUCTURE:
        return _FILES
    rule = rules.get(code.upper())
    if rule is None:
        raise NotFound(f"There is no rule {code}.", "To list all rules, run: bulletin check --explain all")
    return "\n\n".join(part for part in _describe(rule) if part) + "\n"


def _describe(rule: Rule) -> list[str]:
    what = (rule.check.__doc__ or "").strip().partition("\n")[0] if hasattr(rule.check, "__name__") else ""
    return [
        f"# {rule.code}: {rule.name}",
        what,
        rule.reason,
        f"It is {_MEANING[rule.severity]}."
        + (" The person who approves the issue must accept it by name." if rule.private else ""),
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
    """An example as an officer would write it, with what it depends on: other issues, settings, files."""
    last = f"the last issue, of {example.month_before}" if example.month_before else "the last issue"
    parts = [
        (f"In {last}:", example.before),
        ("", example.header),
        (
            _describe_answer(example),
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


def _describe_answer(example: Example) -> str:
    """The result of checking the links of an example, if they were checked."""
    for status in example.link_statuses.values():
        if status.hops:
            how = "for good" if status.permanent else "for now"
            return f"If it has moved {how} to {status.hops[-1]}:"
        return f"If the answer is: {status.why}." if status.why else "If it opens:"
    return ""


def _tidy(text: str) -> str:
    return textwrap.dedent(text).strip("\n")


def list_rules(rules: Iterable[Rule]) -> str:
    """One line for each rule: code, severity, name."""
    return "\n".join(f"{rule.code:<8} {rule.severity:<8} {rule.name.replace('-', ' ')}" for rule in rules)
