"""Short names live here: what all councils share is left out, and each gets a letter of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from string import ascii_uppercase

from api.i18n import Wording
from scheduler.problem import Problem


def capitalised(text: str) -> str:
    """Return ``text`` with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def with_party(person: str, problem: Problem, wording: Wording) -> str:
    """Return somebody's role with the party, said once: ``Ledamot, Kumla`` or ``Ledamot (Kumla kommun)``."""
    role = capitalised(problem.people_by_id[person].name)
    party = problem.parties_by_id[problem.people_by_id[person].party].name
    place = party.split()[0].removesuffix("s")  # Askersunds kommun is Askersund's
    return role if place in role else wording.say("{person} ({party})", person=role, party=party)


def some_of(names: Sequence[str], at_most: int, wording: Wording) -> str:
    """Return the first names in a row, and how many more there are: ``Ledamot, Kumla; ledamot, Laxå; och 3 till``."""
    left = len(names) - at_most
    more = [wording.say("and {count} more", count=left)] if left > 0 else []
    return "; ".join((*names[:at_most], *more))


def short_names(names: Sequence[str]) -> list[str]:
    """
    Return names without the leading words that all of them share.

    Examples
    --------
    >>> short_names(["Rådet för kultur", "Rådet för skola och idrott"])
    ['Kultur', 'Skola och idrott']
    """
    words = [name.split() for name in names]
    shared = 0
    while len(names) > 1 and all(len(one) > shared + 1 for one in words) and len({one[shared] for one in words}) == 1:
        shared += 1
    return [capitalised(" ".join(one[shared:])) for one in words]


def letters(names: Sequence[str]) -> list[str]:
    """
    Return a letter for each name, all different: a word's first where one is left.

    Examples
    --------
    >>> letters(["Skola", "Social välfärd", "Kultur"])
    ['S', 'V', 'K']
    """
    taken: list[str] = []
    for name in names:
        taken.append(next(letter for letter in _fitting(name) if letter not in taken))
    return taken


def _fitting(name: str) -> Iterator[str]:
    initials = (word[0] for word in name.split())
    pairs = (first + second for first, second in product(ascii_uppercase, repeat=2))
    spelled = (mark.upper() for mark in chain(initials, name) if mark.isalpha())
    return chain(spelled, ascii_uppercase, pairs)


@dataclass(frozen=True, slots=True)
class Names:
    """What councils and meetings are called on one page, by their ids."""

    councils: dict[str, str]
    letters: dict[str, str]
    codes: dict[str, str]
    meetings: dict[str, str]

    @classmethod
    def of(cls, problem: Problem, wording: Wording) -> "Names":
        ids = [council.id for council in problem.councils]
        short = short_names([council.name for council in problem.councils])
        marks = letters(short)
        codes, meetings = {}, {}
        for council, name, mark in zip(ids, short, marks, strict=True):
            for number, meeting in enumerate(problem.meetings_by_council[council], start=1):
                codes[meeting.id] = f"{mark}{number}"
                meetings[meeting.id] = wording.say("{council}, meeting {number}", council=name, number=number)
        return cls(dict(zip(ids, short, strict=True)), dict(zip(ids, marks, strict=True)), codes, meetings)
