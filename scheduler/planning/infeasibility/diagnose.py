"""The way from nothing fits to what to do about it, on one screen."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.candidates import Candidates, MeetingCandidates
from scheduler.intervals import FloatArray
from scheduler.planning.infeasibility.conflict import Conflict, Finder
from scheduler.planning.infeasibility.hitting_sets import Relaxer
from scheduler.planning.infeasibility.quickxplain import Undecided
from scheduler.planning.infeasibility.relaxed_problem import Asked, UnitArray
from scheduler.planning.search import Search
from scheduler.proposal import Relaxation


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Diagnosis nothing fits, and what to give up."""

    conflict: Conflict = ()
    relaxations: tuple[Relaxation, ...] = ()


def _its_own(_: Sequence[MeetingCandidates]) -> FloatArray | None:
    return None


def diagnose(candidates: Candidates, search: Search, worth: UnitArray = _its_own) -> Diagnosis:
    """
    Return a minimal conflict of a problem that has no plan, and the cheapest relaxations.

    Nothing that is not proven: both are empty when the search ends too early, and when not even the background, order,
    horizon and the meetings' own starts, leaves a plan.

    Parameters
    ----------
    worth
        What is maximised when rules are given up; a relaxation's objective is the attendance that is then reached.
    """
    asked, finder = Asked.whole(candidates), Finder(search)
    try:
        conflict = finder.conflict(asked)
    except Undecided:
        return Diagnosis()
    return Diagnosis(conflict, Relaxer(asked, conflict, worth, finder, search).cheapest())
