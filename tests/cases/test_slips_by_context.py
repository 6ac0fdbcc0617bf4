"""Slips of real words and of small grammar: what is found among other words, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.proof.reading.grammar import find_grammar_slips, read_grammar_slips
from bulletin.proof.reading.word_classes import is_in_class
from bulletin.proof.rule import Example
from checkout import TESTS
from proof_case import covered, find
from proof_texts import right_sentences


def test_each_pattern_finds_its_slip() -> None:
    slips = read_grammar_slips()

    assert len(slips) > 700
    assert [one.wrong for one in slips if one not in [found.slip for found in find_grammar_slips(one.wrong)]] == []


def test_each_pattern_leaves_alone_what_looks_like_its_slip() -> None:
    assert [(one.right, found) for one in read_grammar_slips() for found in find_grammar_slips(one.right)] == []


# At least three members of each kind.
KINDS = {
    "a missing or doubled small word": [
        ("The workshop should held at the library.", "should"),
        ("Parents who are able attend can book now.", "attend"),
        ("We met in order support the new teachers.", "support"),
        ("You need provide two references.", "provide"),
        ("We are keen develop it with you.", "develop"),
        ("It is a our busiest time of year.", "a our"),
        ("Thank you your patience with us.", "your"),
    ],
    "agreement": [
        ("The sessions is open to all.", "is"),
        ("There is three ways to book.", "is"),
        ("The workshop include lunch.", "workshop include"),
        ("Children who has additional needs can come.", "has"),
        ("They offers help at home.", "offers"),
        ("We ran three workshop in June.", "workshop"),
        ("Every parents can join.", "parents"),
        ("One of the governor has left.", "governor"),
    ],
    "the form of a verb": [
        ("The policy has been design for schools.", "design"),
        ("We have receive many replies.", "receive"),
        ("They did not attended the meeting.", "attended"),
        ("She has went on leave.", "went"),
        ("Please sent us your photos.", "sent"),
        ("It will looks at the law.", "looks"),
    ],
    "small words typed for one another": [
        ("Pupils in they school wrote to us.", "they"),
        ("It in important that you book.", "in"),
        ("Call us it you are worried.", "it"),
        ("We our proud of them.", "our"),
        ("Your should hear from us by Friday.", "Your"),
        ("There is a range or courses.", "or"),
        ("The course is free off charge for most off our partners.", "off"),
        ("We where delighted to win.", "where"),
    ],
    "real words typed for one another": [
        ("Please where warm clothes.", "where"),
        ("He plays a vital roll in the team.", "roll"),
        ("Thank you for your patients while we move.", "patients"),
        ("The hall was formally known as the Mission.", "formally"),
        ("Put it in your dairy now.", "dairy"),
        ("It wont cost you anything.", "wont"),
        ("Places are first come, first serve.", "serve"),
        ("Teaching assistance in schools are asked to reply: our teaching assistance can help.", "assistance"),
    ],
    "possessives": [
        ("Come to our parents evening.", "parents"),
        ("They learned from each others work.", "others"),
        ("Read last weeks newsletter.", "weeks"),
        ("We need two weeks notice.", "weeks"),
        ("The work improves pupils attendance and hears pupils views.", "pupils"),
        ("It is in todays paper.", "todays"),
    ],
    "one word or two": [
        ("We are open everyday.", "everyday"),
        ("You maybe able to help.", "maybe"),
        ("Be apart of the team.", "apart"),
        ("Look after your self.", "your self"),
        ("Come when ever you like.", "when ever"),
    ],
}


@pytest.mark.parametrize(("text", "words"), [case for cases in KINDS.values() for case in cases])
def test_a_slip_is_found_and_shown_at_its_words(text: str, words: str) -> None:
    assert words in [covered(finding) for finding in find(Example(text=text)) if finding.code == "LANG15"]


@pytest.mark.parametrize(
    "text",
    [
        "The team are pleased, the board is in favour, and the family were there.",
        "All we can do is make it safe, and what you need is help.",
        "The ten-minute walk, the 12 week course and the level 2 award are for those with one child.",
        "A parents and carers group, a communications officer and a sports day.",
        "What it is and how it works, in the area we were in, is on the page that they read.",
        "It is they who decide, and of he or she we say they.",
        "The children form the largest group. People form their own views.",
        "At will, free will and a will to learn: in May held over.",
        "Children’s homes, our parents’ evening and a day’s notice. It gives pupils confidence.",
        "Is it free? Were you asked? Where possible, we come to you. Let us now turn to the next page.",
        "It may be that each of these is right, and anyone may be asked.",
        "She has work to do, and we have help for those in need. They have support here.",
        "The service, with help, will provide it. Families with help from us do well.",
        "Contact us now if you can. Please do note that we can help too.",
        "Her role out in the community is a new role. The roll has 30 names.",
    ],
)
def test_right_sentences_are_left_alone(text: str) -> None:
    assert [text[found.start : found.end] for found in find_grammar_slips(text)] == []


def test_the_right_sentences_of_the_tests_have_no_slip() -> None:
    sentences = [sentence for below in right_sentences().values() for sentence in below]
    assert [(one, found.slip.pattern) for one in sentences for found in find_grammar_slips(one)] == []


@given(st.text(alphabet=st.sampled_from("aethe will by of . ,’'\n-I 2 Monday held"), max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    """Places are inside the text, in order, and never overlap."""
    ends = [0]
    for found in find_grammar_slips(text):
        assert ends[-1] <= found.start < found.end <= len(text)
        ends.append(found.end)


def test_most_slips_of_newsletters_are_found() -> None:
    """By any rule, within a few characters of the slip: a missing word has no place of its own."""
    lines = (TESTS / "cases/slips_of_newsletters.txt").read_text(encoding="utf-8").splitlines()
    sentences = [line for line in lines if line and not line.startswith("#")]
    assert len(sentences) == 150
    assert sum(map(_is_found, sentences)) >= 130


def _is_found(sentence: str) -> bool:
    at = sentence.index("[")
    text = sentence.replace("[", "").replace("]", "")
    return any(abs(text.find(covered(finding)) - at) < 16 for finding in find(Example(text=text)))


@pytest.mark.parametrize(
    ("word", "name", "expected"),
    [
        ("school", "noun", True),
        ("partnership", "noun", True),
        ("provide", "noun", False),
        ("policies", "plural", True),
        ("news", "plural", False),
        ("provides", "third", True),
        ("attended", "past", True),
        ("need", "past", False),
        ("12", "number", True),
        ("2026", "number", False),
        ("1", "number", False),
        ("team", "single", False),
        ("session", "single", True),
    ],
)
def test_a_word_is_known_for_what_it_can_be(word: str, name: str, expected: bool) -> None:  # noqa: FBT001
    assert is_in_class(word, name) is expected
