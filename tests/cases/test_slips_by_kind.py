"""Slips of verbs, agreement, short forms and fixed phrases: each kind with members of its own, and what is right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.proof.reading.fixed_phrases import find_phrase_slips, read_phrases
from bulletin.proof.reading.lexicon import is_word
from bulletin.proof.reading.word_classes import is_in_class
from bulletin.proof.rule import Example
from checkout import TESTS
from proof_case import covered, find
from proof_texts import right_sentences

KINDS = {
    "the form of a verb": [
        ("Waiting for treatment has fell to 1,137.", "fell"),
        ("The bus has went already.", "went"),
        ("It doesn’t costs you a penny.", "costs"),
        ("The new lead will joins us in September.", "joins"),
        ("Practitioners must always considered the risk.", "considered"),
        ("We hope to seeing you there.", "seeing"),
        ("The course is accredit by Ofqual.", "is accredit"),
        ("I am write to tell you about a change.", "write"),
        ("The gym is being knock down.", "knock"),
        ("The lift is not work.", "work"),
        ("Have you ever wonder how it works?", "wonder"),
    ],
    "agreement": [
        ("This spring two members is joining the group.", "is"),
        ("The hub offer advice on debt.", "offer"),
        ("Sessions lasts an hour.", "lasts"),
        ("There has been many changes this year.", "has"),
        ("The information in this leaflet are correct.", "are"),
        ("Children who go missing is at risk.", "is"),
        ("Two third of parents replied.", "third"),
    ],
    "short forms and possessives": [
        ("Staff use there’s only in offices.", "there’s"),
        ("It says how you’re mentor will work with you.", "you’re"),
        ("The visit is to a driver who’s pain got worse.", "who’s"),
        ("Tell your agencies representative by Friday.", "agencies"),
        ("The childs name must not be shared.", "childs"),
        ("Its’ a great day out.", "Its’"),
    ],
    "small words": [
        ("Please do send then on time.", "then"),
        ("She has slept for to nights.", "to"),
        ("Marian has been appointed as are independent chair.", "are"),
        ("Remind colleagues that the can claim.", "the"),
        ("The rules apply too all taxis.", "too"),
        ("The booking line opens as 9am.", "as"),
        ("Call us of you are not sure.", "of"),
    ],
    "a fixed phrase with one word wrong": [
        ("I don’t ever take that for granite.", "granite"),
        ("The workshop is free or charge.", "or"),
        ("We will write to you in do course.", "do"),
        ("It gives parents piece of mind.", "piece"),
        ("Take a look as the new toolkit.", "as"),
        ("Please get in tough with the team.", "tough"),
        ("Book as son as possible.", "son"),
        ("She is fist and foremost a nurse.", "fist"),
        ("By an large, it went well.", "an"),
    ],
    "near words in the company they keep": [
        ("He has chaired the patent panel since 2016.", "patent"),
        ("Parents are often relived when you ask.", "relived"),
        ("Right down what the child said.", "Right"),
        ("Ask the safeguard lead in your school.", "safeguard"),
        ("The stuff at the home were kind.", "stuff"),
    ],
}


@pytest.mark.parametrize(("text", "words"), [case for cases in KINDS.values() for case in cases])
def test_a_slip_is_found_at_its_words(text: str, words: str) -> None:
    assert words in [covered(finding) for finding in find(Example(text=text)) if finding.code == "LANG15"]


@pytest.mark.parametrize(
    "text",
    [
        "She was cared for by the hospice, and the car is paid for by the trust.",
        "Put a copy in each staff room, and ask every parents’ group.",
        "If you’re home by noon, or you’re married, tell us. If you’re patient, it works.",
        "The board meet four times a year, and the team are pleased.",
        "We want to become a better service and to run more groups.",
        "It is there for you, and theirs is the best. They know there’s only one.",
        "They take a place at work. A piece of work and a place of work.",
        "In this case, and in that case, we find out more and found out more.",
        "What we do is work with schools, and all it takes is help from you.",
        "A will, a can and a may tree.",
        "We look forward to seeing you, and we are committed to making it work.",
        "Many school and training websites have helped. Members of the public came.",
        "Two weeks later, he lived and worked here. Those who which group suits asked.",
    ],
)
def test_right_sentences_are_left_alone(text: str) -> None:
    assert [covered(finding) for finding in find(Example(text=text)) if finding.code == "LANG15"] == []


def test_each_phrase_is_right_as_it_is() -> None:
    phrases = list(read_phrases())

    assert len(phrases) > 500
    assert [(phrase, found) for phrase in phrases for found in find_phrase_slips(phrase)] == []


def test_the_right_sentences_of_the_tests_have_no_wrong_phrase() -> None:
    sentences = [sentence for below in right_sentences().values() for sentence in below]
    assert [(one, found.phrase) for one in sentences for found in find_phrase_slips(one)] == []


@given(st.text(alphabet=st.sampled_from("for granted free of charge in due course ’'.\n"), max_size=200))
def test_phrases_are_looked_for_in_any_text(text: str) -> None:
    assert all(0 <= found.start < found.end <= len(text) for found in find_phrase_slips(text))


@pytest.mark.parametrize(
    ("word", "name", "expected"),
    [
        ("accredit", "verbonly", True),
        ("house", "verbonly", False),
        ("resolves", "third", True),
        ("offers", "withs", True),
        ("schools", "third", False),
        ("fell", "simplepast", True),
        ("withdrawn", "past", True),
        ("become", "past", False),
        ("park", "plain", True),
        ("9am", "clock", True),
        ("2pm", "clock", True),
        ("team", "clock", False),
    ],
)
def test_a_verb_is_known_by_its_forms(word: str, name: str, expected: bool) -> None:  # noqa: FBT001
    assert is_in_class(word, name) is expected


@pytest.mark.parametrize(("word", "expected"), [("prescribers", True), ("prescriber’s", True), ("prescriberss", False)])
def test_an_uncommon_word_is_known_in_the_plural(word: str, expected: bool) -> None:  # noqa: FBT001
    assert is_word(word) is expected


def test_most_of_the_slips_that_were_looked_at_are_found() -> None:
    lines = (TESTS / "proof/looked_at/planted_slips.txt").read_text(encoding="utf-8").splitlines()
    sentences = [line for line in lines if line and not line.startswith("#")]
    found = [sentence for sentence in sentences if _is_found(sentence)]
    assert len(found) >= 0.8 * len(sentences)


def _is_found(sentence: str) -> bool:
    at = sentence.index("[")
    text = sentence.replace("[", "").replace("]", "")
    return any(abs(text.find(covered(finding)) - at) < 16 for finding in find(Example(text=text)))
