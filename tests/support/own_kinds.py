"""A kind of section of a workspace's own, as the tests know it: a recipe; and kinds at random."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.issue.own_kinds.kind_file import KindFile
from bulletin.issue.own_kinds.kind_model import make_model
from bulletin.issue.own_kinds.value_types import FieldType
from bulletin.issue.section import BaseSection

RECIPE = """\
description: A dish to cook together.
also_called: dish
next_month: emptied
in_blank_forms: yes
fields:
  introduction: {type: text, description: A few words before it.}
  serves: {type: number, required: yes, description: How many people it feeds., example: 4}
  difficulty: {type: choice, choices: [easy, medium, hard], description: How hard it is.}
  cooked_on: {type: date, description: When we cook it together., label: We cook it on}
  ingredients: {type: line, list: yes, required: yes, description: What you need., example: 200 g flour}
  items:
    type: record
    noun: step
    list: yes
    required: yes
    description: What to do.
    fields:
      text: {type: text, required: yes, description: What to do., example: Chop the onions.}
      minutes: {type: number, description: How long it takes.}
  cook: {type: name, description: Whose recipe it is.}
"""

SOUP = """\
  - kind: recipe
    title: Onion soup
    serves: 4
    difficulty: easy
    cooked_on: 12 May 2021
    ingredients:
      - 1 kg *red* onions
      - 1 litre of stock
    items:
      - text: Chop the onions.
        minutes: 10
        do: Bring an apron
        by: 11 May 2021
      - text: Cook them slowly.
    cook: Ffion Rees
"""

ISSUE = f"""\
month: 2021-05
published: 4 May 2021
subject: Anytown news for May
preview_text: What we did in April
sections:
{SOUP}"""


def write_kinds(root: Path, **kinds: str) -> None:
    """Put files of kinds into a workspace."""
    (root / "sections").mkdir(exist_ok=True)
    for name, text in kinds.items():
        (root / "sections" / f"{name}.yaml").write_text(text, encoding="utf-8")


def read_kind(text: str, *, name: str = "recipe") -> type[BaseSection]:
    """The model that a file declares. Raises FaultyFiles."""
    return make_model(name, validate(parse_source(text, shown_as=f"sections/{name}.yaml"), KindFile))


_NAMES = st.sampled_from(["serves", "method", "more", "notes", "where_from", "class", "place", "prices", "extra_2"])
_TYPES = st.sampled_from([kind for kind in FieldType if kind is not FieldType.RECORD])


@st.composite
def _fields(draw: Callable[[st.SearchStrategy[Any]], Any], depth: int) -> dict[str, Any]:
    names = draw(st.lists(_NAMES, min_size=1, max_size=4, unique=True))
    return {name: draw(_field(depth)) for name in names if name != "class"} or {"serves": draw(_field(0))}


@st.composite
def _field(draw: Callable[[st.SearchStrategy[Any]], Any], depth: int) -> dict[str, Any]:
    kind = FieldType.RECORD if depth and draw(st.booleans()) else draw(_TYPES)
    written = {"type": str(kind), "description": "What to write there."}
    written |= {name: "yes" for name in ("required", "list") if draw(st.booleans())}
    if kind is FieldType.CHOICE:
        written["choices"] = ["easy", "hard"]
    if kind is FieldType.RECORD:
        written["fields"] = draw(_fields(depth - 1))
    return written


@st.composite
def random_kinds(draw: Callable[[st.SearchStrategy[Any]], Any]) -> str:
    """A file that declares a kind with fields of any types, records in records included."""
    return yaml.safe_dump({"description": "Something of ours.", "fields": draw(_fields(2))}, sort_keys=False)
