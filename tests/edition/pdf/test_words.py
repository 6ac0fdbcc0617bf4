"""Whatever an issue says, its PDF says, and says it as it was written: nothing in it is ever run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bulletin.edition.pdf.text_tree import read_tree, show_inlines
from checkout import ROOT
from conftest import examples
from pdf_editions import describe, make_specimen, specimen_issue, typeset_document
from pdf_structure import Structure, read_structure
from random_issues import random_sections

pytestmark = pytest.mark.slow

SCHEMA = jsonschema.Draft202012Validator(
    json.loads((ROOT / "templates/pdf/issue.schema.json").read_text(encoding="utf-8"))
)
HOSTILE = (
    '#read("/etc/passwd")', '#import "@preview/x:1.0.0"', "#set page(width: 1cm)", "$x^2$", "$ unclosed", "@ref",
    "@preview/x", "\\u{41}", "\\", "\\#", "<label>", "*not bold*", "_not italic_", "`code`", "```raw```", "= Heading",
    "- entry", "+ entry", "/ term: words", "// remark", "/* remark */", "a~b", "a--b", "a...b", "]", "[", "{", "}",
    "#[", "#{", "#panic()", "https://example.org/x", "'single' \"double\"", "&amp;", "%s", "{{ x }}",
    '#eval("1")', "a\u00a0b",
)  # fmt: skip
NOT_WORDS = {
    "type",
    "kind",
    "anchor",
    "address",
    "file",
    "size",
    "state",
    "status",
    "align",
    "code",
    "region",
    "language",
}


def say(structure: Structure) -> str:
    """All that is printed, that is read out, and that links lead to."""
    alternatives = (element.alt for element in structure.root.walk() if element.alt)
    return " ".join([structure.text, structure.title, *alternatives, *structure.addresses])


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def written(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Each word of a section, with the names of the fields that it is in."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from written(inner, f"{path} {name}")
    elif isinstance(value, list):
        for inner in value:
            yield from written(inner, path)
    elif isinstance(value, str):
        yield from ((path, word) for word in re.findall(r"word\d+x", value))


@given(sections=random_sections(), top=st.integers(0, 30))
@settings(examples(8), phases=(Phase.explicit, Phase.generate), suppress_health_check=[HealthCheck.too_slow])
def test_every_field_of_every_kind_is_in_the_pdf(sections: list[dict[str, Any]], top: int) -> None:
    if top < len(sections):
        sections[top]["top_story"] = "yes"
    document, pictures = describe(specimen_issue(sections=sections, introduction=None))
    SCHEMA.validate(document)
    structure = read_structure(typeset_document(document, pictures).content)

    shown = set(re.findall(r"word\d+x", say(structure).lower()))
    lost = {path for section in sections for path, word in written(section, section["kind"]) if word not in shown}
    assert not lost


@given(sections=random_sections())
@settings(examples(4), phases=(Phase.explicit, Phase.generate), suppress_health_check=[HealthCheck.too_slow])
def test_a_kind_without_a_form_of_its_own_has_each_field_too(sections: list[dict[str, Any]]) -> None:
    """The kinds that we have, as if the theme had no form for them."""
    document, pictures = describe(specimen_issue(sections=sections, introduction=None))
    for section in document["sections"]:
        section["kind"] = f"own_{section['kind']}"
    structure = read_structure(typeset_document(document, pictures).content)

    shown = set(re.findall(r"word\d+x", say(structure).lower()))
    lost = {path for section in sections for path, word in written(section, section["kind"]) if word not in shown}
    assert {path for path in lost if not path.endswith((" do", " audience"))} == set()


def replace_words(value: Any, words: str, name: str = "") -> Any:
    """A document in which every text is `words`."""
    if isinstance(value, dict):
        return {
            key: value[key] if key in ("palette", "phrases", "dated") else replace_words(value[key], words, key)
            for key in value
        }
    if isinstance(value, list):
        return [replace_words(each, words, name) for each in value]
    return words if isinstance(value, str) and value and name not in NOT_WORDS else value


def test_hostile_words_in_every_field_of_every_kind_come_out_as_they_are() -> None:
    document, pictures = describe()
    words = "·".join(HOSTILE)
    hostile = replace_words(document, words)
    structure = read_structure(typeset_document(hostile, pictures).content)
    said = squeeze(say(structure))

    assert said.count(squeeze(words)) >= 200
    assert "root:" not in said
    assert structure.lang == "en-GB"


@given(
    texts=st.lists(
        st.text(alphabet="#$@\\<>*_`[]{}()\"'=-+/~^&%!.:;,| aZ0é", min_size=1, max_size=30), min_size=10, max_size=25
    )
)
@settings(examples(8), suppress_health_check=[HealthCheck.too_slow])
def test_any_marks_in_any_order_are_words(texts: list[str]) -> None:
    document, pictures = describe(specimen_issue(sections=[{"kind": "notice", "title": "Marks", "text": "First."}]))
    document["sections"][0]["text"] = [
        {"type": "paragraph", "tight": False, "inlines": [{"type": "text", "text": text}]}
        for text in texts
        if text.strip()
    ]
    document["sections"][0]["title"] = [{"type": "text", "text": f"T {texts[0]}"}]
    said = squeeze(read_structure(typeset_document(document, pictures).content).text)

    assert [text for text in texts if squeeze(text) not in said] == []


@given(
    texts=st.lists(
        st.text(alphabet="#$@\\<>*_`[]{}()\"'=-+/~^&%!.:;,|\n aZ0é", min_size=1, max_size=60), min_size=5, max_size=15
    )
)
@settings(examples(8), suppress_health_check=[HealthCheck.too_slow])
def test_markdown_of_any_kind_makes_a_pdf_that_says_its_words(texts: list[str]) -> None:
    blocks = [read_tree(text) for text in texts]
    document, pictures = describe(specimen_issue(sections=[{"kind": "notice", "title": "Marks", "text": "First."}]))
    document["sections"][0]["text"] = [
        block
        for each in blocks
        for block in each
        if block["type"] in ("paragraph", "heading") and show_inlines(block["inlines"]).strip()
    ]
    said = squeeze(read_structure(typeset_document(document, pictures).content).text)

    for block in document["sections"][0]["text"]:
        for leaf in list_leaves(block["inlines"]):
            assert squeeze(leaf) in said


def list_leaves(inlines: list[dict[str, Any]]) -> Iterator[str]:
    for node in inlines:
        if "text" in node:
            yield node["text"]
        else:
            yield from list_leaves(node.get("inlines", []))


def test_the_same_issue_gives_the_same_bytes() -> None:
    assert make_specimen().content == make_specimen().content
