"""Clashes are described with their people and the meetings that follow; equal choices of a person are grouped."""

from datetime import date, datetime, time
from typing import Any

from api.i18n import Language, Wording
from api.presenting.event_values import build_clash_list
from api.presenting.explanation_view import ClashList
from api.presenting.names import Names
from scheduler.explaining.explanation import Clash, Clashes, MeetingStart
from scheduler.problem import Problem
from scheduler.proposal import Status
from tests.api.pages.handmade import STOCKHOLM
from tests.builders import a_commitment, a_meeting, a_problem


def a_year() -> Problem:
    """Seven meetings, and an engagement of a0's on each of seven days; b0 is in the first of them too."""
    days = range(1, 8)
    commitments = [a_commitment(f"c{at}", "a0", f"2027-03-0{at}T09:00", f"2027-03-0{at}T12:00") for at in days]
    return a_problem(meetings=[a_meeting(f"m{at}") for at in range(7)], commitments=commitments)


def at_nine(meeting: str, day: int) -> MeetingStart:
    return MeetingStart(meeting=meeting, starts_at=datetime.combine(date(2027, 3, day), time(9), STOCKHOLM))


def a_clash(at: int = 1, **changes: Any) -> Clash:
    return Clash(**{"commitments": (f"c{at}",), "people": ("a0",), "label": "KF", "gain": 0.31, **changes})


def build(*clashes: Clash, status: Status = "optimal", language: Language = "sv") -> ClashList:
    problem, wording = a_year(), Wording(language)
    answer = Clashes(status=status, objective=2.9, clashes=clashes)
    found = build_clash_list(answer, {}, problem, Names.of(problem, wording), wording)
    assert found is not None
    return found


def test_other_meetings_that_move_are_named_with_their_new_time() -> None:
    one = a_clash(meetings=(at_nine("m0", 1),), moved=(at_nine("m1", 2),))
    assert build(one).singles[0].sentences[2:] == (
        "Då flyttas också ett annat sammanträde: Rådet för kultur, sammanträde 2 till tis 2 mars kl.\xa009.00.",
    )
    assert build(one, language="en").singles[0].sentences[2:] == (
        "Another meeting then moves: Rådet för kultur, meeting 2 to Tue 2 Mar at 09:00.",
    )


def test_moved_meetings_beyond_the_limit_are_counted() -> None:
    (sentence,) = build(a_clash(moved=tuple(at_nine(f"m{at}", at) for at in range(1, 7)))).singles[0].sentences[1:]
    assert sentence.startswith("Då flyttas också 6 andra sammanträden: Rådet för kultur, sammanträde 2 till")
    assert sentence.endswith("; och 2 till.")
    assert sentence.count("kl.") == 4


def test_consecutive_clashes_of_a_person_with_equal_gain_are_one_entry() -> None:
    found = build(a_clash(1, meetings=(at_nine("m0", 1),)), a_clash(2), a_clash(3, gain=0.2))
    first, second = found.singles
    assert first.title == "Ledamot a0 (kommunen a)"
    assert first.sentences == ("Flyttas en av dem väntas 0,3 fler parter.",)
    assert first.choices == (
        "KF, mån 1 mars kl.\xa009.00–12.00. Rådet för kultur, sammanträde 1 hålls då mån 1 mars kl.\xa009.00.",
        "KF, tis 2 mars kl.\xa009.00–12.00.",
    )
    assert second.title.startswith("Ledamot a0 (kommunen a): KF, ons 3 mars")
    assert second.choices == ()
    assert found.more is None


def test_events_of_several_people_are_separate_entries() -> None:
    together = ("a0", "b0")
    assert len(build(a_clash(1, people=together), a_clash(2, people=together)).singles) == 2


def test_many_equal_choices_are_counted() -> None:
    (one,) = build(*(a_clash(at) for at in range(1, 8))).singles
    assert len(one.choices) == 6
    assert one.choices[-1] == "och 2 till"


def test_an_unfinished_search_does_not_prove_that_no_clash_is_worth_moving() -> None:
    assert build(status="feasible").introduction == (
        "Beräkningen hann inte hitta någon enskild krock som lönar sig att flytta.",
    )
