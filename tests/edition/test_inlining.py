from __future__ import annotations

import subprocess
import sys

import pytest

from bulletin.edition.inlining import inline_css


def page(body: str, *, css: str = "", head: str = "") -> str:
    return f"<!DOCTYPE html>\n<html><head><title>T</title>{head}<style>{css}</style></head><body>{body}</body></html>"


def test_rules_move_into_the_elements_that_they_select_and_later_ones_win() -> None:
    html = inline_css(page('<p class="a b">x</p>', css=".a{margin:0 0 16px;color:red}.b{color:blue}"))
    assert '<p class="a b" style="margin:0 0 16px; color:blue">' in html


def test_what_is_important_in_a_media_query_stays_so() -> None:
    css = "@media (max-width:600px){.a{width:auto!important}}"
    inlined = inline_css(page('<p class="a">x</p>', css=css))
    assert "width:auto!important" in inlined.replace(" ", "")


def test_attributes_that_outlook_reads_stay_as_the_template_has_them() -> None:
    css = ".a{width:50%;height:auto;background-color:#abc;text-align:center;vertical-align:middle}"
    attributes = 'width="640" height="133" bgcolor="#123456" align="left" valign="top"'
    body = f'<table><tr><td class="a" {attributes}>x</td></tr></table>'
    assert attributes in inline_css(page(body, css=css))


def test_a_sheet_that_asks_for_it_is_kept_and_not_inlined() -> None:
    html = inline_css(page("<p class='a'>x</p>", head='<style data-premailer="ignore">.a{color:red!important}</style>'))
    assert '<p class="a">' in html
    assert ".a{color:red!important}" in html


def test_conditional_comments_picture_addresses_and_slots_pass_unchanged() -> None:
    body = (
        '<!--[if mso]><table role="presentation"><tr><td><![endif]--><img src="cid:abc@bulletin" alt="">'
        '<a href="slot0123456789abunsubscribe">x</a> slot0123456789abgreeting'
        "<!--[if mso]></td></tr></table><![endif]-->"
    )
    assert body in inline_css(page(body))


def test_text_of_any_script_passes_unchanged() -> None:
    words = "Ünïcode — “quoted” 漢字 😀 &lt;b&gt; &amp;amp;"
    assert words in inline_css(page(f"<p>{words}</p>"))


def test_nothing_is_loaded_from_the_network_or_the_disk() -> None:
    head = '<link rel="stylesheet" href="http://example.org/a.css"><link rel="stylesheet" href="/etc/passwd">'
    html = inline_css(page("<p>x</p>", head=head))  # the suite's guard fails the test if anything connects
    assert "root:" not in html


def test_modern_css_is_passed_over_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    css = ".a{--brand:1;width:calc(100% - 4px);color:rgb(0 0 0 / 90%);mso-padding-alt:4px}:root{color-scheme:dark}"
    html = inline_css(page('<p class="a">x</p>', css=css))
    assert "mso-padding-alt:4px" in html
    assert capfd.readouterr() == ("", "")


def test_the_same_document_gives_the_same_bytes_in_another_process() -> None:
    html = page('<p class="a b c">x</p>', css=".c{color:red}.a{margin:0}.b{padding:0;color:blue}")
    script = "import sys; from bulletin.edition.inlining import inline_css; print(inline_css(sys.argv[1]), end='')"
    runs = [
        subprocess.run(
            [sys.executable, "-c", script, html],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs == [inline_css(html)] * 2


def test_nothing_heavy_is_loaded_before_the_first_edition_is_rendered() -> None:
    script = (
        "import sys, bulletin.edition.rendering; "
        "print({'premailer', 'cssutils', 'lxml', 'requests', 'PIL', 'markdown_it'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_the_rules_of_a_sheet_are_the_same_the_second_time_and_no_other_sheets() -> None:
    def page(sheet: str) -> str:
        return f'<html><head><style>{sheet}</style></head><body><p class="a b">Words</p></body></html>'

    sheets = [f".a{{color:#00000{number}}}.b{{margin:{number}px}}" for number in range(1, 10)]
    first = [inline_css(page(sheet)) for sheet in sheets]
    assert [inline_css(page(sheet)) for sheet in sheets] == first
    assert all(f"margin:{number}px" in html for number, html in enumerate(first, 1))
    hovered = page(".a{color:#000000}.a:hover{color:#111111}")
    assert inline_css(hovered) == inline_css(hovered)
    assert "a:hover" in inline_css(hovered)
