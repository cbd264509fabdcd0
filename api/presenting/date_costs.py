"""Who says what one date costs a meeting: as a figure and in words, or why it is not possible, or that time ran out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from api.i18n import Wording
from api.presenting.amounts import format_cost, format_parties
from api.presenting.attendance import weighs_evenly
from api.presenting.explanation_view import CostCell, CostWeek
from api.presenting.names import Names
from api.presenting.rule_sentences import describe_rule
from scheduler.explaining.explanation import DateCost
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE, RuleInstance

TINTS = (0.1, 0.25, 0.5, 1.0)  # from so many average parties on
OF_ALL_MEETINGS = {"holiday", "blackout"}


def cost_of(one: DateCost) -> float:
    """Return what a date costs; what lies within the tolerance costs nothing."""
    return 0.0 if one.cost is None or one.cost <= TOLERANCE else one.cost


def is_barred(one: DateCost) -> bool:
    """Tell whether the date is not possible."""
    return one.rule is not None


def is_left_out(one: DateCost) -> bool:
    """Tell whether the date was not worked out in time."""
    return one.cost is None and one.rule is None


def average_party(problem: Problem) -> float:
    """Return what one party at one meeting counts for, on average."""
    if weighs_evenly(problem):
        return 1.0
    parties = sum(party.weight for party in problem.parties) / len(problem.parties)
    return parties * sum(meeting.weight for meeting in problem.meetings) / len(problem.meetings)


@dataclass(frozen=True, slots=True)
class DateCosts:
    """The dates of one meeting in words; ``chosen`` is its date in the plan that is shown."""

    meeting: str
    chosen: date | None
    problem: Problem
    names: Names
    wording: Wording

    def why_not(self, one: DateCost) -> str:
        """Return what bars a date."""
        assert one.rule is not None
        if one.rule == "plan":
            return self.wording.say("The other meetings leave no room for it.")
        where = None if one.rule in OF_ALL_MEETINGS else self.meeting
        rule = RuleInstance(rule=one.rule, meeting=where, person=one.person, index=one.index)
        return describe_rule(rule, self.problem, self.names, self.wording)

    def weeks(self, shown: Sequence[DateCost], weekdays: Sequence[int]) -> Iterator[CostWeek]:
        """Yield the weeks in which there is a date to choose, a cell for each weekday of the calendar."""
        firsts = {(one.date.year, one.date.month): one.date for one in reversed(shown)}.values()
        for monday, week in groupby(shown, key=lambda one: one.date - timedelta(days=one.date.weekday())):
            cells = {one.date.weekday(): self._cell(one, has_month=one.date in firsts) for one in week}
            yield CostWeek(self.wording.week(monday.isocalendar().week), tuple(map(cells.get, weekdays)))

    def _cell(self, one: DateCost, *, has_month: bool) -> CostCell:
        is_chosen = one.date == self.chosen
        why_not = self.why_not(one) if is_barred(one) else None
        return CostCell(
            machine_day=one.date.isoformat(),
            day=self.wording.day_and_month(one.date) if has_month else str(one.date.day),
            shown=self._shown(one, is_chosen),
            words=self._words(one, why_not, is_chosen),
            look="chosen" if is_chosen else "shut" if why_not else "left-out" if is_left_out(one) else self._tint(one),
            why_not=why_not,
        )

    def _tint(self, one: DateCost) -> str:
        unit = average_party(self.problem)
        return f"t{sum(cost_of(one) >= limit * unit for limit in TINTS)}"

    def _shown(self, one: DateCost, is_chosen: bool) -> str:
        if is_chosen:
            return "✓"
        if is_left_out(one):
            return "?"
        return "–" if is_barred(one) else format_cost(cost_of(one), self.wording)

    def _words(self, one: DateCost, why_not: str | None, is_chosen: bool) -> str:
        horizon, say = self.problem.horizon, self.wording.say
        day = self.wording.day(one.date, has_year=horizon.start.year != horizon.end.year)
        if is_chosen:
            return say("{day}: planned.", day=day)
        if why_not is not None:
            return say("{day}: not possible. {rule}", day=day, rule=why_not)
        if is_left_out(one):
            return say("{day}: not worked out in time.", day=day)
        if cost_of(one) == 0:
            return say("{day}: costs nothing.", day=day)
        return say("{day}: costs {cost}.", day=day, cost=format_parties(cost_of(one), self.problem, self.wording))
