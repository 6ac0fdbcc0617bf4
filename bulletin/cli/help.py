"""The help screens, `bulletin help` and `bulletin version`."""

from __future__ import annotations

import inspect
import re
from itertools import groupby
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from bulletin import PUBLISHED_NAME, __version__
from bulletin.cli.options import ACCEPTING, ANSWERS, DECIDING, HOW, IT, OPTIONS, WHO, WITHOUT_QUESTIONS
from bulletin.cli.terminal import say

PANELS: Final = ("Write", "Check", "Approve", "Send", "Afterwards", "Publish", "Lists", "For IT")
"""The groups of commands, in the order of an officer's month."""

OPTION_GROUPS: Final = (WHO, HOW, ANSWERS, WITHOUT_QUESTIONS, OPTIONS, ACCEPTING, DECIDING, IT)
"""The groups of a command's options, in order."""

LAST: Final = ("demo", "help", "version")
"""Commands that come after all others of their group."""

CLOSING: Final = re.compile(r"(?:Next|See also|Help for one command|Words, settings and rules): ")
"""How the lines begin that close a screen."""

_OWN_WORDS: Final = {
    "--help": "Show this help",
    "--install-completion": "Let the Tab key complete commands in this shell",
    "--show-completion": "Show what that would write",
}
"""What the framework's options do, in our words."""

_ROOM_FOR_WORDS: Final = 28  # columns, at least, beside what is explained


class HelpfulCommand(TyperCommand):
    """A command whose help shows examples as they are typed, and its options in groups.

    In the command's docstring, a paragraph that is indented by two spaces has examples: on each line a command, two
    spaces or more, and what it does. Lines that begin with “Next:” or “See also:” close the screen.
    """

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """`ISSUE --to ADDRESS [OPTIONS]`: what has to be given, then what may be."""
        params = self.get_params(ctx)
        arguments = [_write_argument(param) for param in params if _is_argument(param)]
        required = [_write_option(param) for param in params if not _is_argument(param) and param.required]
        return [*arguments, *required, "[OPTIONS]"]

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 -- as the framework calls it
        """What one gets, and examples."""
        _write_description(self.help or "", formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Arguments, then the options by group. How to get this help is on the main screen."""
        params = [param for param in self.get_params(ctx) if not getattr(param, "hidden", False)]
        arguments = [param for param in params if _is_argument(param)]
        _write_section("Arguments", [(str(param.metavar), _describe(param)) for param in arguments], formatter)
        groups: dict[str, list[tuple[str, str]]] = {}
        for param in params:
            if not _is_argument(param) and "--help" not in param.opts:
                name = getattr(param, "rich_help_panel", None) or OPTIONS
                groups.setdefault(name, []).append((_write_option(param), _describe(param)))
        for name in OPTION_GROUPS:
            _write_section(name, groups.get(name, []), formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 -- as the framework calls it
        """What to type next."""
        _write_closing(self.help or "", formatter)


class GroupedHelp(TyperGroup):
    """Commands whose help lists them by panel, each with its first sentence, uncut."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ARG002 -- as the framework calls it
        """`COMMAND [OPTIONS]`."""
        return ["COMMAND", "[OPTIONS]"]

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 -- as the framework calls it
        """The description."""
        _write_description(self.help or "", formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Commands first: they are what a reader of this page looks for."""
        names = self.list_commands(ctx)
        width = max(map(len, names))
        for panel, members in groupby(sorted(names, key=self._rank), key=self._name_panel):
            rows = [(name.ljust(width), summarise(self.commands[name])) for name in members]
            _write_section(panel, rows, formatter)
        if ctx.parent is None:
            options = [(_write_option(param), _describe(param)) for param in self.get_params(ctx)]
            _write_section(OPTIONS, options, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Nothing more: `format_options` lists them."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 -- as the framework calls it
        """How to learn more."""
        _write_closing(self.help or "", formatter)

    def _name_panel(self, name: str) -> str:
        return getattr(self.commands[name], "rich_help_panel", None) or "Commands"

    def _rank(self, name: str) -> tuple[int, bool]:
        """By panel; there, what helps with all of the program comes last."""
        panel = self._name_panel(name)
        rank = PANELS.index(panel) if panel in PANELS else len(PANELS)
        return rank, name in LAST


def summarise(command: Any) -> str:
    """The first sentence of a command's help, without its full stop."""
    paragraph = inspect.cleandoc(command.short_help or command.help or "").partition("\n\n")[0]
    return re.split(r"(?<=[.!?])\s", " ".join(paragraph.split()), maxsplit=1)[0].removesuffix(".")


def _write_description(text: str, formatter: Any) -> None:
    """The words, with their first sentence and the paragraph after it as one; then the examples."""
    words: list[str] = []
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if paragraph.startswith("  "):
            _write_words(words, formatter)
            words = []
            formatter.write_paragraph()
            with formatter.indentation():
                examples = [re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in paragraph.splitlines()]
                _write_rows([(command, "".join(meaning)) for command, *meaning in examples], formatter)
        elif not CLOSING.match(paragraph):
            words.append(" ".join(paragraph.split()))
    _write_words(words, formatter)


def _write_words(words: list[str], formatter: Any) -> None:
    joined = len(words) > 1 and words[0].endswith(".") and not words[1].endswith(":")
    paragraphs = [" ".join(words[:2]), *words[2:]] if joined else words
    for paragraph in paragraphs:
        formatter.write_paragraph()
        formatter.write_text(paragraph)


def _write_closing(text: str, formatter: Any) -> None:
    lines = [line.strip() for line in inspect.cleandoc(text).splitlines() if CLOSING.match(line)]
    if lines:
        formatter.write_paragraph()
    for line in lines:
        formatter.write_text(line)


def _write_section(name: str, rows: list[tuple[str, str]], formatter: Any) -> None:
    if rows:
        formatter.write_paragraph()
        formatter.write(f"{name}\n")
        with formatter.indentation():
            _write_rows(rows, formatter)


def _write_rows(rows: list[tuple[str, str]], formatter: Any) -> None:
    formatter.write_dl(rows, col_max=min(52, formatter.width - _ROOM_FOR_WORDS))


def _is_argument(param: Any) -> bool:
    return bool(param.param_type_name == "argument")


def _write_argument(param: Any) -> str:
    """`ISSUE`, `[ISSUE]`, `ADDRESS…`."""
    name = f"{param.metavar}{'…' if param.nargs == -1 else ''}"
    return name if param.required else f"[{name}]"


def _write_option(param: Any) -> str:
    """`--list LIST`."""
    value = "" if getattr(param, "is_flag", False) else f" {param.metavar}"
    return f"{param.opts[0]}{value}"


def _describe(param: Any) -> str:
    """The help of an argument or option. A single sentence has no full stop."""
    text = _OWN_WORDS.get(param.opts[0], param.help or "")
    return text if re.search(r"[.!?]\s", text) else text.removesuffix(".")


def show_help(
    ctx: typer.Context,
    command: Annotated[
        list[str] | None, typer.Argument(metavar="COMMAND", help="Such as: send, or subscribers sync.")
    ] = None,
) -> None:
    """Show help for a command."""
    context: Any = ctx.find_root()
    for name in command or ():
        group: Any = context.command
        if not isinstance(group, TyperGroup):
            raise typer.BadParameter(f"{context.command_path} has no commands of its own, so there is no “{name}”.")
        found: Any = group.resolve_command(context, [name])[1]
        context = typer.Context(found, info_name=name, parent=context)
    say(context.get_help())


def version() -> None:
    """Show the version."""
    say(f"bulletin {__version__} (package {PUBLISHED_NAME})")


def say_version(asked: bool) -> None:  # noqa: FBT001 -- as the framework calls it
    """End with the version if that is what `asked` for."""
    if asked:
        version()
        raise typer.Exit
