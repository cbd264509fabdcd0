"""Whom to phone first? Who draws what unknown calendars may hold, and sees what knowing them would be worth."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import sqrt

import numpy as np
import numpy.typing as npt

from scheduler.attendance import PersonChances, expected_attendance, person_chances, represented
from scheduler.availability import Availability
from scheduler.candidates import Candidates, MeetingCandidates
from scheduler.errors import Fault, InvalidProblem
from scheduler.explaining.explanation import Asked, Asking
from scheduler.intervals import BoolArray, FloatArray, IntArray
from scheduler.planning.instance import Instance
from scheduler.planning.reoptimise import Reoptimiser
from scheduler.planning.search import Search
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE

NUM_SAMPLES = 256  # of what a calendar may hold; so few dates that no more can be are all tried
ROUNDING = 1e-9  # expected parties
NONE = np.zeros(0, dtype=np.int64)
UNBELIEVED = (
    "Give unknown_free no less than answer_no: "
    "whose calendar is unknown comes no less likely than somebody who says no."
)


def asking(problem: Problem, search: Search | None = None) -> Asking:
    """
    Return what knowing each person's calendar would be worth: the expected best plan then, less the best plan now.

    On every date where a calendar is unknown the person is free or not, independently; the slots that are allowed
    now stay. For one meeting, or few dates that matter, the value is exact; else it is the mean of draws, with its
    standard error. Where the search's allowance ends first, the rest are left out and the status is ``feasible``.

    Raises
    ------
    InvalidProblem
        When ``unknown_free`` is below ``answer_no``: the model cannot be held then.
    """
    if problem.assumptions.unknown_free < problem.assumptions.answer_no:
        raise InvalidProblem([Fault("/assumptions/unknown_free", UNBELIEVED)])
    search = search or Search()
    candidates = Candidates(problem)
    reoptimiser = Reoptimiser(Instance(problem, candidates.meetings), search)
    best = reoptimiser.best
    if best.positions is None:
        return Asking(status=best.status, objective=best.value, people=())
    unknown = {row: one for row, one in enumerate(_unknown(candidates)) if len(one.positions)}
    found, left_out = [], []
    for row in sorted(unknown, key=lambda row: -unknown[row].rise(reoptimiser.instance)):  # if time ends, who matters
        draws = np.random.default_rng([search.seed, row])
        worth = None if search.is_over else _worth(problem, reoptimiser, unknown[row], draws)
        person = problem.people[row].id
        if worth is None:
            left_out.append(person)
        else:
            found.append(Asked(person=person, gain=worth[0], standard_error=worth[1]))
    found.sort(key=lambda one: -one.gain)
    return Asking(status=reoptimiser.status, objective=best.value, people=tuple(found), left_out=tuple(left_out))


@dataclass(frozen=True, slots=True)
class _Unknown:
    """
    The slots at which one person's calendar is unknown, by position, and the gains when it turns out free, or not.

    ``date`` numbers the dates; on each one coin decides for all its slots.
    """

    positions: IntArray
    date: IntArray
    free: FloatArray
    taken: FloatArray

    @property
    def num_dates(self) -> int:
        return int(self.date.max(initial=-1)) + 1

    def rise(self, instance: Instance) -> float:
        """Return by how much a slot is worth more at most when it turns out free."""
        return float((self.free - instance.exact_gains[self.positions]).max())

    def gains(self, is_free: BoolArray) -> FloatArray:
        """Return what the slots are worth when the dates turn out so."""
        return np.where(is_free[self.date], self.free, self.taken)


def _unknown(candidates: Candidates) -> Iterator[_Unknown]:
    """Yield everybody's unknown slots, in the order of the problem's people."""
    problem, availability = candidates.problem, candidates.availability
    sizes = [len(one.slots) for one in candidates.meetings]
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    when = [availability.with_unknown_free(unknown_free) for unknown_free in (1.0, problem.assumptions.answer_no)]
    for person in problem.people:
        positions, days, gains = [NONE], [NONE], [np.zeros((2, 0))]
        for start, one in zip(first, candidates.meetings, strict=True):
            if person.id in _seated(problem, one):
                slots = np.flatnonzero(~availability.is_known(one.meeting, [person.id], one.slots)[0])
                positions.append(start + slots)
                days.append(one.slots.days[slots])
                gains.append(np.array([_gains_believing(candidates, each, one, person.id, slots) for each in when]))
        yield _Unknown(
            np.concatenate(positions),
            np.unique(np.concatenate(days), return_inverse=True)[1],
            *np.concatenate(gains, axis=1),
        )


def _seated(problem: Problem, one: MeetingCandidates) -> set[str]:
    return {person for seat in problem.councils_by_id[one.meeting.council].seats for person in seat.people}


def _gains_believing(
    candidates: Candidates, availability: Availability, one: MeetingCandidates, person: str, slots: IntArray
) -> FloatArray:
    """Return what some slots are worth when this is believed of one person, and all others are as they are."""
    problem, people = availability.problem, one.chances.people
    council = problem.councils_by_id[one.meeting.council]
    chances = people.probability[:, slots]
    chances[people.people.index(person)] = person_chances(
        availability, one.meeting, [person], one.slots[slots]
    ).probability
    nothing = np.zeros(chances.shape, dtype=np.bool_)
    party = represented(problem, council, PersonChances(people.people, chances, nothing, nothing))
    attendance = expected_attendance(problem, council, party)
    return candidates.values(one.meeting, one.slots[slots], attendance)


def _worth(
    problem: Problem, reoptimiser: Reoptimiser, unknown: _Unknown, draws: np.random.Generator
) -> tuple[float, float] | None:
    """Return what knowing is worth, and its standard error; None when the search ends before every draw is planned."""
    believed = problem.assumptions
    spread = 1.0 - believed.answer_no
    free_probability = (believed.unknown_free - believed.answer_no) / spread if spread else 1.0
    if len(problem.meetings) == 1:
        return _of_one_meeting(reoptimiser, unknown, free_probability), 0.0
    matters = _dates_that_matter(reoptimiser, unknown)
    outcomes, weights = _outcomes(int(matters.sum()), free_probability, draws)
    seen: dict[bytes, float] = {}
    for outcome in outcomes:
        if outcome.tobytes() not in seen:
            is_free = np.zeros(unknown.num_dates, dtype=np.bool_)
            is_free[matters] = outcome
            gain = _gain(reoptimiser, unknown.positions, unknown.gains(is_free))
            if gain is None:
                return None
            seen[outcome.tobytes()] = gain
    gains = np.array([seen[outcome.tobytes()] for outcome in outcomes])
    if weights is not None:
        return float(gains @ weights), 0.0
    error = float(gains.std(ddof=1) / sqrt(len(gains)))
    if error == 0:  # all draws alike: what is rarer than one in so many may still be worth this
        error = float((unknown.free - unknown.taken).max()) / len(gains)
    return float(gains.mean()), error


def _of_one_meeting(reoptimiser: Reoptimiser, unknown: _Unknown, free_probability: float) -> float:
    """Return the expected best slot of the only meeting, less the best now: each date has one worth or another."""
    now = reoptimiser.instance.exact_gains
    known = np.delete(now, unknown.positions)
    free, taken = (np.full(unknown.num_dates, -np.inf) for _ in range(2))
    np.maximum.at(free, unknown.date, unknown.free)
    np.maximum.at(taken, unknown.date, unknown.taken)
    worth = np.unique(np.concatenate([free, taken, known]))
    below = free_probability * (free <= worth[:, None]) + (1.0 - free_probability) * (taken <= worth[:, None])
    at_most = below.prod(axis=1) * (worth >= known.max(initial=-np.inf))
    gain = float(np.diff(at_most, prepend=0.0) @ (worth - now.max()))
    return gain if gain > ROUNDING else 0.0


def _dates_that_matter(reoptimiser: Reoptimiser, unknown: _Unknown) -> BoolArray:
    """
    Tell which dates may change the choice: those of the best plan, and those with which another may be better.

    A plan that takes other slots cannot be, when it is not even with every unknown slot of its other meetings free
    and all of the best plan's taken.
    """
    instance, best = reoptimiser.instance, reoptimiser.best
    assert best.positions is not None
    now = instance.exact_gains[unknown.positions]
    is_chosen = np.isin(unknown.positions, best.positions)
    lost = (now - unknown.taken)[is_chosen].sum()
    meeting = instance.meeting[unknown.positions]
    rise = np.zeros(len(instance.choices))
    np.maximum.at(rise, meeting, unknown.free - now)
    above = reoptimiser.bounds_through(unknown.positions, unknown.free) / instance.scale + rise.sum() - rise[meeting]
    matters = np.zeros(unknown.num_dates, dtype=np.bool_)
    matters[unknown.date[is_chosen | (above + lost > 0)]] = True
    return matters


def _outcomes(
    num_dates: int, free_probability: float, draws: np.random.Generator
) -> tuple[npt.NDArray[np.bool_], FloatArray | None]:
    """Return how so many dates may turn out, shape ``(outcomes, dates)``: all with their chances, or as many draws."""
    if 2**num_dates > NUM_SAMPLES:
        return draws.random((NUM_SAMPLES, num_dates)) < free_probability, None
    every = np.array(list(product([False, True], repeat=num_dates)), dtype=np.bool_).reshape(2**num_dates, num_dates)
    return every, np.where(every, free_probability, 1.0 - free_probability).prod(axis=1)


def _gain(reoptimiser: Reoptimiser, positions: IntArray, gains: FloatArray) -> float | None:
    """Return by how much the best plan beats the one chosen now, when the slots are worth this; None if not proven."""
    instance, best = reoptimiser.instance, reoptimiser.best
    assert best.positions is not None
    everything = instance.exact_gains.copy()
    everything[positions] = gains
    found = reoptimiser.reoptimise(positions, gains)
    if found.status != "optimal" or found.value is None:
        return None
    gain = found.value - float(everything[best.positions].sum())
    return gain if gain > TOLERANCE * len(best.positions) else 0.0
