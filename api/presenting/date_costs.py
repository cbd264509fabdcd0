"""The cost of one date of a meeting: a calendar cell with its figure, its tint and its sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from api.i18n import Wording
from api.presenting.amounts import format_cost, format_fewer
from api.presenting.attendance import weighs_evenly
from api.presenting.explanation_view import CostCell, CostWeek
from api.presenting.names import Names
from api.presenting.rule_sentences import describe_exclusion, describe_rule
from scheduler.explaining.explanation import DateCost
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE, RuleInstance

TINTS = (0.1, 0.3, 0.5, 1.0)  # average parties; the lowest cost of each tint
RULES_OF_ALL_MEETINGS = {"holiday", "blackout"}


def cost_of(date_cost: DateCost) -> float:
    """Return the cost of a date in expected parties; a cost within the tolerance is 0."""
    if date_cost.cost is None or date_cost.cost <= TOLERANCE:
        return 0.0
    return date_cost.cost


def is_barred(date_cost: DateCost) -> bool:
    """Return whether the date is not possible."""
    return date_cost.rule is not None


def is_left_out(date_cost: DateCost) -> bool:
    """Return whether the cost was not calculated in time."""
    return date_cost.cost is None and date_cost.rule is None


def average_party(problem: Problem) -> float:
    """Return the mean weight of a party at a meeting: 1 when all weights are 1."""
    if weighs_evenly(problem):
        return 1.0
    party_weight = sum(party.weight for party in problem.parties) / len(problem.parties)
    meeting_weight = sum(meeting.weight for meeting in problem.meetings) / len(problem.meetings)
    return party_weight * meeting_weight


@dataclass(frozen=True, slots=True)
class DateCosts:
    """Renders the dates of one meeting; ``chosen`` is its date in the plan that is shown."""

    meeting: str
    chosen: date | None
    problem: Problem
    names: Names
    wording: Wording

    def why_not(self, date_cost: DateCost) -> str:
        """Return the reason why a date is not possible, as a clause without a final full stop."""
        assert date_cost.rule is not None
        if date_cost.rule == "plan":
            return self.wording.say("no space among the other meetings")

        applies_to_all = date_cost.rule in RULES_OF_ALL_MEETINGS
        rule = RuleInstance(
            rule=date_cost.rule,
            meeting=None if applies_to_all else self.meeting,
            person=date_cost.person,
            index=date_cost.index,
        )
        meeting = self.problem.meetings_by_id[self.meeting]
        clause = describe_exclusion(rule, meeting, self.problem, self.wording)
        return clause or describe_rule(rule, self.problem, self.names, self.wording).removesuffix(".")

    def weeks(self, date_costs: Sequence[DateCost], weekdays: Sequence[int]) -> Iterator[CostWeek]:
        """Yield the weeks that have a date to choose, each with a cell for every weekday in ``weekdays``."""
        first_by_month: dict[tuple[int, int], date] = {}
        for date_cost in date_costs:
            month = (date_cost.date.year, date_cost.date.month)
            first_by_month.setdefault(month, date_cost.date)
        first_dates = set(first_by_month.values())

        for monday, week in groupby(date_costs, key=_monday):
            cells = {
                date_cost.date.weekday(): self._cell(date_cost, has_month=date_cost.date in first_dates)
                for date_cost in week
            }
            week_number = monday.isocalendar().week
            row = tuple(cells.get(weekday) for weekday in weekdays)
            yield CostWeek(self.wording.week(week_number), row)

    def _cell(self, date_cost: DateCost, *, has_month: bool) -> CostCell:
        day = date_cost.date
        why_not = self.why_not(date_cost) if is_barred(date_cost) else None
        return CostCell(
            machine_day=day.isoformat(),
            day=self.wording.day_and_month(day) if has_month else str(day.day),
            shown=self._shown(date_cost),
            words=self._words(date_cost, why_not),
            look=self._look(date_cost),
            why_not=why_not,
        )

    def _look(self, date_cost: DateCost) -> str:
        if date_cost.date == self.chosen:
            return "chosen"
        if is_barred(date_cost):
            return "shut"
        if is_left_out(date_cost):
            return "left-out"

        # Rounded as the figure is, so that two dates with the same figure have the same tint.
        cost = round(cost_of(date_cost) / average_party(self.problem), 1)
        tint = sum(cost >= limit for limit in TINTS)
        return f"t{tint}"

    def _shown(self, date_cost: DateCost) -> str:
        if date_cost.date == self.chosen:
            return "✓"
        if is_barred(date_cost):
            return "–"
        if is_left_out(date_cost):
            return "?"
        return format_cost(cost_of(date_cost), self.wording)

    def _words(self, date_cost: DateCost, why_not: str | None) -> str:
        horizon = self.problem.horizon
        say = self.wording.say
        day = self.wording.day(date_cost.date, has_year=horizon.start.year != horizon.end.year)
        if date_cost.date == self.chosen:
            return say("{day}: planned.", day=day)
        if why_not is not None:
            return say("{day}: not possible, {reason}.", day=day, reason=why_not)
        if is_left_out(date_cost):
            return say("{day}: not calculated in time.", day=day)

        cost = cost_of(date_cost)
        if cost == 0:
            return say("{day}: just as good.", day=day)
        return say("{day}: {cost}.", day=day, cost=format_fewer(cost, self.problem, self.wording))


def _monday(date_cost: DateCost) -> date:
    return date_cost.date - timedelta(days=date_cost.date.weekday())
