"""PDF/UA-1 (ISO 14289-1) as veraPDF judges it: our PDFs are compliant, and broken ones are found out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typst

from bulletin.edition.pdf.document import PdfSurroundings, write_json
from bulletin.edition.pdf.pdf_theme import find_pdf_theme
from pdf_editions import describe, make_may_2021, make_november_2026, make_specimen, specimen_issue, typeset_document
from specimen import THEME
from verapdf import Verdict, judge

pytestmark = pytest.mark.slow

WELSH = PdfSurroundings(
    language="cy-GB",
    phrases={
        "In this issue": "Yn y rhifyn hwn",
        "Page {n} of {m}": "Tudalen {n} o {m}",
        "Published {date}": "Cyhoeddwyd: {date}",
        "Read more": "Darllen rhagor",
    },
)
PASSAGE = {"type": "lang", "language": "cy", "region": "GB", "inlines": [{"type": "text", "text": "Dŵr a thŷ."}]}
OWN_BLOCK = {
    "type": "lang",
    "language": "cy",
    "region": "GB",
    "blocks": [
        {"type": "heading", "depth": 1, "inlines": [{"type": "text", "text": "Adroddiad"}]},
        {"type": "paragraph", "tight": False, "inlines": [{"type": "text", "text": "Mae’r adroddiad ar gael."}]},
    ],
}


def make_with_welsh_passages() -> bytes:
    document, pictures = describe()
    document["introduction"][0]["inlines"].append(PASSAGE)
    document["sections"][0]["title"].append(PASSAGE)
    article = next(section for section in document["sections"] if section["kind"] == "article")
    article["text"].append(OWN_BLOCK)
    return typeset_document(document, pictures).content


def make_half_in_welsh() -> bytes:
    """A Welsh issue whose second half is English, as a bilingual one may be."""
    document, pictures = describe(around=WELSH)
    for section in document["sections"]:
        if section["kind"] == "article":
            section["text"] = [{"type": "lang", "language": "en", "region": "GB", "blocks": section["text"]}]
    return typeset_document(document, pictures).content


def compile_otherwise(folder: Path, **options: Any) -> bytes:
    """The specimen's PDF without what makes it accessible."""
    document, pictures = describe()
    for name, content in {**find_pdf_theme(THEME).read(), **pictures, "issue.json": write_json(document)}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder / "fonts"])
    compiled = typst.Compiler(folder / "issue.typ", root=folder, font_paths=fonts).compile(format="pdf", **options)
    assert isinstance(compiled, bytes)
    return compiled


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    table = "Table: What was said\n\n| Theme | Words |\n|---|--:|\n| Home | 12 |\n| School | |"
    notes = [{"kind": "article", "title": "A table", "text": f"{table}\n\n## Below it\n\n#### Deeper\n\nThe end."}]
    return judge(
        {
            "may": make_may_2021().content,
            "november": make_november_2026().content,
            "specimen": make_specimen().content,
            "tables": make_specimen(specimen_issue(sections=notes)).content,
            "passages": make_with_welsh_passages(),
            "welsh": make_specimen(around=WELSH).content,
            "bilingual": make_half_in_welsh(),
            "untagged": compile_otherwise(tmp_path_factory.mktemp("untagged"), pdf_tags=False),
            "unnamed": compile_otherwise(tmp_path_factory.mktemp("unnamed"), pdf_standards=["1.7"]),
        }
    )


@pytest.mark.parametrize("name", ["may", "november", "specimen", "tables", "passages", "welsh", "bilingual"])
def test_what_we_make_is_compliant(verdicts: dict[str, Verdict], name: str) -> None:
    assert verdicts[name].compliant, verdicts[name].clauses
    assert verdicts[name].checks > 1_000


@pytest.mark.parametrize(("name", "clause"), [("untagged", "7.1="), ("unnamed", "5=")])
def test_a_broken_one_is_found_out(verdicts: dict[str, Verdict], name: str, clause: str) -> None:
    assert not verdicts[name].compliant
    assert clause in verdicts[name].clauses
