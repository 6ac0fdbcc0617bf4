"""The texts that rules are measured on are what they claim to be: valid, consistent, each at fault in one way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import get_args

import pytest

from bulletin.issue.dates import MONTHS, WEEKDAYS
from bulletin.issue.sections import Section
from proof_texts import (
    FOLDER,
    Slip,
    Wrong,
    load,
    nhs_check_digit,
    place_of,
    right_issues,
    right_items,
    right_sentences,
    slips,
    terms,
    write_issue,
    wrong_issues,
)

CODES = {
    *(f"DATE{number:02}" for number in range(1, 11)),
    *(f"CONT{number:02}" for number in range(1, 9)),
    *(f"LANG{number:02}" for number in range(1, 14)),
    *(f"LINK{number:02}" for number in range(1, 10)),
    *(f"ACC{number:02}" for number in range(1, 10) if number != 7),  # the palette's contrast is not a text
    *("ACC11", "ACC12"),  # tables
    *(f"PRIV{number:02}" for number in range(1, 10)),
    *("MAIL01", "MAIL02", "MAIL11"),  # the others are about the theme, pictures and the whole message
    *(f"STRU{number:02}" for number in range(1, 7)),
    *("PROOF01", "PROOF02", "PROOF03"),
}
BANK_HOLIDAYS = {  # England, from 1 January 2021; 2 and 3 June 2022 were announced in November 2020
    *(date(2021, *day) for day in [(1, 1), (4, 2), (4, 5), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
    *(date(2022, *day) for day in [(1, 3), (4, 15), (4, 18), (5, 2), (6, 2), (6, 3), (8, 29), (12, 26), (12, 27)]),
}
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = rf"(?P<weekday>{'|'.join(day[:3] for day in WEEKDAYS)})[a-z]*,?\s+"
_DATE = re.compile(
    rf"(?:{_WEEKDAY})?\b{_DAY}\b(?:\s+(?P<month>{'|'.join(MONTHS)})\b)?(?:\s+(?P<year>(?:19|20)\d\d)\b)?"
)


def all_right_sentences() -> list[str]:
    return [sentence for below in right_sentences().values() for sentence in below]


def dates_in(text: str) -> Iterator[tuple[str, int, int, int]]:
    """Weekday (three letters, or ""), day, month and year; month and year may stand with a later date of the line."""
    for line in text.split("\n"):
        month = year = 0
        for match in reversed(list(_DATE.finditer(line))):
            if match["month"]:
                month = MONTHS.index(match["month"]) + 1
                year = int(match["year"]) if match["year"] else year
            if month and year and (match["month"] or match["weekday"]):
                yield match["weekday"] or "", int(match["day"]), month, year


def exists(day: int, month: int, year: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def wrong_weekdays(text: str) -> list[str]:
    return [
        f"{weekday} {day} {month} {year}"
        for weekday, day, month, year in dates_in(text)
        if weekday and exists(day, month, year) and WEEKDAYS[date(year, month, day).weekday()][:3] != weekday
    ]


def impossible_days(text: str) -> list[tuple[int, int, int]]:
    return [(day, month, year) for _, day, month, year in dates_in(text) if not exists(day, month, year)]


def nhs_numbers(text: str) -> list[str]:
    found = re.findall(r"(?<![\d£,.+-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])", text)
    return [number for number in found if nhs_check_digit(number[:-1]) == int(number[-1])]


def sentences_of(text: str) -> Iterator[str]:
    """The sentences of an issue's file, without its fields' names and links' addresses."""
    for line in text.split("\n"):
        words = re.sub(r"\]\([^)]*\)", "", re.sub(r"^(?:- )?\w+: ", "", line.strip()))
        yield from re.split(r"(?<=[.!?])\s", words)


def of_code(code: str) -> list[Wrong]:
    return [wrong for wrong in wrong_issues() if wrong.code == code]


def test_there_are_300_right_sentences_60_right_items_and_300_known_faults_or_more() -> None:
    assert len(all_right_sentences()) >= 300
    assert sum(len(below) for below in right_items().values()) >= 60
    assert len(wrong_issues()) >= 300


def test_every_rule_about_texts_and_items_has_four_known_faults_or_more() -> None:
    counts = Counter(wrong.code for wrong in wrong_issues())
    assert counts.keys() == CODES
    assert min(counts.values()) >= 4


def test_no_text_is_there_twice() -> None:
    written = [*right_issues(), *((wrong.issue, *wrong.before.values()) for wrong in wrong_issues())]
    assert [text for text, times in Counter(written).items() if times > 1] == []


def test_every_right_text_is_a_valid_issue() -> None:
    for text in right_issues():
        load(text)


def test_every_kind_of_section_has_right_items() -> None:
    kinds = {get_args(section.model_fields["kind"].annotation)[0] for section in get_args(get_args(Section)[0])}
    assert {item["kind"] for below in right_items().values() for item in below} == kinds


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_known_fault_is_in_a_valid_issue_after_valid_ones(code: str) -> None:
    for wrong in of_code(code):
        load(wrong.issue)
        for month, earlier in wrong.before.items():
            assert load(earlier).month.id == month


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_words_at_fault_are_in_their_issue_once(code: str) -> None:
    for wrong in of_code(code):
        lines = wrong.issue.split("\n")
        for words, (line, first, last) in zip(wrong.at, wrong.places, strict=True):
            assert lines[line - 1][first - 1 : last] == words


def test_a_finding_touches_the_words_at_fault_or_it_does_not() -> None:
    (wrong,) = (wrong for wrong in of_code("LANG07") if wrong.at == ("is is",))
    line, first, last = wrong.places[0]
    assert wrong.is_touched_by(line=line, column=first, width=5)
    assert wrong.is_touched_by(line=line, column=last)
    assert wrong.is_touched_by(line=line, column=1, width=200)
    assert not wrong.is_touched_by(line=line, column=1, width=first - 1)
    assert not wrong.is_touched_by(line=line, column=last + 1)
    assert not wrong.is_touched_by(line=line + 1, column=first, width=5)


def test_right_sentences_have_25_words_or_fewer() -> None:
    texts = [re.sub(r"\]\([^)]*\)", "", sentence) for sentence in all_right_sentences()]
    assert [text for text in texts if len(text.split()) > 25] == []


def test_long_sentences_are_only_where_they_are_the_fault() -> None:
    for text in [*right_issues(), *(wrong.issue for wrong in wrong_issues() if wrong.code not in {"LANG05", "STRU06"})]:
        assert [sentence for sentence in sentences_of(text) if len(sentence.split()) > 25] == []
    for wrong in of_code("LANG05"):
        assert len([sentence for sentence in sentences_of(wrong.issue) if len(sentence.split()) > 25]) == 1


def test_dates_without_a_year_are_only_where_they_are_the_fault() -> None:
    undated = re.compile(rf"\b\d+(?:st|nd|rd|th)? (?:{'|'.join(MONTHS)})\b|\b(?:{'|'.join(MONTHS)}) \d{{1,2}}\b")
    for text in [*right_issues(), *(wrong.issue for wrong in wrong_issues() if wrong.code != "DATE05")]:
        assert [line for line in text.split("\n") if undated.search(line) and not re.search(r"\b20\d\d\b", line)] == []
    assert [wrong.issue for wrong in of_code("DATE05") if not undated.search(" ".join(wrong.at))] == []


def test_weekdays_and_dates_of_right_texts_agree() -> None:
    assert [found for text in right_issues() if (found := wrong_weekdays(text))] == []
    assert [found for text in right_issues() if (found := impossible_days(text))] == []


def test_right_texts_have_enough_dates_to_be_worth_checking() -> None:
    found = [weekday for sentence in all_right_sentences() for weekday, *_ in dates_in(sentence)]
    assert len(found) > 60
    assert len([weekday for weekday in found if weekday]) > 20


def test_a_weekday_disagrees_once_in_each_fault_of_that_rule_and_in_no_other() -> None:
    for wrong in wrong_issues():
        if wrong.code != "DATE06":  # there the weekday shows that the year is wrong
            assert len(wrong_weekdays(wrong.issue)) == (wrong.code == "DATE01"), wrong.issue


def test_impossible_days_are_only_where_they_are_the_fault() -> None:
    for wrong in wrong_issues():
        assert len(impossible_days(wrong.issue)) == (wrong.code == "DATE09"), wrong.issue


def test_a_wrong_weekday_fits_the_year_that_was_meant() -> None:
    found = [dated for wrong in of_code("DATE06") for dated in dates_in(wrong.issue) if dated[0]]
    assert len(found) >= 3
    assert [dated for dated in found if WEEKDAYS[date(dated[3] + 1, *dated[2:0:-1]).weekday()][:3] != dated[0]] == []


def test_events_on_bank_holidays_are_the_fault_of_one_rule() -> None:
    for wrong in of_code("DATE10"):
        found = [date(year, month, day) for words in wrong.at for _, day, month, year in dates_in(words)]
        assert set(found) & BANK_HOLIDAYS, wrong.issue
    occasions = [*right_items()["events"], *right_items()["training"]]
    found = [date(year, month, day) for item in occasions for _, day, month, year in dates_in(write_issue([item]))]
    assert not set(found) & BANK_HOLIDAYS


def test_numbers_with_a_valid_check_digit_are_only_where_they_are_the_fault() -> None:
    assert [found for text in right_issues() if (found := nhs_numbers(text))] == []
    for wrong in wrong_issues():
        assert len(nhs_numbers(wrong.issue)) == (wrong.code == "PRIV01"), wrong.issue


def test_check_digits_are_those_of_the_published_example() -> None:
    assert nhs_check_digit("943476591") == 9


def test_mobile_numbers_are_from_the_range_for_drama() -> None:
    for wrong in wrong_issues():
        for number in re.findall(r"(?:\b0|\+44|\(0)[ -]?7[\d ()-]{8,}\d", wrong.issue):
            assert re.sub(r"\D", "", number)[-10:-3] == "7700900", number


def test_each_term_is_in_the_list_of_terms_once() -> None:
    assert [term for term, times in Counter(terms()).items() if times > 1] == []


def test_near_misses_are_not_terms() -> None:
    for wrong in of_code("LANG02"):
        assert not set(wrong.at) & set(terms())


def test_the_issue_with_all_slips_is_valid() -> None:
    assert len(load(slips_text()).sections) == 10


@pytest.mark.parametrize("slip", slips(), ids=lambda slip: f"{slip.code}-line-{slip.line}")
def test_each_slip_is_where_it_is_expected(slip: Slip) -> None:
    assert slips_text().split("\n")[slip.line - 1][slip.column - 1 :].startswith(slip.words)
    assert slip.code in CODES


def test_the_slips_are_those_of_real_material() -> None:
    kinds = {slip.slip for slip in slips()}
    assert len(kinds) == 9
    assert {"F.LA.R.E.", "Covid-10", "multiagency", "DSL", "CCG", "LB", "here", "•"} <= {slip.words for slip in slips()}


def test_words_that_occur_twice_have_no_place() -> None:
    with pytest.raises(ValueError, match="occurs 2 times"):
        place_of("here", "here and here")


def slips_text() -> str:
    return (FOLDER / "slips.yaml").read_text(encoding="utf-8")
