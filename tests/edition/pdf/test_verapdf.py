"""PDF/UA-1 (ISO 14289-1) as veraPDF judges it: our PDFs are compliant, and broken ones are found out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typst

from bulletin.edition.pdf.document import write_json
from bulletin.edition.pdf.pdf_theme import find_pdf_theme
from bulletin.issue.item import ValidationContext
from bulletin.issue.model import Issue
from pdf_editions import describe, make_may_2021, make_november_2026, make_specimen, specimen_issue
from specimen import ISSUE, THEME
from verapdf import Verdict, judge

pytestmark = pytest.mark.slow

WELSH_TEXT = """\
Mae [cy: dŵr a **thŷ**] yn [y ddogfen](https://www.example.org/cy).

[cy:

# Adroddiad

Mae’r adroddiad ar gael.

]

[fr: Bonjour à tous]"""


def make_with_welsh_passages() -> bytes:
    sections = [
        {"kind": "article", "title": "News in [cy: Gymraeg]", "text": WELSH_TEXT},
        {"kind": "notice", "language": "cy", "title": "Swyddfa ar gau", "text": "Ar gau ddydd Llun.", "links": LINKS},
    ]
    return make_specimen(specimen_issue(sections=sections)).content


LINKS = [{"title": "Rhagor", "link": "https://www.example.org/rhagor"}]
BILINGUAL = {
    "languages": ["cy", "en"],
    "subject": {"cy": "Newyddion", "en": "News"},
    "preview_text": {"cy": "Beth sydd yn y rhifyn", "en": "What is in the issue"},
    "introduction": {"cy": "Croeso i’r rhifyn.", "en": "Welcome to the issue."},
    "sections": [
        {
            "kind": "article",
            "title": {"cy": "Y gynhadledd", "en": "The conference"},
            "text": {"cy": "Mae’r gynhadledd ym mis Mai.", "en": "The conference is in May."},
            "do": {"cy": "Archebwch eich lle", "en": "Book your place"},
            "by": "1 June 2021",
            "link": "https://www.example.org/conference",
        }
    ],
}


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
    bilingual = Issue.model_validate({**ISSUE, **BILINGUAL}, context=ValidationContext(languages=("cy", "en")))
    return judge(
        {
            "may": make_may_2021().content,
            "november": make_november_2026().content,
            "specimen": make_specimen().content,
            "tables": make_specimen(specimen_issue(sections=notes)).content,
            "passages": make_with_welsh_passages(),
            "welsh": make_specimen(specimen_issue(language="cy")).content,
            **{f"bilingual-{half.first_language}": make_specimen(half).content for half in bilingual.in_each_language},
            "untagged": compile_otherwise(tmp_path_factory.mktemp("untagged"), pdf_tags=False),
            "unnamed": compile_otherwise(tmp_path_factory.mktemp("unnamed"), pdf_standards=["1.7"]),
        }
    )


@pytest.mark.parametrize(
    "name", ["may", "november", "specimen", "tables", "passages", "welsh", "bilingual-cy", "bilingual-en"]
)
def test_what_we_make_is_compliant(verdicts: dict[str, Verdict], name: str) -> None:
    assert verdicts[name].compliant, verdicts[name].clauses
    assert verdicts[name].checks > 1_000


@pytest.mark.parametrize(("name", "clause"), [("untagged", "7.1="), ("unnamed", "5=")])
def test_a_broken_one_is_found_out(verdicts: dict[str, Verdict], name: str, clause: str) -> None:
    assert not verdicts[name].compliant
    assert clause in verdicts[name].clauses
