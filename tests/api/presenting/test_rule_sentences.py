"""Every rule has a sentence that states the requirement."""

from typing import get_args

import pytest

from api.i18n import Wording
from api.presenting.names import Names
from api.presenting.rule_sentences import describe_rule
from scheduler.problem import Problem
from scheduler.proposal import RuleInstance, RuleName
from tests.builders import a_council, a_meeting, a_problem

SV = Wording("sv")


def a_strict_problem() -> Problem:
    strict = a_meeting(
        "m1",
        window={"start": "2027-03-01", "end": "2027-03-05"},
        notice_days=7,
        required=[{"person": "a0"}],
        quorum_probability=0.9,
        pinned="2027-03-04T09:00:00+01:00",
        venue="hus",
    )
    return a_problem(
        today="2027-02-20",
        published={"m2": "2027-02-18T09:00"},
        councils=[a_council(spacing_days={"min": 1, "max": 28}), a_council("skola")],
        meetings=[strict, a_meeting("m2", "skola")],
        venues=[{"id": "hus", "name": "Regionens hus", "rooms": 2}],
        blackouts=[{"start": "2027-03-08", "end": "2027-03-09", "reason": "lov"}],
        relations=[
            {"kind": "same_day", "meetings": ["m1", "m2"]},
            {"kind": "same_slot", "meetings": ["m1", "m2"]},
            {"kind": "apart_days", "meetings": ["m1", "m2"], "days": 3},
            {"kind": "before", "meetings": ["m1", "m2"]},
        ],
    )


BOTH = "Kultur, sammanträde 1 och Skola, sammanträde 1"


SENTENCES = [
    (RuleInstance(rule="window", meeting="m1"), "Kultur, sammanträde 1 ska hållas 1–5 mars 2027."),
    (
        RuleInstance(rule="weekday_and_start", meeting="m1"),
        "Kultur, sammanträde 1 börjar bara på dessa tider: måndag–fredag kl. 09.00 och 13.00.",
    ),
    (RuleInstance(rule="holiday"), "Inga sammanträden på helgdagar och helgdagsaftnar."),
    (RuleInstance(rule="blackout", index=0), "Inga sammanträden 8–9 mars 2027 (lov)."),
    (
        RuleInstance(rule="notice", meeting="m1"),
        "Kallelsen till Kultur, sammanträde 1 ska skickas 7 dagar i förväg.",
    ),
    (
        RuleInstance(rule="required_person", meeting="m1", person="a0"),
        "Kultur, sammanträde 1 hålls inte utan ledamot a0, som ska ha minst 50\xa0% chans att komma.",
    ),
    (
        RuleInstance(rule="quorum_likely", meeting="m1"),
        "Kultur, sammanträde 1 ska bli beslutsfört med minst 90\xa0% sannolikhet.",
    ),
    (
        RuleInstance(rule="pinned", meeting="m1"),
        "Kultur, sammanträde 1 är låst till torsdag 4 mars 2027 kl.\xa009.00.",
    ),
    (
        RuleInstance(rule="past", meeting="m1"),
        "Kultur, sammanträde 1 kan inte hållas före 20 februari 2027, då planen görs.",
    ),
    (
        RuleInstance(rule="held", meeting="m2"),
        "Skola, sammanträde 1 hölls torsdag 18 februari 2027 kl.\xa009.00 och behåller det datumet.",
    ),
    (RuleInstance(rule="spacing_min", council="kultur"), "Kultur: minst 1 dag mellan sammanträdena."),
    (RuleInstance(rule="spacing_max", council="kultur"), "Kultur: högst 28 dagar mellan sammanträdena."),
    (
        RuleInstance(rule="order", council="kultur"),
        "Kultur: sammanträdena hålls i ordning, högst ett om dagen.",
    ),
    (
        RuleInstance(rule="nobody_in_two_places", person="a0"),
        "Ledamot a0 kan inte vara på två sammanträden samtidigt.",
    ),
    (RuleInstance(rule="rooms", venue="hus"), "Regionens hus rymmer 2 sammanträden åt gången."),
    (RuleInstance(rule="relation", index=0), f"Samma dag: {BOTH}."),
    (RuleInstance(rule="relation", index=1), f"Samma tid: {BOTH}."),
    (RuleInstance(rule="relation", index=2), f"Minst 3 dagar isär: {BOTH}."),
    (RuleInstance(rule="relation", index=3), f"I denna ordning: {BOTH}."),
]


def test_every_rule_of_a_plan_has_a_sentence() -> None:
    stated = set(get_args(RuleName)) - {"misstated"}  # a wrong number in an answer, no rule of a plan
    assert {rule.rule for rule, _ in SENTENCES} == stated


@pytest.mark.parametrize(("rule", "sentence"), SENTENCES)
def test_each_rule_has_its_sentence(rule: RuleInstance, sentence: str) -> None:
    problem = a_strict_problem()
    assert describe_rule(rule, problem, Names.of(problem, SV), SV) == sentence


def test_a_single_day_is_a_date_in_its_sentence() -> None:
    problem = a_problem(
        meetings=[a_meeting(window={"start": "2027-03-09", "end": "2027-03-09"})],
        blackouts=[{"start": "2027-03-09", "end": "2027-03-09", "reason": "lov"}],
    )
    names = Names.of(problem, SV)
    window, closed = RuleInstance(rule="window", meeting="m1"), RuleInstance(rule="blackout", index=0)
    assert describe_rule(window, problem, names, SV) == "Rådet för kultur, sammanträde 1 ska hållas den 9 mars 2027."
    assert describe_rule(closed, problem, names, SV) == "Inga sammanträden den 9 mars 2027 (lov)."


def test_many_starts_are_given_by_the_first_and_the_last() -> None:
    starts = {"from": "08:00", "to": "15:00", "step_minutes": 60}
    problem = a_problem(meetings=[a_meeting(starts=starts, weekdays=["TH", "TU"])])
    sentence = describe_rule(RuleInstance(rule="weekday_and_start", meeting="m1"), problem, Names.of(problem, SV), SV)
    assert sentence.endswith("börjar bara på dessa tider: tisdag och torsdag kl. 08.00–15.00.")
