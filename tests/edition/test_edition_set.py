"""The editions of a mailing as one set: whose is which, and which one is left when consent is withdrawn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anytown import make_edition
from bulletin.edition.audiences import AudienceEdition
from bulletin.edition.edition_set import (
    EditionSet,
    find_twins,
    make_set,
    name_audience,
    read_signatures,
    write_signatures,
)
from bulletin.issue.audience import PUBLIC, Audience
from edition_sets import list_combinations, make_editions

audiences = st.builds(
    Audience, lists=st.frozensets(st.sampled_from(["partners", "schools", "early-years", "a"])), consent=st.booleans()
)


def an_edition(number: int, *signatures: Audience) -> AudienceEdition:
    return AudienceEdition(
        number=number,
        audience=signatures[0],
        signatures=signatures,
        words="",
        edition=make_edition(words=f"Number {number}"),
        items=(),
    )


def test_one_edition_alone_is_for_everyone() -> None:
    alone = make_set(make_edition())

    assert alone.is_alone
    assert alone.numbers == {PUBLIC: 1}
    assert make_set(alone) is alone


def test_an_edition_for_those_who_consent_has_the_twin_of_the_same_lists() -> None:
    several = make_editions("partners", "schools", by_consent=True)
    twins = find_twins({one.number: one.signatures for one in several.editions})

    assert len(several.editions) == 8
    for one in several.editions:
        without = Audience(lists=one.audience.lists)
        assert twins.get(one.number, one.number) == several.numbers[without]


def test_those_who_consent_and_see_no_marketing_have_no_other_edition_to_move_to() -> None:
    shared = {1: (PUBLIC, Audience(consent=True)), 2: (Audience(lists=frozenset({"schools"})),)}

    assert find_twins(shared) == {}


@pytest.mark.parametrize(
    "editions",
    [
        (),
        (an_edition(2, PUBLIC),),
        (an_edition(1, PUBLIC), an_edition(1, Audience(lists=frozenset({"schools"})))),
        (an_edition(1, PUBLIC), an_edition(2, PUBLIC)),
        (an_edition(1, Audience(consent=True)),),
    ],
    ids=["none", "not from 1", "a number twice", "a signature twice", "without a twin"],
)
def test_a_set_that_could_leave_a_reader_without_an_edition_is_refused(editions: tuple[AudienceEdition, ...]) -> None:
    with pytest.raises(ValueError, match="edition"):
        EditionSet(editions=editions)


@given(st.lists(audiences, unique=True))
def test_what_is_written_of_signatures_says_the_same_in_whichever_order(signatures: list[Audience]) -> None:
    written = write_signatures(signatures)

    assert write_signatures(reversed(signatures)) == written
    assert set(read_signatures(written)) == set(signatures)


def test_each_audience_has_a_name_of_its_own() -> None:
    every = list(list_combinations(["a", "b", "a-b"], by_consent=True))

    assert len({name_audience(audience) for audience in every}) == len(every)
