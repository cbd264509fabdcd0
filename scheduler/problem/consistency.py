"""Consistency checks between the parts of a document: duplicates, limits, the order of times."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain

import numpy as np

from scheduler.days import WEEKDAYS
from scheduler.errors import Fault
from scheduler.problem.document import Document
from scheduler.problem.field_types import ENDS_BEFORE_START
from scheduler.problem.past import past_is_settled
from scheduler.problem.references import references_exist
from scheduler.problem.schema import Council, Relation, StartRange

MAX_SLOTS = 500_000
MAX_HORIZON_DAYS = 1100


def contradictions(document: Document) -> Iterator[Fault]:
    """Yield every fault of a document whose parts are well formed, one check after another."""
    for check in _CHECKS:
        yield from check(document)


def ids_are_unique(document: Document) -> Iterator[Fault]:
    """Find ids that occur twice in one list."""
    for group in ("parties", "people", "calendars", "commitments", "venues", "councils", "meetings"):
        if group == "commitments":
            ids = document.commitment_columns.column("id")
        else:
            ids = [entry.id for entry in getattr(document, group)]
        if len(set(ids)) == len(ids):
            continue
        seen: set[str] = set()
        for i, name in enumerate(ids):
            if name in seen:
                sentence = "The id '{id}' is used by an earlier entry; give this entry another id."
                yield Fault(f"/{group}/{i}/id", sentence, {"id": name})
            seen.add(name)


def seats_are_unique(document: Document) -> Iterator[Fault]:
    """Find parties with two seats in a council, and people with two seats or a seat of another party."""
    for i, council in enumerate(document.councils):
        yield from _seat_faults(document, council, f"/councils/{i}/seats")


def _seat_faults(document: Document, council: Council, pointer: str) -> Iterator[Fault]:
    parties: set[str] = set()
    people: set[str] = set()
    for j, seat in enumerate(council.seats):
        if seat.party in parties:
            sentence = "The party '{party}' has a seat in this council already; remove one of the two seats."
            yield Fault(f"{pointer}/{j}/party", sentence, {"party": seat.party})
        parties.add(seat.party)
        for name in seat.people:
            if name in people:
                sentence = "The person '{person}' occurs twice in this council; remove one of the two entries."
                yield Fault(f"{pointer}/{j}", sentence, {"person": name})
            people.add(name)
            person = document.people_by_id.get(name)
            if person is not None and person.party != seat.party:
                sentence = (
                    "The person '{person}' belongs to party '{party}', but this seat to '{other}'; correct one of them."
                )
                yield Fault(f"{pointer}/{j}", sentence, {"person": name, "party": person.party, "other": seat.party})


def required_people_are_unique(document: Document) -> Iterator[Fault]:
    """Find people who occur twice among the required people of a meeting."""
    for i, meeting in enumerate(document.meetings):
        seen: set[str] = set()
        for j, required in enumerate(meeting.required):
            if required.person in seen:
                sentence = "The person '{person}' is already required at this meeting; remove one of the two entries."
                yield Fault(f"/meetings/{i}/required/{j}/person", sentence, {"person": required.person})
            seen.add(required.person)


def quorums_are_reachable(document: Document) -> Iterator[Fault]:
    """Find quorums larger than the council."""
    for i, council in enumerate(document.councils):
        num_seats = len(council.seats)
        if council.quorum is not None and council.quorum > num_seats:
            sentence = (
                "The quorum of '{council}' is {quorum}, more than the number of its seats, {seats}; lower the quorum."
            )
            values = {"council": council.id, "quorum": council.quorum, "seats": num_seats}
            yield Fault(f"/councils/{i}/quorum", sentence, values)


def spacing_is_ordered(document: Document) -> Iterator[Fault]:
    """Find a minimum spacing above the maximum."""
    for i, council in enumerate(document.councils):
        spacing = council.spacing_days
        if spacing is None or spacing.min is None or spacing.max is None:
            continue
        if spacing.min > spacing.max:
            sentence = "The minimum, {min} days, exceeds the maximum, {max} days; swap or correct them."
            yield Fault(f"/councils/{i}/spacing_days", sentence, {"min": spacing.min, "max": spacing.max})


def times_are_ordered(document: Document) -> Iterator[Fault]:
    """Find intervals that end before they start."""

    def check(start: datetime, end: datetime, pointer: str) -> Iterator[Fault]:
        # Aware datetimes are compared as they are: converting them is slow, and there may be millions.
        if start.tzinfo is None or end.tzinfo is None:
            is_ordered = document.instant(start) < document.instant(end)
        else:
            is_ordered = start < end
        if not is_ordered:
            sentence = "The end, {end}, is not after the start, {start}; correct one of them."
            yield Fault(pointer, sentence, {"start": start.isoformat(), "end": end.isoformat()})

    table = document.commitment_table
    for i in np.flatnonzero(table.end <= table.start).tolist():
        commitment = document.commitments[i]
        yield from check(commitment.start, commitment.end, f"/commitments/{i}/end")
    for i, answer in enumerate(document.answers):
        yield from check(answer.start, answer.end, f"/answers/{i}/end")
    for i, person in enumerate(document.people):
        for j, known in enumerate(person.known):
            if isinstance(known.start, datetime) and isinstance(known.end, datetime):
                yield from check(known.start, known.end, f"/people/{i}/known/{j}/end")
    for i, blackout in enumerate(document.blackouts):
        if blackout.end < blackout.start:
            values = {"start": blackout.start.isoformat(), "end": blackout.end.isoformat()}
            yield Fault(f"/blackouts/{i}/end", ENDS_BEFORE_START, values)


def windows_overlap_the_horizon(document: Document) -> Iterator[Fault]:
    """Find a horizon that is too long, and windows without a date of the horizon."""
    horizon = document.horizon
    num_days = (horizon.end - horizon.start).days + 1
    if num_days > MAX_HORIZON_DAYS:
        sentence = "The horizon has {days} days and {limit} is the limit; shorten it."
        yield Fault("/horizon", sentence, {"days": num_days, "limit": MAX_HORIZON_DAYS})
    for i, meeting in enumerate(document.meetings):
        first, last = document.window(meeting)
        if last < first:
            sentence = (
                "The window of '{meeting}', {first} to {last}, lies outside the horizon, {start} to {end}; move one of"
                " them."
            )
            window = meeting.window or horizon
            values = {
                "meeting": meeting.id,
                "first": window.start.isoformat(),
                "last": window.end.isoformat(),
                "start": horizon.start.isoformat(),
                "end": horizon.end.isoformat(),
            }
            yield Fault(f"/meetings/{i}/window", sentence, values)


def replies_are_due_in_time(document: Document) -> Iterator[Fault]:
    """Find meetings whose reply date is later than every date on which they may be held."""
    for i, meeting in enumerate(document.meetings):
        _, last = document.window(meeting)
        if meeting.reply_by is not None and meeting.reply_by > last:
            sentence = (
                "The last day to reply, {reply_by}, is after the last possible date, {last}; choose an earlier day."
            )
            values = {"reply_by": meeting.reply_by.isoformat(), "last": last.isoformat()}
            yield Fault(f"/meetings/{i}/reply_by", sentence, values)


def starts_are_not_empty(document: Document) -> Iterator[Fault]:
    """Find meetings whose range of starts is empty."""
    for i, meeting in enumerate(document.meetings):
        if isinstance(meeting.starts, StartRange) and not meeting.start_clocks:
            sentence = "The first start, {first}, is after the last, {last}; swap or correct them."
            values = {"first": f"{meeting.starts.from_:%H:%M}", "last": f"{meeting.starts.to:%H:%M}"}
            yield Fault(f"/meetings/{i}/starts", sentence, values)


def slots_are_within_the_limit(document: Document) -> Iterator[Fault]:
    """Find a document with too many slots to plan, counted without expanding them."""
    num_slots = 0
    for meeting in document.meetings:
        first, last = document.window(meeting)
        weekdays = {WEEKDAYS.index(name) for name in meeting.weekdays}
        weeks, rest = divmod(max((last - first).days + 1, 0), 7)
        num_days = weeks * len(weekdays)
        num_days += sum((first.weekday() + offset) % 7 in weekdays for offset in range(rest))
        num_slots += num_days * len(meeting.start_clocks)
    if num_slots > MAX_SLOTS:
        sentence = (
            "The meetings have {count} possible slots and {limit} is the limit; narrow windows or list fewer starts."
        )
        yield Fault("/meetings", sentence, {"count": num_slots, "limit": MAX_SLOTS})


def relations_are_valid(document: Document) -> Iterator[Fault]:
    """Find relations of a meeting to itself, and days that are missing or have no meaning."""
    return chain.from_iterable(
        _relation_faults(relation, f"/relations/{i}") for i, relation in enumerate(document.relations)
    )


def _relation_faults(relation: Relation, pointer: str) -> Iterator[Fault]:
    repeated = [meeting for meeting, count in Counter(relation.meetings).items() if count > 1]
    if repeated:
        sentence = "The meeting '{meeting}' occurs twice in this relation; list each meeting once."
        yield Fault(f"{pointer}/meetings", sentence, {"meeting": repeated[0]})
    if relation.kind == "apart_days" and relation.days is None:
        yield Fault(f"{pointer}/days", "The kind apart_days requires days; add the number of days.")
    if relation.kind in ("same_day", "same_slot") and relation.days is not None:
        yield Fault(f"{pointer}/days", "Only the kinds apart_days and before have days; remove this key.")


def unknown_is_at_least_no(document: Document) -> Iterator[Fault]:
    """Find an assumption that an unknown calendar is less likely free than after the answer no."""
    assumptions = document.assumptions
    if assumptions.unknown_free < assumptions.answer_no:
        sentence = "The value {unknown_free} is below that of answer_no, {answer_no}; raise it."
        values = {"unknown_free": assumptions.unknown_free, "answer_no": assumptions.answer_no}
        yield Fault("/assumptions/unknown_free", sentence, values)


_CHECKS: tuple[Callable[[Document], Iterator[Fault]], ...] = (
    windows_overlap_the_horizon,
    ids_are_unique,
    references_exist,
    times_are_ordered,
    seats_are_unique,
    required_people_are_unique,
    quorums_are_reachable,
    spacing_is_ordered,
    replies_are_due_in_time,
    starts_are_not_empty,
    slots_are_within_the_limit,
    relations_are_valid,
    unknown_is_at_least_no,
    past_is_settled,
)
