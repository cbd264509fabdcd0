"""Causes of a party's possible absence from a meeting, each with its cost in expected attendance."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from scheduler.attendance import clash_yields
from scheduler.availability import UNDATED, Availability, Slots
from scheduler.problem import Blackout, Commitment, Meeting, Problem, Seat
from scheduler.proposal import TOLERANCE, Reason, ReasonKind

Impediment = Commitment | Blackout


class OverlappingCommitment(NamedTuple):
    """A commitment or blackout that overlaps a slot; ``yields`` is the probability that the person leaves it."""

    yields: float
    at: int
    source: Impediment


class ApplicableAnswer(NamedTuple):
    """The answer of a person that applies to a slot; ``at`` is its timestamp."""

    probability: float
    refuses: bool
    at: int


class Circumstances(NamedTuple):
    """Everything on which the attendance of one person at one slot depends."""

    rate: float
    clashes: tuple[OverlappingCommitment, ...]  # by ascending yields
    known: float  # 1, or the probability that unknown time is free
    answer: ApplicableAnswer | None

    @property
    def probability(self) -> float:
        """The probability that the person attends (model, section 2.2)."""
        if self.answer is not None and self._is_valid(self.answer):
            return self.answer.probability
        strongest = self.clashes[0].yields if self.clashes else 1.0
        return self.rate * strongest * self.known

    def _is_valid(self, answer: ApplicableAnswer) -> bool:
        # A clash that was entered after the answer makes it outdated, except for the answer no.
        if answer.refuses:
            return True
        latest = max(answer.at, UNDATED)
        return all(clash.at <= latest for clash in self.clashes)

    def without_causes(self) -> Iterator[tuple[ReasonKind, Impediment | None, "Circumstances"]]:
        """Yield each cause of absence, its source, and the circumstances without it."""
        if self.clashes:
            # Only the strongest clash counts, so that only its removal changes the probability.
            source = self.clashes[0].source
            yield _kind_of(source), source, self._replace(clashes=self.clashes[1:])
        if self.known < 1:
            yield "unknown", None, self._replace(known=1.0)
        if self.answer is not None:
            yield "answer", None, self._replace(answer=None)
        if self.rate < 1:
            yield "rate", None, self._replace(rate=1.0)


def circumstances(
    availability: Availability,
    meeting: Meeting,
    people: Sequence[str],
    slot: Slots,
) -> dict[str, Circumstances]:
    """Return the circumstances of each person at one slot, by person."""
    clashes = _clashes(availability, meeting, people, slot)
    known = availability.is_known(meeting, people, slot)[:, 0].tolist()
    answers = availability.applicable_answers(people, slot)[:, 0].tolist()
    unknown_free = availability.problem.assumptions.unknown_free
    result = {}
    for index, person in enumerate(people):
        row = availability.row_by_person[person]
        result[person] = Circumstances(
            rate=float(availability.rates[row]),
            clashes=tuple(sorted(clashes[index], key=lambda clash: clash.yields)),
            known=1.0 if known[index] else unknown_free,
            answer=_answer(availability, answers[index]),
        )
    return result


def _clashes(
    availability: Availability,
    meeting: Meeting,
    people: Sequence[str],
    slot: Slots,
) -> list[list[OverlappingCommitment]]:
    """Return the clashes of each person with the slot, by index of ``people``."""
    person, _, clash = availability.overlapping(meeting, people, slot)
    yields = clash_yields(availability, meeting, people, person, clash)
    clashes: list[list[OverlappingCommitment]] = [[] for _ in people]
    for index, row, probability in zip(person.tolist(), clash.tolist(), yields.tolist(), strict=True):
        at = int(availability.clashes.at[row])
        clashes[index].append(OverlappingCommitment(probability, at, _source(availability, row)))
    return clashes


def reasons(problem: Problem, seat: Seat, facts: Mapping[str, Circumstances]) -> tuple[Reason, ...]:
    """Return the causes for which the party of ``seat`` may be absent, by descending loss; losses of 0 are omitted."""
    weight = problem.parties_by_id[seat.party].weight
    chances = {person: facts[person].probability for person in seat.people}
    filled = _filled(problem, seat, chances)
    causes = []
    for person in seat.people:
        for kind, source, without in facts[person].without_causes():
            filled_without = _filled(problem, seat, {**chances, person: without.probability})
            loss = weight * (filled_without - filled)
            if loss > TOLERANCE:
                causes.append(_reason(problem, person, kind, source, loss))
    return tuple(sorted(causes, key=lambda reason: -reason.loss))


def _filled(problem: Problem, seat: Seat, chances: Mapping[str, float]) -> float:
    """Return the probability that the seat is filled (model, section 2.3)."""
    empty = 1.0 if seat.member is None else 1.0 - chances[seat.member]
    for person in seat.substitutes:
        empty *= 1.0 - problem.assumptions.call_in * chances[person]
    return (1.0 - problem.assumptions.shared_absence) * (1.0 - empty)


def _kind_of(source: Impediment) -> ReasonKind:
    if isinstance(source, Commitment) and source.kind != "free":
        return source.kind
    return "blackout"


def _reason(problem: Problem, person: str, kind: ReasonKind, source: Impediment | None, loss: float) -> Reason:
    if isinstance(source, Blackout):
        return Reason(person=person, label=source.reason, kind=kind, loss=loss)
    if source is None:
        return Reason(person=person, kind=kind, loss=loss)
    label = None
    if source.calendar is not None:
        label = problem.calendars_by_id[source.calendar].label
    return Reason(person=person, commitment=source.id, label=label, kind=kind, loss=loss)


def _source(availability: Availability, row: int) -> Impediment:
    commitment = int(availability.clashes.commitment[row])
    if commitment >= 0:
        return availability.problem.commitments[commitment]
    blackout = int(availability.clashes.blackout[row])
    return availability.problem.blackouts[blackout]


def _answer(availability: Availability, index: int) -> ApplicableAnswer | None:
    if index < 0:
        return None
    answers = availability.answers
    return ApplicableAnswer(
        probability=float(answers.probability[index]),
        refuses=bool(answers.refuses[index]),
        at=int(answers.at[index]),
    )
