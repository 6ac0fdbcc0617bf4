"""What one word means: in a sentence, with details, an example, and what to look at next. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import yaml

A_COMMAND: Final = "a command"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One thing that has a name.

    `word` is that name, in full: `training.items[].title`. `sort` says what it is: “a field”. `details` are paragraphs,
    `example` is what to write or to type, line by line. `also` are other words that lead here. `page` is where the
    documentation says more, from the folder docs; "" if it has no page.
    """

    word: str
    sort: str
    summary: str
    details: tuple[str, ...] = ()
    example: str = ""
    see: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    page: str = ""


def write_yaml(value: Any) -> str:
    """Data as people write it in our files: yes and no without quotation marks, numbers as figures."""
    written: str = yaml.dump(value, Dumper=_AsPeopleWrite, sort_keys=False, allow_unicode=True, width=72)
    return written.rstrip("\n").removesuffix("\n...")


class _AsPeopleWrite(yaml.SafeDumper):
    """Writes lists a step further in than their name."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow=flow, indentless=False)


def _write_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """All our scalars are texts, so yes, no, dates and numbers need no quotation marks."""
    plain = dumper.analyze_scalar(text).allow_block_plain
    tag = dumper.resolve(yaml.ScalarNode, text, (True, False)) if plain else "tag:yaml.org,2002:str"  # type: ignore[no-untyped-call]  # the stubs leave it out
    return dumper.represent_scalar(tag, text)


_AsPeopleWrite.add_representer(str, _write_text)
