"""Pages that are made from the code: commands, kinds of section, settings, states and errors.

What each word means comes from `bulletin.explain`, as in the terminal; only the form is a page's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import click
import typer

from bulletin import errors
from bulletin.cli.app import make_app
from bulletin.cli.help import PANELS, summarise
from bulletin.explain.fact import Fact
from bulletin.explain.model_facts import list_field_facts, list_kind_facts, list_setting_facts
from bulletin.explain.state_facts import list_state_facts

WIDTH: Final = 76  # columns: as wide as a code block is without scrolling
_OF_ALL_KINDS: Final = "section"  # what the facts call the fields that each kind has


def write_reference(folder: Path, *, gallery: str) -> None:
    """Write all pages to `folder`. `gallery` is the page of pictures, which says what each kind looks like."""
    pages = {**_describe_commands(), **_describe_kinds(gallery)}
    pages["settings"] = _describe_settings()
    pages["states"] = _describe_states()
    pages["errors"] = _describe_errors()
    for place, text in pages.items():
        path = folder / f"{place}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _describe_commands() -> dict[str, str]:
    """A page for each command, with its help as the terminal shows it, and a list of them."""
    root: Any = typer.main.get_command(make_app())
    commands = dict(_list_commands(root, "bulletin"))
    pages, rows = {}, {panel: [] for panel in PANELS}  # type: dict[str, str], dict[str, list[str]]
    for name, (command, panel) in commands.items():
        slug = name.removeprefix("bulletin ").replace(" ", "-")
        with click.Context(command, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH) as context:
            help_text = command.get_help(context)
        pages[f"commands/{slug}"] = f"# {name}\n\n{summarise(command)}.\n\n```text\n$ {name} --help\n{help_text}\n```\n"
        rows.setdefault(panel, []).append(f"| [`{name}`]({slug}.md) | {summarise(command)} |")
    tables = [f"## {panel}\n\n| type | to |\n|---|---|\n" + "\n".join(found) for panel, found in rows.items() if found]
    codes = (
        "Each command ends with an exit code: 0 for done, 1 for a fault that you can fix, 2 for a command that was "
        "typed wrongly, 3 for a fault of bulletin itself, and 130 after Ctrl-C."
    )
    pages["commands/index"] = "\n\n".join(
        ["# Commands", "Every command, with its help as you see it.", codes, *tables, ""]
    )
    return pages


def _list_commands(group: Any, path: str, panel: str = "") -> Iterator[tuple[str, tuple[Any, str]]]:
    for name, command in group.commands.items():
        if getattr(command, "hidden", False):
            continue
        shown = panel or getattr(command, "rich_help_panel", None) or PANELS[-1]
        if hasattr(command, "commands"):
            yield from _list_commands(command, f"{path} {name}", shown)
        else:
            yield f"{path} {name}", (command, shown)


def _describe_kinds(gallery: str) -> dict[str, str]:
    """A page for each kind of section, and a list of them."""
    fields = list(list_field_facts())
    pages, rows = {}, []
    for kind in list_kind_facts():
        parts = [
            f"# Section: {kind.word}",
            kind.summary,
            *_find_pictures(gallery, kind.word),
            f"## Example\n\n{_write_example(kind)}",
            f"## Fields\n\n{_write_fields(fields, kind.word)}",
            "Any section can also have [what all sections have](index.md#what-any-section-can-have).",
            kind.details[-1],
            *([f"{{.also-called}}\nAlso called: {', '.join(kind.also)}"] if kind.also else []),
        ]
        pages[f"sections/{kind.word}"] = "\n\n".join(parts) + "\n"
        rows.append(f"| [`{kind.word}`]({kind.word}.md) | {kind.summary.removesuffix('.')} |")
    pages["sections/index"] = "\n\n".join(
        [
            "# Kinds of section",
            "Each section of an issue has a `kind`. It decides which fields it has, and how readers see it.",
            "| kind | is |\n|---|---|\n" + "\n".join(rows),
            f"## What any section can have\n\n{_write_fields(fields, _OF_ALL_KINDS)}",
            "",
        ]
    )
    return pages


def _find_pictures(gallery: str, kind: str) -> list[str]:
    """The pictures of the gallery that show this kind, as images of a page two folders further down."""
    for part in gallery.split("\n## "):
        if f"- kind: {kind}\n" in part:
            shown = re.findall(r'<img src="([^"]+-light\.png)" width="\d+" alt="([^"]+)">', part)
            return [f'<img src="../../{place}" width="420" alt="{words}">' for place, words in shown[:1]]
    return []


def _write_example(fact: Fact) -> str:
    return f"```yaml\n{fact.example}\n```"


def _write_fields(facts: Iterable[Fact], owner: str) -> str:
    """A table of the fields below `owner`: its own first, then those that it shares with others."""
    facts = list(facts)
    own = [(fact.word, fact) for fact in facts if fact.word.startswith(f"{owner}.")]
    shared = [(place, fact) for fact in facts for place in fact.also if place.startswith(f"{owner}.")]
    places = {fact.word: (place, fact) for place, fact in reversed([*own, *shared])}  # a fact counts once
    rows = [_write_row(place.removeprefix(f"{owner}."), fact) for place, fact in reversed(places.values())]
    return "| field | meaning | example |\n|---|---|---|\n" + "\n".join(rows)


def _write_row(name: str, fact: Fact) -> str:
    need = fact.details[0].removeprefix("Optional.").strip() if fact.details else ""
    example = _shorten_example(fact.example).replace("`", "")
    return f"| `{name}` | {_fit_cell(f'{fact.summary} {need}'.strip())} | {_fit_cell(example and f'`{example}`')} |"


def _shorten_example(example: str) -> str:
    """The last line, if all before it only say where it belongs; "" if the example needs several lines."""
    *above, last = example.splitlines() or [""]
    alone = all(re.fullmatch(r"[\w \[\]-]+:", line) for line in above)
    return last.strip() if alone and not last.strip().startswith("- ") else ""


def _fit_cell(text: str) -> str:
    return text.replace("|", "\\|")


def _describe_settings() -> str:
    """Each setting of the top level with an example, and all that is inside it."""
    parts = ["# Settings", "Every setting of `bulletin.yaml`. What you leave out takes its usual value."]
    for name, facts in groupby(list_setting_facts(), key=lambda fact: fact.word.removesuffix("[]").partition(".")[0]):
        first, *inside = facts
        need = first.details[0] if first.details[:1] == ("Required.",) else ""
        parts += [f"## {name}", f"{first.summary} {need}".strip(), _write_example(first)]
        if inside:
            rows = [_write_row(fact.word, fact) for fact in inside]
            parts.append("| setting | meaning | example |\n|---|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _describe_states() -> str:
    """What each thing that bulletin remembers can be."""
    parts = ["# States", "What deliveries, mailings and the like can be, and what to do about it."]
    for sort, facts in groupby(list_state_facts(), key=lambda fact: fact.sort):
        rows = [f"| `{fact.word}` | {_fit_cell(' '.join([fact.summary, *fact.details]))} |" for fact in facts]
        title = sort.partition(" ")[2]
        parts.append(f"## {title[0].upper()}{title[1:]}\n\n| state | meaning |\n|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _describe_errors() -> str:
    tree = (errors.__doc__ or "").partition("\n\n")[2]
    return "\n\n".join(
        [
            "# Errors",
            "What can go wrong. [When something goes wrong](../problems.md) has the messages that need your decision.",
            "Every error says what is wrong and what to do next. In the code they are one tree:",
            f"```text\n{tree.strip()}\n```",
            "",
        ]
    )
