"""A name that is written once and is one letter off another name of the issue is found; other names are left alone."""

from __future__ import annotations

import pytest

from proof_case import covered, find


def found_names(text: str) -> list[str]:
    return [covered(finding) for finding in find(text, "LANG02")]


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        # A letter lost, added or changed in a name, in the same entry.
        ("Farah Iqbal and Tom Wetherby have joined us. Fara looks after the north.", "Fara"),
        ("Delphine Amoah calls all victims. We thank Delphine Amoa.", "Amoa"),
        ("Ask Ewan Tolliver first. Ewan Toliver has the key.", "Ewan Toliver"),
        # A name that is a word: the name before it tells.
        ("Write to Saskia Thorne. Ask Saskia Thorn for a form.", "Thorn"),
        ("Ring Imogen Browne at noon. Imogen Brown is away on Friday.", "Brown"),
        # Titles.
        ("Cllr Oakes asked. Cllr Prowse and Clr Aldersey agreed.", "Clr"),
        ("Prof Nwosu spoke, and Pro Nwosu answered. Porf Lindqvist left.", "Porf"),
        # Apostrophes.
        ("We are at Weavers Yard. Go to Weavers Yard, or write to Weaver’s Yard.", "Weaver’s Yard"),
        ("St Marys is full. St Marys opens on Monday, and St Mary’s on Tuesday.", "St Mary’s"),
        ("Meet at Coopers Court. Coopers Court has a lift. Coopers’ Court is dry.", "Coopers’ Court"),
        # Initials in another order.
        ("The National Child Measurement Programme (NMCP) begins.", "NMCP"),
        ("Ask the Multi-Agency Safeguarding Hub (MSAH) about it.", "MSAH"),
        ("The Joint Strategic Needs Assessment (JNSA) is out.", "JNSA"),
    ],
)
def test_a_name_that_is_written_once_is_compared_with_the_others(text: str, slip: str) -> None:
    assert slip in found_names(text)


@pytest.mark.parametrize(
    "text",
    [
        "The Thornes came. Saskia Thorne spoke, and we heard Kenyan music from Kenya.",
        "Jan Lee and Jane Lee are sisters, and Ann Wood met Anne Hill.",
        "The Integrated Care Board (ICB) met the Care Quality Commission (CQC) and the National Health Service (NHS).",
        "Go to Elm Hall or Elm Hill, to Weaver Street or Dyer Lane.",
        "Mary’s House is open, and so is St Mary’s.",
    ],
)
def test_other_names_are_left_alone(text: str) -> None:
    assert found_names(text) == []
