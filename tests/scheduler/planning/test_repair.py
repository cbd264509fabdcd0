"""Repair of a published plan: a meeting moves only if the gain exceeds the cost of the move."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from scheduler import InvalidProblem, Problem, propose
from scheduler.days import working_day_on_or_before
from scheduler.proposal import TOLERANCE
from scheduler.verify import Checker
from tests.builders import Json, a_commitment, a_document, a_meeting
from tests.enumeration import Starts, allowed_plans
from tests.strategies import DAYS, problems


def changed(problem: Problem, **changes: Any) -> Problem:
    """Return a copy of ``problem`` with some fields replaced, without validation."""
    fields = {name: getattr(problem, name) for name in Problem.model_fields}
    return Problem.model_construct(**fields | changes)


@st.composite
def published_problems(draw: st.DrawFn) -> Problem:
    problem = draw(problems())
    clocks = st.sampled_from(["09:00", "10:00", "13:00", "17:00"])  # not all are allowed starts
    starts = st.builds(lambda day, clock: datetime.fromisoformat(f"{day}T{clock}"), st.sampled_from(DAYS), clocks)
    published = {meeting.id: draw(starts) for meeting in problem.meetings if draw(st.integers(0, 3))}
    published = published or {problem.meetings[0].id: draw(starts)}
    today = draw(st.sampled_from([date(2026, 11, 22), date(2026, 12, 7), date(2027, 3, 15)]))
    notice = st.sampled_from([None, 7, 110])
    meetings = tuple(meeting.model_copy(update={"notice_days": draw(notice)}) for meeting in problem.meetings)
    return changed(problem, published=published, today=today, meetings=meetings)


def with_frozen_pinned(problem: Problem) -> Problem:
    """
    Return ``problem`` with its frozen meetings pinned.

    A meeting is frozen when the last day for its notice has passed. The computation is independent of `repair`.
    """
    meetings = []
    for meeting in problem.meetings:
        pinned = meeting.pinned
        if pinned is None and meeting.id in problem.published and meeting.notice_days is not None:
            notice_day = problem.published[meeting.id].date() - timedelta(meeting.notice_days)
            if working_day_on_or_before(notice_day, problem.holidays) < problem.today:
                pinned = problem.published[meeting.id]
        meetings.append(meeting.model_copy(update={"pinned": pinned}))
    return changed(problem, meetings=tuple(meetings))


@pytest.mark.parametrize("move_cost", [0.05, 0.25])
@given(published_problems())
def test_the_repaired_plan_maximises_the_objective_less_the_cost_of_moves(move_cost: float, problem: Problem) -> None:
    answer = propose(problem, objective="repair", move_cost=move_cost, alternatives=1)
    pinned_problem = with_frozen_pinned(problem)
    checker = Checker(pinned_problem)
    published = {meeting: problem.instant(start) for meeting, start in problem.published.items()}

    def repair_objective(plan: Starts) -> float:
        moves = sum(plan[meeting].astimezone(UTC) != start for meeting, start in published.items())
        return checker.score(plan).objective - move_cost * moves

    allowed = allowed_plans(pinned_problem)
    note(f"{len(allowed)} plans allowed")
    if not allowed:
        assert answer.status == "infeasible"
        return
    best = max(map(repair_objective, allowed))
    assert answer.status == "optimal"
    assert answer.objective_kind == "repair"
    assert answer.maximised == pytest.approx(best, abs=TOLERANCE * len(problem.meetings))
    proposal = answer.proposals[0]
    assert checker.judge(proposal) == []
    assert repair_objective(proposal.starts) == pytest.approx(best, abs=TOLERANCE * len(problem.meetings))
    assert answer.objective == pytest.approx(checker.score(proposal.starts).objective)
    moved = {meeting for meeting, start in published.items() if proposal.starts[meeting] != start}
    assert {move.meeting for move in proposal.moves} == moved


def a_published_problem(**changes: Any) -> Problem:
    """Return a problem with two meetings, published for 2 and 9 March at 09:00, without events at these times."""
    meetings = [a_meeting("m1", notice_days=3), a_meeting("m2", notice_days=3)]
    published = {"m1": "2027-03-02T09:00", "m2": "2027-03-09T09:00"}
    return Problem.of(a_document(meetings=meetings, published=published, **changes))


def all_day_events(day: date) -> list[Json]:
    """Return events that make the member and the substitute of party a unavailable on ``day``."""
    start = f"{day}T07:00"
    end = f"{day}T18:00"
    return [a_commitment(f"c{i}", f"a{i}", start, end, kind="busy_unavailable") for i in (0, 1)]


def test_no_meeting_moves_without_new_events() -> None:
    answer = propose(a_published_problem(), objective="repair", alternatives=1)
    assert answer.proposals[0].moved == ()
    assert answer.maximised == answer.objective


def test_a_new_event_moves_the_meeting_and_the_move_has_its_gain() -> None:
    answer = propose(
        a_published_problem(commitments=all_day_events(date(2027, 3, 9))), objective="repair", alternatives=1
    )
    proposal = answer.proposals[0]
    assert proposal.moved == ("m2",)
    (move,) = proposal.moves
    assert move.published.isoformat() == "2027-03-09T09:00:00+01:00"
    assert move.starts_at == proposal.starts["m2"] != move.published
    assert move.gain == pytest.approx(0.92 + 0.08 * 0.9 * 0.92)  # the member of party a, otherwise the substitute
    assert move.barred_by == ()
    assert answer.maximised == pytest.approx(proposal.objective - 0.25)


def test_no_meeting_moves_when_the_cost_exceeds_the_gain() -> None:
    problem = a_published_problem(commitments=all_day_events(date(2027, 3, 9)))
    answer = propose(problem, objective="repair", move_cost=1.5, alternatives=1)
    assert answer.proposals[0].moved == ()


def test_a_meeting_after_its_last_day_for_notice_does_not_move() -> None:
    problem = a_published_problem(commitments=all_day_events(date(2027, 3, 2)), today="2027-02-27")
    answer = propose(problem, objective="repair", alternatives=1)
    assert answer.status == "optimal"
    assert answer.proposals[0].moved == ()


def test_a_move_from_a_new_blackout_names_the_rule() -> None:
    blackouts = [{"start": "2027-03-09", "end": "2027-03-09", "reason": "val"}]
    answer = propose(a_published_problem(blackouts=blackouts), objective="repair", alternatives=1)
    (move,) = answer.proposals[0].moves
    assert [(rule.rule, rule.index) for rule in move.barred_by] == [("blackout", 0)]


def test_a_move_from_a_start_outside_starts_names_the_rule() -> None:
    meetings = [a_meeting("m1", starts=["13:00"])]
    problem = Problem.of(a_document(meetings=meetings, published={"m1": "2027-03-02T09:00"}))
    (move,) = propose(problem, objective="repair", alternatives=1).proposals[0].moves
    assert [rule.rule for rule in move.barred_by] == ["weekday_and_start"]


def test_repair_without_a_published_plan_is_rejected() -> None:
    with pytest.raises(InvalidProblem) as raised:
        propose(Problem.of(a_document()), objective="repair")
    assert raised.value.faults[0].pointer == "/published"
