"""Probabilities of attendance of persons, of representation of parties, and of quorums."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.availability import UNDATED, Availability, Slots
from scheduler.clashes import NEVER
from scheduler.intervals import BoolArray, FloatArray, IntArray
from scheduler.problem import Council, Meeting, Problem


@dataclass(frozen=True, slots=True)
class PersonChances:
    """
    The probability that each person attends each slot of a meeting; arrays of shape ``(people, slots)``.

    ``answered`` is true where the probability is that of an answer; ``has_calendar`` where the calendar is known or a
    commitment overlaps the slot.
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
    """
    The probabilities of a meeting for each of its slots.

    ``probability`` that each seat is filled has the shape ``(seats, slots)``, the other arrays ``(slots,)``.
    """

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
    """Return the persons in the seats of ``council`` and the required persons of ``meeting``, without duplicates."""
    seated = [person for seat in council.seats for person in seat.people]
    required = [entry.person for entry in meeting.required]
    return tuple(dict.fromkeys(seated + required))


def person_chances(
    availability: Availability,
    meeting: Meeting,
    people: Sequence[str],
    slots: Slots,
) -> PersonChances:
    """Return the probability that each person attends each slot (model, section 2.2)."""
    problem = availability.problem
    shape = (len(people), len(slots))
    person, slot, clash = availability.overlapping(meeting, people, slots)
    yields = clash_yields(availability, meeting, people, person, clash)

    # Of several clashes only the one that the person is least likely to leave counts.
    strongest = np.ones(shape)
    np.minimum.at(strongest, (person, slot), yields)

    newest = np.full(shape, NEVER, dtype=np.int64)
    np.maximum.at(newest, (person, slot), availability.clashes.at[clash])

    # A blackout is no evidence that the person's calendar is known.
    seen = np.zeros(shape, dtype=np.bool_)
    is_commitment = availability.clashes.commitment[clash] >= 0
    seen[person[is_commitment], slot[is_commitment]] = True

    known = availability.is_known(meeting, people, slots)
    rates = availability.rates[[availability.row_by_person[name] for name in people]]
    free = np.where(known, 1.0, problem.assumptions.unknown_free)
    probability = rates[:, None] * strongest * free

    # An answer is outdated when a clash was entered after it; the answer no never is.
    answer = availability.applicable_answers(people, slots)
    is_valid = answer >= 0
    if is_valid.any():
        answers = availability.answers
        is_current = newest <= np.maximum(answers.at[answer], UNDATED)
        is_valid &= answers.refuses[answer] | is_current
        probability[is_valid] = answers.probability[answer[is_valid]]
    return PersonChances(tuple(people), probability, is_valid, known | seen)


def clash_yields(
    availability: Availability,
    meeting: Meeting,
    people: Sequence[str],
    person: IntArray,
    clash: IntArray,
) -> FloatArray:
    """
    Return the probability that each person leaves each clash for ``meeting``, by Luce's choice axiom.

    ``person`` (indices of ``people``) and ``clash`` are arrays of equal shape, see :meth:`Availability.overlapping`.
    """
    problem, clashes = availability.problem, availability.clashes
    parties = [problem.people_by_id[name].party for name in people]
    meeting_importance = np.array([meeting.importance_for(party) for party in parties], dtype=np.float64)
    lead = clashes.importance[clash] - meeting_importance[person]
    # exp overflows from 710 on; at 700 the probability is zero within floating-point precision already.
    exponent = np.minimum(problem.assumptions.precedence * lead, 700.0)
    by_importance = 1.0 / (1.0 + np.exp(exponent))
    given = clashes.yields[clash]
    leaves = np.where(np.isnan(given), by_importance, given)
    occurs = clashes.occurs[clash]
    return np.asarray((1.0 - occurs) + occurs * leaves, dtype=np.float64)


def represented(problem: Problem, council: Council, people: PersonChances) -> FloatArray:
    """Return the probability that each seat of ``council`` is filled, shape ``(seats, slots)`` (model, section 2.3)."""
    position = {person: index for index, person in enumerate(people.people)}
    # Vacancies and missing substitutes refer to an additional person who never attends.
    vacant = len(people.people)
    chances = np.vstack([people.probability, np.zeros((1, people.probability.shape[1]))])
    width = 1 + max(len(seat.substitutes) for seat in council.seats)
    occupants = np.full((len(council.seats), width), vacant)
    for row, seat in enumerate(council.seats):
        if seat.member is not None:
            occupants[row, 0] = position[seat.member]
        substitutes = [position[person] for person in seat.substitutes]
        occupants[row, 1 : 1 + len(substitutes)] = substitutes
    # A member comes by invitation, a substitute only when called in successfully.
    is_reached = np.full(width, problem.assumptions.call_in)
    is_reached[0] = 1.0
    empty = np.prod(1.0 - is_reached[None, :, None] * chances[occupants], axis=1)
    return np.asarray((1.0 - problem.assumptions.shared_absence) * (1.0 - empty), dtype=np.float64)


def expected_attendance(problem: Problem, council: Council, probability: FloatArray) -> FloatArray:
    """Return the expected weight of the represented parties per slot; ``probability`` is that of `represented`."""
    return seat_weights(problem, council) @ probability


def seat_weights(problem: Problem, council: Council) -> FloatArray:
    """Return the weight of the party of each seat."""
    return np.array([problem.parties_by_id[seat.party].weight for seat in council.seats], dtype=np.float64)


def quorum_probability(probability: FloatArray, quorum: int | None) -> FloatArray:
    """
    Return the probability that at least ``quorum`` parties are represented, per slot.

    Parties are independent, so that their number is Poisson-binomial; the result is exact.

    Parameters
    ----------
    probability
        Shape ``(parties, slots)``.
    quorum
        The required number of parties; with None the probability is 1.

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
    at_least = np.zeros((quorum + 1, num_slots))  # at_least[k]: probability of k or more of the parties so far
    at_least[0] = 1.0
    for chance in probability:
        # With one party more, k are reached if k were before, or if k - 1 were and this party is represented.
        at_least[1:] += chance * (at_least[:-1] - at_least[1:])
    return np.asarray(at_least[quorum], dtype=np.float64)


def party_chances(availability: Availability, meeting: Meeting, slots: Slots) -> PartyChances:
    """Return the probabilities of each slot of ``meeting``."""
    problem = availability.problem
    council = problem.councils_by_id[meeting.council]
    people = person_chances(availability, meeting, people_of(council, meeting), slots)
    return chances_of(problem, council, people)


def chances_of(problem: Problem, council: Council, people: PersonChances) -> PartyChances:
    """Return the probabilities of each slot, given those of the persons."""
    probability = represented(problem, council, people)
    return PartyChances(
        people,
        probability,
        expected_attendance(problem, council, probability),
        quorum_probability(probability, council.quorum),
    )
