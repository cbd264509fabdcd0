"""
The rules of a plan: a file for each rule, with all that the planner needs to know of it.

A rule about one meeting's slot is a mask over its slots. A limit on the days between a council's meetings bounds the
steps of a path. A rule that joins meetings is sets of slots with a capacity. Candidates, the exact methods,
explanations and infeasibility loop over the tables below; no other module of the planner lists the rules.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

from scheduler.problem import Council, Problem, SpacingRange
from scheduler.proposal import Loosened, RuleInstance, RuleName
from scheduler.rules.base import (
    ChanceRule,
    DateRule,
    Loosening,
    MaskIterator,
    MeetingOutlook,
    PathRule,
    PlannedSlots,
    Rule,
    SetRule,
)
from scheduler.rules.blackout import BLACKOUT
from scheduler.rules.holiday import HOLIDAY
from scheduler.rules.move_cost import MOVE_COST
from scheduler.rules.nobody_in_two_places import NOBODY_IN_TWO_PLACES
from scheduler.rules.notice import NOTICE
from scheduler.rules.pinned import PINNED
from scheduler.rules.preference import Preference
from scheduler.rules.quorum_likely import QUORUM_LIKELY
from scheduler.rules.relation import RELATION, relation_instances
from scheduler.rules.required_person import REQUIRED_PERSON
from scheduler.rules.rooms import ROOMS
from scheduler.rules.spacing import SPACING_MAX, SPACING_MIN
from scheduler.rules.weekday_and_start import WEEKDAY_AND_START
from scheduler.rules.window import WINDOW

__all__ = [
    "CHANCE_RULES",
    "DATE_RULES",
    "IN_ORDER",
    "PATH_RULES",
    "PREFERENCES",
    "RULES",
    "SET_RULES",
    "ChanceRule",
    "DateRule",
    "Loosening",
    "MaskIterator",
    "MeetingOutlook",
    "PathRule",
    "PlannedSlots",
    "Preference",
    "Rule",
    "SetRule",
    "dropped",
    "instances_between",
    "loosened",
    "spacing_instances",
    "spacing_range",
    "spacing_ranges",
]

IN_ORDER = SpacingRange(1, None)  # `order` alone

DATE_RULES: tuple[DateRule, ...] = (WINDOW, WEEKDAY_AND_START, HOLIDAY, BLACKOUT, NOTICE)
CHANCE_RULES: tuple[ChanceRule, ...] = (REQUIRED_PERSON, QUORUM_LIKELY)
PATH_RULES: tuple[PathRule, ...] = (SPACING_MIN, SPACING_MAX)
SET_RULES: tuple[SetRule, ...] = (NOBODY_IN_TWO_PLACES, ROOMS)

PREFERENCES: tuple[Preference, ...] = (MOVE_COST,)

RULES: Mapping[RuleName, Rule] = {
    rule.name: rule for rule in (*DATE_RULES, *CHANCE_RULES, PINNED, *PATH_RULES, *SET_RULES, RELATION)
}


def spacing_range(council: Council, aside: Collection[RuleInstance] = ()) -> SpacingRange:
    """
    Return the fewest and the most days between consecutive meetings of a council; the most is None without a limit.

    `order` alone asks for 1 day or more. Limits that are set aside are left out.
    """
    spacing = IN_ORDER
    for rule in PATH_RULES:
        limit = rule.limit(council)
        is_aside = bool(aside) and rule.instance(council) in aside
        if limit is not None and not is_aside:
            spacing = rule.tighten(spacing, limit)
    return spacing


def spacing_ranges(
    problem: Problem,
    council: Council,
    aside: Collection[RuleInstance] = (),
) -> list[SpacingRange]:
    """
    Return the spacing range between each of a council's meetings and the next one, in the order of the meetings.

    The last entry has no next meeting, and no meaning. Between two held meetings `order` alone applies: what cannot be
    changed breaks no rule.
    """
    meetings = problem.meetings_by_council[council.id]
    ranges = [spacing_range(council, aside)] * len(meetings)
    for index, (meeting, following) in enumerate(pairwise(meetings)):
        if meeting.id in problem.held and following.id in problem.held:
            ranges[index] = IN_ORDER
    return ranges


def spacing_instances(council: Council) -> Iterator[RuleInstance]:
    """Yield the limits on the days between a council's meetings."""
    for rule in PATH_RULES:
        if rule.limit(council) is not None:
            yield rule.instance(council)


def instances_between(problem: Problem, *, is_day_by_day: bool) -> Iterator[RuleInstance]:
    """
    Yield the rule instances that can forbid anything between the problem's meetings.

    ``is_day_by_day`` tells that slots of different days never overlap.
    """
    for council in problem.councils:
        if len(problem.meetings_by_council[council.id]) > 1:
            yield from spacing_instances(council)
    for rule in SET_RULES:
        yield from rule.instances(problem, is_day_by_day)
    yield from relation_instances(problem)


def dropped(problem: Problem, instances: Collection[RuleInstance]) -> Problem:
    """Return the problem without these rule instances, as far as dropping them changes other rules as well."""
    names = dict.fromkeys(instance.rule for instance in instances)
    for name in names:
        problem = RULES[name].drop(problem, [instance for instance in instances if instance.rule == name])
    return problem


def loosened(problem: Problem, changes: Iterable[Loosened]) -> Problem:
    """Return the problem with these limits loosened; rules that are dropped stay as they are."""
    for change in changes:
        loosening = RULES[change.rule].loosening
        if change.change == "loosen" and loosening is not None:
            problem = loosening.apply(problem, change, change.to)
    return problem
