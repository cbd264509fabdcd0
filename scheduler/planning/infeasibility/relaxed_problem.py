"""A problem with some of its rules dropped or loosened."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from scheduler.candidates import Candidates, MeetingCandidates
from scheduler.planning.instance import Instance
from scheduler.problem import Problem
from scheduler.proposal import Loosened, RuleInstance
from scheduler.rules import RULES, DateRule, dropped, loosened


@dataclass(frozen=True)
class RelaxedProblem:
    """
    A problem without some of its rules.

    Attributes
    ----------
    candidates
        Candidates of the problem without its dropped pins and holidays.
    choices
        The slots that each meeting may take.
    aside
        The rules that are dropped.
    """

    candidates: Candidates
    choices: tuple[MeetingCandidates, ...]
    aside: frozenset[RuleInstance] = frozenset()

    @classmethod
    def unrelaxed(cls, candidates: Candidates) -> "RelaxedProblem":
        """Return the problem with all rules."""
        return cls(candidates, candidates.meetings)

    @property
    def problem(self) -> Problem:
        """The problem without its dropped pins and holidays, and with its loosened limits."""
        return self.candidates.problem

    @property
    def instance(self) -> Instance:
        """The planning instance of the relaxed problem."""
        return Instance(self.problem, self.choices, aside=self.aside)

    def without(self, rules: Collection[RuleInstance], changes: Iterable[Loosened] = ()) -> "RelaxedProblem":
        """Return the problem without these rules; those that ``changes`` loosens keep their new limits."""
        loosenings = [change for change in changes if change.change == "loosen"]
        aside = frozenset(rules).difference(map(_instance, loosenings))
        problem = loosened(dropped(self.problem, rules), loosenings)
        candidates = self.candidates.of(problem)

        # Only meetings that a changed rule is about get other candidates.
        concerned = {rule.meeting for rule in rules}
        concerns_all = any(_is_common(rule) for rule in rules)
        choices = tuple(
            candidates.without(aside, meeting) if concerns_all or meeting.id in concerned else unchanged
            for meeting, unchanged in zip(problem.meetings, self.choices, strict=True)
        )
        return RelaxedProblem(candidates, choices, aside)


def _instance(change: Loosened) -> RuleInstance:
    """Return the rule instance that is changed."""
    return RuleInstance(**change.model_dump(include=set(RuleInstance.model_fields)))


def _is_common(instance: RuleInstance) -> bool:
    rule = RULES[instance.rule]
    return isinstance(rule, DateRule) and rule.is_common


def of_meetings(problem: Problem, meetings: Collection[str]) -> Problem:
    """Return the problem with only some meetings and their councils; relations keep their numbers."""
    kept = tuple(meeting for meeting in problem.meetings if meeting.id in meetings)
    councils = {meeting.council for meeting in kept}
    return problem.with_parts(
        councils=tuple(council for council in problem.councils if council.id in councils),
        meetings=kept,
    )
