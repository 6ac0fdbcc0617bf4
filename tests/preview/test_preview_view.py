"""The looks of a mail: what each takes away, and what it leaves alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bulletin.edition.measures import measure
from bulletin.preview.outlook import render_as_outlook
from bulletin.preview.view import View, apply_view
from specimen import render

DARK_RULE = "<style>@media (prefers-color-scheme: dark){.a{color:#fff}}</style>"


def test_the_scheme_is_decided_by_the_look_and_not_by_the_computer() -> None:
    assert "prefers-color-scheme" not in apply_view(render().html, View(dark=True), pictures={})
    assert "@media (min-width:0)" in apply_view(DARK_RULE, View(dark=True), pictures={})
    assert "@media (max-width:0)" in apply_view(DARK_RULE, View(), pictures={})
    assert apply_view('<meta name="color-scheme" content="light dark">', View(dark=True), pictures={}).endswith(
        '"dark">'
    )


def test_pictures_are_found_by_their_content_id_and_words_that_look_like_one_stay() -> None:
    html = '<img src="cid:abc@bulletin" alt="A cat"><p>Write cid:other.</p>'
    shown = apply_view(html, View(), pictures={"abc@bulletin": "/pictures/abc"})
    assert shown == '<img src="/pictures/abc" alt="A cat"><p>Write cid:other.</p>'
    assert apply_view(html, View(pictures=False), pictures={}) == '<img alt="A cat"><p>Write cid:other.</p>'


def test_links_open_beside_the_preview_and_those_within_the_mail_do_not() -> None:
    assert (
        apply_view('<a href="https://example.org">', View(), pictures={})
        == '<a target="_blank" href="https://example.org">'
    )
    assert apply_view('<a href="#notice">', View(), pictures={}) == '<a href="#notice">'


def test_word_keeps_padding_in_cells_only() -> None:
    assert render_as_outlook('<td style="padding:4px;color:red">') == '<td style="padding:4px;color:red">'
    assert render_as_outlook('<div style="padding:4px;color:red">') == '<div style="color:red">'


def test_word_leaves_out_what_it_does_not_know() -> None:
    style = "max-width:640px;border-radius:4px;position:absolute;width:50%;display:inline-block;margin:0 0 8px"
    assert render_as_outlook(f'<p style="{style}">') == '<p style="margin:0 0 8px">'
    assert (
        render_as_outlook("<p style='max-width:1px;font-family:\"Segoe UI\"'>")
        == "<p style='font-family:\"Segoe UI\"'>"
    )
    assert render_as_outlook('<div style="display:none">') == '<div style="display:none">'
    assert render_as_outlook('<td style="mso-padding-alt:14px 28px">') == '<td style="padding:14px 28px">'


def test_word_opens_its_own_comments_and_not_those_of_the_others() -> None:
    html = "<!--[if mso]><table><![endif]--><!--[if !mso]><!--><b>others</b><!--<![endif]--><!-- a note -->"
    assert render_as_outlook(html) == "<table><!-- a note -->"


def test_word_keeps_only_the_style_sheet_that_is_for_it() -> None:
    head = "<head><style>.a{color:red}</style><!--[if mso]><style>td{color:blue}</style><![endif]--></head>"
    shown = render_as_outlook(head)
    assert "td{color:blue}" in shown
    assert "red" not in shown


def test_every_word_of_the_mail_is_still_there_in_outlook() -> None:
    from skeleton import Skeleton

    html = render().html
    before, after = (
        " ".join(Skeleton(text[text.index("<body") :]).words).split() for text in (html, render_as_outlook(html))
    )
    assert before == after


@given(st.text(alphabet="<>!-[]=\"';: mso/ifendstyleab", max_size=200))
def test_no_html_however_broken_stops_a_look(html: str) -> None:
    for view in (View(dark=True), View(pictures=False), View(word=True)):
        apply_view(html, view, pictures={"a": "b"})


def test_a_mail_is_measured_in_bytes_words_and_minutes() -> None:
    assert measure("é", "one two") == measure("ab", "two words")
    assert measure("", "word " * 714).minutes == 3
    assert measure("", "").minutes == 1
