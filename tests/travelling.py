"""Random problems of meetings with travel: people sit in several councils, and one day has too few starts for all."""

from random import Random

from tests.builders import Json, a_document, a_meeting, a_person

PEOPLE = ("a", "b", "c", "d", "e")
STARTS = ["09:00", "10:00", "12:00", "14:00"]
VENUES = ("v0", "v1", "v2")


def a_crowded_day(chance: Random) -> Json:
    """Return a document of four or five meetings on one or two days, which is often infeasible."""
    num_meetings = chance.choice([4, 5, 5])
    num_days = chance.choice([1, 1, 1, 2])
    days = [f"2027-03-0{day}" for day in range(1, 1 + num_days)]
    starts = chance.sample(STARTS, 3 if num_days == 1 else 2)
    minutes = {venue: {other: chance.choice([0, 60, 120]) for other in VENUES if other < venue} for venue in VENUES}
    return a_document(
        horizon={"start": days[0], "end": days[-1]},
        parties=PEOPLE,
        people=[a_person(person, person) for person in PEOPLE],
        venues=[
            {"id": venue, "name": venue, "rooms": chance.choice([1, 2]), "travel_minutes": minutes[venue]}
            for venue in VENUES
        ],
        councils=[_a_council(chance, f"c{number}") for number in range(num_meetings)],
        meetings=[
            a_meeting(
                f"m{number}",
                f"c{number}",
                duration_minutes=chance.choice([60, 60, 120]),
                starts=sorted(starts),
                venue=chance.choice(VENUES),
                mode=chance.choice(["in_person", "in_person", "hybrid"]),
                window=chance.choice([None, None, {"start": days[-1], "end": days[-1]}]),
            )
            for number in range(num_meetings)
        ],
    )


def _a_council(chance: Random, council: str) -> Json:
    members = chance.sample(PEOPLE, chance.choice([1, 2, 2, 3]))
    seats = [{"party": member, "member": member, "substitutes": []} for member in members]
    return {"id": council, "name": f"rådet {council}", "seats": seats}
