"""`pinned`: a pinned meeting keeps its start, and no other rule about its slot applies."""

from collections.abc import Collection

from scheduler.problem import Problem
from scheduler.proposal import RuleInstance
from scheduler.rules.base import PinRule


def _drop(problem: Problem, dropped: Collection[RuleInstance]) -> Problem:
    """Return the problem with these pins removed, so that the meetings' other rules apply again."""
    unpinned = {instance.meeting for instance in dropped}
    meetings = tuple(
        meeting.model_copy(update={"pinned": None}) if meeting.id in unpinned else meeting
        for meeting in problem.meetings
    )
    return problem.with_meetings(meetings)


PINNED = PinRule(
    name="pinned",
    ease=9,
    loosening=None,
    drop=_drop,
)
