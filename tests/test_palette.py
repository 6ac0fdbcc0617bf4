from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.edition.palette import LEAST_CONTRAST, Scheme, derive_palette, measure_contrast, mix
from bulletin.errors import BulletinError

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def assert_legible(scheme: Scheme) -> None:
    for words in (scheme.ink, scheme.quiet, scheme.accent):
        for surface in (scheme.page, scheme.card, scheme.tint):
            assert measure_contrast(words, surface) >= LEAST_CONTRAST, (words, surface)
    assert measure_contrast(scheme.on_fill, scheme.fill) >= LEAST_CONTRAST
    for surface in (scheme.card, scheme.tint):  # WCAG 2.2, 1.4.11: buttons and the notice's border
        assert measure_contrast(scheme.fill, surface) >= 3


@pytest.mark.parametrize(
    ("colour", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#777777", "#ffffff", 4.48), ("#0000ff", "#ffffff", 8.59)],
)
def test_contrast_is_measured_as_wcag_defines_it_whichever_colour_comes_first(
    colour: str, other: str, ratio: float
) -> None:
    assert measure_contrast(colour, other) == pytest.approx(ratio, abs=0.01)
    assert measure_contrast(other, colour) == measure_contrast(colour, other)


@given(COLOURS)
def test_whatever_accent_is_taken_all_text_can_be_read_in_light_and_dark(accent: str) -> None:
    if measure_contrast(accent, "#ffffff") < LEAST_CONTRAST:
        with pytest.raises(BulletinError):
            derive_palette(accent)
    else:
        palette = derive_palette(accent)
        assert_legible(palette.light)
        assert_legible(palette.dark)
        assert measure_contrast(palette.on_band, palette.band) >= LEAST_CONTRAST


@given(COLOURS)
def test_too_pale_an_accent_is_refused_with_a_shade_that_will_do(accent: str) -> None:
    pale = mix(accent, "#ffffff", 0.9)
    with pytest.raises(BulletinError, match="too pale") as caught:
        derive_palette(pale)
    assert pale in caught.value.message
    suggested = caught.value.remedy.split()[-1].rstrip(".")
    assert derive_palette(suggested).light.fill == suggested


def test_a_dark_accent_is_used_as_it_is_on_light_ground_and_lightened_on_dark() -> None:
    palette = derive_palette("#17505f")
    assert palette.light.accent == palette.light.fill == palette.band == "#17505f"
    assert measure_contrast(palette.dark.accent, "#000000") > measure_contrast("#17505f", "#000000")


def test_an_accent_that_only_just_stands_out_from_white_is_darkened_for_words_on_tinted_ground() -> None:
    palette = derive_palette("#767676")
    assert palette.light.fill == "#767676"
    assert palette.light.accent != "#767676"
