"""Short names of councils and meetings, unique within one text, and names of people with their party."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from string import ascii_uppercase

from api.i18n import Wording
from scheduler.problem import Problem


def capitalised(text: str) -> str:
    """Return ``text`` with a capital first letter, the rest unchanged."""
    return text[:1].upper() + text[1:]


def with_party(person_id: str, problem: Problem, wording: Wording) -> str:
    """Return a person's role and party without repetition: ``Ledamot, Kumla`` or ``Ledamot (Kumla kommun)``."""
    person = problem.people_by_id[person_id]
    role = capitalised(person.name)
    party = problem.parties_by_id[person.party].name

    # "Askersunds kommun" is the genitive of "Askersund", which is how a role names the place.
    place = party.split()[0].removesuffix("s")
    if place in role:
        return role
    return wording.say("{person} ({party})", person=role, party=party)


def list_some(names: Sequence[str], limit: int, wording: Wording) -> str:
    """Return the first names and the number of the rest: ``Ledamot, Kumla; ledamot, Laxå; och 3 till``."""
    shown = list(names[:limit])
    num_left = len(names) - limit
    if num_left > 0:
        shown.append(wording.say("and {count} more", count=num_left))
    return "; ".join(shown)


def short_names(names: Sequence[str]) -> list[str]:
    """
    Return names without the leading words that all of them share.

    Examples
    --------
    >>> short_names(["Rådet för kultur", "Rådet för skola och idrott"])
    ['Kultur', 'Skola och idrott']
    """
    words_by_name = [name.split() for name in names]
    num_shared = 0
    while len(names) > 1 and _share_word(words_by_name, num_shared):
        num_shared += 1
    return [capitalised(" ".join(words[num_shared:])) for words in words_by_name]


def _share_word(words_by_name: Sequence[Sequence[str]], index: int) -> bool:
    """Return whether all names have the same word at ``index``, and at least one word after it."""
    if any(len(words) <= index + 1 for words in words_by_name):
        return False
    return len({words[index] for words in words_by_name}) == 1


def letters(names: Sequence[str]) -> list[str]:
    """
    Return a letter for each name, its first where that is free.

    Examples
    --------
    >>> letters(["Skola", "Social välfärd", "Kultur"])
    ['S', 'V', 'K']
    """
    used: list[str] = []
    for name in names:
        free = (letter for letter in _candidate_letters(name) if letter not in used)
        used.append(next(free))
    return used


def _candidate_letters(name: str) -> Iterator[str]:
    """Yield the initials of the name's words, its other letters, the alphabet, then pairs of letters."""
    initials = (word[0] for word in name.split())
    own_letters = (character.upper() for character in chain(initials, name) if character.isalpha())
    pairs = (first + second for first, second in product(ascii_uppercase, repeat=2))
    return chain(own_letters, ascii_uppercase, pairs)


@dataclass(frozen=True, slots=True)
class Names:
    """Short names by id; a council is ``Kultur``, its letter ``K``, its meetings ``K1`` and ``Kultur, meeting 1``."""

    councils: dict[str, str]
    letters: dict[str, str]
    codes: dict[str, str]
    meetings: dict[str, str]

    @classmethod
    def of(cls, problem: Problem, wording: Wording) -> "Names":
        ids = [council.id for council in problem.councils]
        name_list = short_names([council.name for council in problem.councils])
        council_names = dict(zip(ids, name_list, strict=True))
        council_letters = dict(zip(ids, letters(name_list), strict=True))

        codes = {}
        meetings = {}
        for council, name in council_names.items():
            for number, meeting in enumerate(problem.meetings_by_council[council], start=1):
                codes[meeting.id] = f"{council_letters[council]}{number}"
                meetings[meeting.id] = wording.say("{council}, meeting {number}", council=name, number=number)

        return cls(councils=council_names, letters=council_letters, codes=codes, meetings=meetings)
