"""Copy a problem with some fields of one part replaced."""

from collections.abc import Sequence
from typing import Any, TypeVar

from scheduler.problem import Council, Meeting, Person, Problem, Venue
from scheduler.proposal import RuleInstance

Part = TypeVar("Part", Meeting, Council, Venue, Person)


def with_meeting(problem: Problem, instance: RuleInstance, **changes: Any) -> Problem:
    """Return the problem with changes to the meeting that a rule instance names."""
    return problem.with_meetings(changed(problem.meetings, instance.meeting, **changes))


def changed(parts: Sequence[Part], part_id: str | None, **changes: Any) -> tuple[Part, ...]:
    """Return the parts with changes to the part of this id."""
    return tuple(part.model_copy(update=changes) if part.id == part_id else part for part in parts)
