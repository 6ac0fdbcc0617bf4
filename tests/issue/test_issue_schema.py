"""The schemas themselves: what they say of each field, and that they accept what the loader accepts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError
from typer.testing import CliRunner

from bulletin.cli.commands.write.schema import schema as schema_command
from bulletin.errors import BulletinError
from bulletin.issue.dates import MONTHS, WEEKDAYS, parse_date, parse_day, parse_month, parse_time
from bulletin.issue.item import ValidationContext
from bulletin.issue.kinds.campaign import parse_phase
from bulletin.issue.model import Issue
from bulletin.issue.schema import build_schema
from bulletin.issue.sections import section_kinds
from bulletin.issue.snippets import write_code_snippets
from bulletin.settings.sending import parse_duration
from bulletin.settings.settings import Settings
from bulletin.workspace.package_data import starter_folder
from bulletin.workspace.schemas import ensure_schemas, write_schemas
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import ISSUE, SETTINGS, examples
from issue_files import load_issue
from new_workspace import start_workspace

MakeWorkspace = Callable[..., Workspace]

ISSUE_SCHEMA = build_schema(Issue, name="issue")
SETTINGS_SCHEMA = build_schema(Settings, name="settings")


def records(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The records that a schema describes, whatever their kind of section; `Section` itself only chooses one."""
    return {"the file": schema} | {name: each for name, each in schema["$defs"].items() if name != "Section"}


RECORDS = [
    pytest.param(record, id=f"{where} {name}")
    for where, schema in (("issue", ISSUE_SCHEMA), ("settings", SETTINGS_SCHEMA))
    for name, record in records(schema).items()
]


@pytest.mark.parametrize("schema", [ISSUE_SCHEMA, SETTINGS_SCHEMA], ids=["issue", "settings"])
def test_a_schema_says_its_draft_and_its_name(schema: dict[str, Any]) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert re.fullmatch(r"urn:bulletin:(issue|settings)", schema["$id"])


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_refuses_fields_that_it_does_not_have(record: dict[str, Any]) -> None:
    assert record["additionalProperties"] is False
    assert record["description"]


@pytest.mark.parametrize("record", RECORDS)
def test_each_field_has_a_description_an_example_and_what_it_may_hold(record: dict[str, Any]) -> None:
    for name, field in record["properties"].items():
        assert field["description"], name
        assert field["examples"], name
        assert {"type", "enum", "$ref", "if"} & set(field), name


@pytest.mark.parametrize("schema", [ISSUE_SCHEMA, SETTINGS_SCHEMA], ids=["issue", "settings"])
def test_each_reference_leads_somewhere(schema: dict[str, Any]) -> None:
    found = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema)))

    assert found == set(schema["$defs"])


def test_states_and_kinds_are_lists_of_words() -> None:
    definitions = ISSUE_SCHEMA["$defs"]

    assert definitions["Priority"]["properties"]["status"]["enum"] == [
        "planned",
        "under way",
        "delayed",
        "paused",
        "closed",
    ]
    assert definitions["Section"]["properties"]["kind"]["enum"] == list(section_kinds())


def test_lists_are_those_of_the_workspace_where_they_are_known() -> None:
    known = build_schema(Issue, name="issue", lists=["schools", "2021"])["$defs"]["Notice"]["properties"]["for"]
    unknown = ISSUE_SCHEMA["$defs"]["Notice"]["properties"]["for"]

    assert known["then"]["items"] == {"enum": ["schools", "2021", 2021]}  # an editor takes 2021 for a number
    assert known["else"] == known["then"]["items"]
    assert "enum" not in unknown["else"]


def joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map("".join)


def in_any_case(*words: str) -> st.SearchStrategy[str]:
    changes = st.sampled_from([str, str.lower, str.upper, str.swapcase])
    return st.builds(lambda word, change: change(word), st.sampled_from(words), changes)


SPACE = st.sampled_from([" ", "  "])
YEAR = st.integers(1900, 2199).map(str)
MONTH = in_any_case(*MONTHS, *(name[:3] for name in MONTHS), "Sept")
DAY = joined(st.integers(1, 31).map(str), st.sampled_from(["", "st", "nd", "rd", "th"]))
WEEKDAY = joined(
    in_any_case(*WEEKDAYS, *(name[:3] for name in WEEKDAYS), "Tues", "Weds", "Thur", "Thurs"),
    st.sampled_from([" ", ", ", ". ", " the "]),
)
MONTH_YEAR = joined(MONTH, st.sampled_from([" ", "  ", ". ", ", ", "., "]), YEAR)
IN_FIGURES = st.one_of(st.dates().map("{:%Y-%m}".format), st.dates().map(str))
MARK = st.sampled_from(["/", ".", "-"])
BRITISH = st.builds(
    lambda day, mark, year, after: f"{day.day}{mark}{day.month:02}{mark}{year}{after}",
    st.dates(),
    MARK,
    st.one_of(YEAR, st.integers(10, 99).map(str)),
    st.sampled_from(["", " 00:00", " 00:00:00", "."]),
)
SPREADSHEET = joined(
    DAY,
    st.sampled_from(["", "-", " of "]),
    MONTH,
    st.sampled_from(["-", " ", ", "]),
    st.one_of(YEAR, st.just("21"), st.just("’21")),
)
DATE = st.one_of(
    BRITISH,
    joined(WEEKDAY, BRITISH),
    SPREADSHEET,
    joined(MONTH, SPACE, DAY, st.sampled_from([" ", ", "]), YEAR),
    joined(DAY, SPACE, MONTH_YEAR),
    joined(WEEKDAY, DAY, SPACE, MONTH),
    joined(DAY, SPACE, MONTH),
    MONTH_YEAR,
    YEAR,
    IN_FIGURES,
)
HALF = joined(st.sampled_from(["", " "]), in_any_case("am", "pm", "a.m.", "p.m."))
HOURS = st.integers(0, 24).map(str)
MINUTES = joined(st.sampled_from([":", "."]), st.integers(0, 60).map("{:02}".format))
TIME = st.one_of(
    joined(HOURS, MINUTES, st.sampled_from(["", ":00", " hrs", "hours"])),
    joined(HOURS, MINUTES, HALF),
    joined(HOURS, HALF),
    st.integers(0, 2400).map("{:04}hrs".format),
    joined(st.sampled_from(["", "12", "12 ", "12.00 ", "12:00"]), in_any_case("midday", "noon", "midnight")),
)
FIGURES = st.integers(0, 120).map(str)
PHASE = st.one_of(FIGURES, joined(in_any_case("phase "), FIGURES), joined(FIGURES, in_any_case(" of "), FIGURES))
DURATION = joined(FIGURES, st.sampled_from(["", " "]), st.sampled_from(["second", "minutes", "hour", "days", "week"]))
WILD = st.lists(st.one_of(WEEKDAY, DAY, MONTH, YEAR, HALF, MINUTES, SPACE), max_size=6).map("".join)

PARSERS: dict[str, tuple[Callable[[str], object], dict[str, Any], st.SearchStrategy[str]]] = {
    "month": (parse_month, ISSUE_SCHEMA["properties"]["month"], st.one_of(MONTH_YEAR, IN_FIGURES)),
    "day": (parse_day, ISSUE_SCHEMA["properties"]["published"], DATE),
    "date": (parse_date, ISSUE_SCHEMA["$defs"]["Milestone"]["properties"]["date"], DATE),
    "time": (parse_time, ISSUE_SCHEMA["$defs"]["Session"]["properties"]["starts"], TIME),
    "phase": (parse_phase, ISSUE_SCHEMA["$defs"]["Campaign"]["properties"]["phase"], PHASE),
    "duration": (parse_duration, SETTINGS_SCHEMA["$defs"]["Sending"]["properties"]["patience"], DURATION),
}


def is_taken(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text.strip())
    except PydanticCustomError:
        return False
    return True


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.data())
@examples(200)
def test_a_pattern_takes_what_the_loader_takes(name: str, data: st.DataObject) -> None:
    parse, field, usual = PARSERS[name]
    text = data.draw(st.one_of(usual, WILD))

    assert re.search(field["pattern"], text) or not is_taken(parse, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("month", "2021-06"),
        ("month", "Sept 2021"),
        ("day", "Wed 24 Mar 2021"),
        ("date", "13th april"),
        ("date", "2021"),
        ("date", "2021-03"),
        ("date", "24/03/2021"),
        ("date", "Thurs 27 Nov 25"),
        ("day", "17.12.26"),
        ("time", "2.30 pm"),
        ("time", "12noon"),
        ("time", "10:00:00"),
        ("time", "12 noon"),
        ("phase", "Phase 1 of 2"),
        ("duration", "5 minutes"),
    ],
)
def test_a_pattern_takes_each_way_of_writing(name: str, text: str) -> None:
    parse, field, _ = PARSERS[name]

    assert is_taken(parse, text)
    assert re.search(field["pattern"], f" {text}\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("month", "2021-13"),
        ("month", "05/2021"),
        ("day", "May 2021"),
        ("date", "32/03/2021"),
        ("date", "32 May 2021"),
        ("date", "March"),
        ("date", "24 Mai 2021"),
        ("time", "25:00"),
        ("time", "12:75"),
        ("time", "13pm"),
        ("phase", "first"),
        ("duration", "soon"),
    ],
)
def test_a_pattern_refuses_the_usual_mistakes(name: str, text: str) -> None:
    parse, field, _ = PARSERS[name]

    assert not is_taken(parse, text)
    assert not re.search(field["pattern"], text)


def snippets() -> dict[str, list[str]]:
    """Each kind's snippet, with the words that stand at its places."""
    each = json.loads(write_code_snippets()).values()
    return {one["prefix"]: [re.sub(r"\$\{\d+:(.*?)\}", r"\1", line) for line in one["body"]] for one in each}


@pytest.mark.parametrize("kind", section_kinds())
def test_a_snippet_is_a_section_that_loads(kind: str, tmp_path: Path) -> None:
    head = ISSUE[: ISSUE.index("  - kind")]
    path = tmp_path / "2021-05.yaml"
    path.write_text(head + "".join(f"  {line}\n" for line in snippets()[kind]), encoding="utf-8")

    (section,) = load_issue(path, shown_as=path.name, context=ValidationContext()).sections

    assert section.kind == kind


def test_a_new_workspace_has_a_snippet_for_each_kind(tmp_path: Path) -> None:
    start_workspace(tmp_path, published=date(2021, 6, 1))
    written = (tmp_path / ".vscode/bulletin.code-snippets").read_text(encoding="utf-8")

    assert set(snippets()) == set(section_kinds())
    assert written == write_code_snippets()


@pytest.mark.parametrize("name", ["settings.json", "extensions.json"])
def test_the_starters_settings_for_an_editor_are_json(name: str) -> None:
    assert json.loads((starter_folder() / ".vscode" / name).read_text(encoding="utf-8"))


def test_the_starters_files_begin_with_the_line_that_names_their_schema() -> None:
    issue, settings_file = (
        (starter_folder() / name).read_text(encoding="utf-8").splitlines()[0]
        for name in ("issues/MONTH.yaml.j2", "bulletin.yaml.j2")
    )

    assert issue == "# yaml-language-server: $schema=../.bulletin/issue.schema.json"
    assert settings_file == "# yaml-language-server: $schema=.bulletin/bulletin.schema.json"


def schema_files(workspace: Workspace) -> Iterator[Path]:
    return workspace.state_folder.glob("*.schema.json")


def test_schemas_are_written_where_they_are_missing(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()

    ensure_schemas(workspace)

    assert {path.name for path in schema_files(workspace)} == {
        "issue.schema.json",
        "bulletin.schema.json",
        "kind.schema.json",
    }
    assert len(list(workspace.state_folder.iterdir())) == 3


def test_schemas_that_are_up_to_date_are_not_written_again(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    ensure_schemas(workspace)
    before = {path: path.stat().st_ino for path in schema_files(workspace)}

    ensure_schemas(workspace)

    assert {path: path.stat().st_ino for path in schema_files(workspace)} == before


def test_a_new_list_brings_new_schemas(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    ensure_schemas(workspace)
    added = SETTINGS.replace("lists:\n", "lists:\n  champions: {title: Champions, basis: consent}\n")
    (workspace.root / "bulletin.yaml").write_text(added, encoding="utf-8")

    ensure_schemas(open_workspace(workspace.root, environ={}))

    assert all(
        '"champions"' in path.read_text(encoding="utf-8")
        for path in schema_files(workspace)
        if path.name != "kind.schema.json"
    )


def test_schemas_of_another_release_are_written_again(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    ensure_schemas(workspace)
    before = {path: path.read_text(encoding="utf-8") for path in schema_files(workspace)}
    for path, content in before.items():
        mark = json.loads(content)["$comment"]
        path.write_text(content.replace(mark, "0" * len(mark)).replace("Notice", "Note"), encoding="utf-8")

    ensure_schemas(workspace)

    assert {path: path.read_text(encoding="utf-8") for path in schema_files(workspace)} == before


def test_a_schema_that_is_lost_is_written_again(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    ensure_schemas(workspace)
    lost = next(schema_files(workspace))
    lost.unlink()

    ensure_schemas(workspace)

    assert lost.exists()


def test_a_workspace_that_cannot_be_written_to_goes_without_schemas(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    workspace.state_folder.write_text("a file where the folder belongs")

    ensure_schemas(workspace)

    with pytest.raises(BulletinError, match="cannot be written"):
        write_schemas(workspace.state_folder, lists=None)


def test_the_command_writes_all_schemas_and_says_where(make_workspace: MakeWorkspace, tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(schema_command)
    workspace, out = make_workspace(), tmp_path / "out"

    said = (
        CliRunner().invoke(app, ["--workspace", str(workspace.root), "--out", str(out)], catch_exceptions=False).output
    )

    written = sorted(out.iterdir())
    assert [path.name for path in written] == ["bulletin.schema.json", "issue.schema.json", "kind.schema.json"]
    assert all(str(path) in said for path in written)
    assert not workspace.state_folder.exists()
    assert json.loads(written[1].read_text(encoding="utf-8"))["$defs"]["Notice"]["properties"]["for"]["examples"] == [
        ["partners", "schools"]
    ]
