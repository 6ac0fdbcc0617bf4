"""Two languages: a bilingual issue that says the same in both is in order; whatever one of them lacks is found."""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bulletin.declaration.source import Place, parse_source
from bulletin.declaration.translated import is_translated
from bulletin.declaration.validation import validate
from bulletin.issue.item import ValidationContext
from bulletin.issue.model import Issue
from bulletin.proof.context import Context
from bulletin.proof.proofing import apply_rules, proof_issue
from bulletin.proof.reading.told_numbers import count_numbers, find_months, tells_in_words
from bulletin.proof.registry import find_rules
from bulletin.workspace.workspace import open_workspace
from checkout import TESTS
from command_call import call
from proof_case import read_settings

BILINGUAL = TESTS / "edition" / "bilingual"
PARITY = {code: rule for code, rule in find_rules().items() if code.startswith("PAR")}


@cache
def read_data() -> Any:
    text = (BILINGUAL / "issues" / "2026-11.yaml").read_text(encoding="utf-8")
    return parse_source(text, shown_as="issues/2026-11.yaml").data


def find_translated(value: Any, place: Place = ()) -> Iterator[Place]:
    """The place of every text that is written in both languages."""
    if is_translated(value):
        yield place
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from find_translated(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from find_translated(inner, (*place, number))


def show(place: Place) -> str:
    return ".".join(map(str, place))


NUMBER = re.compile(r"(?<![\w./:(])\d+")


def read_at(place: Place) -> Any:
    found = read_data()
    for step in place:
        found = found[step]
    return found


PLACES = list(find_translated(read_data()))


def check(data: Any, *, settings: str = "") -> dict[str, list[str]]:
    """The codes of what the rules on two languages find, each with the messages."""
    source = parse_source(yaml.safe_dump(data, allow_unicode=True), shown_as="issues/2026-11.yaml")
    issue = validate(source, Issue, context=ValidationContext(languages=("cy", "en")))
    context = Context(
        id="2026-11",
        issue=issue,
        source=source,
        settings=read_settings(settings),
        bulletin="monthly",
        today=date(2026, 11, 26),
    )
    found: dict[str, list[str]] = {}
    for finding in apply_rules(context, PARITY):
        found.setdefault(finding.code, []).append(finding.message)
    return found


def change(place: Place, new: Any) -> Any:
    """The data of the issue with another value at a place."""
    data = copy.deepcopy(read_data())
    around = data
    for step in place[:-1]:
        around = around[step]
    around[place[-1]] = new(around[place[-1]]) if callable(new) else new
    return data


def test_the_bilingual_issue_says_the_same_in_both_languages() -> None:
    assert len(PLACES) >= 40
    assert check(read_data()) == {}


@pytest.mark.parametrize("language", ["cy", "en"])
@pytest.mark.parametrize("place", PLACES, ids=show)
def test_a_text_that_one_language_lacks_is_found_wherever_it_is(place: Place, language: str) -> None:
    data = change(place, lambda versions: {code: text for code, text in versions.items() if code != language})

    (message,) = check(data)["PAR01"]
    assert ("Welsh" if language == "cy" else "English") in message


def needs_both(place: Place) -> bool:
    """Whether a text can't be the same in both: it is no name, and no address."""
    named = {"led_by", "provider", "audience", "place", "partners", "publishers", "link", "name"}
    return not named & {step for step in place[-2:] if isinstance(step, str)}


@pytest.mark.parametrize("place", [place for place in PLACES if needs_both(place)], ids=show)
def test_a_text_that_is_written_once_is_found_wherever_it_is(place: Place) -> None:
    assert "PAR02" in check(change(place, lambda versions: versions["en"]))


@pytest.mark.parametrize("place", [place for place in PLACES if needs_both(place)], ids=show)
def test_a_forgotten_translation_is_found_wherever_it_has_more_than_three_words(place: Place) -> None:
    data = change(place, lambda versions: {"cy": versions["en"], "en": versions["en"]})
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"\(.*?\)", "", read_at(place)["en"]))

    assert ("PAR02" in check(data)) == (len(words) > 3)


@pytest.mark.parametrize("language", ["cy", "en"])
@pytest.mark.parametrize("place", [place for place in PLACES if NUMBER.search(read_at(place)["en"])], ids=show)
def test_a_number_that_differs_is_found_wherever_it_is(place: Place, language: str) -> None:
    changed = NUMBER.sub(lambda match: str(int(match[0]) + 17), read_at(place)[language], count=1)

    assert "PAR05" in check(change((*place, language), changed))


TEXT: Place = ("sections", 0, "text")


@pytest.mark.parametrize(
    ("welsh", "english", "code"),
    [
        ("- Llun\n- Mawrth", "- Monday", "PAR03"),
        ("# Pen\n\nTestun yma.", "Text here.", "PAR03"),
        ("> Dyfyniad\n\nTestun", "Text", "PAR03"),
        ("| A | B |\n|---|---|\n| un | dau |", "| A | B |\n|---|---|\n| one | two |\n| more | rows |", "PAR03"),
        ("| A | B |\n|---|---|\n| un | dau |", "| A |\n|---|\n| one |", "PAR03"),
        ("[Canllaw](https://gov.wales/a)", "[Guide](https://gov.wales/b)", "PAR04"),
        ("Canllaw", "[Guide](https://gov.wales/b)", "PAR04"),
        ("[Un](https://gov.wales/a) a [dau](https://gov.wales/a)", "[One](https://gov.wales/a) and two", "PAR04"),
        ("Ar 24 Rhagfyr.", "On 24 November.", "PAR05"),
        ("Ym mis Mai 2021.", "In June 2021.", "PAR05"),
        ("Am 9:30am.", "At 10:30am.", "PAR05"),
        ("Costiodd £1,200.", "It cost £1,300.", "PAR05"),
    ],
)
def test_whatever_differs_is_found(welsh: str, english: str, code: str) -> None:
    assert code in check(change(TEXT, {"cy": welsh, "en": english}))


@pytest.mark.parametrize(
    ("welsh", "english"),
    [
        ("- Llun\n- Mawrth", "- Monday\n- Tuesday"),
        ("Un.\n\nDau.", "One. Two."),
        ("O Fai 2021 i 3 Ragfyr 2021.", "From May 2021 to 3 December 2021."),
        ("dydd Mawrth 4 Mai", "Tuesday 4 May"),
        ("Daeth dwy ysgol.", "2 schools came."),
        ("Daeth 1200 o bobl.", "1,200 people came."),
        ("Ar y 1af o Fehefin.", "On the 1st of June."),
        ("Efallai y daw.", "It may come."),
        ("Gweler [y canllaw](https://gov.wales/a) a [rhagor](https://gov.wales/b).",
         "See [more](https://gov.wales/b) and [the guide](https://gov.wales/a)."),
    ],
)  # fmt: skip
def test_what_says_the_same_is_not_told(welsh: str, english: str) -> None:
    found = check(change(TEXT, {"cy": welsh, "en": english}))
    assert not {"PAR01", "PAR02", "PAR03", "PAR04", "PAR05"} & set(found)


def test_a_pair_of_pages_is_the_same_link() -> None:
    data = change(
        TEXT, {"cy": "[Canllaw](https://www.gov.wales/cy/a?b=1)", "en": "[Guide](https://www.gov.wales/a?b=1)"}
    )
    pairs = "languages:\n  pairs:\n  - {cy: https://www.gov.wales/cy/, en: https://www.gov.wales/}\n"

    assert "PAR04" in check(data)
    assert "PAR04" not in check(data, settings=pairs)


def test_a_text_may_be_meant_to_be_the_same() -> None:
    words = "Come and see Y Tŷ Mawr today"
    assert "PAR02" in check(change(TEXT, {"cy": words, "en": words}))
    assert "PAR02" not in check(change(TEXT, {"cy": words, "en": words, "same": "yes"}))


def test_texts_that_were_swapped_and_texts_that_were_cut_are_told() -> None:
    english = "The office is closed to all of you. We are back with our team on Monday."
    welsh = "Mae’r swyddfa ar gau i chi. Rydym yn ôl gyda’n tîm yn y bore."
    assert check(change(TEXT, {"cy": english, "en": welsh}))["PAR07"] == [
        "This reads like English, but it is the text in Welsh.",
        "This reads like Welsh, but it is the text in English.",
    ]
    assert "PAR06" in check(change(TEXT, {"cy": "Ar gau.", "en": english}))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("24 and 1,200 and 9:30", {"24": 1, "1200": 1, "9:30": 1}),
        ("3.5%, 3.5%", {"3.5": 2}),
        ("see https://example.org/2021 or news24@example.org", {}),
    ],
)
def test_numbers_are_counted_as_they_are_meant(text: str, numbers: dict[str, int]) -> None:
    assert count_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("4 Mai, o 5 Fai, Mai 2021", {5: 3}),
        ("dydd Mawrth, ddydd Mawrth", {}),
        ("9 Mawrth a 3 Fawrth", {3: 2}),
        ("o 1 Orffennaf, 2 Ragfyr, 3 Dachwedd, 4 Fehefin, 5 Fedi", {7: 1, 12: 1, 11: 1, 6: 1, 9: 1}),
        ("we may come", {}),
        ("the 1st of May", {5: 1}),
    ],
)
def test_months_are_found_beside_a_figure_in_each_form(text: str, months: dict[int, int]) -> None:
    assert find_months(text) == months


def test_small_numbers_may_be_words() -> None:
    assert tells_in_words("Daeth dwy ysgol", "2")
    assert not tells_in_words("Daeth dwy ysgol", "3")
    assert not tells_in_words("two", "2000")


def test_an_issue_in_one_language_has_none_of_these_findings() -> None:
    sections = [{"kind": "notice", "title": "Office closed", "text": "We are closed on 24 December all day."}]
    data = {name: value for name, value in read_data().items() if name in ("month", "published")}
    assert check(data | {"subject": "News", "preview_text": "News of our work", "sections": sections}) == {}


def test_what_readers_get_from_the_settings_is_compared_too(tmp_path: Path) -> None:
    report = proof_issue(open_workspace(BILINGUAL, environ={}), "2026-11", today=date(2026, 11, 26))
    assert [finding.message for finding in report.findings if finding.severity == "error"] == []
    assert report.other_languages == ("cy",)

    shutil.copytree(BILINGUAL, tmp_path, dirs_exist_ok=True)
    settings = (tmp_path / "bulletin.yaml").read_text(encoding="utf-8")
    once = re.sub(r"    reason:\n.*\n      en: (.*)", r"    reason: \1", settings)
    (tmp_path / "bulletin.yaml").write_text(once, encoding="utf-8")

    report = proof_issue(open_workspace(tmp_path, environ={}), "2026-11", today=date(2026, 11, 26))
    (finding,) = [finding for finding in report.findings if finding.severity == "error"]
    assert (finding.code, finding.file) == ("PAR02", "bulletin.yaml")


def test_check_says_that_welsh_is_not_spell_checked(tmp_path: Path) -> None:
    shutil.copytree(BILINGUAL, tmp_path, dirs_exist_ok=True)

    shown = call("check", "2026-11", folder=tmp_path)
    assert "Welsh is not spell-checked. Ask someone who reads Welsh to look at it." in shown.stdout


def test_an_issue_that_is_half_translated_is_not_sent(tmp_path: Path) -> None:
    shutil.copytree(BILINGUAL, tmp_path, dirs_exist_ok=True)
    (tmp_path / "subscribers").mkdir()
    (tmp_path / "subscribers" / "partners.csv").write_text("email,name\nada@example.org,Ada\n", encoding="utf-8")
    issue = tmp_path / "issues" / "2026-11.yaml"
    text = issue.read_text(encoding="utf-8")
    issue.write_text(text.replace("{cy: Swyddfa ar gau, en: Office closed}", "{cy: Swyddfa ar gau}"), encoding="utf-8")
    assert call("subscribers", "sync", "--yes", folder=tmp_path).returncode == 0

    sent = call("send", "2026-11", "--yes", folder=tmp_path, environ={"BULLETIN_SMTP_URL": "smtp://localhost:2525"})
    assert sent.returncode != 0
    assert "PAR01: This text is not there in English." in sent.stdout + sent.stderr
