"""Hypothesis strategies for small problems that use every feature of the model."""

from random import Random
from typing import Any

from hypothesis import strategies as st

from scheduler.problem import Problem
from tests.builders import Json, a_council, a_document, a_meeting, a_person

PARTIES = ("a", "b", "c")
VENUES = ("v0", "v1")
DAYS = [f"2027-03-{day:02d}" for day in range(22, 32)]  # Easter 2027 and a change to summer time lie within
HOURS = ["08:00", "10:00", "12:30", "15:00", "18:00"]


def mostly(usual: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(usual), st.just(usual), other)


def seldom(usual: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return ``other`` in one of eight cases, for constraints that often make a problem infeasible."""
    return st.one_of(*[st.just(usual)] * 7, other)


chances = st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.75, 0.9, 1.0])
instants = st.builds(
    lambda day, hour, offset: f"{day}T{hour}:00{offset}",
    st.sampled_from(DAYS),
    st.sampled_from(HOURS),
    st.sampled_from(["", "", "+01:00", "Z"]),
)
noted = st.builds(lambda day: f"2026-11-{day:02d}T12:00:00Z", st.integers(1, 5))


@st.composite
def spans(draw: st.DrawFn) -> Json:
    first, last = sorted(draw(st.lists(st.integers(0, len(DAYS) - 1), min_size=2, max_size=2)))
    start, end = draw(st.sampled_from([("08:00", "09:00"), ("08:00", "12:00"), ("10:00", "13:00"), ("12:00", "20:00")]))
    return {"start": f"{DAYS[first]}T{start}", "end": f"{DAYS[draw(st.sampled_from([first, first, last]))]}T{end}"}


@st.composite
def date_ranges(draw: st.DrawFn) -> Json:
    first, last = sorted(draw(st.lists(st.integers(0, len(DAYS) - 1), min_size=2, max_size=2)))
    return {"start": DAYS[first], "end": DAYS[last]}


people_ids = st.sampled_from([f"{party}{i}" for party in PARTIES for i in (0, 1)])


@st.composite
def commitments(draw: st.DrawFn, index: int, meetings: list[str]) -> Json:
    return {
        "id": f"c{index}",
        "person": draw(people_ids),
        "calendar": draw(st.sampled_from([None, "ks", "job"])),
        "event": draw(mostly(None, st.sampled_from(["e0", "e1"]))),
        **draw(spans()),
        "kind": draw(mostly("busy", st.sampled_from(["busy_tentative", "busy_unavailable", "free"]))),
        "importance": draw(mostly(None, st.integers(1, 5))),
        "yields": draw(mostly(None, chances)),
        "meeting": draw(mostly(None, st.sampled_from([*meetings, "another"]))),
        "at": draw(mostly(None, noted)),
    }


answers = st.builds(
    lambda person, span, answer, at: {"person": person, **span, "answer": answer, "at": at},
    people_ids,
    spans(),
    st.sampled_from(["yes", "if_needed", "no"]),
    st.one_of(st.none(), noted),
)


@st.composite
def councils(draw: st.DrawFn, council: str) -> Json:
    parties = draw(st.sampled_from([PARTIES, PARTIES[:2], PARTIES[1:]]))
    built = a_council(council, parties)
    for seat in built["seats"]:
        if draw(st.integers(0, 3)) == 0:
            seat["member"], seat["substitutes"] = seat["substitutes"][0], [seat["member"]]
        if draw(st.integers(0, 5)) == 0:
            seat["substitutes"] = []
        if draw(st.integers(0, 7)) == 0:
            seat["member"] = None
    spacing = st.fixed_dictionaries({"min": st.integers(0, 2), "max": st.integers(2, 8)})
    return {
        **built,
        "quorum": draw(st.one_of(st.none(), st.integers(1, len(parties)))),
        "spacing_days": draw(st.one_of(st.none(), spacing)),
    }


@st.composite
def meetings(draw: st.DrawFn, index: int, council: str) -> Json:
    first = index + draw(st.integers(0, 3))  # mostly after the window of the meeting before
    window = {"start": DAYS[first], "end": DAYS[min(first + draw(st.integers(2, 5)), len(DAYS) - 1)]}
    required = st.builds(lambda person, least: [{"person": person, "at_least": least}], people_ids, chances)
    return a_meeting(
        f"m{index}",
        council,
        duration_minutes=draw(st.sampled_from([60, 120, 180])),
        window=window,
        weekdays=draw(mostly(["MO", "TU", "WE", "TH", "FR"], st.just(["MO", "WE", "SA", "SU"]))),
        starts=draw(st.sampled_from([["10:00"], ["09:00", "13:00"], ["02:30", "10:00"]])),
        venue=draw(st.sampled_from([None, *VENUES])),
        mode=draw(st.sampled_from(["in_person", "in_person", "hybrid", "online"])),
        importance=draw(st.integers(1, 5)),
        party_importance=draw(mostly({}, st.just({"a": 5, "b": 1}))),
        weight=draw(mostly(1.0, st.sampled_from([0.5, 2.0]))),
        required=draw(seldom([], required)),
        quorum_probability=draw(seldom(None, chances)),
        notice_days=draw(seldom(None, st.integers(100, 130))),
        pinned=draw(seldom(None, instants)),
    )


@st.composite
def relations(draw: st.DrawFn, ids: list[str]) -> Json:
    kind = draw(st.sampled_from(["same_day", "same_slot", "apart_days", "before"]))
    chosen = draw(st.permutations(ids))[:2]
    days = None
    if kind == "apart_days" or (kind == "before" and draw(st.booleans())):
        days = draw(st.integers(0, 4))
    return {"kind": kind, "meetings": chosen, "days": days}


@st.composite
def blackouts(draw: st.DrawFn) -> Json:
    parties = draw(st.sampled_from([None, ["a"], ["b", "c"]]))
    first = draw(st.integers(0, len(DAYS) - 1))
    return {"start": DAYS[first], "end": DAYS[first], "reason": "lov", "parties": parties, "yields": draw(chances)}


assumptions = st.fixed_dictionaries(
    {
        "unknown_free": st.sampled_from([0.3, 0.6, 1.0]),
        "tentative": chances,
        "answer_no": st.sampled_from([0.0, 0.02, 0.3]),
        "precedence": st.sampled_from([0.0, 1.0, 3.5]),
        "call_in": st.sampled_from([0.0, 0.5, 0.9, 1.0]),
        "shared_absence": st.sampled_from([0.0, 0.1]),
    }
)


@st.composite
def people(draw: st.DrawFn) -> list[Json]:
    known = st.one_of(st.just([]), st.lists(date_ranges(), max_size=2), st.lists(spans(), max_size=2))
    return [
        a_person(
            f"{party}{i}",
            party,
            known=draw(mostly([{"start": DAYS[0], "end": DAYS[-1]}], known)),
            attendance_rate=draw(mostly(None, chances)),
        )
        for party in PARTIES
        for i in (0, 1)
    ]


@st.composite
def problems(draw: st.DrawFn, max_meetings: int = 3) -> Problem:
    """A problem of at most two councils, with so few slots that all plans can be enumerated."""
    names = ["kultur", "skola"][: draw(st.integers(1, 2))]
    held = [(i, draw(st.sampled_from(names))) for i in range(draw(st.integers(1, max_meetings)))]
    ids = [f"m{index}" for index, _ in held]
    travel = st.dictionaries(st.sampled_from(VENUES), st.integers(0, 240))
    document = a_document(
        horizon={"start": DAYS[0], "end": DAYS[-1]},
        parties=PARTIES,
    )
    document.update(
        parties=[
            {"id": party, "name": party, "weight": draw(mostly(1.0, st.just(2.5))), "travel_minutes": draw(travel)}
            for party in PARTIES
        ],
        people=draw(people()),
        calendars=[{"id": "ks", "label": "KS", "importance": 4}, {"id": "job", "label": "jobb", "yields": 0.4}],
        commitments=[draw(commitments(i, ids)) for i in range(draw(st.integers(0, 12)))],
        answers=draw(st.lists(answers, max_size=4)),
        venues=[
            {"id": "v0", "name": "huset", "rooms": draw(st.integers(1, 2))},
            {"id": "v1", "name": "skolan", "travel_minutes": draw(st.sampled_from([{}, {"v0": 90}]))},
        ],
        councils=[draw(councils(name)) for name in names],
        meetings=[draw(meetings(*pair)) for pair in held],
        relations=[draw(relations(ids))] if len(ids) > 1 and draw(st.integers(0, 3)) == 0 else [],
        blackouts=draw(st.lists(blackouts(), max_size=2)),
        holidays=draw(mostly("SE", st.none())),
        assumptions=draw(assumptions),
    )
    return Problem.of(document)


@st.composite
def counties(draw: st.DrawFn) -> Problem:
    """A problem of two to four councils that share persons and venues: too large to enumerate, small to solve."""
    chance = Random(draw(st.integers(0, 2**32)))  # noqa: S311  # one seed instead of a hundred draws; not for security
    names = [f"r{i}" for i in range(chance.randint(2, 4))]
    parties = ("a", "b", "c", "d")
    members = [f"{party}{i}" for party in parties for i in (0, 1)]
    council_seats: dict[str, list[Json]] = {
        name: [
            {
                "party": party,
                "member": chance.choice([f"{party}0", f"{party}0", f"{party}1", None]),
                "substitutes": [],
            }
            for party in chance.sample(parties, chance.randint(2, 4))
        ]
        for name in names
    }
    for seat in (seat for seats in council_seats.values() for seat in seats):
        others = [person for person in (f"{seat['party']}0", f"{seat['party']}1") if person != seat["member"]]
        seat["substitutes"] = others[: chance.randint(0, 2)]
    held = [(name, k) for k in range(chance.randint(2, 3)) for name in names]
    ids = [f"{name}-{k}" for name, k in held]
    document = a_document(horizon={"start": DAYS[0], "end": "2027-04-30"}, parties=parties)
    document.update(
        parties=[
            {
                "id": party,
                "name": party,
                "travel_minutes": {"v0": chance.choice([0, 30]), "v1": chance.choice([0, 240])},
            }
            for party in parties
        ],
        people=[
            a_person(person, person[0], known=chance.choice([[], [{"start": DAYS[0], "end": "2027-04-30"}]]))
            for person in members
        ],
        commitments=[_busy(chance, index, chance.choice(members)) for index in range(chance.randint(0, 60))],
        venues=[
            {"id": "v0", "name": "huset", "rooms": chance.choice([1, 1, 2])},
            {"id": "v1", "name": "skolan", "travel_minutes": chance.choice([{}, {"v0": 90}])},
        ],
        councils=[
            {
                "id": name,
                "name": name,
                "seats": council_seats[name],
                "quorum": chance.choice([None, 1, 2]),
                "spacing_days": chance.choice([None, {"min": 2, "max": 20}]),
            }
            for name in names
        ],
        meetings=[
            a_meeting(
                f"{name}-{k}",
                name,
                window={"start": f"2027-03-{22 + 4 * k}", "end": f"2027-04-{9 + 8 * k:02d}"},
                starts=chance.choice([["09:00", "13:00"], ["09:00", "11:00", "13:00"], ["18:00"]]),
                duration_minutes=chance.choice([120, 180]),
                venue=chance.choice([None, "v0", "v0", "v1"]),
                mode=chance.choice(["in_person", "in_person", "hybrid", "online"]),
                importance=chance.randint(1, 5),
                quorum_probability=chance.choice([None, None, None, 0.5]),
                pinned=chance.choice([None] * 15 + [f"2027-04-{6 + 2 * k:02d}T13:00"]),
            )
            for name, k in held
        ],
        relations=[_relation(chance, ids) for _ in range(chance.choice([0, 0, 1, 2]))],
    )
    return Problem.of(document)


def _busy(chance: Random, index: int, person: str) -> Json:
    day = f"2027-{chance.choice(['03', '04'])}-{chance.randint(22, 30)}" if chance.random() < 0.4 else ""
    day = day or f"2027-04-{chance.randint(1, 30):02d}"
    hour = chance.choice([8, 10, 13])
    return {
        "id": f"c{index}",
        "person": person,
        "start": f"{day}T{hour:02d}:00",
        "end": f"{day}T{hour + chance.randint(1, 6):02d}:00",
        "importance": chance.choice([None, 1, 4, 5]),
    }


def _relation(chance: Random, ids: list[str]) -> Json:
    kind = chance.choice(["same_day", "same_slot", "apart_days", "before"])
    return {"kind": kind, "meetings": chance.sample(ids, 2), "days": 2 if kind == "apart_days" else None}
