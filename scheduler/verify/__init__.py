"""Who checks a plan with no solver in sight: every rule, chance and score again, sharing no code with the planner."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from scheduler.problem import Meeting, Problem
from scheduler.proposal import Proposal, Violation
from scheduler.verify.chances import Chances, Score, at_least
from scheduler.verify.numbers import misstatements
from scheduler.verify.rules import PLAN_RULES, SLOT_RULES, Plan, pinned

__all__ = ["Checker", "Score", "score", "violations"]


class Checker:
    """Judges plans of one problem; use it when there are many of them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._chances = Chances(problem)

    def judge(self, proposal: Proposal) -> list[Violation]:
        """Return every rule that a proposal breaks, and every number in it that is not what the model gives."""
        if sorted(proposal.starts) != sorted(self.problem.meetings_by_id) or len(proposal.meetings) > len(
            proposal.starts
        ):
            return [Violation(rule="misstated", detail="the meetings are not those of the problem")]
        truth = self.score(proposal.starts)
        misstated = misstatements(self.problem, proposal, truth, self._expected_as_published())
        return [*self.violations(proposal.starts), *misstated]

    def _expected_as_published(self) -> dict[str, float]:
        """Return the expected attendance of each published meeting at its published start, allowed or not."""
        weights = {party.id: party.weight for party in self.problem.parties}
        expected = {}
        for meeting in self.problem.meetings:
            if meeting.id in self.problem.published:
                start = self.problem.instant(self.problem.published[meeting.id])
                chances = self._chances.representation(meeting, start)
                expected[meeting.id] = sum(weights[party] * chance for party, chance in chances.items())
        return expected

    def violations(self, starts: Mapping[str, datetime]) -> list[Violation]:
        """Return every rule that a plan breaks; ``starts`` gives each meeting's, aware."""
        return list(self._violations(Plan(self._chances, starts)))

    def slot_violations(self, meeting: Meeting, start: datetime) -> list[Violation]:
        """Return every rule about one slot that ``meeting`` breaks at this start."""
        plan = Plan(self._chances, {meeting.id: start})
        rules = SLOT_RULES if meeting.pinned is None else (pinned,)
        return [broken for rule in rules for broken in rule(plan, meeting)]

    def _violations(self, plan: Plan) -> Iterator[Violation]:
        for meeting in self.problem.meetings:
            yield from self.slot_violations(meeting, plan.starts[meeting.id])
        yield from self._between(plan)

    @staticmethod
    def _between(plan: Plan) -> Iterator[Violation]:
        for rule in PLAN_RULES:
            yield from rule(plan)

    def between_meetings(self, starts: Mapping[str, datetime]) -> list[Violation]:
        """Return every rule between meetings that a plan breaks; what holds of each alone is not looked at."""
        return list(self._between(Plan(self._chances, starts)))

    def score(self, starts: Mapping[str, datetime]) -> Score:
        """Return what a plan is worth, whether or not it breaks rules."""
        weights = {party.id: party.weight for party in self.problem.parties}
        objective = absences = 0.0
        expected, quorum, representation = {}, {}, {}
        for meeting in self.problem.meetings:
            council = self.problem.councils_by_id[meeting.council]
            chances = self._chances.representation(meeting, starts[meeting.id])
            expected[meeting.id] = sum(weights[party] * chance for party, chance in chances.items())
            quorum[meeting.id] = at_least(council.quorum, list(chances.values()))
            representation[meeting.id] = chances
            objective += meeting.weight * expected[meeting.id]
            absences += sum(weights[party] for party in chances) - expected[meeting.id]
        return Score(objective, absences, expected, quorum, representation)


def score(problem: Problem, starts: Mapping[str, datetime]) -> Score:
    """Return what a plan is worth by the model, section 2."""
    return Checker(problem).score(starts)


def violations(problem: Problem, proposal: Proposal) -> list[Violation]:
    """Return every rule that a proposal breaks, and every number in it that is not what the model gives."""
    return Checker(problem).judge(proposal)
