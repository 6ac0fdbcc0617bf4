"""Pages that are made from the code: commands, kinds of section, settings, states and errors."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Final, get_args, get_origin

import click
import typer
import yaml

from bulletin import errors
from bulletin.cli.app import make_app
from bulletin.cli.help import PANELS, summarise
from bulletin.database import states
from bulletin.declaration.declared import Declared
from bulletin.issue.section import BaseSection
from bulletin.issue.sections import section_kinds
from bulletin.issue.snippets import find_model, make_snippet
from bulletin.issue.traits import NextMonth
from bulletin.settings.settings import Settings
from model_tables import write_fields

WIDTH: Final = 76  # columns: as wide as a code block is without scrolling

_NEXT_MONTH: Final = {
    NextMonth.LEFT_OUT: "`bulletin new` leaves it out of the next issue, because it was for one month.",
    NextMonth.EMPTIED: "`bulletin new` keeps the section in the next issue, and empties it to be written again.",
    NextMonth.UPDATED: "`bulletin new` keeps what is still to come, and asks what has changed.",
    NextMonth.KEPT: "`bulletin new` keeps it as it is.",
}


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
    pages, rows = {}, []
    common = [name for name in BaseSection.model_fields if name != "kind"]
    for kind, model in section_kinds().items():
        summary = " ".join((model.__doc__ or "").split())
        own = {name: field for name, field in model.model_fields.items() if name not in (*common, "kind")}
        parts = [
            f"# Section: {kind}",
            summary,
            *_find_pictures(gallery, kind),
            f"## Example\n\n```yaml\n{_write_example(model)}\n```",
            f"## Fields\n\n{write_fields(own)}",
            *_describe_records(own.values(), level=3),
            "## Next month",
            _NEXT_MONTH[model.traits.next_month],
            "Any section can also have [what all sections have](index.md#what-any-section-can-have).",
        ]
        pages[f"sections/{kind}"] = "\n\n".join(parts) + "\n"
        rows.append(f"| [`{kind}`]({kind}.md) | {summary.partition('. ')[0].removesuffix('.')} |")
    shared = {name: BaseSection.model_fields[name] for name in common}
    pages["sections/index"] = "\n\n".join(
        [
            "# Kinds of section",
            "Each section of an issue has a `kind`. It decides which fields it has, and how readers see it.",
            "| kind | is |\n|---|---|\n" + "\n".join(rows),
            f"## What any section can have\n\n{write_fields(shared)}",
            *_describe_records(shared.values(), level=3),
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


def _write_example(model: type[Declared]) -> str:
    """A section with its required fields, as the snippet of an editor has it."""
    body = _without_marks(make_snippet(model))
    written: str = yaml.safe_dump([body], sort_keys=False, allow_unicode=True, width=WIDTH)
    return re.sub(r"'(yes|no|[\d.-]+)'", r"\1", written).rstrip()  # in our files all values are texts


def _without_marks(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: _without_marks(value) for name, value in body.items()}
    if isinstance(body, list):
        return [_without_marks(value) for value in body]
    return re.sub(r"\\([\\$}])", r"\1", re.sub(r"^\$\{\d+:(.*)\}$", r"\1", body, flags=re.DOTALL))


def _describe_settings() -> str:
    parts = [
        "# Settings",
        "Every setting of `bulletin.yaml`, with an example. Settings that you leave out take the usual value.",
        write_fields(Settings.model_fields),
        *_describe_records(Settings.model_fields.values(), level=2),
    ]
    return "\n\n".join(parts) + "\n"


def _describe_records(fields: Any, *, level: int, known: set[type] | None = None) -> list[str]:
    """Each record that the fields hold, and those inside it: what it is, and its own fields."""
    known = set() if known is None else known
    parts: list[str] = []
    for field in fields:
        record = _find_record(field)
        if record and record not in known:
            known.add(record)
            noun = getattr(record, "noun", record.__name__)
            summary = " ".join((record.__doc__ or "").split())
            parts.append(
                f"{'#' * level} {noun[0].upper()}{noun[1:]}\n\n{summary}\n\n{write_fields(record.model_fields)}"
            )
            parts += _describe_records(record.model_fields.values(), level=level, known=known)
    return parts


def _find_record(field: Any) -> type[Declared] | None:
    """The model of the record that a field holds, or of each: in a list, or under names."""
    annotation = field.annotation
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is dict:
        value = get_args(annotation)[1]
        return value if isinstance(value, type) and issubclass(value, Declared) else None
    return find_model(field)


def _describe_states() -> str:
    """Each state of the database, with what leads to it: from the comments beside it."""
    parts = ["# States", "What each thing that bulletin remembers can be, and what makes it so."]
    for name, enum in inspect.getmembers(states, inspect.isclass):
        if issubclass(enum, Enum) and enum.__module__ == states.__name__:
            rows = [f"| {value} | {words} |" for value, words in _read_members(enum)]
            title = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
            summary = " ".join((enum.__doc__ or "").partition("Each comment")[0].split())
            parts.append(f"## {title}\n\n{summary}\n\n| state | what makes it so |\n|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _read_members(enum: type[Enum]) -> Iterator[tuple[str, str]]:
    above: list[str] = []
    for line in inspect.getsource(enum).splitlines():
        if match := re.match(r"\s+([A-Z_]+) = [^#]*(?:#\s*(.+))?$", line):
            value = enum[match[1]].value
            shown = value if isinstance(value, str) else match[1].lower().replace("_", " ")
            yield f"`{shown}`", " ".join([*above, match[2] or ""]).strip().replace("|", "\\|")
            above = []
        elif match := re.match(r"\s+# (.+)$", line):
            above.append(match[1])


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
