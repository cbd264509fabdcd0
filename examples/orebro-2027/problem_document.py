"""The document problem.json: parties, people, councils, meetings and blackouts."""

from seats import COUNCILS, NUM_WITHOUT_RATE, Person, attendance_rate, draw_people, seat_holder
from year import FIRST, LAST, Json

_MEETING = {"duration_minutes": 180, "weekdays": ["MO", "TU", "WE", "TH", "FR"], "venue": "orebro",
            "mode": "in_person", "quorum_probability": 0.9, "notice_days": 7}  # fmt: skip
_GENITIVE_S = ("Askersund", "Hallsberg", "Lekeberg", "Lindesberg", "Ljusnarsberg")  # municipalities


def problem_document(facts: Json, invented: Json, people: list[Person]) -> Json:
    """Return the document without commitments; these are in the calendar files."""
    return {
        "title": "Örebro län 2027, exempel med påhittade kalendrar",
        "timezone": "Europe/Stockholm",
        "horizon": {"start": f"{FIRST}", "end": f"{LAST}"},
        "today": "2026-11-22",
        "parties": [
            {
                "id": party["id"],
                "name": _full_name(party),
                "travel_minutes": invented["travel_minutes"][party["id"]],
            }
            for party in facts["parties"]
        ],
        "people": _people(facts, people),
        "venues": invented["venues"],
        "councils": [_council(council, facts, people) for council in invented["councils"]],
        "meetings": [_meeting(meeting, invented, people) for meeting in invented["meetings"]],
        "blackouts": _blackouts(facts),
        "holidays": "SE",
    }


def _full_name(party: Json) -> str:
    if party["kind"] == "region":
        return str(party["name"])
    ending = "s" if party["name"] in _GENITIVE_S else ""
    return f"{party['name']}{ending} kommun"


def _people(facts: Json, people: list[Person]) -> list[Json]:
    without_rate = draw_people(people, NUM_WITHOUT_RATE, "without rate")
    entries = []
    for person in people:
        entry: Json = {"id": person.id, "party": person.party, "name": person.name, "email": person.email}
        if person.id not in without_rate:
            entry["attendance_rate"] = attendance_rate(person, facts)
        entries.append(entry)
    return entries


def _council(definition: Json, facts: Json, people: list[Person]) -> Json:
    council = definition["id"]
    names = {entry["id"]: entry["name"] for entry in facts["councils"]}
    seats = [
        {
            "party": party["id"],
            "member": seat_holder(people, party["id"], council, "+").id,
            "substitutes": [seat_holder(people, party["id"], council, "-").id],
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
        "spacing_days": definition["spacing_days"],
        "habit": {"weekday": "TH", "ordinal": 3, "start": "09:00"},
    }


def chair(people: list[Person], council: str) -> Person:
    """Return the chair of the council: the region's member."""
    return seat_holder(people, "region", council, "+")


def chair_ids(people: list[Person]) -> set[str]:
    """Return the ids of the four councils' chairs."""
    return {chair(people, council).id for council in COUNCILS}


def _meeting(definition: Json, invented: Json, people: list[Person]) -> Json:
    council = definition["id"].split("-")[0]
    meeting = {"id": definition["id"], "council": council, **_MEETING, **definition}
    if council == invented["chair_required_in"]:
        meeting["required"] = [{"person": chair(people, council).id, "at_least": 0.5}]
    return meeting


def _blackouts(facts: Json) -> list[Json]:
    municipalities = [party["id"] for party in facts["parties"] if party["kind"] == "kommun"]
    breaks = []
    for name, school_break in facts["school_breaks"].items():
        if name == "source":
            continue
        start, end = school_break["y2027"]["value"]
        breaks.append({"start": start, "end": end, "reason": name, "parties": municipalities, "yields": 0.3})
    july = {"start": "2027-07-01", "end": "2027-07-31", "reason": "juli: inga sammanträden"}
    bridge_day = {
        "start": "2027-05-07",
        "end": "2027-05-07",
        "reason": "klämdag efter Kristi himmelsfärdsdag",
        "parties": [party["id"] for party in facts["parties"]],
        "yields": 0.3,
    }
    return [july, *breaks, bridge_day]
