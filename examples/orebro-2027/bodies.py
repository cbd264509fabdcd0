"""The boards live here: real years moved to 2027, years drawn from a known pattern, and years made up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from dialects import Entry
from year import FIRST, WEEKDAYS, Json, Year, at, pick, stream, weekday_of_month

IMPORTANCE = {"assembly": 5, "executive": 5, "board": 4}

_MONTHS = {  # when bodies meet, by how often
    6: (2, 4, 6, 9, 10, 11),
    7: (2, 3, 4, 6, 9, 10, 12),
    8: (2, 3, 4, 5, 6, 9, 10, 11),
    9: (2, 3, 4, 5, 6, 9, 10, 11, 12),
    10: (1, 2, 3, 4, 5, 6, 9, 10, 11, 12),
    11: (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12),
}
_HOW_OFTEN = {"assembly": (6, 8, 8, 9), "executive": (9, 10, 11), "board": (8, 9, 10)}
_HOURS = {
    "assembly": (("17:00", "20:00"), ("18:00", "21:00"), ("18:30", "21:00")),
    "executive": (("08:30", "12:00"), ("13:00", "16:30"), ("13:30", "17:00"), ("09:00", "16:00")),
    "board": (("08:30", "12:00"), ("09:00", "12:00"), ("13:00", "16:30"), ("13:15", "17:00"), ("09:00", "16:00"),
              ("17:00", "20:00")),
}  # fmt: skip
_LENGTH = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One meeting of a body, in local time."""

    start: datetime
    end: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A body, the dates on which it meets, and how far they are to be believed."""

    id: str
    label: str
    kind: str
    councils: tuple[str, ...]  # those whose members sit here
    sittings: tuple[Sitting, ...]
    dates_mark: str
    times_mark: str
    source: tuple[str, ...]

    @property
    def party(self) -> str:
        return self.id.split("-")[0]

    @property
    def importance(self) -> int:
        return IMPORTANCE[self.kind]

    def entries(self) -> list[Entry]:
        name = self.label.split(",")[0]
        return [Entry(f"{self.id}/{one.start:%Y%m%d}", name, one.start, one.end) for one in self.sittings]


def bodies(facts: Json, projections: list[Json], invented: Json, year: Year) -> list[Body]:
    """Return every body of the example, in the order in which invented.json lists them."""
    projected = {one["id"]: one for one in projections}
    patterns = {(one["owner"], one["body"]): one for one in facts["other_patterns"]}
    frequencies = facts["weekday_counts"]["value"]
    found = []
    for wanted in invented["bodies"]:
        draws = stream("body", wanted["id"])
        if wanted["id"] in projected:
            found.append(_projected(wanted, projected[wanted["id"]], year, draws))
        else:
            pattern = patterns[tuple(wanted["fact"])] if "fact" in wanted else {}
            found.append(_drawn(wanted, pattern, frequencies, year, draws))
    return found


def _kind(wanted: Json) -> str:
    return str(wanted.get("kind", "board"))


def _hours(known: Json, kind: str, draws: Random) -> tuple[str, str, str]:
    """Return start, end, and the mark of the start; an end that nobody published is three hours later."""
    if known.get("start") is None:
        return (*pick(draws, _HOURS[kind]), "invented")
    end = known.get("end") or f"{at(FIRST, known['start']) + _LENGTH:%H:%M}"
    return known["start"], end, "real"


def _projected(wanted: Json, projection: Json, year: Year, draws: Random) -> Body:
    known = {key: projection[key]["value"] for key in ("start", "end")}
    start, end, times_mark = _hours(known, _kind(wanted), draws)
    sittings = []
    for one in projection["dates"]:
        on = date.fromisoformat(one["projected_2027"])
        held = year.working_day_from(on)
        moved = f"moved from {on}, {year.holidays[on]}" if held != on else None
        first, last = (one["start"], _hours(one, "", draws)[1]) if "start" in one else (start, end)
        sittings.append(Sitting(at(held, first), at(held, last), moved))
    return _body(wanted, sittings, ("projected", times_mark), projection["source"])


def _drawn(wanted: Json, pattern: Json, frequencies: dict[str, int], year: Year, draws: Random) -> Body:
    kind = _kind(wanted)
    weekdays = pattern.get("weekdays") or [pick(draws, WEEKDAYS[:5], list(frequencies.values()))]
    months = _MONTHS[pattern.get("per_year") or pick(draws, _HOW_OFTEN[kind])]
    ordinal = pick(draws, (1, 2, 3, 4, -1))
    start, end, times_mark = _hours(pattern, kind, draws)
    held = (year.working_day_from(weekday_of_month(month, pick(draws, weekdays), ordinal)) for month in months)
    sittings = [Sitting(at(day, start), at(day, end)) for day in held if year.has_politics(day)]
    marks = ("inferred" if pattern else "invented", times_mark)
    return _body(wanted, sittings, marks, pattern.get("source", []))


def _body(wanted: Json, sittings: list[Sitting], marks: tuple[str, str], source: list[str]) -> Body:
    councils = tuple(wanted.get("councils", ()))
    return Body(wanted["id"], wanted["label"], _kind(wanted), councils, tuple(sittings), *marks, tuple(source))
