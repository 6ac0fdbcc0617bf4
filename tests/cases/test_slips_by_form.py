"""Slips in the form of a verb, and small words in each other's place, told by what the words around them can be."""

from __future__ import annotations

import pytest

from proof_case import find


@pytest.mark.parametrize(
    "text",
    [
        # After “have”, in any verb.
        "It was the busiest day that we’ve know.",
        "Snow has block the road to the school.",
        "Both of them had cause harm.",
        # After “does” and “did”, with words between.
        "Does anyone in your street still makes bread?",
        "Did everyone at the club also takes part?",
        # Subjects.
        "Opened packets goes straight in the bin.",
        "Leave it as it is unless a hedge block the path.",
        "A neighbour water the plants.",
        "Families who doesn’t use pork can ask.",
        "Ask a friend who help the school.",
        # “In” and “if” for “is”.
        "Taking part in voluntary.",
        "The mill wheel in turning again.",
        "Use whatever if useful.",
        # “You” for “your”, “than” for “then”, “because of” before a clause.
        "We pay you travel and train you.",
        "It rains now and than.",
        "We spent more because of donations didn’t keep up.",
        "We have seen people and helping them to claim.",
    ],
)
def test_a_wrong_form_is_found(text: str) -> None:
    assert find(text, "LANG15") != []


@pytest.mark.parametrize(
    "text",
    [
        "We’ve work to do, and we’ve put it right. They had cause to complain.",
        "Does anyone in your street still make bread? She always makes it.",
        "One of the packets goes in the bin. Running groups takes time.",
        "The volunteers help a neighbour water the plants.",
        "A parent who doesn’t eat pork can ask, and so can those who do.",
        "She is in voluntary work, and has an interest in turning wood again.",
        "We pay you by bank transfer. It rains now and then.",
        "Because of donations we didn’t close. Crime is down by a third.",
    ],
)
def test_right_forms_are_left_alone(text: str) -> None:
    assert find(text, "LANG15") == []
