"""Checks what was typed after a command, before the command gets it."""

from __future__ import annotations

import unicodedata
from typing import Any

import typer

from bulletin.cli.help import HelpfulCommand
from bulletin.declaration.characters import name_character, remove_hidden


class CheckedCommand(HelpfulCommand):
    """A command whose text arguments can be recorded and looked up. Paths are left as they are.

    It refuses control characters and bytes that are not UTF-8. It removes other invisible characters, which come along
    when someone copies an address from a page.
    """

    def invoke(self, ctx: Any) -> Any:
        """Raises BadParameter."""
        for param in self.get_params(ctx):
            value = ctx.params.get(param.name)
            if isinstance(value, str):
                ctx.params[param.name] = _check(value, ctx, param)
            elif isinstance(value, list | tuple):
                ctx.params[param.name] = [_check(each, ctx, param) for each in value]
        return super().invoke(ctx)


def _check(value: Any, ctx: Any, param: Any) -> Any:
    if not isinstance(value, str):
        return value
    for char in value.strip():
        if "\udc80" <= char <= "\udcff":  # how Python keeps a byte that it cannot decode (PEP 383)
            message = f"This has a byte that is not UTF-8 ({ord(char) - 0xDC00:#04x}). Type it again."
        elif unicodedata.category(char) in ("Cc", "Cs"):
            message = f"This has an invisible character: {name_character(char)}. Type it again."
        else:
            continue
        raise typer.BadParameter(message, ctx=ctx, param=param)
    return remove_hidden(value)
