"""Who finds where a well-formed question contradicts itself: names nobody bears, seats taken twice, empty windows."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from scheduler.days import WEEKDAYS
from scheduler.errors import Fault
from scheduler.problem.document import Document
from scheduler.problem.strict_json import pointer_token

MAX_SLOTS = 500_000
MAX_HORIZON_DAYS = 1100

_UNKNOWN = {
    "party": "No party has this id; add the party or correct the id.",
    "person": "No person has this id; add the person or correct the id.",
    "calendar": "No calendar has this id; add the calendar or correct the id.",
    "venue": "No venue has this id; add the venue or correct the id.",
    "council": "No council has this id; add the council or correct the id.",
    "meeting": "No meeting has this id; add the meeting or correct the id.",
}


def contradictions(document: Document) -> Iterator[Fault]:
    """Yield every fault of a question whose parts are each well formed, kind by kind."""
    for find in _FINDERS:
        yield from find(document)


def _missing(kind: str, known: Iterable[str], named: Iterable[tuple[str, str | None]]) -> Iterator[Fault]:
    ids = frozenset(known)
    for pointer, name in named:
        if name is not None and name not in ids:
            yield Fault(pointer, _UNKNOWN[kind])


def ids_are_unique(document: Document) -> Iterator[Fault]:
    """Find ids that are given twice."""
    for group in ("parties", "people", "calendars", "commitments", "venues", "councils", "meetings"):
        seen: set[str] = set()
        for i, one in enumerate(getattr(document, group)):
            if one.id in seen:
                yield Fault(f"/{group}/{i}/id", "This id is taken by an earlier entry; give each its own.")
            seen.add(one.id)


def references_exist(document: Document) -> Iterator[Fault]:
    """Find ids that nothing bears."""
    yield from _missing("party", document.parties_by_id, _named_parties(document))
    yield from _missing("person", document.people_by_id, _named_people(document))
    yield from _missing("calendar", document.calendars_by_id, _named_calendars(document))
    yield from _missing("venue", document.venues_by_id, _named_venues(document))
    yield from _missing("council", document.councils_by_id, _named_councils(document))
    yield from _missing("meeting", document.meetings_by_id, _named_meetings(document))


Named = Iterator[tuple[str, str | None]]


def _named_parties(document: Document) -> Named:
    yield from ((f"/people/{i}/party", person.party) for i, person in enumerate(document.people))
    for i, council in enumerate(document.councils):
        yield from ((f"/councils/{i}/seats/{j}/party", seat.party) for j, seat in enumerate(council.seats))
    for i, meeting in enumerate(document.meetings):
        yield from ((f"/meetings/{i}/party_importance/{pointer_token(key)}", key) for key in meeting.party_importance)
    for i, blackout in enumerate(document.blackouts):
        yield from ((f"/blackouts/{i}/parties/{j}", party) for j, party in enumerate(blackout.parties or ()))


def _named_people(document: Document) -> Named:
    yield from ((f"/commitments/{i}/person", one.person) for i, one in enumerate(document.commitments))
    yield from ((f"/answers/{i}/person", one.person) for i, one in enumerate(document.answers))
    for i, council in enumerate(document.councils):
        yield f"/councils/{i}/chair", council.chair
        for j, seat in enumerate(council.seats):
            yield f"/councils/{i}/seats/{j}/member", seat.member
            yield from ((f"/councils/{i}/seats/{j}/substitutes/{k}", one) for k, one in enumerate(seat.substitutes))
    for i, meeting in enumerate(document.meetings):
        yield from ((f"/meetings/{i}/required/{j}/person", one.person) for j, one in enumerate(meeting.required))


def _named_calendars(document: Document) -> Named:
    yield from ((f"/commitments/{i}/calendar", one.calendar) for i, one in enumerate(document.commitments))


def _named_venues(document: Document) -> Named:
    for i, party in enumerate(document.parties):
        yield from ((f"/parties/{i}/travel_minutes/{pointer_token(key)}", key) for key in party.travel_minutes)
    for i, venue in enumerate(document.venues):
        yield from ((f"/venues/{i}/travel_minutes/{pointer_token(key)}", key) for key in venue.travel_minutes)
    yield from ((f"/meetings/{i}/venue", meeting.venue) for i, meeting in enumerate(document.meetings))


def _named_councils(document: Document) -> Named:
    yield from ((f"/meetings/{i}/council", meeting.council) for i, meeting in enumerate(document.meetings))


def _named_meetings(document: Document) -> Named:
    for i, relation in enumerate(document.relations):
        yield from ((f"/relations/{i}/meetings/{j}", one) for j, one in enumerate(relation.meetings))
    yield from ((f"/published/{pointer_token(key)}", key) for key in document.published)


def seats_are_taken_once(document: Document) -> Iterator[Fault]:
    """Find seats given twice, and people who sit twice or for another party."""
    for i, council in enumerate(document.councils):
        parties: set[str] = set()
        people: set[str] = set()
        for j, seat in enumerate(council.seats):
            if seat.party in parties:
                yield Fault(f"/councils/{i}/seats/{j}/party", "This party has a seat already; give it one seat.")
            parties.add(seat.party)
            for person in seat.people:
                if person in people:
                    yield Fault(f"/councils/{i}/seats/{j}", "A person sits twice in this council; name each once.")
                people.add(person)
                if person in document.people_by_id and document.people_by_id[person].party != seat.party:
                    yield Fault(f"/councils/{i}/seats/{j}", "A person sits for another party; let them sit for theirs.")


def people_are_required_once(document: Document) -> Iterator[Fault]:
    """Find people who are required twice at a meeting."""
    for i, meeting in enumerate(document.meetings):
        people = [one.person for one in meeting.required]
        for j, person in enumerate(people):
            if person in people[:j]:
                yield Fault(f"/meetings/{i}/required/{j}/person", "This person is required already; name each once.")


def quorums_can_be_met(document: Document) -> Iterator[Fault]:
    """Find quorums larger than the council."""
    for i, council in enumerate(document.councils):
        if council.quorum is not None and council.quorum > len(council.seats):
            values = {"seats": len(council.seats)}
            yield Fault(f"/councils/{i}/quorum", "The council has only {seats} seats; lower the quorum.", values)


def spacing_is_ordered(document: Document) -> Iterator[Fault]:
    """Find a least spacing above the greatest."""
    for i, council in enumerate(document.councils):
        spacing = council.spacing_days
        if spacing and spacing.min is not None and spacing.max is not None and spacing.min > spacing.max:
            yield Fault(f"/councils/{i}/spacing_days", "The least spacing exceeds the greatest; swap or correct them.")


def times_are_ordered(document: Document) -> Iterator[Fault]:
    """Find what ends before it starts."""

    def ordered(start: datetime, end: datetime, pointer: str) -> Iterator[Fault]:
        if start.tzinfo is None or end.tzinfo is None:  # else their own offsets decide, and much faster
            start, end = document.instant(start), document.instant(end)
        if end <= start:
            yield Fault(pointer, "The end is not after the start; correct one of them.")

    for group in ("commitments", "answers"):
        for i, one in enumerate(getattr(document, group)):
            yield from ordered(one.start, one.end, f"/{group}/{i}/end")
    for i, person in enumerate(document.people):
        for j, known in enumerate(person.known):
            if isinstance(known.start, datetime) and isinstance(known.end, datetime):
                yield from ordered(known.start, known.end, f"/people/{i}/known/{j}/end")
    for i, blackout in enumerate(document.blackouts):
        if blackout.end < blackout.start:
            yield Fault(f"/blackouts/{i}/end", "The end lies before the start; swap or correct them.")


def windows_meet_the_horizon(document: Document) -> Iterator[Fault]:
    """Find windows that no date of the horizon is in."""
    if (document.horizon.end - document.horizon.start).days >= MAX_HORIZON_DAYS:
        yield Fault("/horizon", "Plan at most {limit} days at a time.", {"limit": MAX_HORIZON_DAYS})
    for i, meeting in enumerate(document.meetings):
        first, last = document.window(meeting)
        if last < first:
            yield Fault(f"/meetings/{i}/window", "The window lies outside the horizon; move one of them.")


def starts_are_some(document: Document) -> Iterator[Fault]:
    """Find meetings without a start."""
    for i, meeting in enumerate(document.meetings):
        if not meeting.start_clocks:
            yield Fault(f"/meetings/{i}/starts", "The first start is after the last; swap or correct them.")


def slots_are_not_too_many(document: Document) -> Iterator[Fault]:
    """Find a question too large to be worked out."""
    num_slots = 0
    for meeting in document.meetings:
        first, last = document.window(meeting)
        wanted = {WEEKDAYS.index(name) for name in meeting.weekdays}
        weeks, rest = divmod(max((last - first).days + 1, 0), 7)
        num_days = weeks * len(wanted) + sum((first.weekday() + offset) % 7 in wanted for offset in range(rest))
        num_slots += num_days * len(meeting.start_clocks)
    if num_slots > MAX_SLOTS:
        values = {"count": num_slots, "limit": MAX_SLOTS}
        sentence = (
            "The meetings have {count} possible slots and {limit} is the limit; narrow windows or list fewer starts."
        )
        yield Fault("/meetings", sentence, values)


def relations_make_sense(document: Document) -> Iterator[Fault]:
    """Find relations of a meeting to itself, and days missing or out of place."""
    for i, relation in enumerate(document.relations):
        if len(set(relation.meetings)) < len(relation.meetings):
            yield Fault(f"/relations/{i}/meetings", "A meeting is named twice; name each once.")
        if relation.kind == "apart_days" and relation.days is None:
            yield Fault(f"/relations/{i}/days", "Say how many days apart.")
        if relation.kind in ("same_day", "same_slot") and relation.days is not None:
            yield Fault(f"/relations/{i}/days", "Only apart_days and before take days; leave them out.")


def unknown_is_no_worse_than_no(document: Document) -> Iterator[Fault]:
    """Find silence believed to be worse than a no."""
    if document.assumptions.unknown_free < document.assumptions.answer_no:
        yield Fault(
            "/assumptions/unknown_free", "This is below answer_no; silence cannot be worse than a no. Raise it."
        )


_FINDERS: tuple[Callable[[Document], Iterator[Fault]], ...] = (
    windows_meet_the_horizon,
    ids_are_unique,
    references_exist,
    times_are_ordered,
    seats_are_taken_once,
    people_are_required_once,
    quorums_can_be_met,
    spacing_is_ordered,
    starts_are_some,
    slots_are_not_too_many,
    relations_make_sense,
    unknown_is_no_worse_than_no,
)
