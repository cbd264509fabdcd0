"""Chances live here: a person comes, a party is represented, so many are expected, the quorum is met."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.availability import NEVER, UNDATED, Availability, Slots
from scheduler.intervals import BoolArray, FloatArray, IntArray
from scheduler.problem import Council, Meeting, Problem


@dataclass(frozen=True, slots=True)
class PersonChances:
    """
    Whether each person comes to each slot of one meeting; arrays of shape ``(people, slots)``.

    ``answered`` tells where an answer decided; ``has_calendar`` where the calendar is known or a commitment was seen.
    """

    people: tuple[str, ...]
    probability: FloatArray
    answered: BoolArray
    has_calendar: BoolArray

    def __getitem__(self, kept: BoolArray) -> "PersonChances":
        return PersonChances(
            people=self.people,
            probability=self.probability[:, kept],
            answered=self.answered[:, kept],
            has_calendar=self.has_calendar[:, kept],
        )


@dataclass(frozen=True, slots=True)
class PartyChances:
    """How each slot of one meeting would go; ``probability`` has shape ``(seats, slots)``, the rest ``(slots,)``."""

    people: PersonChances
    probability: FloatArray
    expected_attendance: FloatArray
    quorum_probability: FloatArray

    def __getitem__(self, kept: BoolArray) -> "PartyChances":
        return PartyChances(
            people=self.people[kept],
            probability=self.probability[:, kept],
            expected_attendance=self.expected_attendance[kept],
            quorum_probability=self.quorum_probability[kept],
        )


def people_of(council: Council, meeting: Meeting) -> tuple[str, ...]:
    """Return everybody whose presence at ``meeting`` matters: the seated, then the required, each once."""
    seated = (person for seat in council.seats for person in seat.people)
    return tuple(dict.fromkeys((*seated, *(required.person for required in meeting.required))))


def person_chances(availability: Availability, meeting: Meeting, people: Sequence[str], slots: Slots) -> PersonChances:
    """Return the chance that each person comes (model, section 2.2)."""
    problem = availability.problem
    person, slot, clash = availability.overlapping(meeting, people, slots)
    shape = (len(people), len(slots))
    strongest = np.ones(shape)
    np.minimum.at(strongest, (person, slot), clash_yields(availability, meeting, people, person, clash))
    newest = np.full(shape, NEVER, dtype=np.int64)
    np.maximum.at(newest, (person, slot), availability.clashes.at[clash])
    seen = np.zeros(shape, dtype=np.bool_)
    is_own = availability.clashes.commitment[clash] >= 0  # a blackout says nothing of anybody's calendar
    seen[person[is_own], slot[is_own]] = True

    known = availability.is_known(meeting, people, slots)
    rates = availability.rates[[availability.row_by_person[one] for one in people]]
    by_calendar = rates[:, None] * strongest * np.where(known, 1.0, problem.assumptions.unknown_free)

    answer = availability.answered(people, slots)
    stands = answer >= 0
    if stands.any():
        answers = availability.answers
        stands &= answers.refuses[answer] | (newest <= np.maximum(answers.at[answer], UNDATED))
        by_calendar[stands] = answers.probability[answer[stands]]
    return PersonChances(tuple(people), by_calendar, stands, known | seen)


def clash_yields(
    availability: Availability, meeting: Meeting, people: Sequence[str], person: IntArray, clash: IntArray
) -> FloatArray:
    """
    Return the chance that each person leaves each clash for ``meeting``: Luce's choice between the two.

    ``person`` (positions in ``people``) and ``clash`` have one shape, as :meth:`Availability.overlapping` gives them.
    """
    problem, clashes = availability.problem, availability.clashes
    ours = np.array([meeting.importance_for(problem.people_by_id[one].party) for one in people], dtype=np.float64)
    lead = clashes.importance[clash] - ours[person]
    chosen = 1.0 / (1.0 + np.exp(np.minimum(problem.assumptions.precedence * lead, 700.0)))  # exp(710) overflows
    busy = np.where(np.isnan(clashes.yields[clash]), chosen, clashes.yields[clash])
    firm = clashes.firm[clash]
    return np.asarray((1.0 - firm) + firm * busy, dtype=np.float64)


def represented(problem: Problem, council: Council, people: PersonChances) -> FloatArray:
    """Return the chance that each seat of ``council`` is filled, shape ``(seats, slots)`` (model, section 2.3)."""
    position = {person: at for at, person in enumerate(people.people)}
    nobody = len(people.people)  # a row of zeros for vacancies and missing substitutes
    chances = np.vstack([people.probability, np.zeros((1, people.probability.shape[1]))])
    width = 1 + max(len(seat.substitutes) for seat in council.seats)
    members = np.full((len(council.seats), width), nobody)
    for row, seat in enumerate(council.seats):
        if seat.member is not None:
            members[row, 0] = position[seat.member]
        members[row, 1 : 1 + len(seat.substitutes)] = [position[person] for person in seat.substitutes]
    reached = np.full(width, problem.assumptions.call_in)
    reached[0] = 1.0
    empty = np.prod(1.0 - reached[None, :, None] * chances[members], axis=1)
    return np.asarray((1.0 - problem.assumptions.shared_absence) * (1.0 - empty), dtype=np.float64)


def expected_attendance(problem: Problem, council: Council, probability: FloatArray) -> FloatArray:
    """Return the expected weight of the parties represented, per slot; ``probability`` as `represented` gives it."""
    return seat_weights(problem, council) @ probability


def seat_weights(problem: Problem, council: Council) -> FloatArray:
    """Return the weight of each seat's party."""
    return np.array([problem.parties_by_id[seat.party].weight for seat in council.seats], dtype=np.float64)


def quorum_probability(probability: FloatArray, quorum: int | None) -> FloatArray:
    """
    Return the chance that at least ``quorum`` parties are represented, per slot.

    Parties decide independently, so their number is Poisson-binomial; the result is exact.

    Parameters
    ----------
    probability
        Shape ``(parties, slots)``.
    quorum
        The least number of parties; None always holds.

    Notes
    -----
    The recursion is that of Barlow and Heidtmann, "Computing k-out-of-n System Reliability", IEEE Transactions on
    Reliability, 1984.

    Examples
    --------
    >>> quorum_probability(np.array([[0.9], [0.8], [0.5]]), quorum=2).round(2).tolist()
    [0.85]
    """
    num_slots = probability.shape[1]
    if quorum is None:
        return np.ones(num_slots)
    at_least = np.zeros((quorum + 1, num_slots))  # at_least[k]: P(k or more so far)
    at_least[0] = 1.0
    for chance in probability:
        at_least[1:] += chance * (at_least[:-1] - at_least[1:])
    return np.asarray(at_least[quorum], dtype=np.float64)


def party_chances(availability: Availability, meeting: Meeting, slots: Slots) -> PartyChances:
    """Return how each slot of ``meeting`` would go."""
    problem = availability.problem
    council = problem.councils_by_id[meeting.council]
    return chances_of(problem, council, person_chances(availability, meeting, people_of(council, meeting), slots))


def chances_of(problem: Problem, council: Council, people: PersonChances) -> PartyChances:
    """Return how each slot would go when people come with these chances."""
    probability = represented(problem, council, people)
    return PartyChances(
        people,
        probability,
        expected_attendance(problem, council, probability),
        quorum_probability(probability, council.quorum),
    )
