"""Names in two ways, numbers, days and times that contradict each other; and right texts that look like it."""

from __future__ import annotations

import pytest

from bulletin.proof.rule import Example
from proof_case import covered, find, read_settings


def found_names(text: str) -> list[str]:
    return [covered(finding) for finding in find(text, "LANG02")]


# Names


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("Marian Oyelaran chairs the group.\n\nSpeakers include Marion Oyelaran.", "Marion Oyelaran"),
        ("Josie packs her bag. Josie drives.\n\nJosey is one of eleven nurses.", "Josey"),
        ("The hub is in Thornbridge.\n\nThe bus to Thornbridge is free.\n\nWe met in Thornebridge.", "Thornebridge"),
        ("Fellgate High School won. Well done, Fellgate.\n\nShe came to Felgate High School.", "Felgate High School"),
        ("Beech Road Surgery is open.\n\nAsk at Beach Road Surgery.", "Beach Road Surgery"),
        ("Dr Sunita Patel spoke. Sunita Patel is here.\n\nAsk Dr Patil for more.", "Patil"),
        ("Thank you to Stephen Lund.\n\nSteven Lund retires in July.", "Steven Lund"),
        ("Write to grace.adeyemi@example.org.\n\nGrace Adeyami will answer.", "Grace Adeyami"),
        ("The Wealdmereshire plan is out. Wealdmereshire is large.\n\nWe like Wealdmershre.", "Wealdmershre"),
        ("Sara opened the door. She made tea.\n\nSarah waited.", "Sarah"),
    ],
)
def test_a_name_that_is_written_in_two_ways_is_found_at_the_rarer_one(text: str, slip: str) -> None:
    assert found_names(text) == [slip]


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee spoke first.\n\nAnne Wood spoke next.",
        "John Smith came.\n\nMary Smyth came later.",
        "Mrs Patel spoke. Mrs Patel left.\n\nAsk Dr Patil for more.",
        "Emma Hall spoke.\n\nEmma Hill did not.",
        "Sara and Sarah are sisters.\n\nSara sings.\n\nSarah plays the piano.",
        "Selwick is small. The Selwick hub is new.\n\nSelwicks are proud of Selwick’s hub.",
        "Welsh families came from Wales. June and Jane met in June.",
        "We thank the Northern team.\n\nThe Northerns team in Hartlepool is new, and so is the one in Harlow.",
        "Press Ctrl-C to copy.\n\nPress Ctrl-C again, and Ctrl-D to stop.",
        "Lesley Thorne answers. The flowers come from Thorpe Forge.\n\nThorpe Forge is old.",
    ],
)
def test_two_names_that_only_look_alike_are_left_alone(text: str) -> None:
    assert found_names(text) == []


def test_a_name_in_a_field_counts_more_than_one_in_a_text() -> None:
    section = """
    - kind: training
      title: Training
      items:
        - {title: Neglect, provider: Ashcombeshire Academy, link: "https://www.example.org/a", on_demand: yes}
    - {kind: notice, title: New courses, text: Ask the Ashcombshire team.}
    """
    assert [covered(finding) for finding in find(Example(sections=section), "LANG02")] == ["Ashcombshire"]


def test_the_names_of_the_last_issue_count() -> None:
    before = "- {kind: notice, title: The chair, text: Helena Brandt spoke. Ask Helena Brandt.}"
    (finding,) = find(Example(text="Helena Brant will speak.", before=before), "LANG02")

    assert finding.message == (
        "“Helena Brant” is close to “Helena Brandt” in the issue of April 2021, but not the same."
    )


def test_the_words_say_where_the_other_name_is_and_how_to_keep_both() -> None:
    (finding,) = find(
        Example(text="Marian Oyelaran chairs it. Marian Oyelaran spoke.\n\nAsk Marion Oyelaran."), "LANG02"
    )

    assert finding.message == "“Marion Oyelaran” is close to “Marian Oyelaran” on line 6, but not the same."
    assert finding.remedy == (
        "Write “Marian Oyelaran” if you mean it. If both are right, accept it: bulletin check --accept Marion"
    )


def test_a_name_that_was_accepted_is_left_alone() -> None:
    text = "Josie packs her bag. Josie drives.\n\nJosey is one of eleven nurses."

    assert find(Example(text=text, settings="proof:\n  words: [Josey]\n"), "LANG02") == []


# Numbers

WAYS = """
- kind: events
  title: {title}
  items:
    - {{title: Plant sale, date: 12 May 2021}}
    - {{title: Summer walk, date: 20 May 2021}}
    - {{title: Quiz night, date: 21 May 2021}}
"""
BRIEFINGS = """
- kind: events
  title: Dates
  items:
    - {title: "Lunchtime briefing: neglect", date: 12 May 2021}
    - {title: "Lunchtime briefing: fathers", date: 20 May 2021}
    - {title: "Lunchtime briefing: babies", date: 21 May 2021}
"""
LED = """
- kind: executive_updates
  title: News
  lead: The Executive met, and dealt with {number} subjects.
  items: [We chose an auditor., We welcomed two trustees., We moved office.]
"""


@pytest.mark.parametrize(
    ("example", "at"),
    [
        (Example(sections=LED.format(number="four")), "four"),
        (Example(sections=LED.format(number="three")), ""),
        (Example(sections=WAYS.format(title="Four ways to join in")), "Four"),
        (Example(sections=WAYS.format(title="Three ways to join in")), ""),
        (Example(sections=WAYS.format(title="Two more ways to join in")), ""),
        (
            Example(sections=WAYS.format(title="Three ways to help"), header="preview_text: And six ways to help."),
            "six",
        ),
        (Example(sections=WAYS.format(title="Three ways to help"), header="preview_text: On 15 May, help us."), ""),
        (Example(sections=WAYS.format(title="Three walks"), header="preview_text: We met on two walks."), ""),
        (Example(sections=BRIEFINGS, header="preview_text: Four lunchtime briefings and more."), "Four"),
        (Example(sections=BRIEFINGS, header="preview_text: Three lunchtime briefings and more."), ""),
        (Example(sections="- {kind: notice, title: Five tips, text: 'Try:\n\n\n      - tea\n\n      - rest'}"), "Five"),
    ],
)
def test_a_number_is_compared_with_what_is_below_it(example: Example, at: str) -> None:
    assert [covered(finding) for finding in find(example, "FACT01")] == ([at] if at else [])


# Days and times

FORUM = """
- kind: notice
  title: News
  text: {text}
- kind: events
  title: Dates
  items:
    - title: Provider forum
      date: 20 May 2021
      starts: "14:00"
      ends: "15:30"
      summary: {summary}
"""


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("The Provider forum is at 10am on Thursday 20 May 2021.", "10am"),
        ("The Provider forum is on 21 May 2021.", "21 May 2021"),
        ("Come to the provider forum at noon.", "noon"),
        ("The Provider forum begins at 14:30.", "14:30"),
        ("The Provider forum is at 2pm on Thursday 20 May 2021.", ""),
        ("The Provider forum ends at 3.30pm.", ""),
        ("Book for the Provider forum by 10am on 19 May 2021.", ""),
        ("The Provider forum was held at 10am in March.", ""),
        ("The next Provider forum is on 9 September 2021.", ""),
        ("Join us at 10am for the Provider forum.", "10am"),
        ("On 21 May, the Provider forum meets in Selwick.", "21 May"),
        ("The Provider forum papers go out at 10am on Monday 17 May.", ""),
        ("The Provider forum of 6 May 2021 agreed five actions.", ""),
        ("The network meets on 18 May 2021, the Provider forum two days later.", ""),
    ],
)
def test_an_event_in_another_text_is_compared_with_its_fields(text: str, at: str) -> None:
    found = find(Example(sections=FORUM.format(text=text, summary="All are welcome.")), "FACT07")

    assert [covered(finding) for finding in found] == ([at] if at else [])


@pytest.mark.parametrize(
    "summary",
    [
        "We meet again on Thursday 27 May 2021.",
        "The office opens again on Friday 21 May 2021.",
        "On 27 May 2021 we return to the Town Hall.",
        "The results are out on 24 May 2021.",
        "Tea and cake from 1.30pm.",
        "Doors open at 1pm.",
        "Registration from 1.15pm.",
        "Lunch at 1pm.",
        "The choir speaks to us at 3pm.",
    ],
)
def test_a_second_day_and_a_part_of_the_event_have_days_and_times_of_their_own(summary: str) -> None:
    assert find(Example(sections=FORUM.format(text="Hello.", summary=summary)), "FACT07") == []


CAMPAIGN = """
- kind: campaign
  title: The Awards
  status: running
  ends: 21 May 2021
  text: {text}
  ask: {{text: Tell us., button: Nominate, link: "https://www.example.org/awards"}}
"""


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Nominations close at noon on Friday 28 May.", "Friday 28 May"),
        ("Voting ends on 28 May 2021.", "28 May 2021"),
        ("The campaign runs from 10 to 28 May 2021.", "10 to 28 May 2021"),
        ("It runs until 28 May 2021.", "28 May 2021"),
        ("Nominations close at noon on Friday 21 May.", ""),
        ("The campaign runs from 10 to 21 May 2021.", ""),
        ("The winners come to dinner on 28 May 2021.", ""),
        ("Order your posters by 14 May 2021.", ""),
    ],
)
def test_the_end_of_a_campaign_is_compared_with_its_text(text: str, at: str) -> None:
    found = find(Example(sections=CAMPAIGN.format(text=text)), "FACT07")

    assert [covered(finding) for finding in found] == ([at] if at else [])


@pytest.mark.parametrize(("day", "wrong"), [("7 May 2021", True), ("14 May 2021", False)])
def test_the_day_for_booking_is_compared_with_the_text(day: str, *, wrong: bool) -> None:
    section = f"""
    - kind: events
      title: Dates
      items:
        - title: Provider forum
          date: 20 May 2021
          summary: Please book by {day}.
          book: {{how: Ring us., by: 14 May 2021}}
    """
    assert bool(find(Example(sections=section), "FACT07")) is wrong


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("The Board next meets on Wednesday 22 September.", ""),
        ("The fair is on 14 August.", ""),
        ("The week begins on 6 October.", "note"),
        ("We meet on Monday 1 November.", ""),
        ("The centre opened on 12 January.", "warning"),
        ("The centre opened on Wednesday 12 January.", "warning"),
    ],
)
def test_a_year_is_missing_only_where_readers_can_mistake_it(text: str, severity: str) -> None:
    assert [str(finding.severity) for finding in find(text, "DATE05")] == ([severity] if severity else [])


# Terms, links, relatives


@pytest.mark.parametrize(
    ("title", "subject", "wrong"),
    [
        ("System update", "Northmoor system update: winter", False),
        ("Safeguarding News", "May: safeguarding news for schools", False),
        ("Trust Matters", "Why trust matters", False),
        ("Safeguarding Matters", "Safeguardng Matters: May", True),
    ],
)
def test_the_title_of_a_bulletin_may_be_used_as_plain_words(title: str, subject: str, *, wrong: bool) -> None:
    settings = read_settings()
    bulletins = {name: one.model_copy(update={"title": title}) for name, one in settings.bulletins.items()}
    settings = settings.model_copy(update={"bulletins": bulletins})

    assert bool(find(Example(header=f"subject: '{subject}'"), "LANG02", settings=settings)) is wrong


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://docs.google.com/document/d/1f9Qk2/edit?usp=sharing", "LINK14"),
        ("https://docs.google.com/spreadsheets/d/1f9Qk2/edit?usp=sharing#gid=0", "LINK14"),
        ("https://docs.google.com/presentation/d/1f9Qk2/edit", "LINK14"),
        ("https://docs.google.com/document/d/1f9Qk2/preview", ""),
        ("tel:0114496018", "LINK08"),
        ("tel:0131496018", "LINK08"),
        ("tel:0163296000", "LINK08"),
        ("tel:0169772345", ""),
        ("tel:01144960188", ""),
    ],
)
def test_an_address_for_editors_and_a_number_with_too_few_digits_are_found(address: str, found: str) -> None:
    codes = {
        finding.code
        for finding in find(f"Use [our helpline and plan]({address}) today.")
        if finding.code.startswith("LINK")
    }

    assert codes == ({found} if found else set())


@pytest.mark.parametrize(
    ("address", "summary", "wrong"),
    [
        ("tel:01144960188", "On 0114 496 0187, day and night.", True),
        ("tel:01144960188", "On 0114 496 0188. At night, 0114 496 0187.", False),
        ("tel:01144960188", "In the evening, 0114 496 0210.", False),
        ("mailto:duty@example.org", "Write to dutty@example.org.", True),
        ("mailto:duty@example.org", "Or write to night@example.org.", False),
    ],
)
def test_a_number_in_a_field_is_compared_with_the_text_beside_it(address: str, summary: str, *, wrong: bool) -> None:
    section = f"""
    - kind: links
      title: Useful links
      items:
        - {{title: Helpline, link: "{address}", summary: "{summary}"}}
    """
    assert bool(find(Example(sections=section), "LINK08")) is wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Sam (not his real name) is well. Sam’s older sister kept a diary.", False),
        ("All names have been changed. Ellie’s father was hardly mentioned.", False),
        ("Sam (not his real name) is well. Sam’s mother spoke at our conference.", True),
        ("Sam (not his real name) is well. Sam’s mother, Jane Smith, asked for help.", True),
        ("Sam is well. Sam’s older sister kept a diary.", True),
    ],
)
def test_a_relative_under_a_made_up_name_is_told_only_if_named_or_heard(text: str, *, wrong: bool) -> None:
    assert bool(find(text, "PRIV09")) is wrong
