"""`bulletin explain`: what a command, a kind of section, a field, a setting, a rule, a state or a word means."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import say_data
from bulletin.errors import BulletinError, NotFound

if TYPE_CHECKING:
    from bulletin.explain.fact import Fact


def explain(
    ctx: typer.Context,
    word: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORD", help="Such as: training, stop_at, DATE01.", show_default=False),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for another program.")] = False,
    folder: WorkspaceOption = None,
) -> None:
    """Explain a section, setting, rule or command.

    It says what a word means, with an example. If a word means several things, it lists them. Without WORD, it lists
    all that it can explain.

      bulletin explain training           a kind of section
      bulletin explain sending.stop_at    a setting
      bulletin explain DATE01             a rule
      bulletin explain uncertain          a word that you read
    """
    from bulletin.cli.explaining.command_facts import gather_all_facts, read_sorts
    from bulletin.cli.explaining.fact_text import list_near, say_choice, say_fact, say_sorts
    from bulletin.explain.facts import find_facts, find_nearest

    facts = [*gather_all_facts(ctx.find_root().command), *_gather_own(folder)]
    asked = " ".join(word or ())
    found = find_facts(facts, asked) if asked else facts
    if not found:
        near = find_nearest(facts, asked)
        raise NotFound(
            f"Nothing here is called “{asked}”.",
            f"Did you mean {list_near(near)}?" if near else "To list all words, run: bulletin explain",
        )
    if as_json:
        say_data(json.dumps([asdict(fact) for fact in found], indent=1, ensure_ascii=False))
    elif not asked:
        say_sorts(read_sorts(facts))
    elif len(found) == 1:
        say_fact(found[0])
    else:
        say_choice(found, asked)


def _gather_own(folder: Path | None) -> list[Fact]:
    """The kinds and the rules that the workspace around us declares itself; none where there is no workspace."""
    from bulletin.explain.model_facts import list_kind_facts
    from bulletin.explain.rule_facts import list_rule_facts
    from bulletin.issue.sections import section_kinds
    from bulletin.proof.custom_rules import gather_rules
    from bulletin.proof.registry import find_rules
    from bulletin.workspace.workspace import open_workspace

    try:
        workspace = open_workspace(folder)
        rules = gather_rules(workspace.settings, workspace.root)
        kinds = list_kind_facts(workspace.read_own_kinds())
    except BulletinError:
        if folder is not None:
            raise
        return []
    own = [rule for code, rule in rules.items() if code not in find_rules()]
    return [*(fact for fact in kinds if fact.word not in section_kinds()), *list_rule_facts(own)]
