"""Kinds of section that a workspace declares: what a file may say, and what each fault of it is told as."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.errors import Fault, FaultyFiles
from bulletin.issue.model import Issue
from bulletin.issue.own_kinds.kind_file import MOST_FIELDS, KindFile
from bulletin.issue.own_kinds.value_types import VALUE_TYPES, FieldType
from bulletin.issue.schema import build_schema
from bulletin.issue.sections import section_kinds, traits_of, with_kinds
from bulletin.issue.snippets import make_snippet, write_code_snippets
from bulletin.issue.traits import NextMonth
from conftest import examples
from own_kinds import ISSUE, RECIPE, random_kinds, read_kind

HEAD = "description: A dish to cook together.\n"
FIELDS = f"{HEAD}fields:\n"


def refuse(text: str) -> list[str]:
    """What is said of a file: line, column, message and remedy of each fault."""
    with pytest.raises(FaultyFiles) as caught:
        validate(parse_source(text, shown_as="sections/recipe.yaml"), KindFile)
    return [f"{fault.line}:{fault.column} {fault.message} {fault.remedy}" for fault in caught.value.faults]


def read_issue(text: str, kind: str = RECIPE) -> Issue:
    return validate(parse_source(text, shown_as="issues/2021-05.yaml"), with_kinds(Issue, (read_kind(kind),)))


def test_a_section_of_a_declared_kind_has_the_values_of_its_fields() -> None:
    section: Any = read_issue(ISSUE).sections[0]

    assert (section.kind, section.title, section.serves) == ("recipe", "Onion soup", 4)
    assert str(section.cooked_on) == "12 May 2021"
    assert section.ingredients == ("1 kg *red* onions", "1 litre of stock")
    assert [step.minutes for step in section.items] == [10, None]
    assert section.items[0].do == "Bring an apron"
    assert traits_of(section).next_month is NextMonth.EMPTIED


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("serves: 4", "srves: 4", "“srves” is not a field of a recipe section. Did you mean “serves”?"),
        (
            "    serves: 4\n",
            "",
            "“serves” is missing in a recipe section: how many people it feeds. Write `serves: 4`.",
        ),
        ("serves: 4", "serves: four", "“four” is not a whole number. Write it in figures, as in 3."),
        ("difficulty: easy", "difficulty: eazy", "“eazy” is not a difficulty. Did you mean “easy”?"),
        ("cooked_on: 12 May 2021", "cooked_on: 32 May 2021", "“32 May 2021”"),
        ("      - text: Chop the onions.\n", "      - txt: Chop.\n        text: Chop.\n", "is not a field of a step."),
        ("cook: Ffion Rees", "cook: '[Ffion](https://a.org)'", "link"),
    ],
)
def test_a_fault_in_such_a_section_is_told_like_that_of_any_other(old: str, new: str, said: str) -> None:
    with pytest.raises(FaultyFiles) as caught:
        read_issue(ISSUE.replace(old, new))

    told = [f"{fault.message} {fault.remedy}" for fault in caught.value.faults]
    assert len(told) == 1
    assert said in told[0]
    assert caught.value.faults[0].where.startswith("sections › 1 (recipe)")


def test_a_kind_that_is_unknown_is_refused_with_the_names_of_all_that_are_known() -> None:
    with pytest.raises(FaultyFiles) as caught:
        read_issue(ISSUE.replace("kind: recipe", "kind: dish"))

    assert "Did you mean “recipe”?" in caught.value.faults[0].remedy
    assert "about, recipe." in caught.value.faults[0].remedy


def test_an_issue_that_is_read_without_the_kind_does_not_know_it() -> None:
    read_issue(ISSUE)
    with pytest.raises(FaultyFiles, match="“recipe” is not a kind of section"):
        validate(parse_source(ISSUE, shown_as="issues/2021-05.yaml"), Issue)

    assert "recipe" not in section_kinds()


def field(more: str) -> str:
    return f"{FIELDS}  serves: {{type: number, description: How many., {more}}}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD, ["1:1 “fields” is missing in a kind of section"]),
        (f"{HEAD}fields: {{}}\n", ["2:9 “fields” has no entries."]),
        (
            f"{FIELDS}  serves: {{type: numbr, description: How many.}}\n",
            ["3:18 “numbr” is not a type. Did you mean “number”?"],
        ),
        (f"{FIELDS}  Serves: {{type: number, description: How many.}}\n", ["3:3 “Serves” is not a name for"]),
        (
            f"{FIELDS}  do: {{type: line, description: A task.}}\n",
            ["the name “do”. Delete it: every section"],
        ),
        (
            f"{FIELDS}  copy: {{type: line, description: A copy.}}\n",
            ["The program itself uses the name “copy”."],
        ),
        (
            f"{FIELDS}  kind: {{type: line, description: A kind.}}\n",
            ["The program itself uses the name “kind”."],
        ),
        (f"{FIELDS}  __class__: {{type: line, description: A.}}\n", ["3:3 “__class__” is not a name for"]),
        (f"{FIELDS}  date: {{type: line, description: A day.}}\n", ["3:16 “date” must be a date"]),
        (
            f"{FIELDS}  items: {{type: point, description: All.}}\n",
            ["“items” must be a list: write `list: yes`"],
        ),
        (field("choices: [1, 2]"), ["“choices” is for a choice."]),
        (field("noun: guest"), ["“noun” is for a record."]),
        (field("example: four"), ["This example is no number: “four” is not a whole number."]),
        (
            f"{FIELDS}  how: {{type: choice, description: How.}}\n",
            ["3:15 A choice needs two different choices."],
        ),
        (f"{FIELDS}  how: {{type: record, description: How.}}\n", ["3:15 “fields” is missing in a record."]),
        (f"{HEAD}next_month: never\n{field('')[len(HEAD) :]}", ["2:13 “never” is not a next_month."]),
        (f"{HEAD}run: rm -rf\n{field('')[len(HEAD) :]}", ["2:1 “run” is not a field of a kind of section."]),
        (f"{FIELDS}  how: !!python/object:os.system {{}}\n", ["3:8 A tag"]),
    ],
)
def test_a_fault_in_the_file_of_a_kind_is_told_with_its_place_and_remedy(text: str, said: list[str]) -> None:
    told = refuse(text)

    assert len(told) == len(said), told
    for line, words in zip(told, said, strict=True):
        assert words in line


def test_all_faults_of_a_file_are_told_at_once() -> None:
    told = refuse(
        "fields:\n  Serves: {type: number, description: How many.}\n  how: {type: choise, description: How.}\n"
        "  items: {type: line, list: yes, description: All.}\n"
    )

    assert len(told) >= 3


def test_links_and_pictures_may_be_made_required() -> None:
    kind = read_kind(f"{FIELDS}  link: {{type: link, required: yes, description: Where it is from.}}\n")

    assert kind.model_fields["link"].is_required()


def test_a_kind_has_bounds() -> None:
    many = "".join(f"  f{number}: {{type: line, description: A line.}}\n" for number in range(MOST_FIELDS + 1))
    deep: dict[str, Any] = {"type": "line", "description": "A line."}
    for _ in range(5):
        deep = {"type": "record", "description": "More.", "fields": {"more": deep}}

    assert "61 fields are too many" in refuse(f"{FIELDS}{many}")[0]
    assert "levels deep" in refuse(yaml.safe_dump({"description": "Deep.", "fields": {"more": deep}}))[0]


@pytest.mark.parametrize("kind", VALUE_TYPES)
def test_the_example_of_each_type_is_one(kind: FieldType) -> None:
    text = f"{FIELDS}  value: {{type: {kind}, required: yes, description: A value.}}\n"
    model = read_kind(text)
    example = (model.model_fields["value"].examples or [""])[0]

    assert model.model_validate({"kind": "recipe", "title": "A", "value": example})


def test_editors_complete_it_and_get_a_snippet() -> None:
    own = (read_kind(RECIPE),)
    schema = build_schema(with_kinds(Issue, own), name="issue")
    recipe = schema["$defs"]["recipe"]

    assert schema["$defs"]["Section"]["properties"]["kind"]["enum"][-1] == "recipe"
    assert recipe["title"] == "a recipe section"
    assert recipe["properties"]["difficulty"]["enum"][:3] == ["easy", "medium", "hard"]
    assert set(recipe["required"]) == {"title", "kind", "serves", "ingredients", "items"}
    assert schema["$defs"]["recipe.items"]["title"] == "a step"
    assert make_snippet(own[0])["items"] == [{"text": "${4:Chop the onions.}"}]
    assert "recipe" in write_code_snippets(own)
    assert "recipe" not in write_code_snippets()


def test_the_file_of_a_kind_has_a_schema_too() -> None:
    schema = build_schema(KindFile, name="kind")

    assert schema["$defs"]["FieldDeclaration"]["properties"]["type"]["enum"] == [str(kind) for kind in FieldType]


@given(text=random_kinds())
@examples(40)
def test_any_declared_kind_accepts_its_own_examples(text: str) -> None:
    model = read_kind(text, name="thing")
    section = {
        name: field.examples[0] for name, field in model.model_fields.items() if field.is_required() and field.examples
    }

    read = model.model_validate({**section, "kind": "thing", "title": "A thing of ours"})
    assert read == model.model_validate({**section, "kind": "thing", "title": "A thing of ours"})


_WILD = st.recursive(
    st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["record", "choice", "yes", "line", "__init__"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.text(max_size=8), st.sampled_from(["type", "fields", "description", "choices", "list"])),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(data=_WILD)
@examples(100)
def test_whatever_a_file_holds_it_is_a_kind_or_has_faults(data: Any) -> None:
    text = yaml.safe_dump({"description": "Wild.", "fields": data}, allow_unicode=True)
    faults: Sequence[Fault] = ()
    try:
        read_kind(text)
    except FaultyFiles as error:
        faults = error.faults

    assert all(fault.message and fault.line for fault in faults)
