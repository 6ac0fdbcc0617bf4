"""Kinds of fault that texts had which no rule was written for: names of bodies, sums, counts, months, left notes."""

from __future__ import annotations

import pytest

from bulletin.proof.rule import Example
from proof_case import covered, find


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("The Department of Work and Pensions raised it.", "LANG02", "Department of Work and Pensions"),
        ("Go to Citizen’s Advice in the library.", "LANG02", "Citizen’s Advice"),
        ("Ask Citizens’ Advice about your bills.", "LANG02", "Citizens’ Advice"),
        ("Read more on the Carer’s UK forum.", "LANG02", "Carer’s UK"),
        ("Look for the Gas Safe Registry card.", "LANG02", "Gas Safe Registry"),
        ("Write to the Information Commissioners Office.", "LANG02", "Information Commissioners Office"),
        (
            "It is by the Royal Society for the Protection of Accidents.",
            "LANG02",
            "Royal Society for the Protection of Accidents",
        ),
        ("We met 60 carers. In 40 of them we saw stress, and in 23 we did not.", "FACT15", "23"),
        ("Calls fell from 52 to 40, a drop of 11.", "FACT15", "11"),
        ("We found mould in 14 of the 12 flats.", "FACT15", "14"),
        ("It was 61% yes, 24% no and 10% unsure.", "FACT15", "10%"),
        ("The result comes in May 2021 [Sam to check].", "LANG08", "[Sam to check]"),
        ("The hall is booked (is this right?).", "LANG08", "(is this right?)"),
        ("Come at ten [check with Ann].", "LANG08", "[check with Ann]"),
        ("Write to friends@hatch,org.uk for a form.", "LINK09", "friends@hatch,org"),
        ("Mr Khan has been evicted.", "PRIV11", "Mr Khan"),
        ("We wish Amy Hill well, who is recovering from an operation.", "PRIV11", "Amy Hill"),
    ],
)
def test_it_is_found(text: str, code: str, words: str) -> None:
    assert words in [covered(finding) for finding in find(text, code)]


@pytest.mark.parametrize(
    "text",
    [
        "The Information Commissioner’s Office, Women’s Aid and Citizens Advice’s staff came.",
        "Ask Carers UK’s team, Alzheimer’s Society and the Fostering Network.",
        "We met 60 carers. In 40 of them we saw stress, and in 20 we did not.",
        "Calls fell from 52 to 40, a drop of 12.",
        "It was 61% yes, 24% no and 15% unsure.",
        "Of 60 carers, 40 came in May and 31 in June 2021.",
        "The centre (please check with your GP) is open. Rooms [12] are free.",
        "Macmillan helps people who are recovering from cancer.",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    codes = ("LANG02", "FACT15", "LANG08", "LINK09", "PRIV11")

    assert [finding.message for finding in find(text) if finding.code in codes] == []


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("subject: 'April briefing: our work for schools'", "April"),
        ("subject: 'Your library in April: a challenge, a van and a poet'", "April"),
        ("subject: 'April digest: what is new'", "April"),
    ],
)
def test_last_months_name_is_found_in_more_subjects(header: str, words: str) -> None:
    assert [covered(finding) for finding in find(Example(header=header), "FACT03")] == [words]


def test_a_number_of_things_is_compared_with_the_title_of_their_section() -> None:
    sections = """
    - kind: group_update
      title: Our groups
      group: Hub groups
      introduction: We run {number} groups. You never have to bring cake.
      items:
        - {{title: Memory Lane, text: We meet on Mondays.}}
        - {{title: After hours, text: We meet in the evening.}}
    """

    wrong, right = (find(Example(sections=sections.format(number=number)), "FACT01") for number in ("three", "two"))

    assert ([covered(one) for one in wrong], right) == (["three"], [])
