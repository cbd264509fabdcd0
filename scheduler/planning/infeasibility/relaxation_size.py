"""Who says how far a rule has to be loosened: just enough for one plan."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from scheduler.candidates import MeetingCandidates
from scheduler.days import WEEKDAYS, working_day_on_or_before
from scheduler.planning.search import Plan
from scheduler.problem import Meeting, Problem
from scheduler.proposal import Loosened, RuleInstance

To = tuple[str, ...] | float | int | None


@dataclass(frozen=True, slots=True)
class Held:
    """
    A plan: the slot, counted in its meeting's candidates, that each meeting of the problem takes.

    The ``problem`` has every rule as it is asked, loosened or not.
    """

    problem: Problem
    choices: Sequence[MeetingCandidates]
    plan: Plan

    def loosened(self, rule: RuleInstance) -> Loosened:
        """Return the rule loosened just enough for this plan; given up where it has no measure, or no measure helps."""
        measure = _MEASURES.get(rule.rule)
        to = None if measure is None else measure(self, rule)
        named = rule.model_dump()
        return Loosened(**named, change="drop") if to is None else Loosened(**named, change="loosen", to=to)

    def taken(self, meeting: str | None) -> tuple[Meeting, MeetingCandidates, int]:
        """Return a meeting with its candidates and the slot that it takes."""
        return next(
            (asked, one, slot)
            for asked, one, slot in zip(self.problem.meetings, self.choices, self.plan, strict=True)
            if asked.id == meeting
        )

    def day(self, meeting: str | None) -> date:
        _, one, slot = self.taken(meeting)
        return date.fromordinal(int(one.slots.days[slot]))

    def gaps(self, council: str | None) -> list[int]:
        """Return the days between a council's consecutive meetings."""
        days = [self.day(meeting.id) for meeting in self.problem.meetings_by_council[council or ""]]
        return [(following - one).days for one, following in pairwise(days)]


def _window(held: Held, rule: RuleInstance) -> To:
    meeting, _, _ = held.taken(rule.meeting)
    day = held.day(rule.meeting)
    first, last = (day, day) if meeting.window is None else (meeting.window.start, meeting.window.end)
    return min(first, day).isoformat(), max(last, day).isoformat()


def _weekdays(held: Held, rule: RuleInstance) -> To:
    meeting, _, _ = held.taken(rule.meeting)
    needed = WEEKDAYS[held.day(rule.meeting).weekday()]
    return tuple(name for name in WEEKDAYS if name == needed or name in meeting.weekdays)


def _notice_days(held: Held, rule: RuleInstance) -> To:
    meeting, _, _ = held.taken(rule.meeting)
    day, problem = held.day(rule.meeting), held.problem
    for days in range(meeting.notice_days or 0, -1, -1):
        last_notice = working_day_on_or_before(date.fromordinal(day.toordinal() - days), problem.holidays)
        if last_notice >= problem.today:
            return days
    return None  # the day itself is past


def _persons_chance(held: Held, rule: RuleInstance) -> To:
    _, one, slot = held.taken(rule.meeting)
    people = one.chances.people
    return _in_hundredths(float(people.probability[people.people.index(rule.person or ""), slot]))


def _quorum_chance(held: Held, rule: RuleInstance) -> To:
    _, one, slot = held.taken(rule.meeting)
    return _in_hundredths(float(one.chances.quorum_probability[slot]))


def _in_hundredths(chance: float) -> float | None:
    """Return the greatest whole hundredth that is not above ``chance``; None for 0, which asks for nothing."""
    hundredths = math.floor(chance * 100)
    return ((hundredths + 1) / 100 if (hundredths + 1) / 100 <= chance else hundredths / 100) or None


def _least_gap(held: Held, rule: RuleInstance) -> To:
    return min(held.gaps(rule.council))


def _greatest_gap(held: Held, rule: RuleInstance) -> To:
    return max(held.gaps(rule.council))


def _rooms(held: Held, rule: RuleInstance) -> To:
    there = [
        (one.slots.starts[slot], one.slots.ends[slot])
        for one, slot in zip(held.choices, held.plan, strict=True)
        if one.meeting.venue == rule.venue and one.meeting.mode != "online"
    ]
    return max(sum(bool(start <= begun < end) for start, end in there) for begun, _ in there)


_MEASURES: Mapping[str, Callable[[Held, RuleInstance], To]] = {
    "window": _window,
    "weekday_and_start": _weekdays,
    "notice": _notice_days,
    "required_person": _persons_chance,
    "quorum_likely": _quorum_chance,
    "spacing_min": _least_gap,
    "spacing_max": _greatest_gap,
    "rooms": _rooms,
}
