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
    "chair_email",
]

_MEMBER = frozenset(["ledamot", "ledamöter", "ordinarie", "ord", "member", "members", "regular"])
_SUBSTITUTE = frozenset(
    ["ersättare", "ersattare", "suppleant", "suppleanter", "substitute", "substitutes", "deputy", "alternate"]
)
_EMAIL = re.compile(r"\b(e ?post|e ?mail|mail|mejl)", re.ASCII)
_EMAIL_WORDS = re.compile(r"\b(e ?post|e ?mail|mail|mejl)s?(adr|adress(er|en|erna)?|address(es)?)?\b")
# The forms of a role in a heading such as Ledamotens e-post or Members' e-mail.
_MEMBER_FORM = re.compile(r"\w*ledamot(en)?s?|\w*ledamöter(na)?s?|ordinarie|ord|members?|regular")
_SUBSTITUTE_FORM = re.compile(
    r"\w*ersättare(n|na)?s?|ersattare(n|na)?s?|\w*suppleant(en|er|erna)?s?|substitutes?|deputy|deputies|alternates?"
)
_CHAIR_FORM = re.compile(r"\w*ordförande(n|na)?s?|ordf|chair(man|person)?|president")
_PERSON_FORM = re.compile(r"namn|name|person(en)?s?|(deltagare|representant|förtroendevald)(n|en|a|e)?s?|personligt?")
# Words in the heading of a column of addresses that name nobody.
_NEUTRAL = re.compile(
    r"adr|adress(er)?|address(es)?|privat|private|personal|arbete(t)?|jobb|job|work|hem|home|officiell|official"
    r"|till|för|to|for|of|the|s|och|and|nr|no|kallelse(r)?|invitation(s)?|obligatorisk|required"
    r"|\d+|[ae]|första|andra|tredje|first|second|third"
)
# Details of a person that stand between the name and the address.
_DETAIL = re.compile(
    r"tel|tfn|telefon(nummer)?|mobil(nummer|telefon)?|(tele)?phone|mobile|titel|title|kön|(mandat)?period"
    r"|(post|gatu)?adress|address|postnummer|postnr|(post)?ort|anmärkning|kommentar|notering"
)
_OTHER_PERSON = re.compile(
    r"\w*(sekreterare|handläggare|assistent|chef|ordförande|direktör|administratör|registrator|samordnare)(n|en)?s?"
    r"|kontakt\w*|tjänsteman|tjänsteperson|secretary|contact|assistant|manager|clerk|officer|chair(man|person)?"
)
# Words of a heading above dates, such as Uppdrag t.o.m. or Ledamot sedan; "o" is from t.o.m. and fr.o.m.
_DATE = re.compile(
    r"o|tom|fom|from|från|till|to|until|since|sedan|datum|date|(start|slut)(datum)?|end|(mandat)?period(en)?|tid|term"
    r"|tillträd\w*|avgå\w*|upphör\w*"
)
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
    if _EMAIL.search(" ".join(words_of(heading))):
        return _guess_address(heading)
    if any(_DATE.fullmatch(word) for word in words):
        return None
    is_member = not words.isdisjoint(_MEMBER) or _has_compound(words, ("ledamot", "ledamöter"))
    is_substitute = not words.isdisjoint(_SUBSTITUTE) or _has_compound(words, ("ersättare", "suppleant"))
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


def is_detail(heading: str) -> bool:
    """Return whether a column that is not used holds a detail of the person on its left, such as a telephone number."""
    is_known = guess_field(heading) in ("role", "party", "political_party", "council")
    has_detail = any(_DETAIL.fullmatch(word) for word in words_of(heading))
    return (is_known or has_detail) and not names_other_person(heading)


def names_other_person(heading: str) -> bool:
    """Return whether a column that is not used holds other people than members and substitutes."""
    return any(_OTHER_PERSON.fullmatch(word) for word in words_of(heading))


def names_chair(heading: str) -> bool:
    """Return whether a heading names the chair."""
    return any(_CHAIR_FORM.fullmatch(word) for word in words_of(heading))


def _guess_address(heading: str) -> Field | None:
    """Return the role whose addresses a column holds; None when its heading names another owner."""
    words = _EMAIL_WORDS.sub(" ", " ".join(words_of(heading))).split()
    fields: set[Field] = set()
    forms: tuple[tuple[Field, re.Pattern[str]], ...] = (
        ("member_email", _MEMBER_FORM),
        ("substitute_email", _SUBSTITUTE_FORM),
        ("chair_email", _CHAIR_FORM),
    )
    for word in words:
        named = [field for field, form in forms if form.fullmatch(word)]
        fields.update(named)
        is_neutral = _NEUTRAL.fullmatch(word) or _PERSON_FORM.fullmatch(word)
        if not named and not is_neutral:
            return None
    return fields.pop() if len(fields) == 1 else "email"


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
