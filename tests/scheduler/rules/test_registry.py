"""Every rule has every hook: in the planner's registry, in the checker, and in its tests."""

from collections import Counter
from typing import get_args

import pytest

from scheduler.planning.infeasibility.relaxation_size import least_changes
from scheduler.problem import Problem
from scheduler.proposal import Loosened, RuleInstance, RuleName
from scheduler.rules import CHANCE_RULES, DATE_RULES, PATH_RULES, PREFERENCES, RULES, SET_RULES, loosened
from scheduler.rules.pinned import PINNED
from scheduler.rules.relation import RELATION
from scheduler.verify import preferences
from tests.builders import a_council, a_meeting, a_problem
from tests.scheduler.verify.test_rules import CASES

BACKGROUND = {"order", "past", "held"}  # no relaxation touches them
STATEMENTS = "misstated"  # a number of an answer, no rule of a plan
STATED = sorted(set(get_args(RuleName)) - BACKGROUND - {STATEMENTS})


def test_every_rule_is_in_the_registry_and_in_one_table() -> None:
    tables = (*DATE_RULES, *CHANCE_RULES, *PATH_RULES, *SET_RULES, PINNED, RELATION)
    assert sorted(RULES) == STATED
    assert sorted(rule.name for rule in tables) == STATED
    assert all(RULES[rule.name] is rule for rule in tables)


def test_ranks_of_ease_are_distinct() -> None:
    assert max(Counter(rule.ease for rule in RULES.values()).values()) == 1


def test_a_rule_is_weakened_by_rules_that_exist() -> None:
    assert all(RULES.keys() >= rule.weakened_by for rule in RULES.values())


def test_the_checker_has_a_plan_that_keeps_and_a_plan_that_breaks_every_rule() -> None:
    assert {case[0] for case in CASES} == {*STATED, *BACKGROUND}


def test_the_checker_knows_every_preference() -> None:
    known = {preference.__name__ for preference in preferences.PREFERENCES}
    assert known == {preference.name for preference in PREFERENCES}


def a_limited_problem() -> Problem:
    """A problem with a limit for every rule that has one."""
    meeting = a_meeting(
        window={"start": "2027-03-03", "end": "2027-03-04"},
        weekdays=["TU"],
        notice_days=7,
        required=[{"person": "a0", "at_least": 0.9}],
        quorum_probability=0.9,
        venue="v1",
    )
    return a_problem(
        councils=[{**a_council(), "quorum": 2, "spacing_days": {"min": 7, "max": 9}}],
        meetings=[meeting],
        venues=[{"id": "v1", "name": "huset", "rooms": 1}],
    )


LIMITS = {
    "window": ({"meeting": "m1"}, ("2027-02-27", "2027-03-08")),
    "weekday_and_start": ({"meeting": "m1"}, ("MO", "TU")),
    "notice": ({"meeting": "m1"}, 3),
    "required_person": ({"meeting": "m1", "person": "a0"}, 0.5),
    "quorum_likely": ({"meeting": "m1"}, 0.5),
    "spacing_min": ({"council": "kultur"}, 3),
    "spacing_max": ({"council": "kultur"}, 12),
    "rooms": ({"venue": "v1"}, 2),
}


def test_every_rule_with_a_limit_is_loosened_below() -> None:
    assert sorted(LIMITS) == sorted(rule.name for rule in RULES.values() if rule.loosening is not None)


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_a_loosened_rule_is_stated_with_its_new_limit_and_steps_end_there(name: RuleName) -> None:
    identity, to = LIMITS[name]
    problem = a_limited_problem()
    change = Loosened.model_validate({"rule": name, **identity, "change": "loosen", "to": to})
    loosening = RULES[name].loosening
    assert loosening is not None
    assert loosened(problem, [change]) == loosening.apply(problem, change, to)
    assert loosened(problem, [change]) != problem

    instance = RuleInstance.model_validate({"rule": name, **identity})
    steps = list(loosening.steps(problem, instance, to))
    assert steps
    assert steps[-1] == to
    assert len(steps) == len(set(steps))


def test_a_limit_that_the_plan_keeps_has_no_smaller_change() -> None:
    identity = {"rule": "required_person", "meeting": "m1", "person": "a0"}
    stricter = Loosened.model_validate({**identity, "change": "loosen", "to": 0.95})
    assert least_changes(a_limited_problem(), [stricter], lambda _: True) == [stricter]
