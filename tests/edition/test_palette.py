from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.colours import BLACK, LEAST_CONTRAST, WHITE, measure_contrast, strengthen
from bulletin.edition.palette import Scheme, derive_palette

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def assert_legible(scheme: Scheme) -> None:
    for words in (scheme.ink, scheme.quiet, scheme.accent):
        for surface in (scheme.page, scheme.card, scheme.tint):
            assert measure_contrast(words, surface) >= LEAST_CONTRAST, (words, surface)
    assert measure_contrast(scheme.on_fill, scheme.fill) >= LEAST_CONTRAST
    for surface in (scheme.card, scheme.tint):  # WCAG 2.2, 1.4.11: buttons and the notice's border
        assert measure_contrast(scheme.fill, surface) >= 3


@given(COLOURS)
def test_whatever_accent_is_taken_all_text_can_be_read_in_light_and_dark(colour: str) -> None:
    palette = derive_palette(strengthen(colour, BLACK, [WHITE]))

    assert_legible(palette.light)
    assert_legible(palette.dark)
    assert measure_contrast(palette.on_band, palette.band) >= LEAST_CONTRAST


def test_a_dark_accent_is_used_as_it_is_on_light_ground_and_lightened_on_dark() -> None:
    palette = derive_palette("#17505f")
    assert palette.light.accent == palette.light.fill == palette.band == "#17505f"
    assert measure_contrast(palette.dark.accent, "#000000") > measure_contrast("#17505f", "#000000")


def test_an_accent_that_only_just_stands_out_from_white_is_darkened_for_words_on_tinted_ground() -> None:
    palette = derive_palette("#767676")
    assert palette.light.fill == "#767676"
    assert palette.light.accent != "#767676"
