"""Take the members of a new list into an existing problem, and leave everything else as it is."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

from api.members.entries import MemberEntry
from api.members.new_problem import Json, Terms, build_document
from api.members.reader import name_key


@dataclass(frozen=True, slots=True)
class MemberChanges:
    """
    The names of the people who came, left, or have another address than before.

    ``kept`` left the list too, but something else in the problem refers to them.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    readdressed: tuple[str, ...]


class UnknownCouncil(Exception):
    """The list names a council that the problem does not have."""


def update_members(old: Json, entries: Sequence[MemberEntry], terms: Terms) -> tuple[Json, MemberChanges]:
    """
    Return the problem with the parties, people and seats of a list.

    A party is recognised by its name, a person by party and name, and a council by its name; a list without councils is
    about the council that ``terms`` name. What is recognised keeps its id and its other keys. People and parties that
    are not in the list any more are removed, unless something else in the problem refers to them. The chair is that of
    the list, or else the former chair as long as that person has a seat.

    Raises
    ------
    UnknownCouncil
        When the list names a council that the problem does not have; its name is the argument.
    """
    listed = build_document(entries, terms)
    parties = _merged_parties(old, listed)
    people = _merged_people(old, listed, parties)
    document = deepcopy(old)
    document["councils"] = list(_merged_councils(document, listed, parties, people))

    former = {person["id"]: person for person in old["people"]}
    current = {person["id"]: person for person in people.values()}
    referred = _ids_referred_to({key: value for key, value in document.items() if key not in ("people", "parties")})
    kept = [person for person in former.values() if person["id"] in referred and person["id"] not in current]
    document["people"] = [*current.values(), *kept]
    party_ids = {person["party"] for person in document["people"]} | {
        seat["party"] for council in document["councils"] for seat in council["seats"]
    }
    party_ids |= referred & {party["id"] for party in old["parties"]}
    merged = {party["id"]: party for party in (*old["parties"], *parties.values())}
    document["parties"] = [party for party in merged.values() if party["id"] in party_ids]
    return document, _changes(former, current, {person["id"] for person in kept})


def _merged_parties(old: Json, listed: Json) -> dict[str, Json]:
    """Return, by its id in the list, each party as the problem has it, or else a new one."""
    former = {name_key(party["name"]): party for party in old["parties"]}
    taken = {party["id"] for party in old["parties"]}
    return {party["id"]: former.get(name_key(party["name"])) or _renamed(party, taken) for party in listed["parties"]}


def _merged_people(old: Json, listed: Json, parties: dict[str, Json]) -> dict[str, Json]:
    """Return, by its id in the list, each person as the problem has it but for the address, or else a new one."""
    former = {(person["party"], name_key(person["name"])): person for person in old["people"]}
    taken = {person["id"] for person in old["people"]}
    merged: dict[str, Json] = {}
    for person in listed["people"]:
        party = parties[person["party"]]["id"]
        known = former.get((party, name_key(person["name"])))
        if known is None:
            merged[person["id"]] = {**_renamed(person, taken), "party": party}
        else:
            address = {"email": person["email"]} if "email" in person else {}
            merged[person["id"]] = {**known, **address}
    return merged


def _renamed(item: Json, taken: set[str]) -> Json:
    """Return an item with an id that is not in ``taken``, and add it there."""
    candidate = item["id"]
    number = 1
    while candidate in taken:
        number += 1
        candidate = f"{item['id']}-{number}"
    taken.add(candidate)
    return {**item, "id": candidate}


def _merged_councils(document: Json, listed: Json, parties: dict[str, Json], people: dict[str, Json]) -> Iterator[Json]:
    """Yield every council of the problem, with the seats of the list if the list has it."""
    by_name = {name_key(council["name"]): council for council in document["councils"]}
    seats: dict[str, list[Json]] = {}
    chairs: dict[str, str] = {}
    for council in listed["councils"]:
        target = by_name.get(name_key(council["name"]))
        if target is None:
            raise UnknownCouncil(council["name"])
        if "chair" in council:
            chairs[target["id"]] = people[council["chair"]]["id"]
        seats[target["id"]] = [
            {
                "party": parties[seat["party"]]["id"],
                "member": people[seat["member"]]["id"] if seat["member"] else None,
                "substitutes": [people[person]["id"] for person in seat["substitutes"]],
            }
            for seat in council["seats"]
        ]
    for council in document["councils"]:
        if council["id"] in seats:
            yield _with_seats(council, seats[council["id"]], chairs.get(council["id"]))
        else:
            yield council


def _with_seats(council: Json, seats: list[Json], chair: str | None) -> Json:
    """Return a council with other seats, and with a chair who has one of them."""
    former_chair = council.get("chair")
    had_seat = former_chair in _ids_referred_to(council["seats"])
    has_seat = former_chair in _ids_referred_to(seats)
    chair = chair or (None if had_seat and not has_seat else former_chair)
    without_chair = {key: value for key, value in council.items() if key != "chair"}
    return {**without_chair, **({} if chair is None else {"chair": chair}), "seats": seats}


def _ids_referred_to(value: object) -> set[str]:
    """Return every text in a document: an id that is not among them is referred to by nothing."""
    if isinstance(value, str):
        return {value}
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {text for part in parts for text in _ids_referred_to(part)}


def _changes(former: dict[str, Json], current: dict[str, Json], kept: set[str]) -> MemberChanges:
    both = former.keys() & current.keys()
    return MemberChanges(
        added=tuple(current[person]["name"] for person in current if person not in former),
        removed=tuple(former[person]["name"] for person in former if person not in current and person not in kept),
        kept=tuple(former[person]["name"] for person in former if person in kept),
        readdressed=tuple(
            current[person]["name"]
            for person in current
            if person in both and former[person].get("email") != current[person].get("email")
        ),
    )
