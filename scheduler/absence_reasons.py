"""Why a party may be missing lives here: the causes behind one person at one slot, and what each costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scheduler.attendance import clash_yields
from scheduler.availability import UNDATED, Availability, Slots
from scheduler.problem import Blackout, Commitment, Meeting, Problem, Seat
from scheduler.proposal import TOLERANCE, Reason, ReasonKind


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing that overlaps the slot: ``yields`` is the chance that the person leaves it."""

    yields: float
    at: int
    source: Commitment | Blackout


@dataclass(frozen=True, slots=True)
class Said:
    """The answer that applies to the slot."""

    probability: float
    refuses: bool
    at: int


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that decides whether one person comes to one slot."""

    rate: float
    clashes: tuple[Clash, ...]  # the strongest first
    known: float  # 1, or the chance that an unknown calendar is free
    said: Said | None

    @property
    def probability(self) -> float:
        """The chance that the person comes (model, section 2.2)."""
        if self.said is not None and self._stands(self.said):
            return self.said.probability
        strongest = self.clashes[0].yields if self.clashes else 1.0
        return self.rate * strongest * self.known

    def _stands(self, said: Said) -> bool:
        return said.refuses or all(clash.at <= max(said.at, UNDATED) for clash in self.clashes)

    def without_causes(self) -> Iterator[tuple[ReasonKind, Commitment | Blackout | None, "Circumstances"]]:
        """Yield each cause with the circumstances as they would be without it."""
        if self.clashes:
            source = self.clashes[0].source
            kind: ReasonKind = source.kind if isinstance(source, Commitment) and source.kind != "free" else "blackout"
            yield kind, source, replace(self, clashes=self.clashes[1:])
        if self.known < 1:
            yield "unknown", None, replace(self, known=1.0)
        if self.said is not None:
            yield "answer", None, replace(self, said=None)
        if self.rate < 1:
            yield "rate", None, replace(self, rate=1.0)


def circumstances(
    availability: Availability, meeting: Meeting, people: Sequence[str], slot: Slots
) -> dict[str, Circumstances]:
    """Return what decides for each person at one slot, by person."""
    person, _, clash = availability.overlapping(meeting, people, slot)
    yields = clash_yields(availability, meeting, people, person, clash)
    clashes: list[list[Clash]] = [[] for _ in people]
    for at, row, chance in zip(person.tolist(), clash.tolist(), yields.tolist(), strict=True):
        clashes[at].append(Clash(chance, int(availability.clashes.at[row]), _source(availability, row)))
    known = availability.is_known(meeting, people, slot)[:, 0].tolist()
    answer = availability.applicable_answers(people, slot)[:, 0].tolist()
    unknown_free = availability.problem.assumptions.unknown_free
    return {
        one: Circumstances(
            float(availability.rates[availability.row_by_person[one]]),
            tuple(sorted(clashes[at], key=lambda clash: clash.yields)),
            1.0 if known[at] else unknown_free,
            _said(availability, answer[at]),
        )
        for at, one in enumerate(people)
    }


def reasons(problem: Problem, seat: Seat, facts: dict[str, Circumstances]) -> tuple[Reason, ...]:
    """Return why the seat's party may be missing, the costliest cause first; what costs nothing is left out."""
    weight = problem.parties_by_id[seat.party].weight
    chances = {person: facts[person].probability for person in seat.people}
    now = _filled(problem, seat, chances)
    found = []
    for person in seat.people:
        for kind, source, otherwise in facts[person].without_causes():
            then = _filled(problem, seat, {**chances, person: otherwise.probability})
            if weight * (then - now) > TOLERANCE:
                found.append(_reason(problem, person, kind, source, weight * (then - now)))
    return tuple(sorted(found, key=lambda reason: -reason.loss))


def _filled(problem: Problem, seat: Seat, chances: dict[str, float]) -> float:
    empty = 1.0 if seat.member is None else 1.0 - chances[seat.member]
    for person in seat.substitutes:
        empty *= 1.0 - problem.assumptions.call_in * chances[person]
    return (1.0 - problem.assumptions.shared_absence) * (1.0 - empty)


def _reason(
    problem: Problem, person: str, kind: ReasonKind, source: Commitment | Blackout | None, loss: float
) -> Reason:
    if isinstance(source, Blackout):
        return Reason(person=person, label=source.reason, kind=kind, loss=loss)
    if source is None:
        return Reason(person=person, kind=kind, loss=loss)
    label = problem.calendars_by_id[source.calendar].label if source.calendar is not None else None
    return Reason(person=person, commitment=source.id, label=label, kind=kind, loss=loss)


def _source(availability: Availability, row: int) -> Commitment | Blackout:
    commitment = int(availability.clashes.commitment[row])
    if commitment >= 0:
        return availability.problem.commitments[commitment]
    return availability.problem.blackouts[int(availability.clashes.blackout[row])]


def _said(availability: Availability, position: int) -> Said | None:
    if position < 0:
        return None
    answers = availability.answers
    return Said(float(answers.probability[position]), bool(answers.refuses[position]), int(answers.at[position]))
