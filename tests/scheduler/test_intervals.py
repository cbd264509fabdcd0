"""Properties of interval operations, by arrays and by single intervals."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scheduler.intervals import Interval, OwnedIntervals, covered, overlap_ranges, union, without

ORIGIN = datetime(2027, 1, 1, tzinfo=UTC)
rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40), st.integers(1, 15)), max_size=12)


def at(second: int) -> datetime:
    return ORIGIN + timedelta(seconds=second)


@given(rows)
def test_a_union_covers_the_same_time_with_disjoint_intervals(found: list[tuple[int, int, int]]) -> None:
    joined = OwnedIntervals.of([(owner, start, start + length) for owner, start, length in found]).union()
    for owner in range(4):
        times = {t for who, start, length in found if who == owner for t in range(start, start + length)}
        mine = joined.owner == owner
        again = [t for a, b in zip(joined.start[mine], joined.end[mine], strict=True) for t in range(a, b)]
        assert sorted(times) == again
        assert all(joined.start[mine][1:] > joined.end[mine][:-1])


@given(rows)
def test_unions_of_arrays_and_of_single_intervals_agree(found: list[tuple[int, int, int]]) -> None:
    mine = [(start, start + length) for owner, start, length in found if owner == 0]
    joined = OwnedIntervals.of([(0, *pair) for pair in mine]).union()
    slow = union([Interval(at(start), at(end)) for start, end in mine])
    assert [(at(int(a)), at(int(b))) for a, b in zip(joined.start, joined.end, strict=True)] == [
        (one.start, one.end) for one in slow
    ]


@given(rows)
def test_a_difference_covers_the_time_outside_the_removed_intervals(found: list[tuple[int, int, int]]) -> None:
    mine = [(start, start + length) for owner, start, length in found if owner == 0]
    taken = [(start, start + length) for owner, start, length in found if owner == 1]
    left = without(*([Interval(at(start), at(end)) for start, end in each] for each in (mine, taken)))
    inside, gone = ({t for start, end in each for t in range(start, end)} for each in (mine, taken))
    again = [at(t) for t in range(60) for one in left if one.start <= at(t) < one.end]
    assert again == [at(t) for t in sorted(inside - gone)]
    assert all(one.start < one.end for one in left)


@given(rows, st.integers(1, 6), st.lists(st.integers(0, 50), min_size=1, max_size=6, unique=True))
def test_a_slot_is_covered_when_one_interval_contains_it(
    found: list[tuple[int, int, int]], length: int, starts: list[int]
) -> None:
    slots = np.sort(np.array(starts))[None, :]
    known = OwnedIntervals.of([(owner, start, start + size) for owner, start, size in found]).union()
    told = covered(known, 4, slots, slots + length)
    for owner in range(4):
        times = {t for who, start, size in found if who == owner for t in range(start, start + size)}
        assert told[owner].tolist() == [set(range(slot, slot + length)) <= times for slot in slots[0].tolist()]


@given(rows, st.integers(1, 6), st.lists(st.integers(0, 50), min_size=1, max_size=6, unique=True))
def test_overlap_ranges_contain_the_overlapping_slots(
    found: list[tuple[int, int, int]], length: int, starts: list[int]
) -> None:
    slots = np.sort(np.array(starts))
    begins = np.array([start for _, start, _ in found], dtype=np.int64)
    ends = np.array([start + size for _, start, size in found], dtype=np.int64)
    first, last = overlap_ranges(begins, ends, slots, slots + length)
    for row in range(len(found)):
        overlapping = [i for i, slot in enumerate(slots) if slot < ends[row] and begins[row] < slot + length]
        assert list(range(first[row], last[row])) == overlapping
