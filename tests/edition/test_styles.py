"""Which rules of a theme's style sheets an email carries."""

import pytest

from bulletin.edition.styles import drop_unused


def _leave(sheet: str, body: str) -> str:
    html = drop_unused(f"<style>{sheet}</style><body>{body}</body>")
    return html.removeprefix("<style>").removesuffix(f"</style><body>{body}</body>")


@pytest.mark.parametrize(
    ("sheet", "left"),
    [
        (".box{color:red}.quote{color:blue}", ".box{color:red}"),
        (".quote,.box{color:red}", ".box{color:red}"),
        ("@media print{.quote{color:red}.box{color:blue}}", "@media print{.box{color:blue}}"),
        (".box .quote{color:red}", ""),
        (".box.quote{color:red}", ""),
        ("[data-ogsc] .quote{color:red}[data-ogsc] .box{color:blue}", "[data-ogsc] .box{color:blue}"),
        ("/* .box{ */.quote{color:red}", ""),
    ],
)
def test_a_rule_for_a_class_that_no_element_has_is_left_out(sheet: str, left: str) -> None:
    assert _leave(sheet, '<p class="text box">Words</p>') == left


@pytest.mark.parametrize(
    "sheet",
    [
        ":root{color-scheme:light dark}",
        "body{margin:0}a{color:red}",
        '@font-face{font-family:"A.quote";src:url(a.woff2)}',
        "@keyframes slide{0%{left:0}12.5%{left:1px}}",
        'a[href$=".pdf"]{color:red}',
        "p:not(.quote){color:red}",
        r".sm\:wide{width:1px}",
        "@import url(quote.css);.box{line-height:1.5em}",
    ],
)
def test_a_rule_that_may_apply_stays(sheet: str) -> None:
    assert _leave(sheet, '<p class="box">Words</p>') == sheet


@pytest.mark.parametrize("element", ['<p class="a box">', "<p class='a box'>", "<p class=box>", '<P CLASS = "box">'])
def test_a_class_is_found_however_it_is_written(element: str) -> None:
    assert _leave(".box{color:red}", element) == ".box{color:red}"


def test_a_sheet_of_any_length_takes_no_longer_than_its_length() -> None:
    for sheet in ("." * 200_000, "," * 200_000, "a{" * 100_000, ".a" * 100_000 + "{}"):
        assert drop_unused(f"<style>{sheet}</style>").endswith("</style>")
