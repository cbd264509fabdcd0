"""The slots that each meeting may take live here, and what each is worth: one function a rule, as arrays."""

from collections.abc import Collection, Iterator, Sequence, Sized
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property

import numpy as np

from scheduler.attendance import PartyChances, party_chances
from scheduler.availability import Availability, Slots
from scheduler.days import (
    WEEKDAYS,
    days_between,
    is_holiday,
    start_on,
    working_day_on_or_before,
)
from scheduler.intervals import BoolArray, FloatArray, to_seconds
from scheduler.problem import Meeting, Problem
from scheduler.proposal import RuleInstance

ROUNDING = 1e-9  # a chance this little below its limit is rounding, not a breach
Ruled = Iterator[tuple[RuleInstance, BoolArray]]


@dataclass(frozen=True, slots=True)
class MeetingCandidates:
    """The slots that one meeting may take, by start, and how each would go."""

    meeting: Meeting
    slots: Slots
    chances: PartyChances
    gains: FloatArray  # the meeting's weight · expected attendance, shape (slots,)


class Candidates:
    """Every meeting's candidates, in the order of ``problem.meetings``."""

    def __init__(self, problem: Problem, availability: Availability | None = None) -> None:
        self.problem = problem
        self.availability = availability or Availability(problem)
        self._grids: dict[tuple[time, ...], Slots] = {}

    @cached_property
    def meetings(self) -> tuple[MeetingCandidates, ...]:
        """What each meeting may take; a meeting may have none."""
        return tuple(self.without((), meeting) for meeting in self.problem.meetings)

    def without(self, given_up: Collection[RuleInstance], meeting: Meeting) -> MeetingCandidates:
        """Return what a meeting may take when some rules are given up."""
        one = self.on_allowed_days(meeting, given_up)
        keep = self.is_attended(meeting, one.chances, given_up)
        return MeetingCandidates(meeting, one.slots[keep], _chosen(one.chances, keep), one.gains[keep])

    def on_allowed_days(self, meeting: Meeting, given_up: Collection[RuleInstance] = ()) -> MeetingCandidates:
        """Return the slots that every rule about the date alone allows; a pinned meeting's is allowed by its pin."""
        slots = self.grid(meeting)
        if meeting.pinned is None:
            slots = slots[_all(self.day_rules(meeting, slots), slots, given_up)]
        chances = party_chances(self.availability, meeting, slots)
        return MeetingCandidates(meeting, slots, chances, meeting.weight * chances.expected_attendance)

    def is_attended(
        self, meeting: Meeting, chances: PartyChances, given_up: Collection[RuleInstance] = ()
    ) -> BoolArray:
        """Tell of each slot whether every rule about chances allows it; a pin sets them aside."""
        if meeting.pinned is not None:
            return np.ones(len(chances.expected_attendance), dtype=np.bool_)
        return _all(self.attendance_rules(meeting, chances), chances.expected_attendance, given_up)

    def grid(self, meeting: Meeting) -> Slots:
        """Return every slot that the horizon and the meeting's own starts make; a pinned meeting has just one."""
        duration = meeting.duration_minutes * 60
        if meeting.pinned is not None:
            start = self.problem.instant(meeting.pinned)
            day = start.astimezone(self.problem.zone).toordinal()
            seconds = to_seconds(start)
            return Slots(np.array([day]), np.array([seconds]), np.array([seconds + duration]))
        grid = self.grid_of(meeting.start_clocks)
        return Slots(grid.days, grid.starts, grid.starts + duration)

    def grid_of(self, clocks: tuple[time, ...]) -> Slots:
        """Return every slot that the horizon and these starts make, of no duration."""
        if clocks not in self._grids:
            self._grids[clocks] = _grid(self.problem, clocks)
        return self._grids[clocks]

    def day_rules(self, meeting: Meeting, slots: Slots) -> Ruled:
        """Yield each rule instance that looks at the date alone, and the slots that it allows."""
        yield RuleInstance(rule="window", meeting=meeting.id), window(self.problem, meeting, slots)
        yield (
            RuleInstance(rule="weekday_and_start", meeting=meeting.id),
            weekday_and_start(meeting, slots),
        )
        yield from self.rules_of_all(slots)
        if meeting.notice_days is not None:
            yield RuleInstance(rule="notice", meeting=meeting.id), notice(self.problem, meeting, slots)

    def rules_of_all(self, slots: Slots) -> Ruled:
        """Yield each rule instance that looks at the date, whatever the meeting, and the slots that it allows."""
        yield RuleInstance(rule="holiday"), self._by_day(slots, self._holidays)
        for index, blackout in enumerate(self.problem.blackouts):
            if blackout.parties is None:
                yield RuleInstance(rule="blackout", index=index), outside(blackout.start, blackout.end, slots)

    def attendance_rules(self, meeting: Meeting, chances: PartyChances) -> Ruled:
        """Yield each rule instance that looks at chances, and the slots that it allows."""
        for required in meeting.required:
            instance = RuleInstance(rule="required_person", meeting=meeting.id, person=required.person)
            yield instance, required_person(chances, required.person, required.at_least)
        if meeting.quorum_probability is not None:
            instance = RuleInstance(rule="quorum_likely", meeting=meeting.id)
            yield instance, quorum_likely(chances, meeting.quorum_probability)

    @cached_property
    def _holidays(self) -> frozenset[int]:
        horizon = self.problem.horizon
        days = days_between(horizon.start, horizon.end)
        return frozenset(day.toordinal() for day in days if is_holiday(day, self.problem.holidays))

    @staticmethod
    def _by_day(slots: Slots, shut: frozenset[int]) -> BoolArray:
        return np.isin(slots.days, np.fromiter(shut, dtype=np.int64, count=len(shut)), invert=True)


def window(problem: Problem, meeting: Meeting, slots: Slots) -> BoolArray:
    """Allow the days of the meeting's window, cut to the horizon."""
    first, last = problem.window(meeting)
    return np.asarray((slots.days >= first.toordinal()) & (slots.days <= last.toordinal()), dtype=np.bool_)


def weekday_and_start(meeting: Meeting, slots: Slots) -> BoolArray:
    """Allow the meeting's weekdays; its starts are the grid's already."""
    wanted = np.zeros(7, dtype=np.bool_)
    wanted[[WEEKDAYS.index(name) for name in meeting.weekdays]] = True
    return np.asarray(wanted[(slots.days + 6) % 7], dtype=np.bool_)  # ordinal 1 was a Monday


def outside(start: date, end: date, slots: Slots) -> BoolArray:
    """Allow every day but those from ``start`` to ``end``."""
    return np.asarray((slots.days < start.toordinal()) | (slots.days > end.toordinal()), dtype=np.bool_)


def notice(problem: Problem, meeting: Meeting, slots: Slots) -> BoolArray:
    """Allow the days for which notice can still be given."""
    days, position = np.unique(slots.days, return_inverse=True)
    days_in_time = [notice_by(problem, meeting, date.fromordinal(int(day))) for day in days]
    in_time = np.array([by is None or by >= problem.today for by in days_in_time], dtype=np.bool_)
    return np.asarray(in_time[position], dtype=np.bool_)


def notice_by(problem: Problem, meeting: Meeting, day: date) -> date | None:
    """Return the last working day on which notice of a meeting on ``day`` can be given; None when none is asked."""
    if meeting.notice_days is None:
        return None
    return working_day_on_or_before(date.fromordinal(day.toordinal() - meeting.notice_days), problem.holidays)


def required_person(chances: PartyChances, person: str, at_least: float) -> BoolArray:
    """Allow the slots to which ``person`` comes likely enough."""
    row = chances.people.people.index(person)
    return np.asarray(chances.people.probability[row] >= at_least - ROUNDING, dtype=np.bool_)


def quorum_likely(chances: PartyChances, at_least: float) -> BoolArray:
    """Allow the slots at which the quorum is likely enough."""
    return np.asarray(chances.quorum_probability >= at_least - ROUNDING, dtype=np.bool_)


def _grid(problem: Problem, clocks: Sequence[time]) -> Slots:
    found = [
        (day.toordinal(), to_seconds(start))
        for day in days_between(problem.horizon.start, problem.horizon.end)
        for start in (start_on(day, clock, problem.zone) for clock in clocks)
        if start is not None
    ]
    table = np.array(found, dtype=np.int64).reshape(-1, 2)
    table = table[np.argsort(table[:, 1], kind="stable")]
    return Slots(table[:, 0], table[:, 1], table[:, 1])


def _all(rules: Ruled, slots: Sized, given_up: Collection[RuleInstance]) -> BoolArray:
    allowed = np.ones(len(slots), dtype=np.bool_)
    for instance, mask in rules:
        if instance not in given_up:
            allowed &= mask
    return allowed


def _chosen(chances: PartyChances, keep: BoolArray) -> PartyChances:
    people = chances.people
    return PartyChances(
        type(people)(
            people.people, people.probability[:, keep], people.answered[:, keep], people.has_calendar[:, keep]
        ),
        chances.probability[:, keep],
        chances.expected_attendance[keep],
        chances.quorum_probability[keep],
    )
