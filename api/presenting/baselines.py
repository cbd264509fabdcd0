"""Who holds the plan against today's ways: the habit, counting yes, and Microsoft's confidence."""

from collections.abc import Iterator

from api.i18n import Wording
from api.presenting.attendance import weighs_evenly
from api.presenting.explanation_view import BaselineRow, BaselineTable
from api.presenting.names import Names, some_of
from scheduler.explaining.baselines.fixed_weekday import THIRD_THURSDAY
from scheduler.explaining.explanation import HabitName, HabitRule, Habits
from scheduler.problem import Council, Meeting, Problem

MOST_HABITS, MOST_COUNCILS = 10, 6  # told; and named with each
DIGITS = (1, 2, 3)  # of absences: as many as show the difference, and let the figures add up


def build_baseline_table(found: Habits, problem: Problem, names: Names, wording: Wording) -> BaselineTable | None:
    """Return today's ways beside the plan; None when there is no plan to set them beside."""
    by_name = {rule.name: rule for rule in found.rules}
    plan, habit = by_name.get("plan"), by_name.get("habit")
    if plan is None or plan.objective is None:
        return None
    digits = max(2, _digits(habit, plan) or 0)
    rows = tuple(_way(rule, digits, wording) for rule in sorted(found.rules, key=lambda rule: rule.name != "plan"))
    return BaselineTable(tuple(_told(habit, plan, problem, wording)), tuple(_habits(problem, names, wording)), rows)


def _way(rule: HabitRule, digits: int, wording: Wording) -> BaselineRow:
    if rule.objective is None or rule.expected_absences is None:
        nothing = wording.say("no plan")
        return BaselineRow(_name(rule.name, wording), nothing, nothing, nothing, is_ours=False)
    quorum = rule.quorum_probability_min
    return BaselineRow(
        _name(rule.name, wording),
        wording.decimal(rule.expected_absences, digits),
        wording.decimal(rule.objective, digits),
        wording.say("none required") if quorum is None else wording.percent(quorum),
        is_ours=rule.name == "plan",
    )


def _name(name: HabitName, wording: Wording) -> str:
    match name:
        case "habit":
            return wording.say("Today's habit")
        case "counting_yes":
            return wording.say("Counting yes, as a poll does")
        case "microsoft_confidence":
            return wording.say("Microsoft's confidence")
        case "plan":
            return wording.say("This plan")


def _told(habit: HabitRule | None, plan: HabitRule, problem: Problem, wording: Wording) -> Iterator[str]:
    if habit is None or plan.expected_absences is None:
        return
    if habit.expected_absences is None:
        yield wording.say("Today's habit leads to no plan that keeps the rules.")
        return
    if habit.num_broken:
        yield wording.say_many(
            "Today's habit breaks a rule between meetings {count} time, as when somebody is wanted in two places.",
            "Today's habit breaks rules between meetings {count} times, as when somebody is wanted in two places.",
            habit.num_broken,
        )
    digits = _digits(habit, plan)
    if digits is None:
        if not habit.num_broken:
            yield wording.say("Today's habit gives as few absences as this plan.")
        return
    if not weighs_evenly(problem):
        yield wording.say("Absences are counted by the parties' weights.")
    yield wording.say_many(
        "With today's habit {habit} absences can be expected, with this plan {plan}: {saved} fewer.",
        "With today's habit {habit} absences can be expected over all meetings, with this plan {plan}: {saved} fewer.",
        len(problem.meetings),
        habit=wording.decimal(habit.expected_absences, digits),
        plan=wording.decimal(plan.expected_absences, digits),
        saved=wording.decimal(habit.expected_absences - plan.expected_absences, digits),
    )


def _digits(habit: HabitRule | None, plan: HabitRule) -> int | None:
    """Return how many decimals show what the plan saves; None when it saves nothing that three of them show."""
    if habit is None or habit.expected_absences is None or plan.expected_absences is None:
        return None
    saved = habit.expected_absences - plan.expected_absences
    if round(saved, DIGITS[-1]) <= 0:
        return None
    for digits in DIGITS:
        shown = round(habit.expected_absences, digits) - round(plan.expected_absences, digits)
        if round(saved, digits) > 0 and round(shown, digits) == round(saved, digits):
            return digits
    return DIGITS[-1]


def _habits(problem: Problem, names: Names, wording: Wording) -> Iterator[str]:
    """Yield which habit is today's, councils with the same together."""
    groups: dict[str, list[str]] = {}
    for council in problem.councils:
        meetings = problem.meetings_by_council[council.id]
        if meetings:
            groups.setdefault(_habit(council, meetings, wording), []).append(names.councils[council.id])
    if len(groups) == 1:
        yield wording.say("Today's habit: {habit}.", habit=next(iter(groups)))
        return
    for habit, councils in list(groups.items())[:MOST_HABITS]:
        yield wording.say(
            "The habit of {councils}: {habit}.", councils=some_of(councils, MOST_COUNCILS, wording), habit=habit
        )
    left = sum(map(len, list(groups.values())[MOST_HABITS:]))
    if left:
        yield wording.say_many(
            "{count} more council has a habit of its own.", "{count} more councils have habits of their own.", left
        )


def _habit(council: Council, meetings: tuple[Meeting, ...], wording: Wording) -> str:
    """Return the habit that is stated; else the one assumed, at the meetings' first starts."""
    if council.habit is not None:
        stated = council.habit
        return _day_of_month(stated.weekday, stated.ordinal, wording.clock(stated.start), wording)
    clocks = wording.listing(map(wording.clock, sorted({one.start_clocks[0] for one in meetings})))
    return wording.say("{habit} (assumed)", habit=_day_of_month(*THIRD_THURSDAY, clocks, wording))


def _day_of_month(weekday: str, ordinal: int, clock: str, wording: Wording) -> str:
    day = wording.weekday(weekday)
    match ordinal:
        case 1:
            return wording.say("first {weekday} of the month at {clock}", weekday=day, clock=clock)
        case 2:
            return wording.say("second {weekday} of the month at {clock}", weekday=day, clock=clock)
        case 3:
            return wording.say("third {weekday} of the month at {clock}", weekday=day, clock=clock)
        case 4:
            return wording.say("fourth {weekday} of the month at {clock}", weekday=day, clock=clock)
        case 5:
            return wording.say("fifth {weekday} of the month at {clock}", weekday=day, clock=clock)
        case _:
            return wording.say("last {weekday} of the month at {clock}", weekday=day, clock=clock)
