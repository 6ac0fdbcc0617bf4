"""People who are named with where they live, children with their school and illness, and two times for one event."""

from __future__ import annotations

import pytest

from bulletin.proof.rule import Example
from proof_case import covered, find


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (
            "One visitor, Ronald Pickersgill of 14 Dyer Lane, had lived on toast.",
            "PRIV07",
            "Ronald Pickersgill of 14 Dyer",
        ),
        ("It has been reported by Joan Petty (6 Glebe Close, 01632 960 119).", "PRIV07", "Joan Petty (6 Glebe Close"),
        ("Mrs Edith Garland, who lives at 3 Mill Road, is unwell.", "PRIV07", "Mrs Edith Garland"),
        (
            "The mother of a Year 5 girl at Larkfield Primary School with selective mutism rang.",
            "PRIV09",
            "Year 5 girl",
        ),
        ("A Year 9 boy from Elm Park Academy, who was excluded in May 2021, told us.", "PRIV09", "Year 9 boy"),
        ("A six-year-old pupil at Mill Lane School with epilepsy is back.", "PRIV09", "six-year-old pupil"),
    ],
)
def test_a_person_who_can_be_found_is_named(text: str, code: str, words: str) -> None:
    assert any(words in covered(finding) for finding in find(text, code))


@pytest.mark.parametrize(
    "text",
    [
        "Send your form to Joan Petty, at 6 Glebe Close. Tickets are sold by Ann Lee (2 Mill Road).",
        "Ann Lee of the Civic Trust spoke. The shop at 14 Dyer Lane is open.",
        "Year 5 pupils at Larkfield Primary School won with their song.",
        "A Year 5 girl at Larkfield Primary School with a talent for drawing made the cover.",
    ],
)
def test_addresses_for_letters_and_good_news_are_left_alone(text: str) -> None:
    assert find(text, "PRIV07") + find(text, "PRIV09") == []


DIARY = """
- kind: article
  title: The bridge
  text: {text}
- kind: events
  title: Diary
  items:
    - title: Opening of the footbridge
      date: 19 June 2021
      starts: 11am
"""


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("The footbridge has an opening on Saturday 19 June 2021 at 10am.", ["10am"]),
        ("Come to see the footbridge on 19 June 2021, at 11.30am.", ["11.30am"]),
        ("The footbridge opens on 19 June 2021 from 1pm.", ["1pm"]),
        ("The footbridge has an opening on Saturday 19 June 2021 at 11am.", []),
        ("The library has a quiz on 19 June 2021 at 10am.", []),
        ("The footbridge is painted on 26 June 2021 at 10am.", []),
    ],
)
def test_a_time_that_the_diary_contradicts_is_found(text: str, times: list[str]) -> None:
    assert [covered(one) for one in find(Example(sections=DIARY.format(text=text)), "FACT07")] == times
