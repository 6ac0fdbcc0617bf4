"""Faults of names, days and numbers as officers make them, and right texts that look like them."""

from __future__ import annotations

import pytest

from proof_case import covered, find

# Names


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        # In one word and in two
        ("The bus visits Hatchgreen.\n\nThe Hatch Green shops. Hatch Green Community Centre.", "Hatchgreen"),
        ("Thank you to Marshend.\n\nMarsh End Hub is open, and so is Marsh End school.", "Marshend"),
        ("Ask Homestart.\n\nThe Home Start team is here, and Home Start is free.", "Homestart"),
        ("We met in Lark Field.\n\nLarkfield is new. The Larkfield hub, near Larkfield station.", "Lark Field"),
        ("Meet at Stonebarrow.\n\nStone Barrow Farm opens. The path to Stone Barrow is dry.", "Stonebarrow"),
        # A first name that stands alone
        ("Ask Nneke in the Academy.\n\nSend it to Nneka Obi by Friday.", "Nneke"),
        ("Ansel is a survivor.\n\nReverend Anselm Okoro talks about it.", "Ansel"),
        ("Adaez opens the day.\n\nProfessor Adaeze Nwosu speaks first.", "Adaez"),
        ("Ask Imogan for a copy.\n\nWritten by Imogen Farrar.", "Imogan"),
        ("Ring Safiyo.\n\nSafiya Noor answers questions.", "Safiyo"),
        # The first letter
        ("Keldon is near. The Keldon hub opens.\n\nWe met in Heldon.", "Heldon"),
        (
            "Fenmarch Training Hub leads. Ask Fenmarch Training Hub.\n\nPenmarch Training Hub books.",
            "Penmarch Training Hub",
        ),
        ("Marlwick Council pays. Marlwick Council asks.\n\nAsk Harlwick Council.", "Harlwick Council"),
        ("Tarnshire is large. Tarnshire has hills.\n\nWe like Farnshire.", "Farnshire"),
        ("Mallowby Academy won. Well done, Mallowby Academy.\n\nShe came to Tallowby Academy.", "Tallowby Academy"),
        # A place that everybody knows
        (
            "Wenchester is old. The Wenchester team. Wenchester has it. Near Wenchester.\n\nSee Winchester.",
            "Winchester",
        ),
        ("Come to Rechdale. Rechdale is new. The Rechdale hub. Rechdale has it.\n\nMeet in Rochdale.", "Rochdale"),
        (
            "Hartford Cathedral.\n\nHertferd Cathedral. Hertferd is old. The Hertferd hub. Hertferd has it.\n\nHertford.",
            "Hertford",
        ),
    ],
)
def test_a_name_that_differs_a_little_is_found_at_the_rarer_one(text: str, slip: str) -> None:
    assert slip in [covered(finding) for finding in find(text, "LANG02")]


@pytest.mark.parametrize(
    "text",
    [
        "Anna came first.\n\nAnne Wood spoke next.",
        "Work Shop is a band. The workshop is free.",
        "Kathy answers.\n\nKath Oyelaran asks.",
        "Ask Daniel.\n\nDaniela Brandt spoke.\n\nDaniela Brandt and Daniel met.",
        "Walton is near. The Walton hub opens.\n\nWe met in Dalton.",
        "Winchester is far. We met in Wenbury. Wenbury is near. Wenbury has it. The Wenbury hub.",
        "North Field and Southfield are two schools.",
        "Dalton Smith spoke.\n\nWalton Smith answered.",
    ],
)
def test_names_of_two_people_or_places_are_left_alone(text: str) -> None:
    assert [covered(finding) for finding in find(text, "LANG02")] == []
