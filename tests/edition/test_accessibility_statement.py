"""The accessibility statement: the words of the law as they are, and nothing claimed that no one has tested."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin import __version__
from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.edition.web.accessibility_statement import (
    UNKNOWN,
    find_review,
    load_wording,
    make_statement,
    refuse_statement,
)
from bulletin.edition.web.tested_pages import PAGES, PDFS, PageEvidence, digest_templates, find_evidence, read_evidence
from bulletin.errors import FaultyFiles
from bulletin.settings.settings import Settings
from bulletin.workspace.package_data import theme_folder
from proof_case import SETTINGS

TODAY = date(2026, 12, 1)
BY_HAND = {"tested_by": "Asha Rahman", "on": "2 November 2026", "method": "keyboard alone, on six pages"}
CHECKED = {"checked": "26 November 2026"}

# As published: “Sample accessibility statement (for a fictional public sector website)”, updated 19 December 2023.
REGULATIONS = "the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018"
FIXED = {
    "applies": "This accessibility statement applies to {scope}.",
    "commitment": f"{{organisation}} is committed to making its website accessible, in accordance with {REGULATIONS}.",
    "fully": "This website is fully compliant with the Web Content Accessibility Guidelines version 2.2 AA standard.",
    "partially": "This website is partially compliant with the Web Content Accessibility Guidelines version 2.2 AA "
    "standard, due to {reasons} listed below.",
    "non_accessible": "The content listed below is non-accessible for the following reasons.",
    "great_britain": f"The Equality and Human Rights Commission (EHRC) is responsible for enforcing {REGULATIONS} (the "
    "‘accessibility regulations’). If you’re not happy with how we respond to your complaint, contact the Equality "
    "Advisory and Support Service (EASS).",
    "northern_ireland": f"The Equality Commission for Northern Ireland (ECNI) is responsible for enforcing "
    f"{REGULATIONS} (the ‘accessibility regulations’). If you’re not happy with how we respond to your complaint, "
    "contact the Equality Commission for Northern Ireland (ECNI).",
    "prepared": "This statement was prepared on {prepared}. It was last reviewed on {reviewed}.",
}
HEADINGS = [
    "Accessibility statement for {name}",
    "How accessible this website is",
    "Feedback and contact information",
    "Enforcement procedure",
    "Technical information about this website’s accessibility",
    "Compliance status",
    "Non-accessible content",
    "Non-compliance with the accessibility regulations",
    "Disproportionate burden",
    "Content that’s not within the scope of the accessibility regulations",
    "What we’re doing to improve accessibility",
    "Preparation of this accessibility statement",
]


def settings(**given: Any) -> Settings:
    source = parse_source(f"{SETTINGS}\naccessibility: {json.dumps(given)}\n", shown_as="bulletin.yaml")
    return validate(source, Settings)


def evidence(**given: Any) -> PageEvidence:
    pages = {"tool": "axe-core", "version": "4.14.1", "standard": "WCAG 2.2 AA", "kinds": 9, "pages": 11}
    values: dict[str, Any] = {
        "made_on": "2026-11-20",
        "version": __version__,
        "page_templates": digest_templates([theme_folder()], PAGES),
        "pdf_templates": digest_templates([theme_folder()], PDFS),
        "pages": {**pages, "widths": [320, 1280], "schemes": ["light", "dark"]},
        "pdfs": {"tool": "veraPDF", "version": "1.30.1", "standard": "PDF/UA-1", "files": 4},
        "claims": ["zoom"],
    }
    return read_evidence(values | given)


def test_the_words_that_the_law_fixes_are_word_for_word_those_of_the_model() -> None:
    wording = load_wording()
    assert wording["sentences"] == FIXED
    assert list(wording["headings"].values()) == HEADINGS
    assert set(wording["reasons"].values()) == {
        "the non-compliances",
        "the exemptions",
        "the non-compliances and exemptions",
    }


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "no one has checked it"),
        (BY_HAND, "no one has checked it"),
        ({"checked": "2 December 2026"}, "2 December 2026, which is still to come"),
    ],
)
def test_a_statement_that_no_one_has_checked_is_not_published(given: dict[str, str], why: str) -> None:
    assert why in refuse_statement(settings(**given), evidence(), today=TODAY)


def test_pages_that_no_one_tested_have_no_statement() -> None:
    assert "these pages were not tested" in refuse_statement(settings(**CHECKED), None, today=TODAY)
    assert refuse_statement(settings(**CHECKED, **BY_HAND), None, today=TODAY) == ""
    assert refuse_statement(settings(**CHECKED), evidence(), today=TODAY) == ""


def test_a_test_by_hand_within_a_year_and_nothing_open_make_it_fully_compliant() -> None:
    made = make_statement(settings(**CHECKED, **BY_HAND), evidence(), has_pdfs=True, today=TODAY)
    assert made.is_full
    assert not made.is_due


@given(
    by_hand=st.sampled_from([None, "1 December 2025", "30 November 2025", "2 December 2026", "29 February 2024"]),
    problems=st.lists(st.just("No captions."), max_size=1),
    burden=st.lists(st.just("Old maps."), max_size=1),
    outside=st.lists(st.just("Old PDFs."), max_size=1),
    findings=st.lists(st.just("A finding."), max_size=1),
    tested=st.booleans(),
)
def test_full_compliance_needs_a_person_and_always_names_why_it_is_partial(
    *,
    by_hand: str | None,
    problems: list[str],
    burden: list[str],
    outside: list[str],
    findings: list[str],
    tested: bool,
) -> None:
    known = {"problems": problems, "burden": burden, "outside": outside}
    given = {**CHECKED, **({**BY_HAND, "on": by_hand} if by_hand else {}), **{k: v for k, v in known.items() if v}}
    made = make_statement(
        settings(**given), evidence() if tested else None, findings=findings, has_pdfs=True, today=TODAY
    )
    recent = by_hand == "1 December 2025"
    assert made.is_full == (recent and not any([problems, burden, outside, findings]))
    assert made.is_due != made.is_full
    assert bool(made.abilities) == made.by_program == tested
    assert (UNKNOWN in made.problems) == (not recent and not problems and not findings) or not made.problems


def test_only_what_was_tested_is_in_the_table() -> None:
    def rows(*, seen: PageEvidence | None, has_pdfs: bool = True, **given: str) -> list[str]:
        made = make_statement(settings(**CHECKED, **given), seen, has_pdfs=has_pdfs, today=TODAY)
        return [f"{each.what} | {each.how} | {each.when}" for each in made.tested]

    pages = "11 pages of 9 kinds | axe-core 4.14.1, light and dark, 2 widths (320 to 1280 pixels), WCAG 2.2 AA"
    assert rows(seen=evidence()) == [
        f"{pages} | 20 November 2026",
        "4 PDFs | veraPDF 1.30.1, PDF/UA-1 | 20 November 2026",
    ]
    assert rows(seen=evidence(), has_pdfs=False) == [f"{pages} | 20 November 2026"]
    assert rows(seen=evidence(pdfs=None)) == [f"{pages} | 20 November 2026"]
    by_hand = "Keyboard alone, on six pages | by hand: Asha Rahman | 2 November 2026"
    assert rows(seen=None, **BY_HAND) == [by_hand]


def test_evidence_of_other_templates_or_another_version_is_refused(tmp_path: Path) -> None:
    shutil.copytree(theme_folder() / "web/archive", tmp_path / "theme/web/archive")
    folders = [tmp_path / "theme", theme_folder()]
    file = tmp_path / "evidence.json"

    def find(**given: Any) -> PageEvidence | None:
        values = {"version": __version__, "page_templates": digest_templates(folders, PAGES)} | given
        pages = {"tool": "axe-core", "version": "4", "standard": "WCAG 2.2 AA", "kinds": 1, "pages": 1}
        rest = {"made_on": "2026-11-20", "pdf_templates": digest_templates(folders, PDFS), "claims": []}
        pdfs = {"tool": "veraPDF", "version": "1", "standard": "PDF/UA-1", "files": 4}
        values |= rest | {"pages": pages | {"widths": [320], "schemes": ["light"]}, "pdfs": pdfs}
        file.write_text(json.dumps(values | given))
        return find_evidence(folders, file=file)

    assert find() is not None
    assert find(version="0.0") is None
    without_pdfs = find(pdf_templates="other")
    assert without_pdfs is not None
    assert without_pdfs.pdfs is None
    with (tmp_path / "theme/web/archive/style.css").open("a") as sheet:
        sheet.write("a{color:red}")
    assert find(page_templates=digest_templates([theme_folder()], PAGES)) is None
    file.write_text("{}")
    assert find_evidence(folders, file=file) is None


def test_the_evidence_that_is_shipped_is_of_the_templates_that_are_shipped() -> None:
    """After a change of templates/web/archive or templates/pdf, test them: make evidence."""
    found = find_evidence([theme_folder()])
    assert found is not None, "The templates have changed since they were tested. Type: make evidence"
    assert found.pdfs is not None, "The templates of PDFs have changed since they were tested. Type: make evidence"
    assert found.pages.pages >= 11
    assert found.pdfs.files >= 4


@pytest.mark.parametrize("left_out", list(BY_HAND))
def test_a_test_by_hand_says_who_when_and_how(left_out: str) -> None:
    told = {name: value for name, value in BY_HAND.items() if name != left_out}
    with pytest.raises(FaultyFiles, match=f"`{left_out}:`"):
        settings(**told)


def test_a_review_is_due_after_a_year() -> None:
    assert find_review(settings(checked="1 December 2025"), today=TODAY) == ""
    assert "last reviewed on 30 November 2025" in find_review(settings(checked="30 November 2025"), today=TODAY)
