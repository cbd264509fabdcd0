"""
Independent verification of plans: every rule, probability and total in plain Python.

The package shares no code with ``attendance``, ``candidates`` and ``planning``, so that an error in one of the two
implementations shows as a difference.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from scheduler.problem import Meeting, Problem
from scheduler.proposal import Proposal, Violation
from scheduler.verify.chances import ChanceModel, PlanScore, at_least
from scheduler.verify.dated_plan import DatedPlan, held_starts
from scheduler.verify.numbers import misstatements
from scheduler.verify.rules import PLAN_RULES, SLOT_RULES, SlotRule, held, past, pinned

__all__ = ["Checker", "PlanScore", "score", "violations"]


class Checker:
    """Verifies plans of one problem; create it once for many plans."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._chances = ChanceModel(problem)
        self._held = held_starts(problem)
        self._weights = {party.id: party.weight for party in problem.parties}

    def judge(self, proposal: Proposal) -> list[Violation]:
        """Return the violated rules of a proposal and its values that differ from the model."""
        is_complete = sorted(proposal.starts) == sorted(self.problem.meetings_by_id)
        has_duplicates = len(proposal.meetings) > len(proposal.starts)
        if not is_complete or has_duplicates:
            return [Violation(rule="misstated", detail="the meetings are not those of the problem")]
        score = self.score(proposal.starts)
        misstated = misstatements(self.problem, proposal, score, self._expected_as_published(), self._held)
        return [*self.violations(proposal.starts), *misstated]

    def _expected_as_published(self) -> dict[str, float]:
        """Return the expected attendance of each published meeting at its published start, allowed or not."""
        expected = {}
        for meeting in self.problem.meetings:
            if meeting.id in self.problem.published:
                start = self.problem.instant(self.problem.published[meeting.id])
                expected[meeting.id] = self._expected(self._chances.representation(meeting, start))
        return expected

    def _expected(self, chances: Mapping[str, float]) -> float:
        return sum(self._weights[party] * chance for party, chance in chances.items())

    def violations(self, starts: Mapping[str, datetime]) -> list[Violation]:
        """Return the violated rules of a plan; ``starts`` are aware, by meeting."""
        return list(self._violations(DatedPlan(self._chances, starts, self._held)))

    def slot_violations(self, meeting: Meeting, start: datetime) -> list[Violation]:
        """Return the violated rules about the slot of ``meeting`` alone."""
        plan = DatedPlan(self._chances, {meeting.id: start}, self._held)
        # A held or pinned meeting is exempt from all other rules about its slot.
        rules: tuple[SlotRule, ...] = SLOT_RULES
        if meeting.id in self._held:
            rules = (held,)
        elif meeting.pinned is not None:
            rules = (past, pinned)
        return [violation for rule in rules for violation in rule(plan, meeting)]

    def _violations(self, plan: DatedPlan) -> Iterator[Violation]:
        for meeting in self.problem.meetings:
            yield from self.slot_violations(meeting, plan.starts[meeting.id])
        yield from self._between(plan)

    @staticmethod
    def _between(plan: DatedPlan) -> Iterator[Violation]:
        for rule in PLAN_RULES:
            yield from rule(plan)

    def between_meetings(self, starts: Mapping[str, datetime]) -> list[Violation]:
        """Return the violated rules between meetings of a plan, without those about single slots."""
        return list(self._between(DatedPlan(self._chances, starts, self._held)))

    def score(self, starts: Mapping[str, datetime]) -> PlanScore:
        """Return the values of a plan, whether or not it violates rules."""
        objective = absences = 0.0
        expected, quorum, representation = {}, {}, {}
        for meeting in self.problem.meetings:
            council = self.problem.councils_by_id[meeting.council]
            chances = self._chances.representation(meeting, starts[meeting.id])
            expected[meeting.id] = self._expected(chances)
            quorum[meeting.id] = at_least(council.quorum, list(chances.values()))
            representation[meeting.id] = chances
            objective += meeting.weight * expected[meeting.id]
            absences += sum(self._weights[party] for party in chances) - expected[meeting.id]
        return PlanScore(objective, absences, expected, quorum, representation)


def score(problem: Problem, starts: Mapping[str, datetime]) -> PlanScore:
    """Return the values of a plan by the definitions of the model, section 2."""
    return Checker(problem).score(starts)


def violations(problem: Problem, proposal: Proposal) -> list[Violation]:
    """Return the violated rules of a proposal and its values that differ from the model."""
    return Checker(problem).judge(proposal)
