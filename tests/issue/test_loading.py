"""Whatever a file says, loading gives an issue or faults in words: never a traceback, never a silent change."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bulletin.errors import FaultyFiles, NotFound
from bulletin.issue.dates import Month
from bulletin.issue.item import ValidationContext
from bulletin.workspace.package_data import sample_folder
from conftest import ISSUE
from issue_files import load_issue

MAY = (sample_folder() / "issues" / "2021-05.yaml").read_text(encoding="utf-8")
SURROUNDINGS = ValidationContext(month=Month(2021, 5), lists=frozenset({"partners", "champions", "schools"}))
ODD = [
    "\t",
    ":",
    ": ",
    "- ",
    "#",
    " #x",
    "'",
    '"',
    "[",
    "}",
    "|",
    ">",
    "&a ",
    "*a",
    "!t ",
    "\n",
    "\n\n  ",
    "  ",
    "~",
    "<b>",
    "é",
    "\x07",
    "%",
]


def load(path: Path) -> None:
    load_issue(path, shown_as="issues/2021-05.yaml", context=SURROUNDINGS)


@given(place=st.integers(0, len(MAY)), cut=st.integers(0, 40), inserted=st.sampled_from(ODD))
@example(place=0, cut=len(MAY), inserted="")
@example(place=MAY.index("published:") + len("published: 4"), cut=9, inserted="\n\n  words")
def test_a_slip_of_the_hand_anywhere_is_an_issue_or_faults_in_words(
    tmp_path_factory: pytest.TempPathFactory, place: int, cut: int, inserted: str
) -> None:
    path = tmp_path_factory.mktemp("issue") / "2021-05.yaml"
    path.write_text(MAY[:place] + inserted + MAY[place + cut :], encoding="utf-8")
    try:
        load(path)
    except FaultyFiles as error:
        for fault in error.faults:
            assert fault.file == "issues/2021-05.yaml"
            assert fault.message.endswith((".", ".”")), fault
            assert len(str(fault).splitlines()) <= 4, fault


_SHAPES = st.recursive(
    st.none() | st.sampled_from(["", "x", "2021-05", "notice", "4 May 2021", "https://a.uk", "yes", "6"]),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["month", "sections", "kind", "title", "items", "text", "groups", "link", "for", "image", "x"]
            ),
            below,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def as_flow(value: object) -> str:
    """The value as YAML in brackets."""
    if value is None:
        return "~"
    if isinstance(value, list):
        return f"[{', '.join(as_flow(below) for below in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {as_flow(below)}' for key, below in value.items())}}}"
    return f'"{value}"'


@given(_SHAPES, st.sampled_from(["month", "sections", "preview_text", "published"]))
def test_any_shape_in_any_place_is_an_issue_or_faults_in_words(
    tmp_path_factory: pytest.TempPathFactory, shape: object, field: str
) -> None:
    path = tmp_path_factory.mktemp("issue") / "2021-05.yaml"
    lines = [line for line in ISSUE.split("sections:")[0].splitlines() if not line.startswith(field)]
    path.write_text("\n".join([*lines, f"{field}: {as_flow(shape)}"]), encoding="utf-8")
    with pytest.raises(FaultyFiles) as raised:
        load(path)
    assert all(fault.line or "nothing in it" in fault.message for fault in raised.value.faults)


def test_a_good_file_is_an_issue(tmp_path: Path) -> None:
    path = tmp_path / "2021-05.yaml"
    path.write_text(ISSUE, encoding="utf-8")

    load(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no file issues/2021-05\.yaml"):
        load(tmp_path / "2021-05.yaml")
