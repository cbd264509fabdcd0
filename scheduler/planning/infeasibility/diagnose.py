"""Explain an infeasible problem: a minimal conflict, then the cheapest relaxations."""

from dataclasses import dataclass

from scheduler.candidates import Candidates
from scheduler.planning.infeasibility.conflict_search import ConflictFinder
from scheduler.planning.infeasibility.hitting_sets import RelaxationSearch
from scheduler.planning.infeasibility.quickxplain import Undecided
from scheduler.planning.infeasibility.relaxed_problem import RelaxedProblem
from scheduler.planning.search_types import Search
from scheduler.proposal import Relaxation, RuleInstance


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why there is no plan, and which rules to change."""

    conflict: tuple[RuleInstance, ...] = ()
    conflict_is_minimal: bool = True
    relaxations: tuple[Relaxation, ...] = ()


def diagnose(candidates: Candidates, search: Search) -> Diagnosis:
    """
    Return a minimal conflict of a problem without a plan, and the cheapest relaxations.

    Every part is proven, but that the conflict is minimal may be unproven when the search ends. Both are empty when
    the search is over at once, and when the background alone, that is order, the horizon and the meetings' own
    starts, has no plan.
    """
    problem = RelaxedProblem.unrelaxed(candidates)
    finder = ConflictFinder(search)
    try:
        conflict = finder.conflict(problem)
    except Undecided:
        return Diagnosis()
    relaxations = RelaxationSearch(problem, conflict.rules, finder, search).cheapest() if conflict.is_minimal else ()
    return Diagnosis(conflict.rules, conflict.is_minimal, relaxations)
