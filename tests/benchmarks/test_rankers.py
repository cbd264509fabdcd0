import numpy as np

from scheduler import Problem
from scheduler.availability import Availability
from scheduler.candidates import Candidates
from scheduler.explaining.baselines.slot_scores import counting_yes
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Search
from scheduler.verify import Checker
from tests.benchmarks.greedy import greedy
from tests.benchmarks.rankers import by_score
from tests.benchmarks.scores import Score, counting_parties, one_of_each, rallly
from tests.benchmarks.votes import votes
from tests.builders import Json, a_commitment, a_council, a_document, a_meeting, a_person
from tests.enumeration import starts_of

MONDAY, TUESDAY, WEDNESDAY = "2027-03-01", "2027-03-02", "2027-03-03"


def scores(problem: Problem, score: Score) -> list[int]:
    one = Candidates(problem).meetings[0]
    council = problem.councils_by_id[one.meeting.council]
    return [int(each) for each in score(council, votes(Availability(problem), one))]


def busy(person: str, day: str, **changes: object) -> Json:
    return a_commitment(f"{person}-{day}", person, f"{day}T08:00", f"{day}T17:00", **changes)


def days(parties: tuple[str, ...], first: str, last: str, commitments: list[Json], **changes: object) -> Problem:
    return Problem.of(
        a_document(
            parties,
            horizon={"start": first, "end": last},
            meetings=[a_meeting(starts=["09:00"])],
            commitments=commitments,
            **changes,
        )
    )


def test_rallly_ranks_by_yes_and_then_by_if_need_be() -> None:
    reluctant = {"yields": 0.6}
    problem = days(
        ("a", "b", "c"),
        MONDAY,
        WEDNESDAY,
        [
            busy("a0", MONDAY, yields=0.2),
            busy("b0", TUESDAY, **reluctant),
            busy("c0", TUESDAY, **reluctant),
            busy("a1", WEDNESDAY),
        ],
        answers=[
            {"person": "a0", "start": f"{WEDNESDAY}T08:00", "end": f"{WEDNESDAY}T12:00", "answer": "if_needed"},
            {"person": "b0", "start": f"{WEDNESDAY}T08:00", "end": f"{WEDNESDAY}T12:00", "answer": "no"},
        ],
    )
    assert scores(problem, rallly) == [2002, 3001, 2001]


def test_a_poll_of_parties_counts_member_and_substitute_once() -> None:
    problem = days(("a", "b", "c"), MONDAY, TUESDAY, [busy("a0", MONDAY), busy("b0", MONDAY), busy("b1", MONDAY)])
    assert scores(problem, counting_yes) == [1, 3]
    assert scores(problem, counting_parties) == [2, 3]


def test_one_of_each_group_is_all_or_nothing() -> None:
    problem = days(("a", "b", "c"), MONDAY, TUESDAY, [busy("a0", MONDAY), busy("b0", TUESDAY), busy("b1", TUESDAY)])
    assert scores(problem, one_of_each) == [1, 0]


def test_ties_are_broken_by_the_earliest_date() -> None:
    problem = days(("a", "b", "c"), MONDAY, WEDNESDAY, [busy("a0", MONDAY)])
    assert by_score(counting_yes, problem, Candidates(problem).meetings)["m1"].day == 2


def two_councils(rooms: int) -> Problem:
    """Both could have the same day, and the second has no other."""
    parties = ("a", "b", "c")
    return Problem.of(
        a_document(
            parties,
            commitments=[busy("a0", TUESDAY, yields=0.2)],
            venues=[{"id": "v", "name": "huset", "rooms": rooms}],
            people=[a_person(f"{party}{at}", party) for party in parties for at in range(4)],
            councils=[
                a_council("kultur", parties),
                {
                    **a_council("skola", parties),
                    "seats": [{"party": party, "member": f"{party}2", "substitutes": []} for party in parties],
                },
            ],
            meetings=[
                a_meeting("m1", "kultur", starts=["09:00"], venue="v", window={"start": MONDAY, "end": TUESDAY}),
                a_meeting("m2", "skola", starts=["09:00"], venue="v", window={"start": MONDAY, "end": MONDAY}),
            ],
        )
    )


def test_greedy_restarts_with_a_council_that_has_no_feasible_day() -> None:
    problem = two_councils(rooms=1)
    choices = Candidates(problem).meetings
    starts = starts_of(choices, greedy(problem, choices), problem)
    assert (starts["m1"].day, starts["m2"].day) == (2, 1)
    assert not Checker(problem).violations(starts)


def test_greedy_takes_the_best_day_with_a_free_room() -> None:
    problem = two_councils(rooms=2)
    choices = Candidates(problem).meetings
    starts = starts_of(choices, greedy(problem, choices), problem)
    assert (starts["m1"].day, starts["m2"].day) == (1, 1)


def test_greedy_keeps_later_meetings_of_a_council_feasible() -> None:
    problem = Problem.of(
        a_document(
            councils=[a_council(spacing_days={"min": 2, "max": 4})],
            commitments=[busy("a0", MONDAY), busy("b0", TUESDAY, yields=0.3)],
            meetings=[
                a_meeting("m1", window={"start": MONDAY, "end": WEDNESDAY}, starts=["09:00"]),
                a_meeting("m2", window={"start": WEDNESDAY, "end": "2027-03-04"}, starts=["09:00"]),
            ],
        )
    )
    choices = Candidates(problem).meetings
    assert choices[0].attendance.argmax() == 2  # from where no day is left for the second
    plan = greedy(problem, choices)
    found = optimum(Instance(problem, choices), Search())
    assert not Checker(problem).violations(starts_of(choices, plan, problem))
    assert plan[0] != 2
    assert found.value is not None
    assert sum(one.attendance[slot] for one, slot in zip(choices, plan, strict=True)) <= found.value + 1e-9
    assert np.isfinite(found.value)
