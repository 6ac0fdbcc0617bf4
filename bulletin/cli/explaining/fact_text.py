"""Facts in words: one in full, or several in a line each."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from bulletin.cli.terminal import say, say_heading
from bulletin.explain.fact import A_COMMAND, Fact


def say_fact(fact: Fact) -> None:
    """Print all about one word."""
    say_heading(f"{fact.word} — {fact.sort}")
    for line in _write_lines(fact):
        say(line)


def _write_lines(fact: Fact) -> Iterator[str]:
    yield fact.summary
    yield from fact.details
    if fact.example:
        yield "Example:"
        yield textwrap.indent(fact.example, "  ")
    ways = [f"bulletin help {fact.word}"] if fact.sort == A_COMMAND else []
    ways += [f"bulletin explain {word}" for word in fact.see]
    ways += [f"docs/{fact.page}"] if fact.page else []
    if ways:
        yield f"See also: {' · '.join(ways)}"


def say_choice(facts: Sequence[Fact], asked: str) -> None:
    """Print a line for each of several facts, and how to choose one."""
    say(f"“{asked}” is {len(facts)} things:\n")
    for fact in facts:
        say(f"  {fact.word} — {fact.sort}. {fact.summary}")
    first = facts[0]
    typed = first.word if sum(one.word == first.word for one in facts) == 1 else f"{_name_sort(first)} {first.word}"
    say(f"\nChoose one: bulletin explain {typed}")


def _name_sort(fact: Fact) -> str:
    """The word that tells a sort: “state” for “a state of a delivery”."""
    return fact.sort.split()[1].rstrip(":")


def say_sorts(sorts: dict[str, list[Fact]], *, most: int = 60) -> None:
    """Print which words there are, by what they are. Of a sort with more than `most`, how many."""
    for sort, facts in sorts.items():
        names = [fact.word for fact in facts]
        short = names if len(names) <= most else [*names[:8], f"… {len(names):,} in all"]
        say(f"{sort[:1].upper()}{sort[1:]}: {', '.join(short)}\n")
    say("Explain one: bulletin explain WORD")


def list_near(near: Iterable[str]) -> str:
    """`“training”, “events” or “people”`."""
    *others, last = [f"“{word}”" for word in near]
    return f"{', '.join(others)} or {last}" if others else last
