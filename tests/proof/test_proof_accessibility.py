from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.colours import LEAST_CONTRAST, measure_contrast
from bulletin.edition.palette import derive_palette
from bulletin.proof.registry import find_rules
from bulletin.proof.rule import Example
from bulletin.proof.rules.accessibility.contrast import contrast_too_low
from proof_case import covered, find, make_context

RULES = [rule for code, rule in find_rules().items() if code.startswith("ACC")]


def codes(example: Example | str) -> list[str]:
    return [finding.code for finding in find(example) if finding.code.startswith("ACC")]


def picture(alt: str, caption: str = "", file: str = "garden.png") -> Example:
    more = f"\n    caption: '{caption}'" if caption else ""
    return Example(
        sections=f"- kind: article\n  title: A garden\n  text: We planted it.\n"
        f"  image:\n    file: issues/images/{file}\n    alt: '{alt}'{more}\n"
    )


def test_headings_of_a_text_may_begin_at_any_level_and_go_up_at_once() -> None:
    assert codes("### First\n\nWords.\n\n#### Below\n\nWords.\n\n# Again\n\nWords.") == []


def test_the_whole_line_of_a_heading_that_skips_a_level_is_marked() -> None:
    (finding,) = find("# First\n\nWords.\n\n### **Third** one\n\nWords.", "ACC01")
    assert covered(finding).strip() == "### **Third** one"
    assert "Begin it with ##." in finding.remedy


def test_headings_of_the_usual_theme_are_not_even_rendered() -> None:
    def render() -> None:
        raise AssertionError

    assert not list(RULES[0](make_context(Example(text="Words."), render=render)))


@pytest.mark.parametrize(
    ("alt", "found"),
    [
        ("IMG_2043.JPG", ["ACC02"]),
        ("garden-final.png", ["ACC02"]),
        ("PXL_20210504", ["ACC02"]),
        ("Photo", ["ACC02"]),
        ("logo.", ["ACC02"]),
        ("Our volunteers", ["ACC02"]),
        ("A photo of a bed", ["ACC03"]),
        ("image showing a bed", ["ACC03"]),
        ("Picture this: a bed of lavender", []),
        ("Photographs of the bed hang in the hall", []),
        ("Poster: a parent rocks a crying baby", []),
        ("Garden", []),
        ("x" * 150, []),
        ("x" * 151, ["ACC04"]),
    ],
)
def test_an_alternative_says_what_a_picture_says(alt: str, found: list[str]) -> None:
    assert codes(picture(alt, caption="Our volunteers.")) == found


def test_a_file_name_without_its_suffix_is_still_one() -> None:
    assert codes(picture("garden_bed_2", file="garden_bed_2.png")) == ["ACC02"]
    assert codes(picture("garden", file="garden.png")) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PLEASE READ THIS.", "PLEASE READ THIS"),
        ("Do NOT LEAVE CHILDREN ALONE here.", "NOT LEAVE CHILDREN ALONE"),
        ("SAFEGUARDING matters.", "SAFEGUARDING"),
        ("Don’t: PARENTS’ EVENING IS OFF.", "EVENING IS OFF"),
    ],
)
def test_words_in_capitals_are_found_as_one(text: str, words: str) -> None:
    found = find(text, "ACC05")
    assert [words in covered(finding) or covered(finding) in words for finding in found] == [True] * len(found)
    assert found


@pytest.mark.parametrize(
    "text",
    [
        "The NHS, CAMHS, MASH and LADO met.",
        "Ask MASH NHS LADO.",
        "We are F.L.A.R.E. and S.H.I.E.L.D.",
        "The LBB DSL CPD day.",
        "Write `PLEASE DO NOT REPLY` there.",
        "The form is WWW.EXAMPLE.ORG/FORMS.",
        "Room A B C.",
    ],
)
def test_abbreviations_and_what_is_typed_as_it_is_are_left_alone(text: str) -> None:
    assert find(text, "ACC05") == []


def test_a_term_of_the_house_may_be_in_capitals() -> None:
    settings = "proof: {terms: [OPERATION ENCOMPASS]}"
    text = "We joined OPERATION ENCOMPASS NOW."
    assert find(Example(text=text, settings=settings), "ACC05") == []
    assert find(text, "ACC05")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Well done 🎉", 0),
        ("Well done 🎉🎉", 0),
        ("Well done 🎉🎉🎉", 1),
        ("Well done 🎉 🎈 🎊", 1),
        ("A family 👨‍👩‍👧‍👦 and 👍🏽", 0),
        ("Flags 🇬🇧🇵🇱", 0),
        ("Flags 🇬🇧🇵🇱🇷🇴", 1),
        ("Thanks ❤️❤️❤️", 1),
        ("4.5 ★ and ½ © ® ™ — … “yes”", 0),
    ],
)
def test_three_picture_signs_are_a_string(text: str, count: int) -> None:
    assert len(find(text, "ACC06")) == count


def style(text: str, name: str = "style.css") -> Example:
    return Example(files={f"templates/email/{name}": text})


@pytest.mark.parametrize(
    ("css", "found"),
    [
        (".a{color:#777777;background-color:#ffffff}", 1),
        (".a{color:#767676;background-color:#ffffff}", 0),
        (".a{color:#777;background:#FFF}", 1),
        (".a{color:rgb(200, 200, 200);background:white}", 1),
        (".a{color:#777777}.b{background-color:#ffffff}", 0),
        (".a{color:#777777;background-color:#ffffff;font-size:24px}", 0),
        (".a{color:#777777;background-color:#ffffff;font-size:19px;font-weight:700}", 0),
        (".a{color:#777777;background-color:#ffffff;font-size:18px;font-weight:700}", 1),
        (".a{color:{{ palette.light.ink }};background-color:{{ palette.light.card }}}", 0),
        (".a{color:{{ palette.light.line }};background-color:{{ palette.light.card }}}", 1),
        (".a{color:{{ palette.no.such }};background-color:#ffffff}", 0),
        (".a{color:{{ colour }};background-color:#ffffff}", 0),
        ("@media (prefers-color-scheme:dark){.a{color:#333333!important;background-color:#111111!important}}", 1),
        ("/* .a{color:#777777;background-color:#ffffff} */", 0),
    ],
)
def test_a_colour_has_enough_contrast_with_the_background_beside_it(css: str, found: int) -> None:
    assert len(find(style(css), "ACC07")) == found


def test_a_style_attribute_of_a_template_is_judged_at_its_place() -> None:
    html = '<p>Words</p>\n<p style="color:#aaaaaa;background-color:#ffffff">More</p>\n'
    (finding,) = find(style(html, "parts/bar.html.j2"), "ACC07")
    assert (finding.file, finding.line, finding.column) == ("templates/email/parts/bar.html.j2", 2, 11)


@given(st.integers(0, 0xFFFFFF))
def test_whatever_the_accent_the_derived_colours_need_no_rule(number: int) -> None:
    accent = f"#{number:06x}"
    if measure_contrast(accent, "#ffffff") < LEAST_CONTRAST:
        return  # bulletin.yaml refuses it
    palette = derive_palette(accent)
    assert measure_contrast(palette.band, palette.on_band) >= LEAST_CONTRAST
    for scheme in (palette.light, palette.dark):
        assert measure_contrast(scheme.fill, scheme.on_fill) >= LEAST_CONTRAST
        for ground in (scheme.page, scheme.card, scheme.tint):
            for words in (scheme.ink, scheme.quiet, scheme.accent):
                assert measure_contrast(words, ground) >= LEAST_CONTRAST


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Vous pouvez nous appeler le matin, et les informations sont sur notre site.", "French"),
        ("Si necesita ayuda con sus hijos, por favor llame a nuestra oficina.", "Spanish"),
        ("Prosimy o kontakt z naszym zespołem, jeśli państwo nie są pewni.", "Polish"),
        ("Dacă aveți nevoie de ajutor pentru copilul dumneavoastră, sunați la noi și vă ajutăm.", "Romanian"),
        ("Wenn Sie Hilfe mit Ihrem Kind brauchen, rufen Sie uns bitte an, wir sind für Sie da.", "German"),
        ("Se precisa de ajuda com o seu filho, por favor fale com a nossa equipa, não espere.", "Portuguese"),
        ("আপনার সন্তানের জন্য সাহায্য দরকার হলে ফোন করুন।", "Bengali"),
        ("اگر آپ کو اپنے بچے کے لیے مدد چاہیے", "Arabic letters"),
        ("Якщо вам потрібна допомога, зателефонуйте нам.", "Cyrillic"),
        ("如果您的孩子需要帮助请给我们打电话", "Chinese"),
    ],
)
def test_another_language_is_named(text: str, what: str) -> None:
    (finding,) = find(f"Please pass this on. {text}", "ACC08")
    assert what in finding.message
    assert covered(finding).startswith(text[:8])


@pytest.mark.parametrize(
    "text",
    [
        "The Café de la Paix, the Maison des Enfants and the École du Parc joined in.",
        "We speak polski, română, বাংলা, ਪੰਜਾਬੀ and العربية.",
        "Ms Nowak, Mr da Silva, Mrs de la Cruz and Dr van der Berg are on the panel of the trust.",
        "The à la carte menu, the crème brûlée and the vis-à-vis seats were a fait accompli.",
        "Do as we do: in no time we met on a van, so on we go, as I am told.",
        "Heddlu De Cymru and Plant yng Nghymru sent us their reports.",
        "α and β are letters; so are п and я.",
    ],
)
def test_names_and_loan_words_are_english(text: str) -> None:
    assert find(text, "ACC08") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("| a | b |\n| c | d |", 1),
        ("a | b\nc | d\ne | f", 1),
        ("a | b\nc | d", 0),
        ("Name\tRoom\tDay\nAnna\t4\tMonday", 1),
        ("Monday     9am\nTuesday    10am\nFriday     closed", 1),
        ("Anna     Bell\nCara     Dunn", 0),
        ("Two  spaces  only\nagain  and  again", 0),
        ("A line | with bars | in it", 0),
        ("First line,\nsecond line,\nthird line", 0),
        ("•\nsafe sleep\n•\nhome visits", 1),
        ("• safe sleep\n• home visits", 1),
        ("Talks · visits · walks", 0),
        ("It is hot •\nand dry", 0),
        ("First part\n\n---\n\nSecond part", 0),
    ],
)
def test_what_is_drawn_with_characters_is_found_once(text: str, found: int) -> None:
    assert len(find(text, "ACC09")) == found


@given(st.lists(st.sampled_from([*"aA |•\t\n🎉#de -é。да", "👩\u200d👩", "❤\ufe0f"]), max_size=80).map("".join))
def test_no_text_makes_a_rule_raise(text: str) -> None:
    find(Example(text=f"x {text}"), "ACC")


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["| a ", "AB ", "A", "🎉", "👩\u200d👩", "❤\ufe0f", "да ", "да……", "le la. ", "• ", "x   "]
)
def test_a_long_text_takes_time_in_proportion(piece: str) -> None:
    times = []
    for length in (40_000, 160_000):
        context = make_context(Example(text="x " + piece * (length // len(piece))))
        assert context.texts[0].prose.text
        start = time.process_time()
        for rule in RULES:
            list(rule(context))
        times.append(time.process_time() - start)
    assert times[1] < 12 * times[0] + 0.5


@given(st.text(st.sampled_from(list("{}%#;:/*\"'<>=@a &\n")), max_size=60))
def test_no_style_sheet_makes_a_rule_raise(text: str) -> None:
    list(contrast_too_low(make_context(style(text), render=lambda: None)))
    list(contrast_too_low(make_context(style(text, "parts/bar.html.j2"), render=lambda: None)))
