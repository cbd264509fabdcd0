"""Explain infeasibility: a minimal set of conflicting rules, and the cheapest relaxations."""

from scheduler.candidates import Candidates
from scheduler.explaining.explanation import Conflicts
from scheduler.planning.infeasibility import Diagnosis, diagnose
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Search
from scheduler.problem import Problem


def conflicts(problem: Problem, search: Search | None = None) -> Conflicts:
    """
    Return a minimal set of conflicting rules, and the cheapest relaxations with the plan value that each allows.

    Both are empty when the problem has a plan, and when the search ends before they are proven.
    """
    search = Search() if search is None else search.without_progress()
    candidates = Candidates(problem)
    instance = Instance(problem, candidates.meetings)
    best = optimum(instance, search)
    diagnosis = Diagnosis()
    if best.status == "infeasible":
        diagnosis = diagnose(candidates, search)
    return Conflicts(
        status=best.status,
        conflict=diagnosis.conflict,
        conflict_is_minimal=diagnosis.conflict_is_minimal,
        relaxations=diagnosis.relaxations,
    )
