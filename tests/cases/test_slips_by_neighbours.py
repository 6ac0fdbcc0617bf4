"""Slips of real words that the words on either side give away, and right sentences that look like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.proof.reading.neighbours import find_neighbour_slips
from proof_case import covered, find
from proof_texts import right_sentences

# At least three members of each pair: the sentence, and the word that is the slip.
SLIPS = {
    "your and you’re": [
        ("Let us know if your bringing a buggy.", "your"),
        ("You can read what your entitled to on our website.", "your"),
        ("When your ready, press the green button.", "your"),
        ("The council wants to know you’re views.", "you’re"),
    ],
    "there, their and they’re": [
        ("Please come and say hello if their is time.", "their"),
        ("Families told us what there lives are like.", "there"),
        ("Parents can bring there children along.", "there"),
    ],
    "then and than": [
        ("It costs less then a bus ticket.", "then"),
        ("More then half of them agreed.", "then"),
        ("Rather then wait, ring us.", "then"),
    ],
    "no and know": [
        ("We no that this is a hard time.", "no"),
        ("Please let us no by Friday what you need.", "no"),
        ("There is know charge for the course.", "know"),
    ],
    "small words": [
        ("The course is led be a nurse from the ward.", "be"),
        ("I was surprised how may people came.", "may"),
        ("They need to by able to book online.", "by"),
        ("You can see want we did in June.", "want"),
    ],
}


@pytest.mark.parametrize(("text", "slip"), [one for told in SLIPS.values() for one in told])
def test_a_word_that_its_neighbours_speak_against_is_found(text: str, slip: str) -> None:
    assert [covered(one) for one in find(text, "LANG15")] == [slip]


@pytest.mark.parametrize(
    "text",
    [
        "Twelve of you have catalogued 1,100 glass plates.",
        "For some of our readers we’re the only people they’ll talk to that day.",
        "Book through your school’s CPD lead by the date given.",
        "If yours is one of them, you'll have had a letter with a date.",
        "We would rather know than guess.",
        "The Hub has a new telephone number.",
        "Ask what to do if your home feels damp.",
        "On those days our centre in Wisbourne is open.",
        "It will be open then, and there is no charge.",
        "I'd rather hear from you in May!",
        "Thank you to all of you: it was your idea.",
        "They know there are too many of them to count.",
        "What you want is what we plan to do.",
        "Is IT your field? We have IT help in every office.",
    ],
)
def test_right_words_are_left_alone(text: str) -> None:
    assert list(find_neighbour_slips(text)) == []


def test_nothing_is_found_in_right_sentences() -> None:
    sentences = [sentence for below in right_sentences().values() for sentence in below]

    assert [(text, found) for text in sentences for found in find_neighbour_slips(text)] == []


@given(st.lists(st.sampled_from(["of", "its", "it’s", "your", "1", ".", "\n", "Is", "é", "’s", "-", "the", "to"])))
def test_what_is_found_is_a_word_of_the_text(words: list[str]) -> None:
    text = " ".join(words)
    for found in find_neighbour_slips(text):
        assert text[found.start : found.end].lower().replace("’", "'") != found.meant
        assert text[found.start : found.end].strip() == text[found.start : found.end] != ""
