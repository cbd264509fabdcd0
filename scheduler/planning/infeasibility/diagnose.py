"""Explain an infeasible problem: a minimal conflict, then the cheapest relaxations."""

from dataclasses import dataclass

from scheduler.candidates import Candidates
from scheduler.planning.infeasibility.conflict_search import Conflict, ConflictFinder
from scheduler.planning.infeasibility.hitting_sets import RelaxationSearch
from scheduler.planning.infeasibility.quickxplain import Undecided
from scheduler.planning.infeasibility.relaxed_problem import RelaxedProblem
from scheduler.planning.search_types import Search
from scheduler.proposal import Relaxation


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why there is no plan, and which rules to change."""

    conflict: Conflict = ()
    relaxations: tuple[Relaxation, ...] = ()


def diagnose(candidates: Candidates, search: Search) -> Diagnosis:
    """
    Return a minimal conflict of a problem without a plan, and the cheapest relaxations.

    Every part is proven. Both are empty when the search ends before that, and when the background alone, that is
    order, the horizon and the meetings' own starts, has no plan.
    """
    problem = RelaxedProblem.unrelaxed(candidates)
    finder = ConflictFinder(search)
    try:
        conflict = finder.conflict(problem)
    except Undecided:
        return Diagnosis()
    relaxations = RelaxationSearch(problem, conflict, finder, search).cheapest()
    return Diagnosis(conflict, relaxations)
