"""Check a rule added by the recipe of CONTRIBUTING against enumeration; run in the changed copy of the source."""

from random import Random

from scheduler import Problem, explain, propose
from scheduler.candidates import Candidates
from scheduler.planning.infeasibility import diagnose
from scheduler.planning.search_types import Search
from scheduler.proposal import TOLERANCE, RuleInstance
from scheduler.verify import Checker
from tests.builders import Json, a_commitment, a_council, a_document, a_meeting, a_person
from tests.enumeration import Starts, allowed_plans, every_rule, plans_that_keep

NUM_PROBLEMS = 40
RULE = "max_meetings_per_week"
DAYS = [f"2027-03-{day:02d}" for day in (1, 2, 3, 4, 8, 9)]


def a_busy_document(random: Random) -> Json:
    """Return a problem of two councils with people in common and few days, so that the limit often decides."""
    limit = random.choice([1, 2])
    people = [
        a_person("a0", "a", max_meetings_per_week=limit),
        a_person("a1", "a"),
        a_person("b0", "b", max_meetings_per_week=random.choice([None, 2])),
        a_person("b1", "b"),
    ]
    councils = ["kultur", "skola"]
    of_meeting = [*councils, *random.choices(councils, k=random.choice([1, 2]))]
    last = random.choice(DAYS[3:])
    return a_document(
        ("a", "b"),
        people=people,
        horizon={"start": DAYS[0], "end": last},
        councils=[a_council(council, ("a", "b")) for council in councils],
        meetings=[
            a_meeting(f"m{index}", council, starts=["09:00"]) for index, council in enumerate(sorted(of_meeting))
        ],
        commitments=[
            a_commitment(
                f"c{index}", random.choice(["a0", "a1", "b0"]), f"{day}T08:00", f"{day}T11:00", yields=random.random()
            )
            for index, day in enumerate(random.choices(DAYS, k=9))
        ],
    )


def best_value(problem: Problem, plans: list[Starts]) -> float | None:
    checker = Checker(problem)
    return max((checker.score(plan).objective for plan in plans), default=None)


def without_limits(problem: Problem) -> Problem:
    people = tuple(person.model_copy(update={"max_meetings_per_week": None}) for person in problem.people)
    return problem.with_parts(people=people)


def check_plan(problem: Problem) -> None:
    """The plan is the best of all plans that the checker allows, and every date costs what enumeration says."""
    plans = allowed_plans(problem)
    best = best_value(problem, plans)
    answer = propose(problem)
    assert best is not None
    assert answer.status == "optimal"
    assert answer.objective is not None
    assert abs(answer.objective - best) <= TOLERANCE * len(problem.meetings)

    for dates in explain(problem, "heatmap").meetings:
        for cost in dates.dates:
            on_date = [plan for plan in plans if plan[dates.meeting].date() == cost.date]
            value = best_value(problem, on_date)
            assert (value is None) == (cost.cost is None)
            if value is not None and cost.cost is not None:
                assert abs(best - value - cost.cost) <= 2 * TOLERANCE * len(problem.meetings)


def every_instance(problem: Problem) -> set[RuleInstance]:
    limited = (person.id for person in problem.people if person.max_meetings_per_week is not None)
    return every_rule(problem) | {RuleInstance(rule=RULE, person=person) for person in limited}


def check_conflict(problem: Problem) -> bool:
    """The conflict is minimal and every relaxation gives the objective that it states; tell whether it has the rule."""
    diagnosis = diagnose(Candidates(problem), Search())
    conflict = set(diagnosis.conflict)
    if not conflict:
        return False
    assert next(plans_that_keep(problem, conflict), None) is None
    for rule in conflict:
        assert next(plans_that_keep(problem, conflict - {rule}), None) is not None

    for relaxation in diagnosis.relaxations:
        if relaxation.rule != RULE or relaxation.also:
            continue
        to = relaxation.to if relaxation.change == "loosen" else None
        people = tuple(
            person.model_copy(update={"max_meetings_per_week": to}) if person.id == relaxation.person else person
            for person in problem.people
        )
        relaxed = problem.with_parts(people=people)
        best = best_value(relaxed, allowed_plans(relaxed))
        assert best is not None
        assert abs(best - relaxation.objective) <= TOLERANCE * len(problem.meetings)
    return any(rule.rule == RULE for rule in conflict)


def main() -> None:
    random = Random(0)
    num_changed = num_in_conflict = 0
    for _ in range(NUM_PROBLEMS):
        problem = Problem.of(a_busy_document(random))
        if allowed_plans(problem):
            check_plan(problem)
            num_changed += propose(problem).objective != propose(without_limits(problem)).objective
        else:
            assert propose(problem).status == "infeasible"
            num_in_conflict += check_conflict(problem)
    assert num_changed >= 5, f"the rule changed the optimum {num_changed} times"
    assert num_in_conflict >= 5, f"the rule was in the conflict {num_in_conflict} times"
    print(f"{NUM_PROBLEMS} problems; optimum changed {num_changed}, in conflict {num_in_conflict}")


if __name__ == "__main__":
    main()
