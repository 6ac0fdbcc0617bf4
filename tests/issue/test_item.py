"""Tasks, buttons, quotations, contacts and kickers: what may be written, and what is said of slips."""

from __future__ import annotations

import re
from textwrap import dedent, indent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.errors import Fault, FaultyFiles
from bulletin.issue.kinds.article import Article
from bulletin.issue.kinds.figures import Figures
from bulletin.issue.kinds.vacancies import Vacancies
from bulletin.issue.model import Issue
from bulletin.issue.section import NO_KICKER
from bulletin.issue.sections import section_kinds

HEAD = "month: 2021-05\npublished: 4 May 2021\nsubject: News\npreview_text: What we did\nsections:\n"
ARTICLE = "- kind: article\n  title: A\n  text: T\n"
EVENT = "- kind: events\n  title: E\n  items:\n    - title: X\n      date: 9 June 2021\n"
POINT = "- kind: executive_updates\n  title: U\n  lead: L\n  items:\n    - text: P\n"
FIGURES = "- kind: figures\n  title: F\n  items:\n"


def read(sections: str) -> Issue:
    return validate(parse_source(HEAD + indent(dedent(sections), "  "), shown_as="i.yaml"), Issue)


def find_faults(sections: str) -> list[Fault]:
    with pytest.raises(FaultyFiles) as refused:
        read(sections)
    assert refused.value.faults, "a file that is refused says why"
    return list(refused.value.faults)


def test_from_is_the_first_day_of_a_task() -> None:
    section = read(ARTICLE + "  do: Use the new form\n  from: 11 January 2027\n").sections[0]

    assert isinstance(section, Article)
    assert (section.do, str(section.from_), section.by) == ("Use the new form", "11 January 2027", None)


def test_a_task_needs_no_day() -> None:
    assert read(ARTICLE + "  do: Tell your team\n").sections[0].do == "Tell your team"


@pytest.mark.parametrize("word", ["no", "No", "'NO'", "off", "false"])
def test_no_kicker_is_asked_for_in_each_way_that_yaml_says_no(word: str) -> None:
    assert read(ARTICLE + f"  kicker: {word}\n").sections[0].kicker == NO_KICKER


@pytest.mark.parametrize("words", ["No 10 replies", "From our partners", "Nothing new"])
def test_other_words_are_the_kicker(words: str) -> None:
    assert read(ARTICLE + f"  kicker: {words}\n").sections[0].kicker == words


@pytest.mark.parametrize(
    ("sections", "place", "message"),
    [
        (ARTICLE + "  by: 2 June 2021\n", "by", "“by” is here without “do”."),
        (ARTICLE + "  from: 2 June 2021\n", "from", "“from” is here without “do”."),
        (POINT + "      by: 2 June 2021\n", "by", "“by” is here without “do”."),
        (ARTICLE + "  do: D\n  by: 2 June 2021\n  from: 1 June 2021\n", "from", "“by” and “from” are both here."),
        (ARTICLE + "  do: D\n  from_: 1 June 2021\n", "from_", "Did you mean “from”?"),
        (ARTICLE + "  do: yes\n", "do", "“yes” is not something to do."),
        (ARTICLE + "  button: Read the report\n", "button", "“button” leads nowhere. Give its `link:` beside it."),
        (EVENT + "      button: Book a place\n", "button", "“button” leads nowhere."),
        (POINT + "      link: https://www.example.org\n", "link", "has no words that readers can open it by."),
        (EVENT + "      contact: {name: Jo}\n", "contact", "has no email address and no telephone number."),
        (EVENT + "      contact: Jo Bloggs\n", "contact", "where a contact belongs"),
        (ARTICLE + "  quote: I could read it.\n", "quote", "where a quotation belongs. Its fields are: text"),
        (ARTICLE + "  quote: {name: Danielle}\n", "quote", "“text” is missing in a quotation"),
        (FIGURES + "    - {value: 24, label: x}\n", "items", "has 1 entry, and needs 2 at least. Add 1 more."),
        (FIGURES + "    - {value: 2, label: x}\n" * 5, "items", "has 5 entries, and 4 is the most."),
        (FIGURES + "    - {value: many, label: x}\n    - {value: 2, label: y}\n", "value", "has no number in it"),
        ("- kind: vacancies\n  title: V\n  items:\n    - title: X\n", "1", "“closes” is missing in a vacancy"),
        ("- kind: video\n  title: V\n", "(video)", "“link” is missing in a video section"),
        (
            "- kind: about\n  title: A\n  text: T\n  items:\n    - {title: x, text: y, link_text: Read more}\n",
            "link_text",
            "“link_text” leads nowhere. Give its `link:` beside it.",
        ),
    ],
)
def test_a_slip_is_named_at_its_field(sections: str, place: str, message: str) -> None:
    (fault,) = find_faults(sections)

    assert fault.where.endswith(place)
    assert message in f"{fault.message} {fault.remedy}"
    assert fault.remedy.endswith(".")


def test_a_button_may_lead_to_the_booking() -> None:
    assert read(EVENT + "      book: {link: https://www.example.org/book}\n      button: Book a place\n")


def test_each_of_several_top_stories_is_a_fault_at_its_own_line() -> None:
    sections = "".join(ARTICLE.replace(": A", f": {title}") + "  top_story: yes\n" for title in ("One", "Two", "Three"))

    first, second, third = find_faults(sections)

    assert [fault.line for fault in (first, second, third)] == [9, 13, 17]
    assert first.message == (
        "This issue has 3 top stories. Besides this one: “Two” (section 2) and “Three” (section 3)."
    )
    assert "“One” (section 1) and “Three” (section 3)" in second.message
    assert third.remedy == "Keep `top_story: yes` in one place."


def test_one_top_story_beside_sections_that_say_no_is_in_order() -> None:
    assert read(ARTICLE + "  top_story: yes\n" + ARTICLE.replace(": A", ": B") + "  top_story: no\n")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("film", "video"),
        ("jobs", "vacancies"),
        ("Useful links", "links"),
        ("statistics", "figures"),
        ("job", "vacancies"),
    ],
)
def test_the_everyday_word_for_a_kind_leads_to_it(word: str, kind: str) -> None:
    (fault,) = find_faults(f"- kind: {word}\n  title: T\n")

    assert f"Did you mean “{kind}”?" in fault.remedy


def test_no_word_is_for_two_kinds() -> None:
    words = [word for model in section_kinds().values() for word in model.also_called]

    assert len(words) == len(set(words))
    assert not set(words) & set(section_kinds())


WORDS = st.text(st.characters(exclude_categories=("C", "Z", "N")), min_size=1, max_size=20)


@given(WORDS)
def test_whatever_is_written_as_a_task_is_read_or_refused_in_words(words: str) -> None:
    quoted = words.replace("'", "''")
    faults = find_faults(ARTICLE + f"  do: '{quoted}'\n  by: '{quoted}'\n")  # no such word is a date

    assert all(re.match(r"[“A-Z]", fault.message) for fault in faults)
    assert "by" in faults[-1].where


def test_the_new_kinds_hold_what_their_examples_say() -> None:
    figures, vacancies = read(
        FIGURES
        + "    - {value: '1,284', label: people trained}\n    - {value: 91%, label: would do it again}\n"
        + "- kind: vacancies\n  title: Vacancy\n  items:\n"
        + "    - {title: Chair, closes: 11 December 2026, interviews: 16 December 2026}\n"
    ).sections

    assert isinstance(figures, Figures)
    assert [item.value for item in figures.items] == ["1,284", "91%"]
    assert isinstance(vacancies, Vacancies)
    assert str(vacancies.items[0].closes) == "11 December 2026"
