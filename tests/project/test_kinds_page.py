"""The pages on own kinds and themes are true: the example works to the letter, and the lists have all that there is."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from bulletin.edition.build import make_edition
from bulletin.edition.edition import Edition
from bulletin.issue.own_kinds.kind_file import KindFile
from bulletin.issue.own_kinds.value_types import FieldType
from bulletin.workspace.package_data import theme_folder
from bulletin.workspace.workspace import open_workspace
from checkout import ROOT
from conftest import ISSUE, write_workspace
from new_workspace import start_workspace
from typed import type_in

KINDS = (ROOT / "docs/kinds.md").read_text(encoding="utf-8")
THEME = (ROOT / "docs/theme.md").read_text(encoding="utf-8")
GIVEN = THEME[THEME.index("## What a template is given") : THEME.index("## What a style sheet may say")]
KIND, SECTION, HTML, TEXT = re.findall(r"```(?:yml|jinja)\n(.*?)```", KINDS, re.DOTALL)
PLACES = re.findall(r"[Tt]his is `([\w./]+)`", KINDS)
MONTH = "2026-12"


def follow(folder: Path, *, steps: int) -> Path:
    """Do what the page says, up to that step, in a workspace that `bulletin init` has made."""
    workspace = folder / "news"
    start_workspace(workspace, published=date(2026, 12, 7))
    for place, content in list(zip(PLACES, (KIND, HTML, TEXT), strict=True))[: 1 if steps < 4 else 3]:
        (workspace / place).parent.mkdir(parents=True, exist_ok=True)
        (workspace / place).write_text(content, encoding="utf-8")
    issue = workspace / "issues" / f"{MONTH}.yaml"
    issue.write_text(f"{issue.read_text(encoding='utf-8').rstrip()}\n{SECTION}", encoding="utf-8")
    return workspace


def render(workspace: Path) -> Edition:
    return make_edition(open_workspace(workspace, environ={}), MONTH)


def test_the_example_is_in_order_and_lists_its_fields(tmp_path: Path) -> None:
    workspace = follow(tmp_path, steps=3)
    code, said = type_in("check", MONTH, "--workspace", str(workspace), "--notes")
    edition = render(workspace)

    assert code == 0
    assert "MAIL17" in said
    assert said.count("error") == 0
    assert "From the kitchen of: Ffion Rees" in edition.text
    assert "<li" in edition.html[edition.html.index("Ingredients") :]


def test_with_its_templates_the_example_looks_as_the_page_says(tmp_path: Path) -> None:
    workspace = follow(tmp_path, steps=4)
    code, said = type_in("check", MONTH, "--workspace", str(workspace), "--notes")
    edition = render(workspace)

    assert code == 0
    assert "MAIL17" not in said
    assert "What you need" in edition.html
    assert "Ingredients" not in edition.html
    assert "Serves 4 · easy · Ffion Rees\n" in edition.text
    assert "• 1 kg of onions\n" in edition.text
    assert "1. Chop the onions. (10 minutes)\n" in edition.text
    assert "3. Put the bread on top, and serve it hot.\n" in edition.text


def test_the_page_names_every_field_and_type_of_a_kind() -> None:
    fields = {field.alias or name for name, field in KindFile.model_fields.items()}
    types = next(line for line in KINDS.split("| type | holds |")[1:])

    assert {name for name in fields if f"| `{name}` |" not in KINDS} == set()
    assert {str(kind) for kind in FieldType if f"`{kind}`" not in types} == set()


def test_the_pictures_of_the_example_are_there_and_small() -> None:
    pictures = re.findall(r"pictures/(kind-[\w-]+\.png)", KINDS)

    assert len(pictures) == 4
    assert all((ROOT / "docs/pictures" / name).stat().st_size < 60_000 for name in pictures)


def list_first_cells(heading: str) -> set[str]:
    """The names in the first column of the table below this head."""
    table = GIVEN[GIVEN.index(heading) :].split("\n\n")[0]
    return {name for line in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", line.split("|")[1])}


def test_every_name_that_templates_use_is_on_the_page() -> None:
    texts = [path.read_text(encoding="utf-8") for part in ("email", "text") for path in _list_templates(part)]
    used = {name for text in texts for name in meta.find_undeclared_variables(_jinja().parse(text))}
    made = {name for text in texts for words in _MADE.findall(text) for name in re.findall(r"\w+", "".join(words))}

    assert len(used - made) > 15
    assert used - made - list_first_cells("| name | is |") <= {"section", "entry", "colours"}


_MADE = re.compile(
    r"{%-? (?:set ([\w, ]+)|for ([\w, ]+) in|from [^%]+ import ([\w, ]+) with|import [^%]+ as (\w+)|macro (\w+)"
    r"|call ?\((\w+)\))"
)
"""Where a template makes a name itself."""


def _list_templates(part: str) -> list[Path]:
    return sorted((theme_folder() / part).rglob("*.j2"))


@pytest.mark.parametrize("part", ["email/parts/help.html.j2", "text/parts/section.txt.j2"])
def test_every_name_on_the_page_is_given_to_templates(part: str, tmp_path: Path) -> None:
    names = sorted(list_first_cells("| name | is |") - {"section", "entry"})
    workspace = write_workspace(tmp_path / "news", issues={"2021-05": ISSUE})
    file = workspace.root / "templates" / part
    file.parent.mkdir(parents=True)
    lines = "".join(f"{{% if {name} is not defined %}}lacks {name}{{% endif %}}" for name in names)
    file.write_text(f"{{# theme 2 #}}\n{lines}<b>seen</b>\n", encoding="utf-8")
    edition = make_edition(workspace, "2021-05")

    shown = edition.html if part.startswith("email") else edition.text
    assert len(names) > 20
    assert "seen" in shown
    assert "lacks" not in shown


def test_the_filters_on_the_page_are_those_that_templates_have() -> None:
    named = list_first_cells("| filter | is for |")
    ours = {"markdown", "inline", "plain", "names", "day", "address", "wrap", "prefix", "underline"}
    told = set(re.findall(r"`(\w+)`", GIVEN[GIVEN.index("| filter | is for |") :].split("\n\n")[0]))

    assert ours <= named
    assert set(_ours_in_templates()) <= told


def _ours_in_templates() -> set[str]:
    """The filters in the product's templates that Jinja does not have."""
    paths = [*_list_templates("email"), *_list_templates("text")]
    used = {name for path in paths for name in re.findall(r"\| (\w+)", path.read_text(encoding="utf-8"))}
    return used - set(Environment().filters)


def test_the_components_on_the_page_are_those_that_there_are() -> None:
    folder = theme_folder() / "email" / "components"
    texts = [path.read_text(encoding="utf-8") for path in folder.iterdir()]
    macros = {name for text in texts for name in re.findall(r"{% macro (\w+)\(", text)}

    assert list_first_cells("| component | shows |") == macros


def _jinja() -> Environment:
    """Jinja that knows the names of our filters, to read templates and nothing more."""
    jinja = Environment()
    jinja.filters |= dict.fromkeys(_ours_in_templates(), str)
    return jinja
