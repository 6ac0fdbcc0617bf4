"""Characters that the font of a PDF lacks: what is printed instead, so that one of them never stops a PDF."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.edition.pdf.fonts import find_common_characters, read_characters
from bulletin.edition.pdf.unprintable import Lack, find_unprintable, make_printable
from bulletin.errors import ThemeError
from checkout import ROOT
from pdf_editions import describe, make_specimen, specimen_issue
from pdf_structure import read_structure

FONTS = sorted((ROOT / "templates/pdf/fonts").glob("*.ttf"))
CHARACTERS = find_common_characters(path.read_bytes() for path in FONTS)
NOTE = "Read this on the web: www.example.org"


@pytest.mark.parametrize(
    "letters", ["ŵŷŴŶâêîôûäëïöüẁẃẅỳýÿ", "áéíóúàèìòùç", "–—‘’“”…·•£€½°×\u00a0", "ąćęłńóśźż", "ğışÇÖÜ", "ΑΩавЯ"]
)
def test_the_fonts_have_the_letters_of_welsh_and_of_its_neighbours(letters: str) -> None:
    assert [letter for letter in letters if ord(letter) not in CHARACTERS] == []


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Come 🙂 along", "Come [slightly smiling face] along"),
        ("🎉🎈", "[party popper, balloon]"),
        ("👍🏽", "[thumbs up sign]"),
        ("👩‍💻 at work", "[woman, personal computer] at work"),
        ("🇬🇧", "[flag of GB]"),
        ("⭐️ and ❤", "[white medium star] and ❤"),
        ("a\u202eb\u200b\u200dc\u00ad", "abc"),
        ("a\u0000b\u0007", "ab"),
        ("العربية", f"[{NOTE}]"),
        ("In Urdu: اردو میں، 12 کتابیں. Yes", f"In Urdu: [{NOTE}]. Yes"),
        ("ਪੰਜਾਬੀ and العربية", f"[{NOTE}] and [{NOTE}]"),
        ("中文", f"[{NOTE}]"),
        ("ﬁne ①②㍱", "ﬁne 12hPa"),
        ("w\u0302yr", "ŵyr"),
        ("a\tb", "a    b"),
        ("Line\nLine", "Line\nLine"),
        ("naïve café – “yes” £5 ŵ", "naïve café – “yes” £5 ŵ"),
    ],
)
def test_what_is_printed_instead(text: str, printed: str) -> None:
    assert make_printable(text, CHARACTERS, note=NOTE) == printed


def test_a_finding_says_where_the_stretch_is_and_what_it_lacks() -> None:
    found = list(find_unprintable("See 🙂, عربي or \u202e.", CHARACTERS, note=NOTE))

    assert [(each.start, each.end, each.lack) for each in found] == [
        (4, 5, Lack.SIGN),
        (7, 11, Lack.PASSAGE),
        (15, 16, Lack.UNSEEN),
    ]


@given(st.text(max_size=80))
def test_whatever_is_written_what_is_printed_has_only_letters_that_the_font_has(text: str) -> None:
    printed = make_printable(text, CHARACTERS, note=NOTE)

    assert [char for char in printed if ord(char) not in CHARACTERS and char != "\n"] == []
    assert make_printable(printed, CHARACTERS, note=NOTE) == printed
    if all(ord(char) in CHARACTERS and char.isprintable() for char in unicodedata.normalize("NFC", text)):
        assert printed.split() == unicodedata.normalize("NFC", text).split()


@pytest.mark.slow
def test_an_issue_with_all_of_it_is_made_and_says_where_to_read_what_it_lacks() -> None:
    text = "Come 🙂 along.\n\nفارسی و عربی\n\nHidden \u202eleft. `code 🙂`"
    title = "🙂 فارسی"
    sections = [{"kind": "notice", "title": title, "text": text, "quote": {"text": "👍", "name": "中文"}}]
    said = read_structure(make_specimen(specimen_issue(sections=sections, introduction=None)).content).text

    note = "[Read this on the web: https://bulletin.anytown.example.org/news/2021-05]"
    assert f"[slightly smiling face] {note}" in said
    assert said.count(note) == 3
    assert "Hidden left." in said


def test_the_text_alternative_of_a_picture_is_not_printed_and_stays() -> None:
    sections = [{"kind": "notice", "title": "T", "text": "T", "image": {"file": "a.png", "alt": "A 🙂 face"}}]
    document, _ = describe(specimen_issue(sections=sections))

    assert document["sections"][0]["image"]["alt"] == "A 🙂 face"


@pytest.mark.parametrize(
    "content", [b"", b"nonsense that is no font", b"\x00\x01\x00\x00\xff\xff" + bytes(90), FONTS[0].read_bytes()[:400]]
)
def test_a_file_that_is_no_font_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(ThemeError, match="A font of the theme can’t be read"):
        read_characters(content)
