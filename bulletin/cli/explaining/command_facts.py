"""Facts of the commands, from the help that each of them has; and all facts together."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from bulletin.cli.help import CLOSING, HelpfulCommand, summarise
from bulletin.explain.fact import A_COMMAND, Fact
from bulletin.explain.facts import SOURCES, gather_facts


def gather_all_facts(root: Any) -> list[Fact]:
    """The facts of the product: the commands below `root`, and all that SOURCES names."""
    return gather_facts((partial(_describe_all, root), *SOURCES))


def _describe_all(group: Any, path: tuple[str, ...] = ()) -> Iterator[Fact]:
    """Every command, those of groups with both of their words."""
    for name, command in group.commands.items():
        words = (*path, name)
        yield _describe(command, " ".join(words))
        if getattr(command, "commands", None):
            yield from _describe_all(command, words)


def _describe(command: Any, word: str) -> Fact:
    first, *others = inspect.cleandoc(command.help or "").split("\n\n")
    examples = [part for part in others if part.startswith("  ")]
    rest = " ".join(first.split())[len(summarise(command)) :].lstrip(". ")
    plain = [" ".join(part.split()) for part in others if not part.startswith("  ") and not CLOSING.match(part)]
    see = tuple(f"{word} {name}" for name in getattr(command, "commands", {}))
    return Fact(
        word=word,
        sort=A_COMMAND,
        summary=f"{summarise(command)}.",
        details=tuple(part for part in (rest, *plain, _list_options(command)) if part),
        example="\n".join(inspect.cleandoc(part) for part in examples),
        see=see,
    )


def _list_options(command: Any) -> str:
    if not isinstance(command, HelpfulCommand):
        return ""
    shown = [
        param.opts[0]
        for param in command.params
        if param.param_type_name == "option" and not getattr(param, "hidden", False)
    ]
    options = [option for option in shown if option not in ("--help", "--workspace")]
    return f"Options: {', '.join(options)}." if options else ""


def read_sorts(facts: list[Fact]) -> dict[str, list[Fact]]:
    """The facts by what they are, without what is in brackets: “a rule”, “a setting”."""
    sorts: dict[str, list[Fact]] = {}
    for fact in facts:
        sorts.setdefault(re.split(r" \(|:", fact.sort)[0], []).append(fact)
    return sorts
