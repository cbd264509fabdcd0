"""People of the example: 104 seats in four councils, filled by people named by their roles."""

from dataclasses import dataclass

from bodies import Body
from year import Json, choose, random_stream

COUNCILS = ("kultur", "folkhalsa", "skola", "valfard")
NUM_WITHOUT_CALENDAR = 7
NUM_WITHOUT_RATE = 10
MAX_RATE = 0.99  # upper limit of the attendance rates

_COUNCIL_LABELS = {"kultur": "kultur", "folkhalsa": "folkhälsa", "skola": "skola", "valfard": "välfärd"}
_ROLES = {"+": ("ledamot", "ledamot"), "-": ("ersättare", "ersattare")}  # label, id


@dataclass(frozen=True, slots=True)
class Person:
    """
    A representative of a party.

    ``seats`` maps the id of a council to "+" (member) or "-" (substitute).
    """

    party: str
    party_name: str
    seats: dict[str, str]

    @property
    def is_member(self) -> bool:
        return "+" in self.seats.values()

    @property
    def id(self) -> str:
        return "-".join([self.party, *self._id_parts])

    @property
    def name(self) -> str:
        roles = []
        for (label, _), councils in self._seats_by_role:
            council_labels = " och ".join(_COUNCIL_LABELS[council] for council in councils)
            roles.append((label, council_labels))
        (role, councils_of_role), *further_roles = roles
        further = "".join(f" ({label} {council_labels})" for label, council_labels in further_roles)
        return f"{role}, {self.party_name}, {councils_of_role}{further}"

    @property
    def email(self) -> str:
        local_part = ".".join(self._id_parts)
        return f"{local_part}@{self.party}.example"

    @property
    def _id_parts(self) -> list[str]:
        parts = []
        for (_, role_id), councils in self._seats_by_role:
            parts += [role_id, *councils]
        return parts

    @property
    def _seats_by_role(self) -> list[tuple[tuple[str, str], list[str]]]:
        """The councils of each role, member before substitute."""
        seats = []
        for sign, role in _ROLES.items():
            councils = [council for council in COUNCILS if self.seats.get(council) == sign]
            if councils:
                seats.append((role, councils))
        return seats


def create_people(facts: Json, invented: Json) -> list[Person]:
    """Return all people by party: first those with two seats, then those with one seat by council."""
    people = []
    for party in facts["parties"]:
        pairs = [{seat[:-1]: seat[-1] for seat in pair} for pair in invented["two_seats"].get(party["id"], [])]
        paired_seats = {seat for pair in pairs for seat in pair.items()}
        single_seats = [
            {council: sign} for council in COUNCILS for sign in _ROLES if (council, sign) not in paired_seats
        ]
        name = "Region Örebro län" if party["id"] == "region" else party["name"]
        people += [Person(party["id"], name, seats) for seats in pairs + single_seats]
    return people


def seat_holder(people: list[Person], party: str, council: str, sign: str) -> Person:
    """Return the member ("+") or substitute ("-") of ``party`` in ``council``."""
    return next(person for person in people if person.party == party and person.seats.get(council) == sign)


def draw_bodies(person: Person, bodies: list[Body]) -> list[Body]:
    """
    Draw the bodies of the party in which ``person`` has a seat.

    A member has a seat in the assembly and in the board that matches the council, a substitute with a probability
    only. The executive, or for substitutes another board, may follow. The order of the draws is part of the
    output: every draw is made even if its result does not matter.
    """
    rng = random_stream("places", person.id)
    party_bodies = [body for body in bodies if body.party == person.party]
    council = next(iter(person.seats))
    board = next(body for body in party_bodies if council in body.councils)
    is_member = person.is_member

    drawn = []
    for body in party_bodies:
        if body.kind == "assembly" and (rng.random() < 0.6 or is_member):
            drawn.append(body)
    if rng.random() < 0.5 or is_member:
        drawn.append(board)

    executive = next(body for body in party_bodies if body.kind == "executive")
    executive_probability = 1 / 3 if is_member else 0.1
    if rng.random() < executive_probability and executive not in drawn:
        drawn.append(executive)

    unrelated_boards = [body for body in party_bodies if body.kind == "board" and not body.councils]
    if not is_member and board not in drawn and unrelated_boards:
        drawn.append(choose(rng, unrelated_boards))
    return drawn


def draw_people(people: list[Person], number: int, purpose: str) -> set[str]:
    """Draw the ids of ``number`` people outside the region's party; ``purpose`` is the key of the draw."""
    eligible = [person for person in people if person.party != "region"]
    eligible.sort(key=lambda person: random_stream(purpose, person.id).random())
    return {person.id for person in eligible[:number]}


def attendance_rate(person: Person, facts: Json) -> float:
    """
    Draw the probability that ``person`` attends a meeting when no other event overlaps it.

    The Beta prior describes attendance including absences caused by overlapping events. A third of the drawn
    absence is kept, so that the mean absence is close to the absence measured in Toronto on days without another
    meeting. The rate is at most ``MAX_RATE``.
    """
    prior = facts["attendance_prior"]["value"]
    drawn_rate = random_stream("rate", person.id).betavariate(prior["alpha"], prior["beta"])
    absence = (1 - drawn_rate) / 3
    return min(round(1 - absence, 2), MAX_RATE)
