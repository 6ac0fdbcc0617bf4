"""Language: what its rules catch, and the hard cases that they must leave alone."""

from __future__ import annotations

import textwrap
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.declaration.prose import read_plain, read_text
from bulletin.proof.proofing import apply_rules
from bulletin.proof.reading.sentences import cut_sentences
from bulletin.proof.reading_ease import count_syllables, measure_sections
from bulletin.proof.registry import find_rules
from bulletin.proof.rule import Example
from bulletin.proof.rules.language.spelling import MOST_PLACES
from proof_case import covered, find, make_context

RULES = {code: rule for code, rule in find_rules().items() if code.startswith("LANG")}
TERMS = """\
proof:
  terms: [Bexley S.H.I.E.L.D., F.L.A.R.E., Learning Hub, Back to Practice, multi-agency, e-bulletin, The Big Ask]
"""
AS_TYPED = f"{TERMS}typography: no\n"


def found(text: str, code: str, *, more: str = TERMS) -> list[str]:
    """The words that a rule finds in a text."""
    example = Example(text=text, settings=more)
    return [covered(finding) for finding in find(example, code)]


def replaced(text: str, code: str, *, more: str = TERMS) -> list[str | None]:
    return [finding.replacement for finding in find(Example(text=text, settings=more), code)]


# Sentences and words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We met. They spoke.", ["We met.", "They spoke."]),
        (
            "Dr Hale met Prof. Whit, e.g. at No. 6, at 3.5 miles.",
            ["Dr Hale met Prof. Whit, e.g. at No. 6, at 3.5 miles."],
        ),
        ("We thank S.H.I.E.L.D. The group met.", ["We thank S.H.I.E.L.D.", "The group met."]),
        ("F.L.A.R.E. Parents met J. Okafor.", ["F.L.A.R.E. Parents met J. Okafor."]),
        ("“Why?” she asked. “So!” He left.", ["“Why?” she asked.", "“So!”", "He left."]),
        ("See thebigask.uk. It opens at 9.30am.", ["See thebigask.uk.", "It opens at 9.30am."]),
    ],
)
def test_full_stops_end_sentences_but_for_those_of_short_words(text: str, expected: list[str]) -> None:
    assert [text[sentence.start : sentence.end] for sentence in cut_sentences(read_plain(text))] == expected


def test_words_are_cut_out_of_addresses_codes_and_figures() -> None:
    text = "Ask shield@shield.example.org, #safe, `x_y` or www.a.uk/b about the 16-year-olds’ A4 paper."
    words = [word.text for sentence in cut_sentences(read_text(text)) for word in sentence.words]
    assert words == ["Ask", "or", "about", "the", "year", "olds", "paper"]


@given(st.text(alphabet=st.sampled_from("aB. ,'’“”-()?!\n1@:/"), max_size=200))
def test_a_text_is_in_its_sentences_and_nothing_twice(text: str) -> None:
    prose = read_plain(text)
    chunks = [chunk for sentence in cut_sentences(prose) for chunk in sentence.chunks]
    assert [chunk.text for chunk in chunks] == text.split()
    assert all(prose.text[chunk.start : chunk.end] == chunk.text for chunk in chunks)
    for sentence in cut_sentences(prose):
        assert all(prose.text[word.start : word.end] == word.text for word in sentence.words)


# LANG01


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("recieved", "received"),
        ("seperate", "separate"),
        ("organize", "organise"),
        ("color", "colour"),
        ("center", "centre"),
        ("saftey", "safety"),
        ("safegaurding", "safeguarding"),
        ("goverment", "government"),
        ("accomodation", "accommodation"),
        ("definately", "definitely"),
    ],
)
def test_a_slip_is_found_with_what_was_meant(word: str, meant: str) -> None:
    (finding,) = find(f"They told us of the {word} today.", "LANG01")
    assert finding.remedy.startswith("Did you mean ")
    assert f"“{meant}”" in finding.remedy


def test_a_slip_at_the_head_of_a_sentence_is_found_with_its_capital() -> None:
    assert found("Safegaurding is for all. Goverment guidance is out.", "LANG01") == ["Safegaurding", "Goverment"]


def test_the_one_word_that_can_be_meant_replaces_the_slip() -> None:
    assert replaced("We will acknowlege it.", "LANG01") == ["acknowledge"]


@pytest.mark.parametrize(
    "text",
    [
        "Kooth, Oxleas and Spurgeons met Ms Okafor of Whitlock Grange in Thamesmead.",
        "The co-ordinators’ toolkits, the DSLs’ webinars and one MARAC’s e-learning are online.",
        "See https://www.melearning.co.uk/ or @bexleykids or `frmo` for the 16-year-olds.",
        "Café visits and the naïve piñata are intergenerational.",
        "Prosimy o kontakt z naszym zespołem w sprawie swojego dziecka.",
        "It isn’t the school’s, and they’ll say so; the parents' evening is off.",
    ],
)
def test_names_compounds_addresses_and_other_languages_are_no_slips(text: str) -> None:
    assert found(text, "LANG01") == []


def test_words_of_the_settings_and_of_fields_with_names_are_right() -> None:
    assert found("The frobnicator is here.", "LANG01", more="proof: {words: Frobnicators}\n") == ["frobnicator"]
    assert found("The frobnicators are here.", "LANG01", more="proof: {words: Frobnicators}\n") == []
    section = "- {kind: campaign, title: Sleep, partners: [Zzleepers], text: Ask the zzleepers for it.}\n"
    assert find(Example(sections=section), "LANG01") == []


def test_a_near_miss_of_a_term_is_reported_once() -> None:
    assert [finding.code for finding in find(Example(text="A multiagency audit begins."), "")] == ["LANG02"]


def test_a_page_of_nonsense_has_a_hundred_findings_at_most() -> None:
    words = " ".join(f"We met the qx{'abcdefghij'[n % 10]}z{'klmnopqrst'[n // 10 % 10]}w." for n in range(300))
    assert sum(finding.number for finding in find(words, "LANG01")) == MOST_PLACES


# LANG02 and LANG03


@pytest.mark.parametrize(
    ("text", "words", "right"),
    [
        ("We met F.LA.R.E. today.", "F.LA.R.E.", "F.L.A.R.E."),
        ("We met FLARE today.", "FLARE", "F.L.A.R.E."),
        ("We met F.L.A.R.R.E. today.", "F.L.A.R.R.E", "F.L.A.R.E."),
        ("Bexley S.H.E.I.L.D. met today.", "Bexley S.H.E.I.L.D", "Bexley S.H.I.E.L.D."),
        ("A multiagency audit.", "multiagency", "multi-agency"),
        ("A multi agency audit.", "multi agency", "multi-agency"),
        ("Cases of Covid-10 fell.", "Covid-10", "Covid-19"),
        ("The Learning hub met.", "Learning hub", "Learning Hub"),
        ("The learning hub met.", "learning hub", "Learning Hub"),
        ("The Learnig Hub’s report.", "Learnig Hub", "Learning Hub"),
        ("The Back To Practice model.", "Back To Practice", "Back to Practice"),
        ("The Department of Education wrote.", "Department of Education", "Department for Education"),
        ("We follow Working Together to Safeguarding Children.", "Working Together to Safeguarding Children", None),
        ("The metropolitan Police came.", "metropolitan Police", "Metropolitan Police"),
    ],
)
def test_what_is_nearly_a_term_is_found(text: str, words: str, right: str | None) -> None:
    (finding,) = find(Example(text=text, settings=TERMS), "LANG02")
    assert covered(finding) == words
    assert f"“{right or 'Working Together to Safeguard Children'}”" in finding.remedy


@pytest.mark.parametrize(
    "text",
    [
        "F.L.A.R.E. and F.L.A.R.E.’s friends met the Learning Hubs. We thank Bexley S.H.I.E.L.D.",
        "Multi-agency work; the Multi-Agency Safeguarding Hub; MULTI-AGENCY WORK.",
        "Go back to practice, work together to safeguard children, and make the big ask.",
        "Read more about the Big Ask.",
        "COVID-19 cases fell. Section 17 is not Section 11. A flare lit the sky, and they shield us.",
        "The Children’s Commissioner for Wales wrote. Community care is for all.",
        "Our learning. Hub news follows. Learning (Hub) and learning, hub.",
    ],
)
def test_terms_in_order_and_other_words_are_left_alone(text: str) -> None:
    assert found(text, "LANG02") == []


def test_names_of_partners_are_terms_without_being_listed() -> None:
    section = "- {kind: campaign, title: Sleep, partners: [Anytown Moorings], text: Ask Anytown Morings for it.}\n"
    (finding,) = find(Example(sections=section), "LANG02")
    assert finding.remedy == "Write “Anytown Moorings”."


def test_a_slip_in_the_name_of_a_publisher_is_found() -> None:
    section = "- {kind: campaign, title: Sleep, partners: [Bexley Sheild], text: Ask them for it.}\n"
    more = "proof: {terms: [Bexley Shield]}\n"
    (finding,) = find(Example(sections=section, settings=more), "LANG02")
    assert finding.remedy == "Write “Bexley Shield”."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("An e-mail came. Another e-mail came. The email came.", ["email"]),
        ("The drop-in is full. Book the drop-in. Last week the drop in was full.", ["drop in"]),
        ("Ring the helpline. The helpline is free. A help line is not.", ["help line"]),
        ("Our well-being matters; well-being, not wellbeing.", ["wellbeing"]),
        ("We had OFSTED in. Then Ofsted wrote, and Ofsted came.", ["OFSTED"]),
    ],
)
def test_one_thing_with_two_names_is_found_at_the_rarer_one(text: str, words: list[str]) -> None:
    assert found(text, "LANG03", more="") == words


@pytest.mark.parametrize(
    "text",
    [
        "To follow up, we wrote. The follow-up letter came.",
        "A long-term plan is good in the long term.",
        "We re-form the group. The reform is here.",
        "Every day is an everyday event. On the front line of frontline work.",
        "Send it to the SEND team at MASH, with mash.",
        "An HTML page is an html file.",
        "The Multi-Agency Safeguarding Hub is multi-agency.",
    ],
)
def test_words_that_mean_two_things_are_left_alone(text: str) -> None:
    assert found(text, "LANG03", more="") == []


# LANG04


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The CRW and the DfT met.", ["CRW"]),
        ("Ask two DSLs. A Designated Safeguarding Lead (DSL) knows.", ["DSL"]),
        ("Read the CRWS-led review.", ["CRWS"]),
        ("The MARS is open.", ["MARS"]),
    ],
)
def test_an_unexplained_abbreviation_is_found_once(text: str, words: list[str]) -> None:
    assert found(text, "LANG04") == words


@pytest.mark.parametrize(
    "text",
    [
        "Independent Reviewing Officers (IROs) chair, and two IROs join.",
        "A MARAC, a multi-agency risk assessment conference, met. The MARAC met.",
        "The DfE (Department for Education) wrote, and the DfE came.",
        "Personal, social, health and economic (PSHE) lessons.",
        "The NHS, the UK, PDFs, GPs and a QR code.",
        "Henry VIII and Part II of DA6 7AT in A4, SE2 and AB 12 34 56 C.",
        "Please do NOT run, and ALWAYS LOOK.",
        "S.H.I.E.L.D. and F.L.A.R.E. met.",
        "Dr J. K. Okafor MBE and Vicky Ford MP.",
    ],
)
def test_what_is_explained_or_known_or_no_abbreviation_is_left_alone(text: str) -> None:
    assert found(text, "LANG04") == []


def test_a_subject_may_use_what_the_text_explains() -> None:
    text = "The Designated Safeguarding Lead (DSL) is here."
    assert find(Example(text=text, header="subject: News for every DSL\n"), "LANG04") == []


# LANG05, LANG06


def test_a_sentence_of_26_words_is_long_and_one_of_25_is_not() -> None:
    assert found("We " + "met " * 24 + "here.", "LANG05") == ["We " + "met " * 24 + "here."]
    assert found("We " + "met " * 23 + "here.", "LANG05") == []


@pytest.mark.parametrize(
    ("word", "count"),
    list(
        {
            "the": 1,
            "safe": 1,
            "children": 2,
            "practice": 2,
            "safeguarding": 3,
            "helped": 1,
            "wanted": 2,
            "table": 2,
            "services": 3,
            "police": 2,
            "agency": 3,
            "review": 2,
            "NHS": 3,
            "education": 4,
            "people": 2,
            "period": 3,
        }.items()
    ),
)
def test_syllables_are_counted_as_they_are_said(word: str, count: int) -> None:
    assert count_syllables(word) == count


def test_each_section_has_its_reading_ease() -> None:
    sections = """\
    - {kind: notice, title: Easy, text: We met. We sat down. We had tea.}
    - {kind: notice, title: Hard, text: Organisational accountability necessitates administrative collaboration.}
    """
    easy, hard = measure_sections(make_context(Example(sections=sections)))
    assert (easy.title, easy.words, hard.title, hard.words) == ("Easy", 8, "Hard", 5)
    assert easy.figure > 90
    assert hard.figure < 0


# LANG07 to LANG09


def test_a_doubled_word_is_found_over_the_end_of_a_line() -> None:
    assert found("Come to the\nthe hall.", "LANG07")
    assert replaced("Come to the the hall.", "LANG07") == ["the"]
    assert found("The course is is open. We we ask.", "LANG07") == ["is is", "We we"]


def test_words_that_may_be_doubled_are_left_alone() -> None:
    assert found("They had had it, and that that was so. Duran Duran sang. “No, no!” 10 10 2.", "LANG07") == []


@pytest.mark.parametrize(
    "words",
    [
        *("TODO", "XX", "XXX", "xx June", "[name]", "[insert link]", "(add link)", "[date]", "TBC", "TBC?", "[TBC]"),
        *("TO BE CONFIRMED", "xx/xx/2021", "??", "{name}", "insert text here", "£XX", "[your school name here]"),
        "Lorem ipsum",
    ],
)
def test_what_was_left_to_fill_in_is_found(words: str) -> None:
    (finding, *_) = found(f"We meet at {words} in the hall.", "LANG08")
    assert finding in words or words in finding


def test_ordinary_words_are_no_placeholders() -> None:
    text = "Insert the SIM card, add details to the form (June 2021, TBC? No: TBC is out) [sic] [our words]. Size XXL."
    assert found(text, "LANG08") == ["TBC?", "TBC"]
    text = "Insert the SIM card and wait. Why?? The 20th [sic] of May (TBC). Add your name. XXL."
    assert found(text, "LANG08") == []


def test_jargon_is_found_in_each_of_its_forms_and_can_be_changed() -> None:
    assert found("They utilised it. In order to win, run.", "LANG09") == ["utilised", "In order to"]
    assert found("They utilised it.", "LANG09", more="proof: {allowed: utilise}\n") == []
    assert found("Our Service Users met.", "LANG09", more="proof: {jargon: {service users: people}}\n") == [
        "Service Users"
    ]
    assert found("In order, to win.", "LANG09") == []


# LANG10 to LANG13


@pytest.mark.parametrize(
    ("text", "words", "right"),
    [
        ("We  met.", "  ", " "),
        ("We met , then left.", " ,", ","),
        ("We met .", " .", "."),
        ("We met in school.The head spoke.", "school.The", "school. The"),
        ("Children,young people.", "Children,young", "Children, young"),
        ("The form ( two pages) is here.", " ", ""),
        ("We met.. They left.", "..", "."),
    ],
)
def test_spaces_and_stops_are_put_right(text: str, words: str, right: str) -> None:
    assert found(text, "LANG10") == [words]
    assert replaced(text, "LANG10") == [right]


@pytest.mark.parametrize(
    "text",
    [
        "At £1.20, 2,500 copies … and so on... See thebigask.uk, report.pdf, e.g. S.H.I.E.L.D. Why?! Node.js is.",
        "*We* met **them** , `a  b  ,` and\nthey  \nleft.".replace(" ,", ","),
        "Age     Morning\nBaby     £31",
    ],
)
def test_spaces_in_order_are_left_alone(text: str) -> None:
    assert found(text, "LANG10") == []


def test_a_fold_of_yaml_is_no_space_of_the_author() -> None:
    section = "- kind: notice\n  title: Hours\n  text: >-\n    We are open\n    all day.\n"
    assert find(Example(sections=section), "LANG10") == []


def test_straight_marks_beside_curly_ones_are_curled() -> None:
    assert replaced('It’s “so”. It\'s "odd".', "LANG11", more=AS_TYPED) == ["’", "“", "”"]
    assert found('It\'s "so".', "LANG11", more=AS_TYPED) == []


@pytest.mark.parametrize(
    "text",
    [
        'It’s “so”. It\'s "odd".',
        "The course - free - is on--now. The ’90s and the '80s.",
        "“One,” he said: 'two', and \"three\".",
        '**"Bold"** - and “curly”.',
    ],
)
def test_marks_that_readers_get_right_are_no_finding(text: str) -> None:
    assert [found(text, code) for code in ("LANG11", "LANG12")] == [[], []]
    assert found(text, "LANG11", more=AS_TYPED) + found(text, "LANG12", more=AS_TYPED) != []


def test_a_blank_that_readers_get_anyway_is_no_finding() -> None:
    assert found("Dr\u00a0Khan – and Mr\u00a0Lee\u00a0– left.", "LANG10") == []
    assert found("Dr\u00a0Khan left.", "LANG10", more=AS_TYPED) == ["\u00a0"]
    assert found("We\u00a0met.", "LANG10") == ["\u00a0"]


def test_what_is_not_set_is_still_found() -> None:
    assert found('Ages 12 - 15, and “aged 9" too.', "LANG12") == [" - "]
    assert found("“So. He left.", "LANG11") == ["“"]


def test_the_house_style_decides_which_marks_are_odd() -> None:
    straight, hyphen = (TERMS + f"  {style}\n" for style in ("quotes: straight", "dashes: hyphen"))
    assert found('It\'s "so", "so" and ’so.', "LANG11", more=straight) == ["’"]
    assert found("The course - free - is on.", "LANG12", more=hyphen) == []
    assert replaced("It is on--now.", "LANG12", more=hyphen) == [" - "]


@pytest.mark.parametrize(("text", "words"), [("“So. He left.", "“"), ("So.” He left.", "”"), ("It (so is.", "(")])
def test_marks_without_a_partner_are_found(text: str, words: str) -> None:
    assert found(text, "LANG11") == [words]


def test_quotations_over_paragraphs_list_marks_and_faces_need_no_partner() -> None:
    assert found("“First we met.\n\n“Then we left.”\n\nChoose a) or b) :) the ’90s, rock ’n’ roll.", "LANG11") == []


@pytest.mark.parametrize(
    ("text", "right"),
    [("The course - free - is on.", [" – ", " – "]), ("It is on--now.", [" – "]), ("Pages 9 - 12 are.", ["–"])],
)
def test_hyphens_for_dashes_are_put_right(text: str, right: list[str]) -> None:
    assert replaced(text, "LANG12", more=AS_TYPED) == right


def test_hyphens_that_join_are_left_alone() -> None:
    text = "- 16- to 18-year-olds\n- a well-known, up-to-date form\n- 020-7946, at –5° and www.a.uk/b--c"
    assert found(text, "LANG12") == []


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("9.30am", "9:30am"),
        ("9.30 am", "9:30am"),
        ("9 AM", "9am"),
        ("9:30 a.m", "9:30am"),
        ("2 p.m", "2pm"),
        ("11:05PM", "11:05pm"),
    ],
)
def test_times_are_written_as_the_fields_write_them(words: str, right: str) -> None:
    (finding,) = find(f"We meet at {words} in June.", "LANG13")
    assert finding.remedy == f"Write {right}."


def test_a_time_of_24_hours_is_found_only_beside_am_and_pm() -> None:
    assert found("We meet from 9am to 14:00 that day.", "LANG13") == ["14:00"]
    assert found("We meet from 09:00 to 14:00 that day.", "LANG13") == []
    assert found("We meet at 9:30am. Room 9 am I in? Luke 15:11 and 1:8, at 2pm.", "LANG13") == []


# Whatever is written


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("aAbE .,;:!?()[]{}“”‘’\"'-–—/\\@#*_`<>0123456789\n&+£%…éß\u00a0"), max_size=300))
def test_no_text_makes_a_rule_raise(text: str) -> None:
    section = "- kind: notice\n  title: Words\n  text: |\n    x\n" + textwrap.indent(text, "    ")
    try:
        context = make_context(Example(sections=section))
    except Exception:  # noqa: BLE001 - what does not load is not proofed
        return
    for finding in apply_rules(context, RULES):
        assert finding.line <= len(context.source.lines)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        *("a", "a ", "A.", "a-", "( ", "“", "' ", "? ", ". ", "- ", "x_", "1:", "insert a ", "xqzv ", "Learning hub "),
        *("`a` ' ", "A.B.C. ", "ABC ", "multi-", "the the ", "\u00a0", "[", "{", ",", "9 am "),
    ],
)
def test_a_long_paragraph_takes_time_in_proportion_to_its_length(piece: str) -> None:
    def measure(length: int) -> float:
        context = make_context(Example(text="Words: " + (piece * length)[:length]))
        assert context.texts
        begun = time.process_time()
        for rule in RULES.values():
            for number, _ in enumerate(rule(context)):
                if number > 500:
                    break
        return time.process_time() - begun

    measure(2_000)
    assert measure(20_000) < 40 * measure(2_000) + 0.3
