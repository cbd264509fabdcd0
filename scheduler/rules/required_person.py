"""`required_person`: a person who is required attends with at least the stated chance."""

from collections.abc import Sequence

import numpy as np

from scheduler.attendance import PartyChances
from scheduler.problem import Meeting, Problem
from scheduler.proposal import RuleInstance
from scheduler.rules.base import ROUNDING, ChanceRule, Loosening, MaskIterator, PlannedSlots
from scheduler.rules.probability_rounding import lower_hundredths, whole_hundredths
from scheduler.rules.problem_edits import with_meeting


def _masks(meeting: Meeting, chances: PartyChances) -> MaskIterator:
    for required in meeting.required:
        row = chances.people.people.index(required.person)
        is_likely = chances.people.probability[row] >= required.at_least - ROUNDING
        instance = RuleInstance(rule="required_person", meeting=meeting.id, person=required.person)
        yield instance, np.asarray(is_likely, dtype=np.bool_)


def _measure(plan: PlannedSlots, instance: RuleInstance) -> float | None:
    _, candidates, slot = plan.planned(instance.meeting)
    people = candidates.chances.people
    row = people.people.index(instance.person or "")
    return whole_hundredths(float(people.probability[row, slot]))


def _steps(problem: Problem, instance: RuleInstance, to: float) -> Sequence[float]:
    required = problem.meetings_by_id[instance.meeting or ""].required
    stated = next(person.at_least for person in required if person.person == instance.person)
    return lower_hundredths(stated, to)


def _apply(problem: Problem, instance: RuleInstance, to: float) -> Problem:
    stated = problem.meetings_by_id[instance.meeting or ""].required
    required = tuple(
        person.model_copy(update={"at_least": to}) if person.person == instance.person else person for person in stated
    )
    return with_meeting(problem, instance, required=required)


REQUIRED_PERSON = ChanceRule(
    name="required_person",
    ease=5,
    masks=_masks,
    loosening=Loosening(_measure, _steps, _apply),
)
