"""Random infeasible problems that are small enough to enumerate, and the effect of relaxations on them."""

from copy import deepcopy
from datetime import date, timedelta
from random import Random
from typing import Any

from scheduler import Problem
from scheduler.proposal import Loosened, Relaxation
from tests.builders import Json, a_commitment, a_council, a_document, a_meeting

DAYS = [f"2027-03-{day:02d}" for day in range(22, 31)]  # with Good Friday, Easter Monday and the change to summer time
OUTSIDE = ["2027-03-27T20:00", "2027-03-23T06:00", "2027-04-07T09:00", "2027-03-20T10:00"]


def a_contradiction(chance: Random) -> Json:
    """A document that is mostly infeasible: within one council, between councils, or for several reasons."""
    councils = chance.choice([["kultur"], ["kultur", "skola"], ["kultur", "skola"], ["kultur", "skola"]])
    num_held = chance.choice([2, 3, 3])
    held = sorted([*councils, *(chance.choice(councils) for _ in range(num_held))][: max(num_held, len(councils))])
    meetings = [_a_meeting(chance, f"m{at}", at, council) for at, council in enumerate(held)]
    document = a_document(
        horizon={"start": DAYS[0], "end": DAYS[-1]},
        councils=[
            a_council(
                council,
                chance.choice([("a", "b"), ("b", "c")]),
                quorum=chance.choice([None, 2]),
                spacing_days=chance.choice([None, None, {"min": 2, "max": 5}, {"min": 1}, {"max": 2}]),
            )
            for council in councils
        ],
        venues=[
            {"id": "v0", "name": "huset", "rooms": 1},
            {"id": "v1", "name": "skolan", "travel_minutes": {"v0": 120}},
        ],
        meetings=meetings,
        commitments=[],
        relations=[],
        blackouts=[],
    )
    for _ in range(chance.choice([1, 1, 2, 3])):
        chance.choice(_CONTRADICTIONS)(chance, document)
    return document


def _a_meeting(chance: Random, meeting: str, at: int, council: str) -> Json:
    first = chance.randint(0, 2) + at
    last = min(first + chance.randint(1, 4), len(DAYS) - 1)
    return a_meeting(
        meeting,
        council,
        window=chance.choice(
            [None, {"start": DAYS[first], "end": DAYS[last]}, {"start": DAYS[first], "end": DAYS[last]}]
        ),
        starts=chance.choice([["09:00"], ["09:00", "13:00"]]),
        venue=chance.choice([None, "v0", "v0", "v1"]),
        weekdays=chance.choice([["MO", "TU", "WE", "TH", "FR"], ["MO", "WE"], ["TU", "TH"]]),
        notice_days=chance.choice([None, None, 100]),
    )


def _close_dates(chance: Random, document: Json) -> None:
    window = chance.choice(document["meetings"])["window"] or {"start": DAYS[0], "end": DAYS[3]}
    document["blackouts"].append({**window, "reason": "lov"})


def _pin_together(chance: Random, document: Json) -> None:
    moment = f"{chance.choice(DAYS[1:4])}T10:00"
    for meeting in {meeting["council"]: meeting for meeting in document["meetings"]}.values():
        meeting["pinned"] = chance.choice([moment, moment, moment.replace("T10", "T11")])


def _pin_outside(chance: Random, document: Json) -> None:
    chance.choice(document["meetings"])["pinned"] = chance.choice(OUTSIDE)


def _relate(chance: Random, document: Json) -> None:
    if len(document["meetings"]) > 1:
        kind = chance.choice(["same_day", "same_slot", "apart_days", "before"])
        meetings = chance.sample([meeting["id"] for meeting in document["meetings"]], 2)
        document["relations"].append({"kind": kind, "meetings": meetings, "days": 7 if kind == "apart_days" else None})


def _require(chance: Random, document: Json) -> None:
    meeting = chance.choice(document["meetings"])
    person = chance.choice(["b0", "a0", "c0"])
    meeting["required"] = [{"person": person, "at_least": chance.choice([0.2, 0.5, 0.95])}]
    first, last = sorted(chance.sample(range(len(DAYS)), 2))
    away = a_commitment(
        f"c{len(document['commitments'])}", person, f"{DAYS[first]}T07:00", f"{DAYS[last]}T18:00", importance=5
    )
    document["commitments"].append(away)


def _require_everybody(chance: Random, document: Json) -> None:
    for council in document["councils"]:
        council["quorum"] = 2
    chance.choice(document["meetings"])["quorum_probability"] = chance.choice([0.95, 0.999])


def _space(chance: Random, document: Json) -> None:
    chance.choice(document["councils"])["spacing_days"] = chance.choice([{"min": 6}, {"min": 4, "max": 4}, {"max": 0}])


def _require_notice(chance: Random, document: Json) -> None:
    chance.choice(document["meetings"])["notice_days"] = chance.choice([123, 126, 200])


def _crowd(chance: Random, document: Json) -> None:
    for meeting in document["meetings"]:
        meeting.update(venue="v0", starts=["09:00"], window={"start": DAYS[1], "end": DAYS[1]}, weekdays=["TU"])
    chance.choice(document["meetings"])["window"] = None


_CONTRADICTIONS = [
    _close_dates,
    _pin_together,
    _pin_outside,
    _relate,
    _relate,
    _require,
    _require_everybody,
    _space,
    _require_notice,
    _crowd,
    _crowd,
]

KEYS = {
    "window": "window",
    "weekday_and_start": "weekdays",
    "notice": "notice_days",
    "quorum_likely": "quorum_probability",
    "pinned": "pinned",
}


def loosened(document: Json, relaxation: Relaxation) -> Json:
    """The document with a relaxation applied."""
    changed = deepcopy(document)
    parts = [relaxation, *relaxation.also]
    for one in sorted(parts, key=lambda part: -(part.index or 0)):  # from the last index, so that the others stay valid
        _loosen(changed, one)
    return changed


def _loosen(document: Json, one: Loosened) -> None:
    meeting: Json = next((entry for entry in document["meetings"] if entry["id"] == one.meeting), {})
    to: Any = one.to
    match one.rule:
        case "holiday":
            document["holidays"] = None
        case "blackout" | "relation":
            del document[f"{one.rule}s"][one.index or 0]
        case "window":
            meeting["window"] = {"start": to[0], "end": to[1]}
        case "required_person":
            next(entry for entry in meeting["required"] if entry["person"] == one.person)["at_least"] = to
        case "spacing_min" | "spacing_max":
            council = next(entry for entry in document["councils"] if entry["id"] == one.council)
            council["spacing_days"][one.rule.removeprefix("spacing_")] = to
        case "rooms":
            next(entry for entry in document["venues"] if entry["id"] == one.venue)["rooms"] = to
        case _:
            meeting[KEYS[one.rule]] = to


def a_step_less(problem: Problem, relaxation: Relaxation) -> Relaxation | None:
    """The relaxation with its first rule loosened by a step less; None where no smaller change exists."""
    meeting = problem.meetings_by_id.get(relaxation.meeting or "")
    council = problem.councils_by_id.get(relaxation.council or "")
    to: Any = relaxation.to
    original: Any = None
    if relaxation.change == "drop":
        return None
    if relaxation.rule == "window" and meeting is not None:
        start, end = problem.window(meeting)
        first, last = map(date.fromisoformat, to)
        less = max((start - first).days, (last - end).days) - 1
        original, to = 0, (str(start - timedelta(less)), str(end + timedelta(less)))
        return relaxation.model_copy(update={"to": to}) if less else None
    if relaxation.rule == "notice" and meeting is not None:
        original, to = meeting.notice_days, to + 1
    elif relaxation.rule == "quorum_likely" and meeting is not None:
        original, to = meeting.quorum_probability, round(to + 0.01, 2)
    elif relaxation.rule == "required_person" and meeting is not None:
        original = next(one.at_least for one in meeting.required if one.person == relaxation.person)
        to = round(to + 0.01, 2)
    elif relaxation.rule.startswith("spacing") and council is not None and council.spacing_days is not None:
        is_min = relaxation.rule == "spacing_min"
        original = council.spacing_days.min if is_min else council.spacing_days.max
        to = to + 1 if is_min else to - 1
    elif relaxation.rule == "rooms":
        original, to = next(one.rooms for one in problem.venues if one.id == relaxation.venue), to - 1
    else:
        return None
    is_less = to > original if relaxation.rule in ("spacing_max", "rooms") else to < original
    return relaxation.model_copy(update={"to": to}) if is_less else None
