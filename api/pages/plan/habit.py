"""Who holds the plan against today's ways: the habit, counting yes, and Microsoft's confidence."""

from collections.abc import Iterator

from api.pages.plan.expectation import weighs_evenly
from api.pages.plan.why_view import Way, Ways
from api.pages.plan.worth import SMALLEST
from api.wording import Wording
from scheduler.explaining.explanation import HabitName, HabitRule, Habits
from scheduler.problem import Problem


def ways(found: Habits, problem: Problem, wording: Wording) -> Ways | None:
    """Return today's ways beside the plan; None when there is no plan to set them beside."""
    by_name = {rule.name: rule for rule in found.rules}
    plan = by_name.get("plan")
    if plan is None or plan.objective is None:
        return None
    rows = tuple(_way(rule, wording) for rule in sorted(found.rules, key=lambda rule: rule.name != "plan"))
    return Ways(tuple(_told(by_name.get("habit"), plan, weighs_evenly(problem), wording)), rows)


def _way(rule: HabitRule, wording: Wording) -> Way:
    if rule.objective is None or rule.expected_absences is None:
        nothing = wording.say("no plan")
        return Way(_name(rule.name, wording), nothing, nothing, nothing, is_ours=False)
    quorum = rule.quorum_probability_min
    return Way(
        _name(rule.name, wording),
        wording.decimal(rule.expected_absences, 2),
        wording.decimal(rule.objective, 2),
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


def _told(habit: HabitRule | None, plan: HabitRule, evenly: bool, wording: Wording) -> Iterator[str]:
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
    saved = habit.expected_absences - plan.expected_absences
    if saved < SMALLEST:
        if not habit.num_broken:
            yield wording.say("Today's habit gives as few absences as this plan.")
        return
    if not evenly:
        yield wording.say("Absences are counted by the parties' weights.")
    yield wording.say(
        "With today's habit {habit} absences can be expected over all meetings, with this plan {plan}: {saved} fewer.",
        habit=wording.decimal(habit.expected_absences, 1),
        plan=wording.decimal(plan.expected_absences, 1),
        saved=wording.decimal(saved, 1),
    )
