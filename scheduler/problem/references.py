"""References between the parts of a document: every id that is mentioned must be the id of an entry."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from scheduler.errors import Fault
from scheduler.problem.document import Document
from scheduler.problem.schema import Calendar, Council, Meeting, Party, Person, Seat, Venue
from scheduler.problem.strict_json import pointer_token

# A similar id is looked for within these limits, so that a document full of wrong ids is still rejected at once.
MAX_LOOKUPS = 10
MAX_COMPARED_IDS = 1000
MAX_COMPARED_LENGTH = 40

_UNKNOWN = {
    "party": "Unknown party id '{id}'; add the party or correct the id.",
    "person": "Unknown person id '{id}'; add the person or correct the id.",
    "calendar": "Unknown calendar id '{id}'; add the calendar or correct the id.",
    "venue": "Unknown venue id '{id}'; add the venue or correct the id.",
    "council": "Unknown council id '{id}'; add the council or correct the id.",
    "meeting": "Unknown meeting id '{id}'; add the meeting or correct the id.",
}
_MISSPELT = {
    "party": "Unknown party id '{id}'; did you mean '{similar}'? Correct the id or add the party.",
    "person": "Unknown person id '{id}'; did you mean '{similar}'? Correct the id or add the person.",
    "calendar": "Unknown calendar id '{id}'; did you mean '{similar}'? Correct the id or add the calendar.",
    "venue": "Unknown venue id '{id}'; did you mean '{similar}'? Correct the id or add the venue.",
    "council": "Unknown council id '{id}'; did you mean '{similar}'? Correct the id or add the council.",
    "meeting": "Unknown meeting id '{id}'; did you mean '{similar}'? Correct the id or add the meeting.",
}

Entry = Party | Person | Calendar | Venue | Council | Meeting
References = Iterator[tuple[str, str | None]]  # (JSON Pointer, id)


def references_exist(document: Document) -> Iterator[Fault]:
    """Find references to ids that no entry has."""
    references = _References()
    yield from references.check("party", document.parties_by_id, _party_references(document))
    yield from references.check("person", document.people_by_id, _person_references(document))
    yield from references.check("calendar", document.calendars_by_id, _calendar_references(document))
    yield from references.check("venue", document.venues_by_id, _venue_references(document))
    yield from references.check("council", document.councils_by_id, _council_references(document))
    yield from references.check("meeting", document.meetings_by_id, _meeting_references(document))


class _References:
    """Checks references, and suggests a similar id for the first few unknown ones."""

    def __init__(self) -> None:
        self._similar: dict[tuple[str, str], str | None] = {}

    def check(self, kind: str, known: Mapping[str, Entry], references: References) -> Iterator[Fault]:
        for pointer, name in references:
            if name is not None and name not in known:
                yield self._unknown(kind, name, known, pointer)

    def _unknown(self, kind: str, name: str, known: Mapping[str, Entry], pointer: str) -> Fault:
        similar = self._find_similar(kind, name, known)
        if similar is None:
            return Fault(pointer, _UNKNOWN[kind], {"id": name})
        return Fault(pointer, _MISSPELT[kind], {"id": name, "similar": similar})

    def _find_similar(self, kind: str, name: str, known: Mapping[str, Entry]) -> str | None:
        """Return the id that is most similar, or that of the entry with the most similar name."""
        key = (kind, name)
        if key in self._similar:
            return self._similar[key]
        if len(self._similar) >= MAX_LOOKUPS or len(known) > MAX_COMPARED_IDS or len(name) > MAX_COMPARED_LENGTH:
            return None
        ids: dict[str, str] = {}
        for identifier, entry in sorted(known.items()):
            for text in (identifier, getattr(entry, "name", identifier)):
                if len(text) <= MAX_COMPARED_LENGTH:
                    ids.setdefault(text.casefold(), identifier)
        matches = get_close_matches(name.casefold(), ids, n=1)
        self._similar[key] = ids[matches[0]] if matches else None
        return self._similar[key]


def _party_references(document: Document) -> References:
    for i, person in enumerate(document.people):
        yield f"/people/{i}/party", person.party
    for i, council in enumerate(document.councils):
        for j, seat in enumerate(council.seats):
            yield f"/councils/{i}/seats/{j}/party", seat.party
    for i, meeting in enumerate(document.meetings):
        for party in meeting.party_importance:
            yield f"/meetings/{i}/party_importance/{pointer_token(party)}", party
    for i, blackout in enumerate(document.blackouts):
        for j, party in enumerate(blackout.parties or ()):
            yield f"/blackouts/{i}/parties/{j}", party


def _person_references(document: Document) -> References:
    yield from _commitment_references(document, "person", document.people_by_id)
    for i, answer in enumerate(document.answers):
        yield f"/answers/{i}/person", answer.person
    for i, council in enumerate(document.councils):
        yield f"/councils/{i}/chair", council.chair
        for j, seat in enumerate(council.seats):
            yield from _seat_references(seat, f"/councils/{i}/seats/{j}")
    for i, meeting in enumerate(document.meetings):
        for j, required in enumerate(meeting.required):
            yield f"/meetings/{i}/required/{j}/person", required.person


def _seat_references(seat: Seat, pointer: str) -> References:
    yield f"{pointer}/member", seat.member
    for k, person in enumerate(seat.substitutes):
        yield f"{pointer}/substitutes/{k}", person


def _calendar_references(document: Document) -> References:
    yield from _commitment_references(document, "calendar", document.calendars_by_id)


def _commitment_references(document: Document, field: str, known: Mapping[str, Entry]) -> References:
    """Yield the references of the commitments, unless all are known: there may be millions."""
    names = document.commitment_columns.column(field)
    if not {None, *known}.issuperset(names):
        for i, name in enumerate(names):
            yield f"/commitments/{i}/{field}", name


def _venue_references(document: Document) -> References:
    for i, party in enumerate(document.parties):
        for name in party.travel_minutes:
            yield f"/parties/{i}/travel_minutes/{pointer_token(name)}", name
    for i, venue in enumerate(document.venues):
        for name in venue.travel_minutes:
            yield f"/venues/{i}/travel_minutes/{pointer_token(name)}", name
    for i, meeting in enumerate(document.meetings):
        yield f"/meetings/{i}/venue", meeting.venue


def _council_references(document: Document) -> References:
    for i, meeting in enumerate(document.meetings):
        yield f"/meetings/{i}/council", meeting.council


def _meeting_references(document: Document) -> References:
    for i, relation in enumerate(document.relations):
        for j, name in enumerate(relation.meetings):
            yield f"/relations/{i}/meetings/{j}", name
    for name in document.published:
        yield f"/published/{pointer_token(name)}", name
