"""Political bodies of the county and their meetings in 2027: projected, inferred or invented."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from dialects import Entry
from year import FIRST, WEEKDAYS, Json, Year, choose, local_time, random_stream, weekday_of_month

IMPORTANCE = {"assembly": 5, "executive": 5, "board": 4}

_MONTHS = {  # months with a meeting, by number of meetings a year
    6: (2, 4, 6, 9, 10, 11),
    7: (2, 3, 4, 6, 9, 10, 12),
    8: (2, 3, 4, 5, 6, 9, 10, 11),
    9: (2, 3, 4, 5, 6, 9, 10, 11, 12),
    10: (1, 2, 3, 4, 5, 6, 9, 10, 11, 12),
    11: (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12),
}
_MEETINGS_PER_YEAR = {"assembly": (6, 8, 8, 9), "executive": (9, 10, 11), "board": (8, 9, 10)}
_HOURS = {
    "assembly": (("17:00", "20:00"), ("18:00", "21:00"), ("18:30", "21:00")),
    "executive": (("08:30", "12:00"), ("13:00", "16:30"), ("13:30", "17:00"), ("09:00", "16:00")),
    "board": (("08:30", "12:00"), ("09:00", "12:00"), ("13:00", "16:30"), ("13:15", "17:00"), ("09:00", "16:00"),
              ("17:00", "20:00")),
}  # fmt: skip
_DEFAULT_DURATION = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting of a body, in local time."""

    start: datetime
    end: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A political body, its meetings in 2027, and the provenance marks of their dates and times."""

    id: str
    label: str
    kind: str
    councils: tuple[str, ...]  # the councils whose members have a seat in this body
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
        return [
            Entry(
                key=f"{self.id}/{sitting.start:%Y%m%d}",
                title=name,
                start=sitting.start,
                end=sitting.end,
            )
            for sitting in self.sittings
        ]


def create_bodies(facts: Json, projections: list[Json], invented: Json, year: Year) -> list[Body]:
    """Return every body of the example, in the order of invented.json."""
    projections_by_id = {projection["id"]: projection for projection in projections}
    patterns = {(pattern["owner"], pattern["body"]): pattern for pattern in facts["other_patterns"]}
    weekday_counts = facts["weekday_counts"]["value"]
    bodies = []
    for definition in invented["bodies"]:
        rng = random_stream("body", definition["id"])
        projection = projections_by_id.get(definition["id"])
        if projection is not None:
            bodies.append(_projected_body(definition, projection, year, rng))
            continue
        pattern = patterns[tuple(definition["fact"])] if "fact" in definition else {}
        bodies.append(_drawn_body(definition, pattern, weekday_counts, year, rng))
    return bodies


def _kind(definition: Json) -> str:
    return str(definition.get("kind", "board"))


def _hours(published: Json, kind: str, rng: Random) -> tuple[str, str, str]:
    """Return the start, the end, and the provenance mark of the start; an unpublished end is three hours later."""
    start = published.get("start")
    if start is None:
        start, end = choose(rng, _HOURS[kind])
        return start, end, "invented"
    default_end = local_time(FIRST, start) + _DEFAULT_DURATION
    end = published.get("end") or f"{default_end:%H:%M}"
    return start, end, "real"


def _projected_body(definition: Json, projection: Json, year: Year, rng: Random) -> Body:
    """Return a body whose dates are those of another year, moved to the same ordinal weekday in 2027."""
    published = {key: projection[key]["value"] for key in ("start", "end")}
    usual_start, usual_end, times_mark = _hours(published, _kind(definition), rng)
    sittings = []
    for entry in projection["dates"]:
        projected = date.fromisoformat(entry["projected_2027"])
        day = year.working_day_from(projected)
        note = f"moved from {projected}, {year.holidays[projected]}" if day != projected else None

        # A time that is published for this date replaces the usual time of the body.
        start, end = usual_start, usual_end
        if "start" in entry:
            start, end, _ = _hours(entry, "", rng)
        sittings.append(Sitting(local_time(day, start), local_time(day, end), note))
    return _body(definition, sittings, ("projected", times_mark), projection["source"])


def _drawn_body(definition: Json, pattern: Json, weekday_counts: dict[str, int], year: Year, rng: Random) -> Body:
    """Return a body whose dates are drawn, on the weekdays of ``pattern`` where they are published."""
    kind = _kind(definition)
    weekdays = pattern.get("weekdays") or [choose(rng, WEEKDAYS[:5], list(weekday_counts.values()))]
    months = _MONTHS[pattern.get("per_year") or choose(rng, _MEETINGS_PER_YEAR[kind])]
    ordinal = choose(rng, (1, 2, 3, 4, -1))
    start, end, times_mark = _hours(pattern, kind, rng)
    sittings = []
    for month in months:
        nominal_day = weekday_of_month(month, choose(rng, weekdays), ordinal)
        day = year.working_day_from(nominal_day)
        if year.is_in_session(day):
            sittings.append(Sitting(local_time(day, start), local_time(day, end)))
    marks = ("inferred" if pattern else "invented", times_mark)
    return _body(definition, sittings, marks, pattern.get("source", []))


def _body(definition: Json, sittings: list[Sitting], marks: tuple[str, str], source: list[str]) -> Body:
    dates_mark, times_mark = marks
    return Body(
        id=definition["id"],
        label=definition["label"],
        kind=_kind(definition),
        councils=tuple(definition.get("councils", ())),
        sittings=tuple(sittings),
        dates_mark=dates_mark,
        times_mark=times_mark,
        source=tuple(source),
    )
