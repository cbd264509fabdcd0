"""Who sits where lives here: 104 seats, filled by people who are known by their roles alone."""

from dataclasses import dataclass

from bodies import Body
from year import Json, pick, stream

COUNCILS = ("kultur", "folkhalsa", "skola", "valfard")
NUM_SILENT = 7  # people of whom no calendar of their own is known
NUM_WITHOUT_RATE = 10
MOST_CERTAIN = 0.99  # of the rates drawn

_SPOKEN = {"kultur": "kultur", "folkhalsa": "folkhälsa", "skola": "skola", "valfard": "välfärd"}
_ROLES = {"+": ("ledamot", "ledamot"), "-": ("ersättare", "ersattare")}


@dataclass(frozen=True, slots=True)
class Person:
    """One who sits for a party: ``seats`` is "+" (member) or "-" (substitute) by council."""

    party: str
    party_name: str
    seats: dict[str, str]

    @property
    def is_member(self) -> bool:
        return "+" in self.seats.values()

    @property
    def id(self) -> str:
        return "-".join([self.party, *(part for role, councils in self._by_role for part in (role[1], *councils))])

    @property
    def name(self) -> str:
        spoken = [
            (_role[0], " och ".join(_SPOKEN[council] for council in councils)) for _role, councils in self._by_role
        ]
        (role, first), *others = spoken
        return f"{role}, {self.party_name}, {first}" + "".join(f" ({also} {where})" for also, where in others)

    @property
    def email(self) -> str:
        local = ".".join(part for role, councils in self._by_role for part in (role[1], *councils))
        return f"{local}@{self.party}.example"

    @property
    def _by_role(self) -> list[tuple[tuple[str, str], list[str]]]:
        """Member's seats first, then the substitute's."""
        grouped = ((_ROLES[sign], [one for one in COUNCILS if self.seats.get(one) == sign]) for sign in "+-")
        return [(role, councils) for role, councils in grouped if councils]


def everybody(facts: Json, invented: Json) -> list[Person]:
    """Return the people of each party in turn: those with two seats first, then the rest council by council."""
    people = []
    for party in facts["parties"]:
        pairs = [{seat[:-1]: seat[-1] for seat in pair} for pair in invented["two_seats"].get(party["id"], [])]
        taken = {seat for pair in pairs for seat in pair.items()}
        single = [{council: sign} for council in COUNCILS for sign in "+-" if (council, sign) not in taken]
        name = "Region Örebro län" if party["id"] == "region" else party["name"]
        people += [Person(party["id"], name, seats) for seats in pairs + single]
    return people


def holder(people: list[Person], party: str, council: str, sign: str) -> Person:
    """Return who sits for ``party`` in ``council``, as member ("+") or substitute ("-")."""
    return next(one for one in people if one.party == party and one.seats.get(council) == sign)


def places(person: Person, bodies: list[Body]) -> list[Body]:
    """Return the boards in which ``person`` sits: a member in the assembly and one board, a substitute in some."""
    draws = stream("places", person.id)
    own = [body for body in bodies if body.party == person.party]
    council = next(iter(person.seats))
    board = next(body for body in own if council in body.councils)
    is_member = person.is_member
    found = [body for body in own if body.kind == "assembly" and (draws.random() < 0.6 or is_member)]
    if draws.random() < 0.5 or is_member:
        found.append(board)
    executive = next(body for body in own if body.kind == "executive")
    if draws.random() < (1 / 3 if is_member else 0.1) and executive not in found:
        found.append(executive)
    spare = [body for body in own if body.kind == "board" and not body.councils]
    if not is_member and board not in found and spare:
        found.append(pick(draws, spare))
    return found


def chosen(people: list[Person], number: int, why: str) -> set[str]:
    """Draw ``number`` people, by id, none of them the region's."""
    ranked = sorted((one for one in people if one.party != "region"), key=lambda one: stream(why, one.id).random())
    return {one.id for one in ranked[:number]}


MOST_CERTAIN = 0.99


def attendance_rate(person: Person, facts: Json) -> float:
    """
    Draw the chance that ``person`` comes when nothing clashes.

    The prior is of attendance as it was, clashes counted. A third of each drawn absence is kept: the mean absence
    is then about the one that another city measured on days without another meeting. Nobody is certain.
    """
    prior = facts["attendance_prior"]["value"]
    raw = stream("rate", person.id).betavariate(prior["alpha"], prior["beta"])
    return min(round(1 - (1 - raw) / 3, 2), MOST_CERTAIN)
