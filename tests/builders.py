"""Builders of small problems for tests."""

from typing import Any

from scheduler.problem import Problem

Json = dict[str, Any]
YEAR_2027 = [{"start": "2027-01-01", "end": "2027-12-31"}]


def a_person(person: str, party: str, **changes: Any) -> Json:
    return {"id": person, "party": party, "name": f"ledamot {person}", "known": YEAR_2027, **changes}


def a_meeting(meeting: str = "m1", council: str = "kultur", **changes: Any) -> Json:
    return {"id": meeting, "council": council, "duration_minutes": 120, "starts": ["09:00", "13:00"], **changes}


def a_commitment(commitment: str, person: str, start: str, end: str, **changes: Any) -> Json:
    return {"id": commitment, "person": person, "start": start, "end": end, **changes}


def a_council(council: str = "kultur", parties: tuple[str, ...] = ("a", "b", "c"), **changes: Any) -> Json:
    """A council in which party "a" seats the member "a0" and the substitute "a1", and so on."""
    seats = [{"party": party, "member": f"{party}0", "substitutes": [f"{party}1"]} for party in parties]
    return {"id": council, "name": f"rådet för {council}", "seats": seats, **changes}


def a_document(parties: tuple[str, ...] = ("a", "b", "c"), **changes: Any) -> Json:
    """The JSON of a problem: two weeks in March 2027, one council, one meeting, all calendars known."""
    return {
        "title": "Ett litet län",
        "timezone": "Europe/Stockholm",
        "horizon": {"start": "2027-03-01", "end": "2027-03-12"},
        "today": "2026-11-22",
        "parties": [{"id": party, "name": f"kommunen {party}"} for party in parties],
        "people": [a_person(f"{party}{i}", party) for party in parties for i in (0, 1)],
        "councils": [a_council(parties=parties)],
        "meetings": [a_meeting()],
        **changes,
    }


def a_problem(parties: tuple[str, ...] = ("a", "b", "c"), **changes: Any) -> Problem:
    return Problem.of(a_document(parties, **changes))
