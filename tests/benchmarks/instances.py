"""Seeded problem instances, from one meeting of 13 parties to 1,200 meetings of 1,300 parties."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from random import Random

from scheduler import Problem
from scheduler.days import WEEKDAYS, days_between, is_working_day
from tests.benchmarks.lives import commitments_of, municipal_boards
from tests.builders import Json

FIRST, LAST = date(2027, 1, 11), date(2027, 12, 17)
JULY = (date(2027, 7, 1), date(2027, 7, 31))
STARTS = ("09:00", "11:00", "13:00", "15:00")
CLUSTER = 4  # councils that meet at one venue and share its two rooms
SEATS = 20  # of a council in a county of several clusters; in one cluster every party sits in every council
SHARED = 5  # members of a cluster who sit in two of its councils, the first of them in three
MINUTES_BETWEEN_VENUES = 120
IS_UNKNOWN = 0.08  # share of persons without a known calendar


@dataclass(frozen=True)
class Size:
    """The number of councils, of meetings per council, and of parties."""

    councils: int
    meetings: int
    parties: int

    def __str__(self) -> str:
        return f"{self.councils} × {self.meetings}, {self.parties:,} parties"


SIZES = {
    "S": Size(1, 1, 13),
    "M": Size(1, 6, 13),
    "L": Size(4, 6, 13),
    "XL": Size(20, 12, 300),
    "XXL": Size(100, 12, 1300),
}


def instance(size: Size, seed: int) -> Problem:
    """Return the instance of this size and seed; equal arguments give equal instances."""
    return Problem.of(document(size, seed))


def document(size: Size, seed: int) -> Json:
    """Return the JSON of an instance; consecutive clusters of councils share a member."""
    county = _County(size, Random(f"{size}, seed {seed}"))  # noqa: S311  # chance, not secrets
    councils = [county.council(at) for at in range(size.councils)]
    people = county.people()
    return {
        "title": f"Ett län, {size}",
        "timezone": "Europe/Stockholm",
        "horizon": {"start": FIRST.isoformat(), "end": LAST.isoformat()},
        "today": "2026-11-22",
        "parties": county.parties(),
        "people": people,
        "calendars": [calendar for boards in county.boards.values() for calendar in (one.calendar for one in boards)],
        "commitments": list(commitments_of(people, county.boards, (FIRST, LAST), county.chance)),
        "venues": county.venues(),
        "councils": councils,
        "meetings": [meeting for at in range(size.councils) for meeting in county.meetings(at)],
        "blackouts": [{"start": JULY[0].isoformat(), "end": JULY[1].isoformat(), "reason": "juli"}],
        "assumptions": {"precedence": 1.5},
    }


class _County:
    """The seats of a county and the persons in them, drawn in this order."""

    def __init__(self, size: Size, chance: Random) -> None:
        self.size = size
        self.chance = chance
        self.names = [f"k{at}" for at in range(size.parties)]
        self.clusters = -(-size.councils // CLUSTER)
        self.seated = [self._home(at) for at in range(size.councils)]
        self.sits_as: dict[tuple[int, str], int] = {}  # (council, party) → the council whose member sits here too
        self._share_members()
        self._seat_guests()
        self.boards = {party: municipal_boards(party, chance) for party in self.names}
        self.pool: dict[str, list[str]] = {party: [] for party in self.names}

    def _home(self, council: int) -> list[str]:
        """Return the parties whose own council this is: every party, where there is one cluster."""
        if self.clusters == 1:
            return list(self.names)
        share = self.size.parties / self.size.councils
        return self.names[round(council * share) : round((council + 1) * share)]

    def _cluster(self, at: int) -> range:
        return range(at * CLUSTER, min((at + 1) * CLUSTER, self.size.councils))

    def _share_members(self) -> None:
        for at in range(self.clusters):
            mine = self._cluster(at)
            for number in range(SHARED if len(mine) > 1 else 0):
                seats = min(3 if number == 0 else 2, len(mine))
                self._share(*self.chance.sample(mine, seats))
        for one, following in pairwise(range(self.clusters)):  # so that the instance is a single component
            self._share(self.chance.choice(self._cluster(one)), self.chance.choice(self._cluster(following)))

    def _share(self, own: int, *others: int) -> None:
        """Give a member of council ``own`` a seat in the others too."""
        taken = {party for _, party in self.sits_as}
        party = self.chance.choice([party for party in self._home(own) if party not in taken])
        for other in others:
            self.sits_as[other, party] = own
            if party not in self.seated[other]:
                self.seated[other].append(party)

    def _seat_guests(self) -> None:
        if self.clusters == 1:
            return
        for council, seated in enumerate(self.seated):
            cluster = self._cluster(council // CLUSTER)
            near = [party for other in cluster for party in self._home(other) if party not in seated]
            seated.extend(self.chance.sample(near, min(len(near), SEATS - len(seated))))

    def council(self, at: int) -> Json:
        seats = [self._seat(at, party) for party in self.seated[at]]
        days = round((LAST - FIRST).days / self.size.meetings)
        return {
            "id": f"c{at}",
            "name": f"råd {at}",
            "quorum": len(seats) - 2 - len(seats) // SEATS,
            "seats": seats,
            "spacing_days": {"min": days // 2, "max": days + 40},
        }

    def _seat(self, council: int, party: str) -> Json:
        member = f"{party}-c{self.sits_as.get((council, party), council)}"
        pool = self.pool[party]
        if member not in pool:
            pool.append(member)
        seat = [member]
        for number in range(self.chance.randint(1, 2)):
            others = [one for one in pool if one not in seat]
            if not others or self.chance.random() < 0.5:
                others = [f"{party}-c{council}-e{number}"]
                pool.extend(others)
            seat.append(self.chance.choice(others))
        return {"party": party, "member": seat[0], "substitutes": seat[1:]}

    def people(self) -> list[Json]:
        year = [{"start": "2027-01-01", "end": "2027-12-31"}]
        return [
            {
                "id": person,
                "party": party,
                "name": f"förtroendevald, kommun {party[1:]}",
                "attendance_rate": round(self.chance.uniform(0.9, 0.99), 4),
                "known": year if self.chance.random() >= IS_UNKNOWN else [],
            }
            for party, pool in self.pool.items()
            for person in pool
        ]

    def parties(self) -> list[Json]:
        visited: dict[str, list[int]] = {party: [] for party in self.names}
        for council, seated in enumerate(self.seated):
            for party in seated:
                visited[party].append(self._venue(council))
        return [
            {
                "id": party,
                "name": f"kommun {party[1:]}",
                "travel_minutes": {f"v{venue}": self.chance.choice((0, 15, 30, 45)) for venue in dict.fromkeys(venues)},
            }
            for party, venues in visited.items()
        ]

    def venues(self) -> list[Json]:
        return [
            {
                "id": f"v{at}",
                "name": f"hus {at}",
                "rooms": 2,
                "travel_minutes": {f"v{other}": MINUTES_BETWEEN_VENUES for other in range(at)},
            }
            for at in range(max(2, self.clusters))
        ]

    def _venue(self, council: int) -> int:
        """Return the venue of the cluster; in a single cluster the last council meets at the other venue."""
        return int(council == CLUSTER - 1) if self.clusters == 1 else council // CLUSTER

    def meetings(self, council: int) -> Iterator[Json]:
        """Yield the meetings of a council; their windows divide the working days of the year and overlap by 15 %."""
        days = [day for day in days_between(FIRST, LAST) if is_working_day(day, "SE") and not JULY[0] <= day <= JULY[1]]
        share = len(days) / self.size.meetings
        for number in range(self.size.meetings):
            first, last = round((number - 0.15) * share), round((number + 1.15) * share) - 1
            concerned = self.chance.sample(self.seated[council], 3)
            yield {
                "id": f"c{council}-{number + 1}",
                "council": f"c{council}",
                "duration_minutes": 180,
                "window": {
                    "start": days[max(first, 0)].isoformat(),
                    "end": days[min(last, len(days) - 1)].isoformat(),
                },
                "weekdays": list(WEEKDAYS[:5]),
                "starts": list(STARTS),
                "venue": f"v{self._venue(council)}",
                "party_importance": dict(zip(concerned, (5, 4, 2), strict=True)),
                "required": [{"person": f"{self.seated[council][0]}-c{self._chair(council)}", "at_least": 0.5}],
                "quorum_probability": 0.8,
                "notice_days": 7,
            }

    def _chair(self, council: int) -> int:
        return self.sits_as.get((council, self.seated[council][0]), council)
