"""Dense problems: many councils with the same members, who meet in the same weeks in few rooms."""

from random import Random

from scheduler import Problem
from tests.builders import Json, a_person

MONTHS = (1, 2, 3, 4, 5, 6, 8, 9, 10, 11)
PARTIES = [f"p{number}" for number in range(12)]
SEATS = 8
COMMITMENTS = 2500


def dense_county(num_councils: int, members_per_party: int, seed: int = 0) -> Problem:
    """Return councils of ten monthly meetings, with three starts from Tuesday to Thursday, that share their members."""
    chance = Random(seed)  # noqa: S311  # chance, not secrets
    members = {party: [f"{party}m{number}" for number in range(members_per_party)] for party in PARTIES}
    people = [
        a_person(member, party, attendance_rate=round(chance.uniform(0.85, 0.99), 3))
        for party in PARTIES
        for member in members[party]
    ]
    councils = [
        {
            "id": f"c{council}",
            "name": f"council {council}",
            "quorum": 5,
            "spacing_days": {"min": 14, "max": 60},
            "seats": [_seat(party, members[party], chance) for party in chance.sample(PARTIES, SEATS)],
        }
        for council in range(num_councils)
    ]
    return Problem.of(
        {
            "title": "Many councils of the same members",
            "timezone": "Europe/Stockholm",
            "horizon": {"start": "2027-01-01", "end": "2027-12-31"},
            "today": "2026-11-22",
            "parties": [{"id": party, "name": party} for party in PARTIES],
            "people": people,
            "commitments": [_commitment(number, people, chance) for number in range(COMMITMENTS)],
            "venues": [{"id": "v", "name": "v", "rooms": 3}],
            "councils": councils,
            "meetings": [
                _meeting(council, number, month)
                for council in range(num_councils)
                for number, month in enumerate(MONTHS)
            ],
        }
    )


def _seat(party: str, members: list[str], chance: Random) -> Json:
    member, substitute = chance.sample(members, 2)
    return {"party": party, "member": member, "substitutes": [substitute]}


def _meeting(council: int, number: int, month: int) -> Json:
    return {
        "id": f"c{council}-{number}",
        "council": f"c{council}",
        "duration_minutes": 150,
        "window": {"start": f"2027-{month:02d}-01", "end": f"2027-{month:02d}-28"},
        "weekdays": ["TU", "WE", "TH"],
        "starts": ["09:00", "13:00", "16:00"],
        "venue": "v",
    }


def _commitment(number: int, people: list[Json], chance: Random) -> Json:
    day = f"2027-{chance.choice(MONTHS):02d}-{chance.randint(1, 28):02d}"
    hour = chance.choice((8, 9, 12, 13, 15, 16))
    return {
        "id": f"k{number}",
        "person": chance.choice(people)["id"],
        "start": f"{day}T{hour:02d}:00",
        "end": f"{day}T{hour + chance.choice((2, 4, 6)):02d}:00",
        "importance": chance.choice((3, 4, 5)),
    }
