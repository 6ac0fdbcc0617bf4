"""A number in words beside parts that some readers don't get."""

from __future__ import annotations

import pytest

from bulletin.proof.rule import Example
from proof_case import find

EVENTS = """
- kind: events
  title: Dates
  introduction: {introduction}{mark}
  items:
    - {{title: Board, date: 12 May 2021}}
    - {{title: Forum, date: 20 May 2021}}
    - {{title: Term dates, date: 26 May 2021{restricted}}}
"""
GROUPS = """
- kind: resources
  title: Four resources
  groups:
    - {title: One, items: [{title: A, link: "https://www.example.org/a"}, {title: B, link: "https://www.example.org/b"}]}
    - {title: Two, items: [{title: C, link: "https://www.example.org/c"}, {title: D, link: "https://www.example.org/d"}]}
"""
CAMPAIGNS = """
- {{kind: campaign, title: One, text: It begins.}}
- {{kind: campaign, title: Two, text: It begins too{restricted}}}
"""


def events(introduction: str, restricted: str = "", mark: str = "") -> str:
    return EVENTS.format(introduction=introduction, restricted=restricted, mark=mark)


def tell(sections: str, *, header: str = "") -> list[str]:
    return [finding.message for finding in find(Example(sections=sections, header=header), "FACT16")]


@pytest.mark.parametrize(
    ("sections", "header", "words"),
    [
        (events("There are three dates below.", ", for: schools"), "", "“three”"),
        (events("Keep these 3 meetings free.", ", for: [schools, partners]"), "", "“3”"),
        (events("Come.", ", marketing: yes"), "introduction: Join our three events.", "“three”"),
        (GROUPS.replace("title: B,", "title: B, for: schools,"), "", "“Four”"),
        (GROUPS.replace("title: Two,", "title: Two, for: schools,"), "", "“Four”"),
        (CAMPAIGNS.format(restricted=", for: schools"), "introduction: Read of two campaigns.", "“two”"),
    ],
)
def test_a_number_that_is_right_for_some_readers_only_is_found(sections: str, header: str, words: str) -> None:
    (message,) = tell(sections, header=header)

    assert message.startswith(f"{words} is not what every reader gets: some editions have ")


@pytest.mark.parametrize(
    ("sections", "header"),
    [
        (events("There are three dates below."), ""),
        (events("There are dates below.", ", for: schools"), ""),
        (events("There are three dates below.", mark="\n  for: schools"), ""),
        (events("Two more dates are below, and three people to ask.", ", for: schools"), ""),
        (events("Come.", ", for: schools"), "introduction: We trained three schools."),
        (GROUPS.replace("title: Four", "title: Good"), ""),
    ],
)
def test_a_number_that_all_of_its_readers_can_count_is_not(sections: str, header: str) -> None:
    assert tell(sections, header=header) == []


def test_it_says_how_many_others_get() -> None:
    two = events("There are three dates below.", ", for: schools").replace(
        "20 May 2021}", "20 May 2021, for: partners}"
    )

    (message,) = tell(two)
    assert message == "“three” is not what every reader gets: some editions have 1 or 2 of these."
