"""What is asked when some rules are given up lives here: the slots that are left, and the rules between them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduler.candidates import Candidates, MeetingCandidates
from scheduler.intervals import FloatArray
from scheduler.planning.infeasibility.loosening import loosened
from scheduler.planning.infeasibility.setting_aside import set_aside
from scheduler.planning.instance import Instance
from scheduler.problem import Problem
from scheduler.proposal import Loosened, RuleInstance

UnitArray = Callable[[Sequence[MeetingCandidates]], FloatArray | None]  # every slot's gain, or None for its own


@dataclass(frozen=True)
class Asked:
    """
    A question without some of its rules.

    A pin that is given up is gone, so that the meeting's other rules count again; and without holidays every day from
    Monday to Friday counts for notice: that is what becomes of the question that one writes so.
    """

    candidates: Candidates
    choices: tuple[MeetingCandidates, ...]
    given_up: frozenset[RuleInstance] = frozenset()

    @classmethod
    def whole(cls, candidates: Candidates) -> "Asked":
        """Return what is asked with all rules kept."""
        return cls(candidates, candidates.meetings)

    @property
    def problem(self) -> Problem:
        """The question as it is written, pins and holidays that are given up taken out."""
        return self.candidates.problem

    @cached_property
    def left(self) -> Problem:
        """The question with the rules between meetings that are left."""
        return set_aside(self.problem, self.given_up)

    def instance(self, worth: UnitArray) -> Instance:
        """Return all that is left to choose from."""
        return Instance(self.left, self.choices, worth(self.choices))

    def without(self, rules: Collection[RuleInstance], changes: Iterable[Loosened] = ()) -> "Asked":
        """Return what is asked when these rules are given up, and no others; some of ``changes`` are but loosened."""
        loose = [one for one in changes if one.change == "loosen"]
        concerned = {one.meeting for one in rules}
        given_up = frozenset(rules).difference(map(_instance, loose))
        problem = loosened(rewritten(self.problem, rules), loose)
        candidates = Candidates(problem, self.candidates.availability)
        concerns_all = any(one.rule in ("holiday", "blackout") for one in rules)
        choices = tuple(
            candidates.without(given_up, meeting) if concerns_all or meeting.id in concerned else one
            for meeting, one in zip(problem.meetings, self.choices, strict=True)
        )
        return Asked(candidates, choices, given_up)


def _instance(rule: RuleInstance) -> RuleInstance:
    """Return which rule it is, whatever becomes of it."""
    return RuleInstance(**rule.model_dump(include=set(RuleInstance.model_fields)))


def rewritten(problem: Problem, rules: Collection[RuleInstance]) -> Problem:
    """Return the question without the pins, and without the holidays, that are given up."""
    free = {one.meeting for one in rules if one.rule == "pinned"}
    is_without_holidays = any(one.rule == "holiday" for one in rules)
    if not free and not is_without_holidays:
        return problem
    meetings = (one.model_copy(update={"pinned": None}) if one.id in free else one for one in problem.meetings)
    return problem.with_parts(meetings=tuple(meetings), holidays=None if is_without_holidays else problem.holidays)
