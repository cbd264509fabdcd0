"""Value of information: the expected gain of the best plan when a person's unknown calendar becomes known."""

from dataclasses import dataclass
from itertools import product
from math import sqrt

import numpy as np

from scheduler.candidates import Candidates
from scheduler.errors import Fault, InvalidProblem
from scheduler.explaining.explanation import Asking, PersonValue
from scheduler.explaining.unknown_slots import UnknownSlots, unknown_slots
from scheduler.intervals import BoolArray, FloatArray, IntArray
from scheduler.planning.instance import Instance
from scheduler.planning.reoptimise import Reoptimiser
from scheduler.planning.search_types import Search
from scheduler.problem import Assumptions, Problem
from scheduler.proposal import TOLERANCE

NUM_SAMPLES = 256  # outcomes drawn; when there are no more outcomes than that, all are evaluated
ROUNDING = 1e-9  # expected parties
INCONSISTENT_ASSUMPTIONS = (
    "Set unknown_free to answer_no or more: "
    "a person with an unknown calendar is at least as likely to attend as a person who answers no."
)


def asking(problem: Problem, search: Search | None = None) -> Asking:
    """
    Return, for each person with an unknown calendar, the value of knowing it.

    The value is the expected value of the best plan with the calendar known, less the value of the best plan now. On
    every date on which a calendar is unknown the person is free or not, independently. The slots that are allowed now
    stay allowed. For a single meeting, and for few relevant dates, the value is exact; otherwise it is a sample mean,
    with its standard error. When the allowance ends first, people are left out and the status is ``feasible``.

    Raises
    ------
    InvalidProblem
        When ``unknown_free`` is below ``answer_no``: no chance of being free then gives ``unknown_free``.
    """
    _check_assumptions(problem.assumptions)
    search = search or Search()
    candidates = Candidates(problem)
    reoptimiser = Reoptimiser(Instance(problem, candidates.meetings), search)
    best = reoptimiser.best
    if best.positions is None:
        return Asking(status=best.status, objective=best.value, people=())
    people: list[PersonValue] = []
    left_out: list[str] = []
    for row, unknown in _by_potential(candidates, reoptimiser.instance):
        person = problem.people[row].id
        # A generator of its own for each person: the samples do not depend on who else is evaluated.
        random = np.random.default_rng([search.seed, row])
        estimate = None if search.is_over else _value_of_knowing(problem, reoptimiser, unknown, random)
        if estimate is None:
            left_out.append(person)
        else:
            people.append(estimate.of_person(person))
    people.sort(key=lambda person_value: -person_value.gain)
    return Asking(
        status=reoptimiser.status,
        objective=best.value,
        people=tuple(people),
        left_out=tuple(left_out),
    )


def _check_assumptions(assumptions: Assumptions) -> None:
    if assumptions.unknown_free < assumptions.answer_no:
        fault = Fault("/assumptions/unknown_free", INCONSISTENT_ASSUMPTIONS)
        raise InvalidProblem([fault])


@dataclass(frozen=True, slots=True)
class _Estimate:
    """A mean, and its standard error; 0 for exact values."""

    mean: float
    standard_error: float

    def of_person(self, person: str) -> PersonValue:
        return PersonValue(person=person, gain=self.mean, standard_error=self.standard_error)


def _by_potential(candidates: Candidates, instance: Instance) -> list[tuple[int, UnknownSlots]]:
    """Return the people with unknown slots, by index, those who can change the plan most first."""
    by_row = []
    for row, unknown in enumerate(unknown_slots(candidates)):
        if len(unknown.positions):
            by_row.append((row, unknown))
    # The search may end before all are evaluated: the least important people are left out.
    return sorted(by_row, key=lambda item: -item[1].max_increase(instance))


def _value_of_knowing(
    problem: Problem,
    reoptimiser: Reoptimiser,
    unknown: UnknownSlots,
    random: np.random.Generator,
) -> _Estimate | None:
    """Return the value of knowing one calendar; None when the search ends before all outcomes are evaluated."""
    free_probability = _free_probability(problem.assumptions)
    if len(problem.meetings) == 1:
        value = _value_for_one_meeting(reoptimiser, unknown, free_probability)
        return _Estimate(value, standard_error=0.0)
    is_relevant = _relevant_dates(reoptimiser, unknown)
    num_relevant = int(is_relevant.sum())
    outcomes = _Outcomes.of(num_relevant, free_probability, random)
    # The same outcome is drawn many times when few dates are relevant: it is evaluated once.
    gain_by_outcome: dict[bytes, float] = {}
    gains = np.zeros(len(outcomes.is_free))
    for index, outcome in enumerate(outcomes.is_free):
        key = outcome.tobytes()
        if key not in gain_by_outcome:
            is_free = np.zeros(unknown.num_dates, dtype=np.bool_)
            is_free[is_relevant] = outcome
            gain = _gain_of_outcome(reoptimiser, unknown.positions, unknown.gains(is_free))
            if gain is None:
                return None
            gain_by_outcome[key] = gain
        gains[index] = gain_by_outcome[key]
    if outcomes.probability is not None:
        return _Estimate(float(gains @ outcomes.probability), standard_error=0.0)
    return _sample_mean(gains, unknown)


def _free_probability(assumptions: Assumptions) -> float:
    """
    Return the probability that a person with an unknown calendar is free.

    With this probability p, p·1 + (1 − p)·answer_no equals unknown_free: knowing nothing gives the same chance.
    """
    spread = 1.0 - assumptions.answer_no
    if not spread:
        return 1.0
    return (assumptions.unknown_free - assumptions.answer_no) / spread


def _sample_mean(gains: FloatArray, unknown: UnknownSlots) -> _Estimate:
    deviation = gains.std(ddof=1)
    standard_error = float(deviation / sqrt(len(gains)))
    # Equal samples do not prove an exact value: an outcome rarer than one in all samples may gain this much.
    if standard_error == 0:
        max_gain = float((unknown.free_gain - unknown.busy_gain).max())
        standard_error = max_gain / len(gains)
    return _Estimate(float(gains.mean()), standard_error)


def _value_for_one_meeting(reoptimiser: Reoptimiser, unknown: UnknownSlots, free_probability: float) -> float:
    """Return the exact value for a problem with one meeting: its best slot is a maximum of independent variables."""
    gains_now = reoptimiser.instance.exact_gains
    known_gains = np.delete(gains_now, unknown.positions)
    best_known = known_gains.max(initial=-np.inf)
    if_free = np.full(unknown.num_dates, -np.inf)
    if_busy = np.full(unknown.num_dates, -np.inf)
    np.maximum.at(if_free, unknown.date, unknown.free_gain)
    np.maximum.at(if_busy, unknown.date, unknown.busy_gain)

    # Dates are independent: the distribution function of their maximum is the product of theirs.
    values = np.unique(np.concatenate([if_free, if_busy, known_gains]))
    busy_probability = 1.0 - free_probability
    is_free_below = if_free <= values[:, None]
    is_busy_below = if_busy <= values[:, None]
    date_distribution = free_probability * is_free_below + busy_probability * is_busy_below
    distribution = date_distribution.prod(axis=1) * (values >= best_known)
    probability = np.diff(distribution, prepend=0.0)
    improvements = values - gains_now.max()
    gain = float(probability @ improvements)
    return gain if gain > ROUNDING else 0.0


def _relevant_dates(reoptimiser: Reoptimiser, unknown: UnknownSlots) -> BoolArray:
    """
    Return the dates that can change the best plan: those of the best plan, and those of plans that can become better.

    A plan through another slot stays worse when its upper bound, with all unknown slots of the other meetings free,
    is below the best plan with all its unknown slots busy.
    """
    instance = reoptimiser.instance
    best_positions = reoptimiser.best.positions
    assert best_positions is not None
    gains_now = instance.exact_gains[unknown.positions]
    is_in_best_plan = np.isin(unknown.positions, best_positions)
    losses = gains_now - unknown.busy_gain
    max_loss = losses[is_in_best_plan].sum()

    meeting = instance.meeting[unknown.positions]
    max_increase = np.zeros(len(instance.choices))
    np.maximum.at(max_increase, meeting, unknown.free_gain - gains_now)
    unit_bounds = reoptimiser.bounds_through(unknown.positions, unknown.free_gain)
    slot_bounds = unit_bounds / instance.scale
    # The bound through a slot already contains the increase of its own meeting.
    plan_bounds = slot_bounds + max_increase.sum() - max_increase[meeting]
    can_be_better = plan_bounds + max_loss > 0

    is_relevant = np.zeros(unknown.num_dates, dtype=np.bool_)
    relevant_dates = unknown.date[is_in_best_plan | can_be_better]
    is_relevant[relevant_dates] = True
    return is_relevant


@dataclass(frozen=True, slots=True)
class _Outcomes:
    """
    On which dates the person is free, shape ``(outcomes, dates)``.

    ``probability`` has shape ``(outcomes,)`` when these are all outcomes; None when they are samples.
    """

    is_free: BoolArray
    probability: FloatArray | None

    @classmethod
    def of(cls, num_dates: int, free_probability: float, random: np.random.Generator) -> "_Outcomes":
        """Return all outcomes of independent dates, or `NUM_SAMPLES` samples when there are more."""
        num_outcomes = 2**num_dates
        if num_outcomes > NUM_SAMPLES:
            samples = random.random((NUM_SAMPLES, num_dates)) < free_probability
            return cls(np.asarray(samples, dtype=np.bool_), None)
        combinations = list(product([False, True], repeat=num_dates))
        is_free = np.array(combinations, dtype=np.bool_)
        is_free = is_free.reshape(num_outcomes, num_dates)
        date_probability = np.where(is_free, free_probability, 1.0 - free_probability)
        return cls(is_free, date_probability.prod(axis=1))


def _gain_of_outcome(reoptimiser: Reoptimiser, positions: IntArray, gains: FloatArray) -> float | None:
    """
    Return how much better the best plan under an outcome is than the plan that is best now.

    Parameters
    ----------
    positions, gains
        The unknown slots and their gains under the outcome.

    Returns
    -------
    float or None
        In expected parties; None when the best plan is not proven.
    """
    instance = reoptimiser.instance
    best_positions = reoptimiser.best.positions
    assert best_positions is not None
    outcome_gains = instance.exact_gains.copy()
    outcome_gains[positions] = gains
    best = reoptimiser.reoptimise(positions, gains)
    if best.status != "optimal" or best.value is None:
        return None
    gains_of_plan_now = outcome_gains[best_positions]
    gain = best.value - float(gains_of_plan_now.sum())
    tolerance = TOLERANCE * len(best_positions)
    return gain if gain > tolerance else 0.0
