"""Numbers that don’t add up, addresses that can’t be, sentences that are twice: members of each kind."""

from __future__ import annotations

import pytest

from proof_case import covered, find


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("The parcels fed 2,973 people: 1,486 adults and 1,127 children.", "FACT15", "1,127"),
        ("We ran 48 visits (27 homes and 11 schools).", "FACT15", "11"),
        ("We’ve now been to 52 of our 61 schools. The other eight will have us in June.", "FACT15", "eight"),
        ("He fixed 14 of the 20 lamps, and the remaining five wait for parts.", "FACT15", "five"),
        ("Waits rose from 12 weeks to 9 weeks.", "FACT15", "rose"),
        ("Calls went from 53 to 41 this spring. That is a rise of a fifth.", "FACT15", "rise"),
        ("This year 41 children came. The year before it was 53. That is a rise.", "FACT15", "rise"),
        ("Write to ravi@anytown.gov.ul about it.", "LINK09", "ravi@anytown.gov.ul"),
        ("Write to ravi@anytown.co.ku about it.", "LINK09", "ravi@anytown.co.ku"),
        ("Write to ravi@anytown.og.uk about it.", "LINK09", "ravi@anytown.og.uk"),
        (
            "Read [it](https://a.example.org/plan/https://a.example.org/plan).",
            "LINK16",
            "https://a.example.org/plan",
        ),
        ("The hall is open again. The hall is open again.", "LANG07", "The hall is open again."),
        ("Come and see us! Bring a friend along. Come and see us!", "LANG07", "Come and see us!"),
        ("Ring the office first. Ask for Tom. Ring the office first.", "LANG07", "Ring the office first."),
    ],
)
def test_a_fault_is_found_at_its_words(text: str, code: str, words: str) -> None:
    assert words in [covered(finding) for finding in find(text, code)]


@pytest.mark.parametrize(
    "text",
    [
        "The parcels fed 2,973 people: 1,846 adults and 1,127 children. We met 30 carers: 12 came and 2 rang.",
        "We’ve been to 52 of our 61 schools. The other nine will have us in June.",
        "Waits fell from 12 weeks to 9 weeks. That is a fall of a quarter. Calls rose from 20 to 31.",
        "Write to ravi@anytown.gov.uk, ann@anytown.co or bo@anytown.org.uk about it.",
        "See [the copy](https://web.archive.org/web/2020/https://a.example.org/plan).",
        "All welcome. Tea at noon. All welcome.",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert [finding for code in ("FACT15", "LINK09", "LINK16", "LANG07") for finding in find(text, code)] == []
