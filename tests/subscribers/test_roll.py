from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import Fault
from bulletin.subscribers.address import parse_address
from bulletin.subscribers.lists import ListEntry, ListFile
from bulletin.subscribers.roll import RollChange, call_roll, compare_roll, count_heads

SALT = bytes(16)
PEOPLE = [f"reader-{number}@example.org" for number in range(30)]


def declare(*addresses: str, spoilt: tuple[str, ...] = ()) -> ListFile:
    entries = [
        ListEntry(line=line, address=parse_address(written), name="", details={})
        for line, written in enumerate(addresses)
    ]
    faults = [Fault(file="partners.csv", line=1, message="", excerpt=row) for row in spoilt]
    return ListFile(entries=tuple(entries), faults=tuple(faults))


def compare(before: ListFile, now: ListFile) -> RollChange | None:
    return compare_roll("partners", call_roll(before, salt=SALT), now)


@given(st.sets(st.sampled_from(PEOPLE)), st.permutations(PEOPLE), st.integers(0, 30))
def test_a_roll_tells_how_many_joined_and_left(before: set[str], order: list[str], many: int) -> None:
    now = set(order[:many])
    change = compare(declare(*before), declare(*now))

    if before == now:
        assert change is None
    else:
        assert change
        assert (change.joined, change.left) == (len(now - before), len(before - now))
        assert (change.before, change.now) == (len(before), len(now))


def test_a_change_is_noticed_where_two_people_have_one_mark() -> None:
    roll = call_roll(declare("reader-1@example.org"), salt=SALT)
    other = declare("reader-2@example.org")
    alike = type(roll)(count=roll.count, salt=SALT, marks=call_roll(other, salt=SALT).marks, unusable=b"")

    change = compare_roll("partners", alike, other)
    assert change
    assert str(change) == "partners +1 −1"


def test_a_roll_takes_four_octets_a_person_and_differs_with_each_salt() -> None:
    file = declare(*PEOPLE)
    roll, other = call_roll(file, salt=SALT), call_roll(file, salt=b"another salt, 16")

    assert len(roll.marks) == 4 * len(PEOPLE)
    assert roll.marks != other.marks
    assert roll.count == other.count == count_heads(declare(*reversed(PEOPLE)))


def test_only_rows_that_were_not_there_before_count_as_unusable() -> None:
    before = declare(*PEOPLE, spoilt=("nina at example.org",))

    assert compare(before, declare(*PEOPLE, spoilt=("nina at example.org",))) is None
    change = compare(before, declare(*PEOPLE, spoilt=("nina at example.org", "oleg at example.org")))
    assert change
    assert [fault.excerpt for fault in change.unusable] == ["oleg at example.org"]


def test_the_largest_change_that_is_still_small_grows_with_the_list_up_to_ten() -> None:
    def largest(before: int) -> int:
        changes = (
            RollChange(name="", before=before, now=before, joined=joined, left=0).is_large for joined in range(20)
        )
        return list(changes).index(True) - 1

    sizes = {1: 2, 4: 2, 40: 2, 59: 2, 60: 3, 199: 9, 200: 10, 1_000: 10, 100_000: 10}
    assert {before: largest(before) for before in sizes} == sizes
    assert RollChange(name="", before=1, now=0, joined=0, left=1).is_large
