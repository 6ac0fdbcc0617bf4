"""An ordinary slip in a file that people edit is told in words with its place: in every field of every record.

What is tried is derived from the models, so that a field or a record that is added is tried as well.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
import yaml

from bulletin.cli.edge import run
from bulletin.declaration.declared import Declared
from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.errors import Fault, FaultyFiles
from bulletin.issue.model import Issue
from bulletin.settings.settings import Settings
from bulletin.workspace.workspace import Workspace
from checkout import ROOT
from conftest import SETTINGS

SAMPLE = (ROOT / "bulletin.yaml").read_text(encoding="utf-8").splitlines()

Steps = tuple[str | int, ...]
Chain = tuple[tuple[Steps, type[Declared]], ...]  # a record in its place, after all that it is part of


def find_records(annotation: Any, place: Steps = (), above: Chain = ()) -> Iterator[Chain]:
    """Each record that may be below `annotation`, with those around it."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Annotated, tuple):
        yield from find_records(arguments[0], place if origin is Annotated else (*place, 0), above)
    elif origin in (Union, UnionType):
        for member in arguments:
            yield from find_records(member, place, above)
    elif origin is dict:
        yield from find_records(arguments[1], (*place, "a"), above)
    elif isinstance(annotation, type) and issubclass(annotation, Declared):
        chain = (*above, (place, annotation))
        yield chain
        for name, field in annotation.model_fields.items():
            yield from find_records(field.annotation, (*place, field.alias or name), chain)


def required_fields(record: type[Declared]) -> dict[str, Any]:
    """The fields that a record must have, each with its example."""
    fields = record.model_fields.items()
    return {field.alias or name: (field.examples or [None])[0] for name, field in fields if field.is_required()}


def write(chain: Chain, **changed: Any) -> str:
    """The file in which the last record of `chain` stands, with these of its fields `changed` (... takes one away)."""
    document: Any = {}
    for place, record in chain:
        fields = required_fields(record)
        if (place, record) == chain[-1]:
            fields = {name: value for name, value in (fields | changed).items() if value is not ...}
        document = put(document, place, fields)
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


def put(document: Any, place: Steps, value: Any) -> Any:
    """The document with `value` in that place: of lists and named records there is one entry."""
    if not place:
        return value
    first, *others = place
    if isinstance(first, int):
        return [put(document[0] if isinstance(document, list) and document else {}, tuple(others), value)]
    if first == "a":
        return {"a": put(document.get("a", {}), tuple(others), value)}
    return {**document, first: put(document.get(first, {}), tuple(others), value)}


def faults_of(text: str, model: type[Declared]) -> tuple[Fault, ...]:
    """The faults of a file. Each has a place and words of ours."""
    try:
        validate(parse_source(text, shown_as="file.yaml"), model)
    except FaultyFiles as error:
        for fault in error.faults:
            assert fault.line
            assert fault.excerpt
            assert fault.remedy
            assert "Input should" not in fault.message  # pydantic's own words
        return error.faults
    return ()


RECORDS = list({chain[-1][1]: chain for model in (Settings, Issue) for chain in find_records(model)}.values())
EACH_RECORD = pytest.mark.parametrize("chain", RECORDS, ids=lambda chain: chain[-1][1].__name__)
WRONG_SHAPES = (None, "", "x", ["x"], [[["x"]]], [None], {"x": "y"}, {"kind": "notice"})


def test_all_records_of_settings_and_issues_are_found() -> None:
    assert {"Settings", "Sender", "Logo", "CustomRule", "TokenLogin", "Milestone", "Resource", "Session", "Point"} <= {
        chain[-1][1].__name__ for chain in RECORDS
    }


@EACH_RECORD
def test_each_missing_field_is_named_with_the_record_that_lacks_it(chain: Chain) -> None:
    record = chain[-1][1]

    assert not [fault for fault in faults_of(write(chain), chain[0][1]) if "is missing" in fault.message]
    for name in required_fields(record):
        faults = faults_of(write(chain, **{name: ...}), chain[0][1])
        assert [fault for fault in faults if f"“{name}” is missing" in fault.message], name
        if name != "kind":
            (fault,) = [fault for fault in faults if "at least" not in fault.message]  # where two are needed
            assert f"“{name}” is missing in {record.noun}" in fault.message
            assert f"`{name}:" in fault.remedy


@EACH_RECORD
def test_each_field_of_a_wrong_shape_is_told_in_words(chain: Chain) -> None:
    for name, field in chain[-1][1].model_fields.items():
        for value in WRONG_SHAPES:
            faults_of(write(chain, **{field.alias or name: value}), chain[0][1])


@pytest.mark.parametrize("number", [number for number, line in enumerate(SAMPLE) if line.strip(" #")])
def test_each_line_of_the_sample_settings_may_be_indented_wrongly(number: int) -> None:
    line = SAMPLE[number]
    indented = {" " + line, "  " + line, line.removeprefix(" "), line.removeprefix("  ")} - {line}
    for wrong in indented:
        faults_of("\n".join([*SAMPLE[:number], wrong, *SAMPLE[number + 1 :]]), Settings)


def test_what_lost_its_indentation_is_told_to_get_it_back() -> None:
    faults = faults_of(SETTINGS.replace("\n  ", "\n"), Settings)

    assert {fault.line: fault.remedy for fault in faults} | {
        3: "Put two more spaces before it, so that it belongs to “organisation” above.",
        7: "Put two more spaces before it, so that it belongs to “bulletins” above.",
    } == {fault.line: fault.remedy for fault in faults}


@pytest.mark.parametrize("command", ["check 2021-05", "status 2021-05", "send 2021-05", "followups"])
@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (("organisation:", "bulletins:"), "“organisation” is missing in bulletin.yaml"),
        (("    sender:", "lists:"), "“sender” is missing in a bulletin"),
        (("  partners:", "website:"), "“lists” is empty."),
    ],
)
@pytest.mark.usefixtures("in_a_workspace")
def test_no_command_takes_a_slip_for_a_fault_of_its_own(
    command: str, lost: tuple[str, str], words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begin, end = map(SETTINGS.index, lost)
    Path("bulletin.yaml").write_text(SETTINGS[:begin] + SETTINGS[end:], encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["bulletin", *command.split()])

    assert run() == 1
    assert words in capsys.readouterr().err


@pytest.fixture
def in_a_workspace(make_workspace: Callable[..., Workspace], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make_workspace().root)
