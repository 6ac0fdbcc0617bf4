"""Text that identifies a person is found at its place; text that only looks like it is left alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.proof.reading.lexicon import read_words
from bulletin.proof.registry import find_rules
from bulletin.proof.rule import Example
from proof_case import covered, find, make_context, read_settings

FOUND = [
    ("PRIV01", "Her NHS number is 9434765919.", "9434765919"),
    ("PRIV02", "NI number ab123456c is hers.", "ab123456c"),
    ("PRIV03", "Liquidlogic ID 1048822 was closed.", "1048822"),
    ("PRIV03", "Case reference: CP/10488 was closed.", "CP/10488"),
    ("PRIV04", "DOB: 14/03/2009 was on it.", "14/03/2009"),
    ("PRIV04", "He was born at Queen Mary’s on 3 May 2020.", "3 May 2020"),
    ("PRIV05", "Write to [Jo](mailto:jo.b@outlook.com), please.", "jo.b@outlook.com"),
    ("PRIV05", "Write to <jo.b@icloud.com>, please.", "jo.b@icloud.com"),
    ("PRIV06", "Ring [the organiser](tel:07700900461) at any time.", "07700900461"),
    ("PRIV06", "Ring **07700 900 461** at any time.", "07700 900 461"),
    ("PRIV07", "He lives at 12a St John’s Road, Sidcup DA14 4AB.", "12a St John’s Road, Sidcup DA14 4AB"),
    ("PRIV08", "Meet Ella, 7, who drew this.", "Ella, 7"),
    ("PRIV08", "A 7-year-old called Omar asked why.", "7-year-old called Omar"),
    ("PRIV08", "Our 11-year-old pupil Zofia won.", "11-year-old pupil Zofia"),
    ("PRIV08", "Leo is 8 and loves trains.", "Leo is 8"),
    ("PRIV08", "Baby Noah, 8 months old, smiled.", "Noah, 8 months old"),
    ("PRIV08", "Aisha Khan, who was just 9, waited.", "Aisha Khan, who was just 9"),
    ("PRIV09", "The aunt of Ellie came.", "The aunt of Ellie"),
    ("PRIV09", "The boy’s mother had asked for help.", "The boy’s mother"),
    ("PRIV09", "Ellie, whose mother has died, has a mentor.", "Ellie, whose mother"),
    ("PRIV09", "The mother of a child who died spoke.", "The mother of a child who"),
    ("PRIV09", "Child J’s mother asked for help.", "Child J’s mother"),
]
QUIET = [
    "Our number is 0800 111 1111, or write.",
    "Ring us on 01632 960 123 today, or on +44 (0)20 7946 0777.",
    "The order number 4010232137 is yours.",
    "Ofsted’s number for us is 1234567890.",
    "See [the page](https://www.example.org/records/9434765919/07700900461).",
    "Room AB 12, and flight BA 1234, are both full.",
    "In case no 14 bus comes, walk; in case 2000 people come, we have two rooms.",
    "Children born on 1 September 2016 start school.",
    "The nurse Edith Cavell was born on 4 December 1865.",
    "The charity was born on 1 May 1987.",
    "Write to gmail.help@council.example.org, or to hotmail@example.org.",
    "A mobile clinic comes on 7 July 2021.",
    "Danson Youth Centre, 14 Brampton Road, DA7 4EZ, opens again.",
    "The workshop is at Unit 4, 12 Thames Business Park, DA8 1AB.",
    "Dawn, 9:30am on Friday, is when we open.",
    "Will, 14 May 2021 suits us.",
    "Victoria Road, 14 and 16, are closed.",
    "St George, 14, and other plays are on.",
    "Grace Academy, 7 miles away, has a pool.",
    "James (2019) found the same.",
    "Hamza was 1 of 5 speakers, and Ruby was 3 miles from home.",
    "Priority 7, Year 7 and Phase 2 are under way.",
    "Are you the mother of a newborn? If you are the parent of a child who starts school, apply now.",
    "Speak to the parents of the child before you refer.",
    "Priya, a mother of two, runs the group.",
    "St Mary’s parents meet on Tuesday, and Grace Academy’s parents on Friday.",
    "What we learned from Child A: look at the whole family.",
    "Baby J was four months old.",
]


@pytest.mark.parametrize(("code", "text", "words"), FOUND)
def test_what_points_to_a_person_is_found_at_its_words(code: str, text: str, words: str) -> None:
    findings = [finding for finding in find(text) if finding.code.startswith("PRIV")]
    assert [(finding.code, covered(finding)) for finding in findings] == [(code, words)]
    assert findings[0].private


@pytest.mark.parametrize("text", QUIET)
def test_text_that_identifies_no_one_is_left_alone(text: str) -> None:
    assert [finding for finding in find(text) if finding.code.startswith("PRIV")] == []


def test_an_address_in_a_field_of_its_own_is_found_there() -> None:
    link = "- {kind: links, title: Useful, items: [{title: The treasurer, link: 'mailto:jo@gmail.com'}]}"
    (finding,) = find(Example(sections=link), "PRIV05")
    assert covered(finding) == "jo@gmail.com"


def test_the_organisations_own_mailbox_is_left_alone() -> None:
    settings = read_settings()
    private = settings.organisation.model_copy(update={"email": "anytown.playgroup@gmail.com"})
    own = settings.model_copy(update={"organisation": private})
    assert find(Example(text="Write to anytown.playgroup@gmail.com."), "PRIV05", settings=own) == []
    assert find(Example(text="Write to anytown.playgroup@gmail.com."), "PRIV05", settings=settings)


def test_the_organisations_own_address_is_left_alone() -> None:
    assert find("Come to 1 High Street, Anytown AN1 1AA.", "PRIV07") == []


def test_every_rule_is_confirmed_by_a_person() -> None:
    assert all(rule.private for code, rule in find_rules().items() if code.startswith("PRIV"))


def test_given_names_are_names() -> None:
    names = read_words("given_names")
    assert len(names) > 600
    assert all(name.isalpha() and name.istitle() for name in names)
    assert not names & {"May", "April", "June", "August", "Priority", "Year", "Phase", "Bexley"}


@given(
    st.lists(
        st.sampled_from(
            [
                "NHS",
                "999 667 2328",
                "07700",
                "Ella",
                "Ella, 7",
                "(",
                "DOB",
                "3 May 2009",
                "mother of",
                "’s",
                "@gmail.com",
            ]
        )
        | st.text(max_size=5),
        max_size=30,
    ).map(" ".join)
)
def test_no_text_makes_a_rule_raise(text: str) -> None:
    kept = "".join(char for char in text if char.isprintable()).strip()
    context = make_context(Example(sections=f"- {{kind: notice, title: A notice, text: {_quote(kept)}}}"))
    for code, rule in find_rules().items():
        if code.startswith("PRIV"):
            list(rule(context))


def _quote(text: str) -> str:
    return "'" + (text.replace("'", "''").replace("<", "").replace("[", "").replace("\\", "") or "x") + "'"


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "7",
        "07700",
        "Ella ",
        "Ella, ",
        "A",
        "999 ",
        "A1 ",
        "@",
        "born ",
        "the mother of ",
        "1 Aa ",
        "x.y+",
        "case no. 1/",
    ],
)
def test_a_very_long_text_takes_no_more_than_its_share_of_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    context = make_context(Example(text=text))
    assert len(context.texts[2].prose.text) > 90_000
    began = time.process_time()
    for rule in (rule for code, rule in find_rules().items() if code.startswith("PRIV")):
        list(rule(context))
    assert time.process_time() - began < 10  # seconds; the square of it would take hours
