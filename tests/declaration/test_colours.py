from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.colours import BLACK, LEAST_CONTRAST, WHITE, measure_contrast, mix, strengthen

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


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
def test_a_colour_is_strengthened_just_as_far_as_it_needs(colour: str) -> None:
    strong = strengthen(colour, BLACK, [WHITE])

    assert measure_contrast(strong, WHITE) >= LEAST_CONTRAST
    if measure_contrast(colour, WHITE) >= LEAST_CONTRAST:
        assert strong == colour


@given(COLOURS, COLOURS)
def test_a_mix_goes_from_the_one_colour_to_the_other(one: str, other: str) -> None:
    assert (mix(one, other, 0), mix(one, other, 1)) == (one, other)
