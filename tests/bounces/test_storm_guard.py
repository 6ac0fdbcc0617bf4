from __future__ import annotations

import pytest

from bulletin.bounces.storm_guard import GuardedReading, PlannedSuppression, guard_reading


def plan(
    number: int, domain: str = "", *, mailing: int = 1, edge: bool = False, start: int = 1
) -> list[PlannedSuppression]:
    return [
        PlannedSuppression(start + index, mailing, domain or f"d{start + index}.example", edge)
        for index in range(number)
    ]


def guard(
    planned: list[PlannedSuppression], *, sent: int = 400, at_domain: int = 100, confirmed: bool = False
) -> GuardedReading:
    places = {(one.mailing, one.domain): at_domain for one in planned}
    return guard_reading(planned, sent={1: sent, 2: sent}, sent_to_domain=places, confirmed=confirmed)


@pytest.mark.parametrize(
    ("number", "sent", "applied"),
    [(20, 100, True), (21, 100, False), (21, 420, True), (21, 419, False), (1000, 100_000, True), (0, 0, True)],
)
def test_more_than_twenty_and_five_per_cent_of_a_mailing_wait(number: int, sent: int, applied: bool) -> None:  # noqa: FBT001
    found = guard(plan(number), sent=sent)

    assert (not found.reasons) is applied
    assert len(found.applied) == (number if applied else 0)


@pytest.mark.parametrize(
    ("number", "at_domain", "applied"), [(4, 4, True), (5, 5, False), (8, 10, False), (7, 10, True)]
)
def test_four_fifths_of_a_domain_wait(number: int, at_domain: int, applied: bool) -> None:  # noqa: FBT001
    found = guard(plan(number, "nhs.example"), at_domain=at_domain)

    assert (not found.reasons) is applied
    assert applied or "nhs.example" in found.reasons[0]


def test_one_crowded_domain_holds_all_others_up() -> None:
    found = guard([*plan(5, "nhs.example"), *plan(1, "school.example", start=50)], at_domain=5)

    assert found.applied == ()


def test_a_person_may_let_it_happen() -> None:
    assert len(guard(plan(50), confirmed=True).applied) == 50


def test_the_same_reader_counts_once() -> None:
    assert guard(plan(15) * 3, sent=100).reasons == ()


def test_each_mailing_counts_for_itself() -> None:
    assert guard([*plan(15), *plan(15, mailing=2, start=100)], sent=100).reasons == ()


@pytest.mark.parametrize(("number", "held"), [(1, 0), (2, 0), (3, 3)])
def test_access_denied_by_exchange_online_is_believed_for_two_of_a_domain(number: int, held: int) -> None:
    found = guard([*plan(number, "a.example", edge=True), *plan(2, "b.example", edge=True, start=60)])

    assert len(found.held) == held
    assert len(found.applied) == number - held + 2


def test_what_is_held_does_not_count_as_a_storm() -> None:
    found = guard([*plan(30, "a.example", edge=True), *plan(1, start=90)], sent=100, at_domain=30)

    assert found.reasons == ()
    assert len(found.applied) == 1
