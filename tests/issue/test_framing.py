from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.errors import FaultyFiles
from bulletin.issue.framing import CropRatio, Focus, ImageSize, parse_focus, parse_ratio
from bulletin.issue.item import Image
from bulletin.issue.schema import build_schema


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("4:3", CropRatio(4, 3)),
        ("16 : 9", CropRatio(16, 9)),
        ("1:1", CropRatio(1, 1)),
        ("20:9", CropRatio(20, 9)),
        ("239:100", CropRatio(239, 100)),
        ("1:4", CropRatio(1, 4)),
    ],
)
def test_a_ratio_is_width_to_height(text: str, ratio: CropRatio) -> None:
    assert parse_ratio(text) == ratio
    assert str(ratio) == text.replace(" ", "")


@pytest.mark.parametrize("text", ["", "4", "4x3", "0:3", "4:0", "4:3:2", "2.35:1", "square", "-4:3", "5:1", "1:9"])
def test_any_other_shape_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(PydanticCustomError) as raised:
        parse_ratio(text)
    assert re.search("as in 4:3|between 1:4 and 4:1", str((raised.value.context or {})["problems"]))


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("top", Focus(50, 0)),
        ("Bottom", Focus(50, 100)),
        ("left", Focus(0, 50)),
        ("right", Focus(100, 50)),
        ("centre", Focus(50, 50)),
        ("center", Focus(50, 50)),
        ("top left", Focus(0, 0)),
        ("right, bottom", Focus(100, 100)),
        ("centre top", Focus(50, 0)),
        ("bottom-right", Focus(100, 100)),
        ("30% 20%", Focus(30, 20)),
        ("0%,100 %", Focus(0, 100)),
    ],
)
def test_a_focus_is_a_side_a_corner_or_a_point(text: str, focus: Focus) -> None:
    assert parse_focus(text) == focus


@pytest.mark.parametrize(
    "text", ["", "up", "top bottom", "left left", "30%", "30 20", "101% 0%", "top left right", "4:3"]
)
def test_any_other_focus_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(PydanticCustomError) as raised:
        parse_focus(text)
    assert "Write top, bottom, left, right or centre" in str((raised.value.context or {})["problems"])


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_focus_is_written_as_it_is_read(across: int, down: int) -> None:
    assert parse_focus(str(Focus(across, down))) == Focus(across, down)


def load(text: str) -> Image:
    return validate(parse_source(f"file: a.jpg\nalt: A bed\n{text}\n", shown_as="a.yaml"), Image)


def test_a_picture_says_how_it_is_shown_and_need_not() -> None:
    image = load("{}".format("size: half\ncrop: 4:3\nfocus: 30% 20%\nlink: https://www.example.org"))
    assert (image.size, image.crop, image.focus) == (ImageSize.HALF, CropRatio(4, 3), Focus(30, 20))
    assert image.link == "https://www.example.org"
    bare = load("")
    assert (bare.size, bare.crop, bare.focus, bare.link) == (ImageSize.FULL, None, None, None)


def test_in_braces_a_ratio_needs_no_quotation_marks() -> None:
    source = parse_source("image: {file: a.jpg, alt: A bed, crop: 16:9, focus: top left}\n", shown_as="a.yaml")
    assert source.data == {"image": {"file": "a.jpg", "alt": "A bed", "crop": "16:9", "focus": "top left"}}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("crop: 3x4", "a.yaml:3:7: “3x4” is not a shape. Write width and height in whole numbers, as in 4:3"),
        ("crop: 9:1", "“9:1” leaves too little of a picture. Choose a shape between 1:4 and 4:1."),
        ("focus: the faces", "a.yaml:3:8: “the faces” is not a place in a picture. Write top"),
        ("size: large", "a.yaml:3:7: "),
        ("link: www.example.org", "is not an address that readers can open."),
    ],
)
def test_a_mistake_is_told_at_its_field(line: str, message: str) -> None:
    with pytest.raises(FaultyFiles) as raised:
        load(line)
    assert message in str(raised.value)


def test_editors_know_the_fields_and_what_they_may_be() -> None:
    fields = build_schema(Image, name="image")["properties"]
    assert fields["size"]["enum"] == ["small", "half", "full"]
    for name, good, bad in (("crop", "4:3", "4x3"), ("focus", "Top left", "up"), ("focus", "30% 20%", "30")):
        assert re.search(fields[name]["pattern"], good)
        assert not re.search(fields[name]["pattern"], bad)
