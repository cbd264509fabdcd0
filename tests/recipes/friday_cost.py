"""Check a preference added by the recipe of CONTRIBUTING against enumeration; run in the changed copy of the source."""

from random import Random

from scheduler import Problem, explain, propose
from scheduler.options import PlanOptions
from scheduler.proposal import TOLERANCE
from scheduler.verify import Checker, violations
from scheduler.verify.preferences import plan_cost
from tests.builders import Json, a_commitment, a_council, a_document, a_meeting
from tests.enumeration import Starts, allowed_plans

NUM_PROBLEMS = 25
DAYS = [f"2027-03-{day:02d}" for day in (3, 4, 5, 11, 12)]


def a_document_with_fridays(random: Random) -> Json:
    return a_document(
        ("a", "b"),
        horizon={"start": DAYS[0], "end": DAYS[-1]},
        councils=[a_council("kultur", ("a", "b"), friday_cost=random.choice([0.05, 0.1, 0.5]))],
        meetings=[a_meeting(f"m{index}", starts=["09:00"]) for index in range(random.choice([1, 2]))],
        commitments=[
            a_commitment(
                f"c{index}", random.choice(["a0", "b0"]), f"{day}T08:00", f"{day}T11:00", yields=random.random()
            )
            for index, day in enumerate(random.choices(DAYS, k=6))
        ],
    )


def value(problem: Problem, plan: Starts) -> float:
    return Checker(problem).score(plan).objective - plan_cost(problem, PlanOptions(), plan)


def check(problem: Problem) -> None:
    """The plan has the greatest value of all plans, and every date costs what enumeration says."""
    plans = allowed_plans(problem)
    best = max(value(problem, plan) for plan in plans)
    answer = propose(problem)
    tolerance = TOLERANCE * len(problem.meetings)
    assert answer.status == "optimal"
    assert answer.maximised is not None
    assert abs(answer.maximised - best) <= tolerance
    assert not any(violations(problem, proposal) for proposal in answer.proposals)
    for dates in explain(problem, "heatmap").meetings:
        for cost in dates.dates:
            on_date = [value(problem, plan) for plan in plans if plan[dates.meeting].date() == cost.date]
            assert bool(on_date) == (cost.cost is not None)
            if cost.cost is not None:
                assert abs(best - max(on_date) - cost.cost) <= 2 * tolerance


def without_cost(problem: Problem) -> Problem:
    councils = tuple(council.model_copy(update={"friday_cost": None}) for council in problem.councils)
    return problem.with_parts(councils=councils)


def main() -> None:
    random = Random(0)
    num_changed = 0
    for _ in range(NUM_PROBLEMS):
        problem = Problem.of(a_document_with_fridays(random))
        check(problem)
        starts = propose(problem).proposals[0].starts
        num_changed += starts != propose(without_cost(problem)).proposals[0].starts
    assert num_changed >= 5, f"the preference changed the plan {num_changed} times"
    print(f"{NUM_PROBLEMS} problems; plan changed {num_changed}")


if __name__ == "__main__":
    main()
