from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.comparison.rewording import describe_rewording, quote_beginning, split_sentences

LONG = "The Hub held its first sessions in March. It goes on in April."
SENTENCES = st.lists(st.sampled_from(["We met.", "- one entry", "Who came?", "“All of us.”", "1. first", "e.g. this"]))


def test_short_texts_stand_side_by_side() -> None:
    assert describe_rewording("cost", "Free", "£10 a head") == "cost: “Free” → “£10 a head”"


def test_of_a_long_text_the_sentences_that_changed_are_shown_and_no_others() -> None:
    now = "The Hub held its first sessions in March. It ended in April. Learning is shared."

    assert describe_rewording("summary", LONG, now).split("\n") == [
        "summary changed",
        "  was: “It goes on in April.”",
        "  now: “It ended in April. Learning is shared.”",
    ]


def test_a_sentence_that_came_or_went_is_shown_by_itself() -> None:
    longer = f"{LONG} Learning is shared."

    assert describe_rewording("text", LONG, longer) == "text changed\n  now: “Learning is shared.”"
    assert describe_rewording("text", longer, LONG) == "text changed\n  was: “Learning is shared.”"


def test_a_text_without_a_common_sentence_is_rewritten_and_told_by_its_first() -> None:
    now = "A conference took place in May, in the Town Hall. All came."

    assert describe_rewording("text", LONG, now).split("\n") == [
        "text rewritten",
        "  was: “The Hub held its first sessions in March. …”",
        "  now: “A conference took place in May, in the Town Hall. …”",
    ]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (LONG.replace(". ", ".\n"), "text laid out differently"),
        ("It goes on in April. The Hub held its first sessions in March.", "text: the same sentences in another order"),
    ],
)
def test_new_lines_and_a_new_order_are_not_taken_for_new_words(now: str, words: str) -> None:
    assert describe_rewording("text", LONG, now) == words


def test_paragraphs_entries_and_quoted_sentences_are_sentences() -> None:
    text = "Three things, e.g. these:\n\n- one\n- two\nand more\n1. three\n\nShe said: “Come.” We\ncame! Why?"

    assert split_sentences(text) == [
        "Three things, e.g. these:",
        "- one",
        "- two and more",
        "1. three",
        "She said: “Come.”",
        "We came!",
        "Why?",
    ]


@given(st.text(st.sampled_from("ab.!?”) \n-1>"), max_size=60))
def test_splitting_into_sentences_loses_no_word(text: str) -> None:
    assert " ".join(split_sentences(text)).split() == text.split()


@given(SENTENCES, SENTENCES)
def test_texts_that_differ_are_told_apart_in_one_way_or_another(old: list[str], new: list[str]) -> None:
    before, after = f"{LONG}\n\n" + "\n".join(old), f"{LONG}\n\n" + "\n".join(new)
    words = describe_rewording("text", before, after)

    assert words.startswith("text")
    assert ("laid out" in words) == (split_sentences(before) == split_sentences(after))


def test_a_quotation_says_when_there_is_more() -> None:
    assert quote_beginning("One.") == "“One.”"
    assert quote_beginning("One.\nTwo.") == "“One. …”"
