"""`quorum_likely`: the quorum is met with at least the stated chance."""

from collections.abc import Sequence

import numpy as np

from scheduler.attendance import PartyChances
from scheduler.problem import Meeting, Problem
from scheduler.proposal import RuleInstance
from scheduler.rules.base import ROUNDING, ChanceRule, Loosening, MaskIterator, PlannedSlots
from scheduler.rules.probability_rounding import lower_hundredths, whole_hundredths
from scheduler.rules.problem_edits import with_meeting


def _masks(meeting: Meeting, chances: PartyChances) -> MaskIterator:
    if meeting.quorum_probability is None:
        return
    is_likely = chances.quorum_probability >= meeting.quorum_probability - ROUNDING
    yield RuleInstance(rule="quorum_likely", meeting=meeting.id), np.asarray(is_likely, dtype=np.bool_)


def _measure(plan: PlannedSlots, instance: RuleInstance) -> float | None:
    _, candidates, slot = plan.planned(instance.meeting)
    return whole_hundredths(float(candidates.chances.quorum_probability[slot]))


def _steps(problem: Problem, instance: RuleInstance, to: float) -> Sequence[float]:
    stated = problem.meetings_by_id[instance.meeting or ""].quorum_probability or 0.0
    return lower_hundredths(stated, to)


def _apply(problem: Problem, instance: RuleInstance, to: float) -> Problem:
    return with_meeting(problem, instance, quorum_probability=to)


QUORUM_LIKELY = ChanceRule(
    name="quorum_likely",
    ease=4,
    masks=_masks,
    loosening=Loosening(_measure, _steps, _apply),
)
