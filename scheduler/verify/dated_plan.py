"""A plan as the rules of the checker see it: the start of every meeting, and which of the meetings were held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from scheduler.intervals import Interval, to_seconds
from scheduler.problem import Meeting, Problem
from scheduler.verify.chances import ChanceModel


@dataclass(frozen=True)
class DatedPlan:
    """A start for every meeting of a problem, the probabilities of attendance, and the meetings that were held."""

    chances: ChanceModel
    starts: Mapping[str, datetime]  # aware, by meeting
    held: Mapping[str, datetime]  # as `held_starts` returns it

    @property
    def problem(self) -> Problem:
        return self.chances.problem

    @cached_property
    def _slots(self) -> dict[str, Interval]:
        """The slot of every meeting that has a start."""
        dated = (meeting for meeting in self.problem.meetings if meeting.id in self.starts)
        return {meeting.id: self.chances.slot(meeting, self.starts[meeting.id]) for meeting in dated}

    def slot(self, meeting: Meeting) -> Interval:
        return self._slots[meeting.id]

    def seconds(self, meeting: Meeting) -> tuple[int, int]:
        """Return start and end in seconds since 1970."""
        slot = self.slot(meeting)
        return to_seconds(slot.start), to_seconds(slot.end)

    def wall(self, meeting: Meeting) -> datetime:
        return self.starts[meeting.id].astimezone(self.problem.zone)

    def moment(self, meeting: Meeting) -> datetime:
        """Return the start in UTC, where the two occurrences of a repeated hour differ."""
        return self.starts[meeting.id].astimezone(UTC)

    def day(self, meeting: Meeting) -> date:
        return self.wall(meeting).date()

    def are_held(self, *meetings: str) -> bool:
        """Return whether all these meetings were held: together they then break no rule."""
        return all(meeting in self.held for meeting in meetings)


def held_starts(problem: Problem) -> dict[str, datetime]:
    """Return the start of each meeting whose pinned or published start lies on a date before today, by meeting."""
    held = {}
    for meeting in problem.meetings:
        for written in (problem.published.get(meeting.id), meeting.pinned):
            if written is None:
                continue
            start = problem.instant(written)
            if start.astimezone(problem.zone).date() < problem.today:
                held[meeting.id] = start
    return held
