from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import specimen
from bulletin.proof.rule import Example
from bulletin.proof.rules.mail.mail_clients import _INSTEAD, load_support
from bulletin.proof.theme.css import cover_jinja
from bulletin.proof.theme.css_features import find_uses
from bulletin.workspace.package_data import theme_folder
from checkout import ROOT
from proof_case import covered, find

DATA = ROOT / "bulletin/proof/theme/client_support"


def find_harm(text: str, *, is_style: bool) -> dict[str, tuple[str, ...]]:
    support = load_support()
    uses = ((use, support.find_losers(use)) for use in find_uses(text, is_style=is_style))
    return {support.find_feature(use.feature): losers for use, losers in uses if losers}


@pytest.mark.parametrize("path", sorted((theme_folder() / "email").rglob("*.*")), ids=lambda path: path.name)
def test_the_usual_theme_needs_nothing_that_a_program_lacks(path: Path) -> None:
    assert find_harm(path.read_text(encoding="utf-8"), is_style=path.suffix == ".css") == {}


def test_the_rendered_specimen_needs_nothing_that_a_program_lacks() -> None:
    assert find_harm(specimen.render().html, is_style=False) == {}


@pytest.mark.parametrize(
    ("css", "features"),
    [
        (".a{display:flex;gap:8px;align-items:center}", ["css-display-flex"]),
        (".a{display:inline-grid}", ["css-display-grid"]),
        (".a{display:none}", []),
        (".a{float:left}", ["css-float"]),
        (".a{float:none;position:relative}", []),
        (".a{position:absolute;top:0}", ["css-position"]),
        (".a{--space:8px;margin:var(--space)}", ["css-variables"]),
        (".a{width:calc(100% - 8px)}", ["css-unit-calc"]),
        (".a{width:100%;width:calc(100% - 8px)}", []),
        (".a{font-size:1.2rem}", ["css-unit-rem"]),
        (".a{font-size:19px;font-size:1.2rem}", []),
        (".rem2{margin:0}", []),
        (".a{color:rgba(0,0,0,.8)}", ["css-rgba"]),
        (".a{background-image:url(x.png)}", ["css-background-image"]),
        (".a{background-color:#eee;background-image:url(x.png)}", []),
        (".a{background:url(x.webp)}", ["image-webp"]),
        (".a::before{content:'x'}", ["css-pseudo-element-before"]),
        (".a:first-child{margin:0}", ["css-pseudo-class-first-child"]),
        (".a:hover{color:#000000}", []),
        (".a>.b,.a .b,.a+.b,*{margin:0}", []),
        (".a{border-radius:8px;box-shadow:0 0 4px #ccc;opacity:.9;transition:all 1s}", []),
        (".a{border-top-left-radius:8px;padding-left:8px;mso-padding-alt:0;-webkit-box-orient:vertical}", []),
        (".a{padding-block-start:8px}", ["css-padding-block-start-end"]),
        (".a{margin-inline:8px}", ["css-margin-inline-block"]),
        ("@import url(x.css);", ["css-at-import"]),
        ("@font-face{font-family:x;src:url(x.woff2)}", []),
        (".a{.b &{margin:0}}", ["css-nesting"]),
        ("/* .a{display:flex} */", []),
        (".a{color:{{ palette.light.ink }}}", []),
        ("{# .a{display:flex} #}.a{margin:0}", []),
        ("[data-ogsc] .a{color:rgba(0,0,0,.8)!important}", []),
    ],
)
def test_a_style_that_breaks_is_told_apart_from_one_that_no_one_misses(css: str, features: list[str]) -> None:
    assert set(find_harm(css, is_style=True)) <= set(features)
    assert bool(find_harm(css, is_style=True)) == bool(features)


@pytest.mark.parametrize(
    ("html", "features"),
    [
        ('<div style="display:flex">', ["css-display-flex"]),
        ("<div style='color:#333;display:grid'>", ["css-display-grid"]),
        ("<svg viewBox='0 0 1 1'></svg>", ["html-svg"]),
        ("<video src=x.mp4></video>", ["html-video", "image-mp4"]),
        ("<input type=checkbox>", ["html-input-checkbox"]),
        ("<input>", ["html-input-text"]),
        ("<p hidden>", ["html-hidden"]),
        ('<img src="https://www.example.org/a.svg?x" alt="">', ["image-svg"]),
        ('<img src="data:image/png;base64,AAAA" alt="">', ["image-base64"]),
        ('<img src="cid:{{ shown.cid }}" srcset="x" loading="lazy" alt="">', []),
        ('<section aria-label="x" role="region"><h2>x</h2></section>', []),
        ('<link rel="stylesheet" href="x.css">', ["html-link"]),
        ('<link rel="icon" href="x.png">', []),
        ("<style>.a{display:flex}</style>", ["css-display-flex"]),
        ("<!-- <svg></svg> -->", []),
        ("<!--[if mso]><style>.a{float:left}</style><![endif]-->", []),
        ('{% if x %}<td class="{{ "a" if x > 3 }}" style="padding:0">{% endif %}', []),
    ],
)
def test_an_element_that_breaks_is_told_apart_from_one_that_no_one_misses(html: str, features: list[str]) -> None:
    assert sorted(find_harm(html, is_style=False)) == features


def test_what_a_program_skips_does_it_no_harm() -> None:
    inside = find_harm("@media (max-width:600px){.a{visibility:hidden}}", is_style=True)["css-visibility"]
    outside = find_harm(".a{visibility:hidden}", is_style=True)["css-visibility"]
    assert "Outlook for Windows" in outside
    assert "Outlook for Windows" not in inside
    assert "Gmail" in inside


def test_a_finding_is_at_the_line_of_the_theme_and_names_the_programs() -> None:
    css = "/* theme 2 */.a{margin:0}\n.b{color:{{ colours.ink }};\n  display:flex}\n.c{display:flex}\n"
    (finding,) = find(Example(files={"templates/email/styles/box.css": css}), "MAIL07")
    assert (finding.file, finding.line, finding.column) == ("templates/email/styles/box.css", 3, 3)
    assert covered(finding) == "display:flex"
    assert "Outlook for Windows" in finding.message
    assert "https://www.caniemail.com/features/css-display-flex/" in finding.remedy


def test_a_style_that_a_template_puts_together_is_found_where_it_is_rendered() -> None:
    own = "{# theme 2 #}{% set how = 'fle' ~ 'x' %}\n<p style=\"display:{{ how }}\">{{ slots.unsubscribe }}</p>\n"
    (finding,) = find(Example(files={"templates/email/parts/help.html.j2": own}), "MAIL07")
    assert (finding.file, finding.line) == ("templates/email/parts/help.html.j2", 1)


def test_a_theme_of_the_workspace_that_uses_what_all_programs_have_is_left_alone() -> None:
    css = (theme_folder() / "email/styles/section.css").read_text(encoding="utf-8").replace("28px", "30px")
    found = find(Example(files={"templates/email/styles/section.css": css}))
    assert [finding for finding in found if finding.code.startswith(("MAIL", "ACC"))] == []


def test_the_data_name_their_origin_date_and_licence() -> None:
    support = load_support()
    assert "caniemail" in support.origin
    assert "20" in support.origin
    assert "MIT License" in (DATA / "LICENSE").read_text(encoding="utf-8")
    assert all(support.lack.values())
    assert {client for clients in support.lack.values() for client in clients} <= set(support.clients)


def test_every_name_in_the_table_of_the_harmless_is_one_of_the_data() -> None:
    support = load_support()
    lines = (DATA / "harmless.txt").read_text(encoding="utf-8").splitlines()
    names = [name for line in lines if line.startswith(("css-", "html-", "image-")) for name in line.split()]
    assert len(names) > 50
    assert [name for name in names if "*" not in name and name not in support.lack] == []
    assert all(reason.endswith(".") for reason in support.harmless.values())
    assert set(_INSTEAD) <= set(support.lack) - set(support.harmless)


@given(st.text(st.sampled_from(list("{}%#;:/*\"'<>=@!-& ab\n")), max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert len(cover_jinja(text)) == len(text)
    for is_style in (True, False):
        assert all(0 <= use.start <= use.end <= len(text) for use in find_uses(text, is_style=is_style))


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["{{", "{%", "{{}}", "{", "}", "/*", "<a ", "<", "<a>", "<style", '<a b="', "a:b;", "<!--", "@media{"]
)
def test_a_long_text_takes_time_in_proportion(piece: str) -> None:
    times = []
    for length in (20_000, 80_000):
        start = time.process_time()
        for is_style in (True, False):
            list(find_uses(piece * (length // len(piece)), is_style=is_style))
        times.append(time.process_time() - start)
    assert times[1] < 12 * times[0] + 0.5
