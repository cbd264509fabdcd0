"""The question lives here: the parties, people, councils and meetings of 2027, as problem.json asks it."""

from seats import COUNCILS, NUM_WITHOUT_RATE, Person, attendance_rate, chosen, holder
from year import FIRST, LAST, Json

_MEETING = {"duration_minutes": 180, "weekdays": ["MO", "TU", "WE", "TH", "FR"], "venue": "orebro",
            "mode": "in_person", "quorum_probability": 0.9, "notice_days": 7}  # fmt: skip
_ALIKE = ("Askersund", "Hallsberg", "Lekeberg", "Lindesberg", "Ljusnarsberg")  # with a genitive s


def problem(facts: Json, invented: Json, people: list[Person]) -> Json:
    """Return the whole document, calendars left out: they lie beside it."""
    return {
        "title": "Örebro län 2027",
        "timezone": "Europe/Stockholm",
        "horizon": {"start": f"{FIRST}", "end": f"{LAST}"},
        "today": "2026-11-22",
        "parties": [
            {"id": one["id"], "name": _full_name(one), "travel_minutes": invented["travel_minutes"][one["id"]]}
            for one in facts["parties"]
        ],
        "people": _people(facts, people),
        "venues": invented["venues"],
        "councils": [_council(one, facts, people) for one in invented["councils"]],
        "meetings": [_meeting(one, invented, people) for one in invented["meetings"]],
        "blackouts": _blackouts(facts),
        "holidays": "SE",
    }


def _full_name(party: Json) -> str:
    if party["kind"] == "region":
        return str(party["name"])
    return f"{party['name']}{'s' if party['name'] in _ALIKE else ''} kommun"


def _people(facts: Json, people: list[Person]) -> list[Json]:
    without_rate = chosen(people, NUM_WITHOUT_RATE, "without rate")
    listed = []
    for one in people:
        person: Json = {"id": one.id, "party": one.party, "name": one.name, "email": one.email}
        if one.id not in without_rate:
            person["attendance_rate"] = attendance_rate(one, facts)
        listed.append(person)
    return listed


def _council(wanted: Json, facts: Json, people: list[Person]) -> Json:
    council = wanted["id"]
    names = {one["id"]: one["name"] for one in facts["councils"]}
    seats = [
        {
            "party": party["id"],
            "member": holder(people, party["id"], council, "+").id,
            "substitutes": [holder(people, party["id"], council, "-").id],
        }
        for party in facts["parties"]
    ]
    return {
        "id": council,
        "name": names[council],
        "quorum": 7,
        "organizer": {"name": "Kansliet, Region Örebro län", "email": "kansli@region.example"},
        "chair": chair(people, council).id,
        "seats": seats,
        "spacing_days": wanted["spacing_days"],
        "habit": {"weekday": "TH", "ordinal": 3, "start": "09:00"},
    }


def chair(people: list[Person], council: str) -> Person:
    """Return who leads the council: the region's member."""
    return holder(people, "region", council, "+")


def chairs(people: list[Person]) -> set[str]:
    """Return everybody who leads a council, by id."""
    return {chair(people, council).id for council in COUNCILS}


def _meeting(wanted: Json, invented: Json, people: list[Person]) -> Json:
    council = wanted["id"].split("-")[0]
    meeting = {"id": wanted["id"], "council": council, **_MEETING, **wanted}
    if council == invented["chair_required_in"]:
        meeting["required"] = [{"person": chair(people, council).id, "at_least": 0.5}]
    return meeting


def _blackouts(facts: Json) -> list[Json]:
    municipalities = [one["id"] for one in facts["parties"] if one["kind"] == "kommun"]
    breaks = [
        {"start": one["y2027"]["value"][0], "end": one["y2027"]["value"][1], "reason": name,
         "parties": municipalities, "yields": 0.3}
        for name, one in facts["school_breaks"].items()
        if name != "source"
    ]  # fmt: skip
    july = {"start": "2027-07-01", "end": "2027-07-31", "reason": "juli: inga sammanträden"}
    squeezed = {"start": "2027-05-07", "end": "2027-05-07", "reason": "klämdag efter Kristi himmelsfärdsdag"}
    return [july, *breaks, {**squeezed, "parties": [one["id"] for one in facts["parties"]], "yields": 0.3}]
