"""What a column holds, guessed from its heading in Swedish or English."""

import re
import unicodedata
from typing import Literal

Field = Literal[
    "name",
    "first_name",
    "last_name",
    "member",
    "substitute",
    "role",
    "party",
    "political_party",
    "council",
    "email",
    "member_email",
    "substitute_email",
]

_MEMBER = frozenset(["ledamot", "ledamöter", "ordinarie", "ord", "member", "members", "regular"])
_SUBSTITUTE = frozenset(
    ["ersättare", "ersattare", "suppleant", "suppleanter", "substitute", "substitutes", "deputy", "alternate"]
)
_EMAIL = re.compile(r"\b(e ?post|e ?mail|mail|mejl)", re.ASCII)
_FIRST_NAME = frozenset(["förnamn", "fornamn", "tilltalsnamn", "first", "given", "firstname"])
_LAST_NAME = frozenset(["efternamn", "last", "surname", "family", "lastname"])
_PARTY = frozenset(
    [
        "kommun",
        "kommunen",
        "kommunens",
        "kommuner",
        "kommunnamn",
        "part",
        "parten",
        "municipality",
        "party",
        "organisation",
        "organization",
        "region",
        "huvudman",
        "medlemskommun",
    ]
)
_POLITICAL_PARTY = frozenset(("parti", "partibeteckning"))
_COUNCIL = frozenset(
    [
        "råd",
        "rådet",
        "nämnd",
        "nämnden",
        "council",
        "organ",
        "styrelse",
        "kommitté",
        "board",
        "committee",
        "samverkansråd",
        "utskott",
    ]
)
_ROLE = frozenset(["roll", "role", "uppdrag", "funktion", "befattning", "position", "typ"])
_NAME = frozenset(["namn", "name", "person", "deltagare", "representant", "förtroendevald", "fullständigt"])


def guess_field(heading: str) -> Field | None:
    """Return what a column with this heading holds."""
    if "@" in heading:
        return None
    words = frozenset(words_of(heading))
    is_member = not words.isdisjoint(_MEMBER) or _has_compound(words, ("ledamot", "ledamöter"))
    is_substitute = not words.isdisjoint(_SUBSTITUTE) or _has_compound(words, ("ersättare", "suppleant"))
    if _EMAIL.search(" ".join(words_of(heading))):
        return _guess_address(is_member, is_substitute)
    if is_member and is_substitute:
        return "role"
    if is_member or is_substitute:
        return "member" if is_member else "substitute"
    is_first_name = not words.isdisjoint(_FIRST_NAME)
    is_last_name = not words.isdisjoint(_LAST_NAME)
    # "För- och efternamn", "First and last name": one column holds both.
    if is_last_name and (is_first_name or "för" in words):
        return "name"
    if is_first_name or is_last_name:
        return "first_name" if is_first_name else "last_name"
    return _guess_other(words)


def _guess_address(is_member: bool, is_substitute: bool) -> Field:
    if is_member == is_substitute:
        return "email"
    return "member_email" if is_member else "substitute_email"


def _guess_other(words: frozenset[str]) -> Field | None:
    meanings: tuple[tuple[Field, frozenset[str]], ...] = (
        ("party", _PARTY),
        ("political_party", _POLITICAL_PARTY),
        ("council", _COUNCIL),
        ("role", _ROLE),
        ("name", _NAME),
    )
    for field, field_words in meanings:
        if not words.isdisjoint(field_words):
            return field
    return None


def _has_compound(words: frozenset[str], endings: tuple[str, ...]) -> bool:
    """Return whether a Swedish compound is among the words, such as Styrelseledamot."""
    return any(word.endswith(endings) for word in words)


def words_of(text: str) -> list[str]:
    """Return the words of a heading or a role, without case and punctuation."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", text).casefold()).split()
