"""Bisection finds the intervals that a comparison with each of them finds, in the order in which they were given."""

from hypothesis import given
from hypothesis import strategies as st

from scheduler.verify.timeline import Timeline

seconds = st.integers(0, 20)
intervals = st.tuples(seconds, st.integers(1, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(intervals, max_size=12), intervals)
def test_the_overlapping_intervals_are_found(given_intervals: list[tuple[int, int]], slot: tuple[int, int]) -> None:
    timeline = Timeline((start, end, number) for number, (start, end) in enumerate(given_intervals))
    first, last = slot
    assert timeline.overlapping(first, last) == [
        number for number, (start, end) in enumerate(given_intervals) if start < last and first < end
    ]


@given(st.lists(intervals, max_size=12), seconds)
def test_the_intervals_at_a_moment_are_found(given_intervals: list[tuple[int, int]], moment: int) -> None:
    timeline = Timeline((start, end, number) for number, (start, end) in enumerate(given_intervals))
    assert timeline.at(moment) == [
        number for number, (start, end) in enumerate(given_intervals) if start <= moment < end
    ]
