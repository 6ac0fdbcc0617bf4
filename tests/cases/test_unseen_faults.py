"""Faults of names, days and numbers as officers make them, and right texts that look like them."""

from __future__ import annotations

import pytest

from bulletin.proof.rule import Example
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
        # A first name alone
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
            "Hertferd Cathedral. Hertferd is old. The Hertferd hub. Hertferd has it.\n\nHertford.",
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


# Days and times

HEAD = """
- kind: training
  title: Training
  items:
    - title: The reflective supervisor
      provider: Anytown Academy
      sessions:
        - {date: 24 May 2021, starts: "9:30"}
      book: {link: "https://www.example.org/supervisor", by: 17 May 2021}
- kind: notice
  title: The MARAC form is changing
  text: From 18 May 2021 there is one form.
- kind: events
  title: Dates
  items:
    - {title: Vigil, date: 25 May 2021, starts: "17:00", ends: "18:00", place: Market Place}
    - {title: Anytown Care Conference, date: 2 June 2021, starts: "9:30", place: "The Drill Hall, Wexley"}
    - {title: Play week, date: 27 May 2021, until: 31 May 2021}
"""


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("Book for the supervision day on 23 May.", "23 May"),
        ("The new MARAC form goes live on 25 May.", ""),  # the day is below, if for something else
        ("The new MARAC form goes live on Tuesday 11 May.", "Tuesday 11 May"),
        ("Come to our vigil on 26 May.", "26 May"),
        ("News of the care conference on 3 June, and more.", "3 June"),
        ("Save 9 June for the care conference.", "9 June"),
        ("Supervision on 24 May, and the conference on 2 June.", ""),
        ("The MARAC form met its makers on 11 April.", ""),
        ("Our office is closed on 28 June.", ""),
        ("Come to Play week on 29 May.", ""),
    ],
)
def test_a_day_in_the_preview_text_is_one_of_the_issue(said: str, at: str) -> None:
    example = Example(sections=HEAD, header=f"preview_text: {said}")

    assert [covered(finding) for finding in find(example, "FACT07")] == ([at] if at else [])


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("The vigil is at 6pm on 25 May 2021 in Market Place.", "6pm"),
        ("The vigil on 25 May 2021 begins at 5.30pm.", "5.30pm"),
        ("At 7pm on 25 May 2021, the vigil takes place.", "7pm"),
        ("The conference on 2 June 2021 starts at 10am.", "10am"),
        ("At The Drill Hall, our conference is on 3 June 2021.", "3 June 2021"),
        ("The vigil is from 6pm to 7pm on 25 May 2021.", "6pm"),
        ("The vigil is from 5pm to 6pm on 25 May 2021.", ""),
        ("The vigil is at 7pm.", ""),  # it may be another one
        ("The vigil group meets at 6pm on 25 May 2021.", ""),
        ("The conference is on 25 June 2021.", ""),
        ("The vigil on 25 May 2021 ends at 6pm.", ""),
    ],
)
def test_a_text_gives_an_event_the_day_and_time_of_its_fields(said: str, at: str) -> None:
    sections = f'- {{kind: notice, title: News, text: "{said}"}}\n{HEAD.strip()}\n'

    assert [covered(finding) for finding in find(Example(sections=sections), "FACT07")] == ([at] if at else [])


@pytest.mark.parametrize(
    ("code", "text", "at"),
    [
        ("DATE03", "The Board met on Tuesday 18 May.", "Tuesday 18 May"),
        ("DATE03", "The panel met on 11 May, and chose a chair.", "11 May"),
        ("DATE03", "We held our first forum on 20 May.", "20 May"),
        ("DATE03", "On Thursday 27 May, the group visited a school.", "Thursday 27 May"),
        ("DATE03", "The fair took place on 5 June.", "5 June"),
        ("DATE03", "The Board met on 27 April.", ""),
        ("DATE03", "Last year we met on 18 May.", ""),
        ("DATE03", "The Board met on Monday 18 May.", ""),  # a Monday in 2020
        ("DATE03", "The hall opened on 1 December.", ""),
        ("DATE02", "The Board will meet on 26 April.", "26 April"),
        ("DATE02", "The Board will meet on 26 January.", ""),
    ],
)
def test_a_day_without_its_year_is_read_as_the_nearest(code: str, text: str, at: str) -> None:
    assert [covered(finding) for finding in find(text, code)] == ([at] if at else [])


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("We meet on Tuesday at 10am, 12 May 2021.", "12 May 2021"),
        ("We meet on Monday in the town hall, 11 May 2021.", "11 May 2021"),
        ("The forum is on 11 May 2021 (Monday).", "11 May 2021"),
        ("11 May 2021 is a Monday.", "11 May 2021"),
        ("We meet on Monday evening, 11 May 2021.", "Monday evening, 11 May 2021"),
        ("The forum is on 11 May 2021 (Tuesday).", ""),
        ("Open from 11 May 2021, Monday to Friday.", ""),
        ("The forum meets on 11 May 2021, Wednesday 12 May and Thursday 13 May 2021.", ""),
        ("Our office, open Monday from 9am, moved on 11 May 2021.", ""),
    ],
)
def test_a_weekday_away_from_its_date_is_compared_with_it(text: str, at: str) -> None:
    assert [covered(finding) for finding in find(text, "DATE01")] == ([at] if at else [])


# Numbers


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("We want a paramedic, a cook and a driver for the hub. All four posts are permanent.", "four"),
        ("We offer a walk, a quiz and a talk. All two events are free.", "two"),
        ("We have two posts: a nurse, a cook and a driver.", "two"),
        ("We need four things: time, money and space.", "four"),
        ("We met in two places: Hull, Leeds and York.", "two"),
        ("There are five strands: prevention, early help, care and recovery.", "five"),
        ("We have three posts: a nurse, a cook and a driver.", ""),
        ("We thank our chair, our clerk and our two helpers. All five helpers came.", ""),
        ("We had a walk, a quiz and a cake. All four schools came.", ""),
        ("We asked two questions: what helps, and what gets in the way, and why.", ""),
        ("We work in three areas: advice and support, training and research.", ""),
        ("We plan for two years: a nurse, a cook and a driver will come.", ""),
    ],
)
def test_a_number_fits_the_things_that_the_text_names(text: str, at: str) -> None:
    assert [covered(finding) for finding in find(text, "FACT01")] == ([at] if at else [])


# Words, privacy and headings


def test_short_verbs_joined_nouns_and_names_with_a_colon_are_no_slips() -> None:
    text = (
        "There'll be tea, and who'd not come? That'd help. He lives on a narrowboat, she has two campervans, and a "
        "trustwide plan needs a storeroom. Ask thirtyone:eight."
    )

    assert find(text, "LANG01") == find(text, "LANG10") == []


@pytest.mark.parametrize("word", ["eachother", "recieveboard", "narowboat", "bookroomm", "therell"])
def test_words_that_are_nearly_joined_ones_are_slips(word: str) -> None:
    assert [covered(finding) for finding in find(f"We saw {word} there.", "LANG01")] == [word]


AUDIENCE = """
- kind: training
  title: Training
  items:
    - {{title: Neglect, provider: Us, audience: {audience}, link: "https://www.example.org/a", on_demand: yes}}
"""


@pytest.mark.parametrize(
    ("audience", "at"),
    [
        ("nurse practicioners", "practicioners"),
        ("teachers and recieving schools", "recieving"),
        ("anyone in goverment", "goverment"),
        ("Practicioners Ltd", ""),  # its owners spell it so
        ("nurse practitioners", ""),
    ],
)
def test_a_known_slip_in_a_name_is_found(audience: str, at: str) -> None:
    found = find(Example(sections=AUDIENCE.format(audience=audience)), "LANG01")

    assert [covered(finding) for finding in found] == ([at] if at else [])


@pytest.mark.parametrize(
    "text",
    [
        "A Year 4 girl at Fern Hill Primary School whose dad is in prison wanted help.",
        "A 9-year-old boy in Wexley whose mother was convicted came to us.",
        "A 12-year-old girl at Mill Lane School, whose uncle drives the bus, told us.",
    ],
)
def test_a_child_whose_relative_is_named_with_a_school_is_told(text: str) -> None:
    assert len(find(text, "PRIV10")) == 1


@pytest.mark.parametrize("text", ["Hello.\n\n##\n\nBoosters.", "Hello.\n\n## ##\n\nBoosters.", "###\n\nHello."])
def test_a_heading_without_text_is_told(text: str) -> None:
    (finding,) = find(text, "ACC01")

    assert finding.message == "This heading has no text: readers who listen hear “heading”, and nothing else."
    assert covered(finding).startswith("##")


@pytest.mark.parametrize("words", ["battered wife", "battered women", "wife-beater", "wife beating"])
def test_words_that_make_people_what_was_done_to_them_need_care(words: str) -> None:
    assert [covered(finding) for finding in find(f"The talk is on {words}.", "LANG18")] == [words]
