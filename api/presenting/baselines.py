"""The plan compared with today's routine, with counting yes answers, and with Outlook's suggestion."""

from collections.abc import Iterator

from api.i18n import Wording
from api.presenting.attendance import weighs_evenly
from api.presenting.explanation_view import BaselineRow, BaselineTable
from api.presenting.names import Names, list_some
from scheduler.explaining.baselines.fixed_weekday import THIRD_THURSDAY
from scheduler.explaining.explanation import HabitName, HabitRule, Habits
from scheduler.problem import Council, Meeting, Problem

MOST_HABITS = 10
MOST_COUNCILS = 6  # named with each habit


def build_baseline_table(habits: Habits, problem: Problem, names: Names, wording: Wording) -> BaselineTable | None:
    """Return the comparison; None when there is no plan to compare with."""
    by_name = {rule.name: rule for rule in habits.rules}
    plan = by_name.get("plan")
    if plan is None or plan.objective is None:
        return None

    plan_first = sorted(habits.rules, key=lambda rule: rule.name != "plan")
    return BaselineTable(
        introduction=tuple(_introduction(by_name.get("habit"), plan, problem, wording)),
        habits=tuple(_describe_habits(problem, names, wording)),
        rows=tuple(_row(rule, wording) for rule in plan_first),
    )


def _row(rule: HabitRule, wording: Wording) -> BaselineRow:
    name = _name(rule.name, wording)
    if rule.objective is None or rule.expected_absences is None:
        no_plan = wording.say("no plan")
        return BaselineRow(name=name, absences=no_plan, attendance=no_plan, quorum=no_plan, is_ours=False)

    lowest_quorum = rule.quorum_probability_min
    return BaselineRow(
        name=name,
        absences=wording.decimal(rule.expected_absences, 1),
        attendance=wording.decimal(rule.objective, 1),
        quorum=wording.say("none required") if lowest_quorum is None else wording.percent(lowest_quorum),
        is_ours=rule.name == "plan",
    )


def _name(name: HabitName, wording: Wording) -> str:
    match name:
        case "habit":
            return wording.say("Today's routine")
        case "counting_yes":
            return wording.say("Most yes answers, as in a Doodle poll")
        case "microsoft_confidence":
            return wording.say("Outlook's suggestion")
        case "plan":
            return wording.say("This plan")


def _introduction(
    habit: HabitRule | None,
    plan: HabitRule,
    problem: Problem,
    wording: Wording,
) -> Iterator[str]:
    if habit is None or plan.expected_absences is None:
        return
    if habit.expected_absences is None:
        yield wording.say("Today's routine gives no plan that keeps the rules.")
        return

    if habit.num_broken:
        yield wording.say_many(
            "With today's routine the rules are broken {count} time, for example when a person is needed in two "
            "places at once.",
            "With today's routine the rules are broken {count} times, for example when a person is needed in two "
            "places at once.",
            habit.num_broken,
        )

    # The saving is the difference of the figures as shown, so that the three figures of the sentence add up.
    habit_absences = round(habit.expected_absences, 1)
    plan_absences = round(plan.expected_absences, 1)
    saved = habit_absences - plan_absences
    if round(saved, 1) > 0:
        yield from _saving(habit_absences, plan_absences, problem, wording)
    elif not habit.num_broken:
        yield wording.say("Today's routine gives about as few absences as this plan.")


def _saving(habit_absences: float, plan_absences: float, problem: Problem, wording: Wording) -> Iterator[str]:
    if not weighs_evenly(problem):
        yield wording.say("Absences are counted by the parties' weights.")

    yield wording.say_many(
        "With today's routine {habit} absences can be expected, with this plan {plan}: {saved} fewer.",
        "With today's routine {habit} absences can be expected over all meetings, with this plan {plan}: "
        "{saved} fewer.",
        len(problem.meetings),
        habit=wording.decimal(habit_absences, 1),
        plan=wording.decimal(plan_absences, 1),
        saved=wording.decimal(habit_absences - plan_absences, 1),
    )


def _describe_habits(problem: Problem, names: Names, wording: Wording) -> Iterator[str]:
    """Yield today's routine, councils with the same routine together."""
    councils_by_habit: dict[str, list[str]] = {}
    for council in problem.councils:
        meetings = problem.meetings_by_council[council.id]
        if meetings:
            habit = _describe_habit(council, meetings, wording)
            councils_by_habit.setdefault(habit, []).append(names.councils[council.id])

    groups = list(councils_by_habit.items())
    if len(groups) == 1:
        habit, _ = groups[0]
        yield wording.say("Today's routine: {habit}.", habit=habit)
        return

    for habit, councils in groups[:MOST_HABITS]:
        listed = list_some(councils, MOST_COUNCILS, wording)
        yield wording.say("The routine of {councils}: {habit}.", councils=listed, habit=habit)

    num_left = sum(len(councils) for _, councils in groups[MOST_HABITS:])
    if num_left:
        yield wording.say_many(
            "{count} more council has a routine of its own.",
            "{count} more councils have routines of their own.",
            num_left,
        )


def _describe_habit(council: Council, meetings: tuple[Meeting, ...], wording: Wording) -> str:
    """Return the council's stated routine; else the third Thursday, at the first start of its meetings, as assumed."""
    habit = council.habit
    if habit is not None:
        return _day_of_month(habit.weekday, habit.ordinal, wording.clock(habit.start), wording)

    first_starts = sorted({meeting.start_clocks[0] for meeting in meetings})
    clocks = wording.listing(wording.clock(start) for start in first_starts)
    weekday, ordinal = THIRD_THURSDAY
    assumed = _day_of_month(weekday, ordinal, clocks, wording)
    return wording.say("{habit} (assumed)", habit=assumed)


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
