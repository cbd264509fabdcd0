"""Who says why nothing fits: rules that cannot hold together, and what to give up instead."""

from scheduler.candidates import Candidates
from scheduler.explaining.explanation import Conflicts
from scheduler.planning.infeasibility import Diagnosis, diagnose
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search import Search
from scheduler.problem import Problem


def conflicts(problem: Problem, search: Search | None = None) -> Conflicts:
    """
    Return a minimal set of rules that cannot hold together, and the cheapest relaxations with what each would give.

    Both are empty when something fits, and when the search ended before they were proven.
    """
    search = Search() if search is None else search.without_progress()
    candidates = Candidates(problem)
    found = optimum(Instance(problem, candidates.meetings), search)
    why = diagnose(candidates, search) if found.status == "infeasible" else Diagnosis()
    return Conflicts(status=found.status, conflict=why.conflict, relaxations=why.relaxations)
