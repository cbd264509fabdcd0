"""The people in the rows of a list of members; every row that cannot be understood is refused with its text."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from api.members.columns import Layout
from api.members.headings import Field, words_of
from api.members.table import Row, Table, shorten
from scheduler.errors import Fault
from scheduler.problem.field_types import Email, Text

NO_PARTY = (
    "Row {row} ({text}) names no municipality or organisation; fill in the cell, also where it was merged with the cell"
    " above it, or remove the row."
)
NO_PERSON = "Row {row} ({text}) names nobody; fill in the name, or write vakant (vacant) for a vacant seat."
SEVERAL_PEOPLE = "Row {row} ({text}) has several people in one cell, {value}; give each a row or a column."
NOT_A_NAME = "Row {row} ({text}) has {value} where a name should be; correct it, or the headings of the list."
NOT_AN_ADDRESS = "Row {row} ({text}) has {value} where an e-mail address should be; write it as name@example.org."
ADDRESS_WITHOUT_NAME = "Row {row} ({text}) has the address {value} but no name for it; add the name or remove it."
UNKNOWN_ROLE = (
    "Row {row} ({text}) has an unclear role, {value}; write ordinarie, ersättare or ordförande"
    " (member, substitute or chair), or remove the row."
)
NO_ROLE = "Row {row} ({text}) has no role; write ordinarie, ersättare or ordförande (member, substitute or chair)."
NO_COUNCIL = "Row {row} ({text}) names no council; fill in the cell."
UNCLEAN_CELL = "Row {row} ({text}) has a cell that is too long or contains control characters; correct {value}."

_MEMBER = frozenset(["ledamot", "ordinarie", "ord", "member", "regular"])
_CHAIR = frozenset(["ordförande", "ordf", "chair", "chairman", "chairperson", "president"])
_VICE = frozenset(["vice", "v", "deputy"])
_SUBSTITUTE = frozenset(["ersättare", "ersattare", "ers", "suppleant", "suppl", "substitute", "alternate"])
_ORDINAL = re.compile(r"\d{1,2}(:?[ae]|st|nd|rd|th)?|[ae]|första|förste|andra|andre|tredje|first|second|third")
_VACANT = frozenset(("vakant", "vakans", "vacant", "vacancy", "ej utsedd", "-", "–", "—", "nn", "n n"))
_SEVERAL_NAMES = re.compile(r"[/;&\n]|\s(och|and)\s")
_DISPLAYED_ADDRESS = re.compile(r".*<\s*([^<>]+?)\s*>")  # as mail programs show it: Anna Ek <anna.ek@kumla.se>

_ADDRESSES: TypeAdapter[str] = TypeAdapter(Email)
_TEXTS: TypeAdapter[str] = TypeAdapter(Text)

SeatRole = str  # "member" or "substitute"; "" when the list does not say


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """A seat's member or substitute; ``name`` is None for a vacant place. ``council`` is "" when there is one only."""

    row: Row
    council: str
    party: str
    role: SeatRole
    name: str | None
    email: str | None = None
    order: int = 0  # among the substitutes of a seat, as "Ersättare 2" says
    is_chair: bool = False


class _Refused(Exception):
    """A row cannot be understood."""

    def __init__(self, sentence: str, value: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.value = value


def read_entries(table: Table, layout: Layout) -> tuple[list[MemberEntry], list[Fault]]:
    """Return the entries of the rows below the headings, and a fault for each row that is refused."""
    read_row: Callable[[Row, Layout], list[MemberEntry]] = _read_wide if layout.is_wide else _read_person
    entries: list[MemberEntry] = []
    faults: list[Fault] = []
    for row in table.rows[layout.first_row :]:
        try:
            entries.extend(read_row(row, layout))
        except _Refused as refused:
            faults.append(row_fault(refused.sentence, row, value=refused.value))
    return entries, faults


def row_fault(sentence: str, row: Row, **values: str) -> Fault:
    """Return the fault of a row; its sentence begins with the row's number and text."""
    return Fault("", sentence, {"row": str(row.number), "text": row.text, **values})


def _read_person(row: Row, layout: Layout) -> list[MemberEntry]:
    party = _required_text(row, layout, "party", NO_PARTY)
    council = _required_text(row, layout, "council", NO_COUNCIL)
    written_name = _written_name(row, layout)
    if not written_name:
        raise _Refused(NO_PERSON)
    name = _read_name(written_name)
    email = _read_address(_first_cell(row, layout, "email"), name)
    role, order, is_chair = "", 0, False
    if layout.indices("role"):
        role, order, is_chair = _read_role(_first_cell(row, layout, "role"))
    return [MemberEntry(row, council, party, role, name, email, order, is_chair)]


def _read_wide(row: Row, layout: Layout) -> list[MemberEntry]:
    """Return the member and the substitutes of a row, in the order of the columns."""
    party = _required_text(row, layout, "party", NO_PARTY)
    council = _required_text(row, layout, "council", NO_COUNCIL)
    member = _first_cell(row, layout, "member")
    if not member:
        raise _Refused(NO_PERSON)
    name = _read_name(member)
    email = _read_address(_first_cell(row, layout, "member_email"), name)
    entries = [MemberEntry(row, council, party, "member", name, email)]

    names = [row.cell(index) for index in layout.indices("substitute")]
    addresses = _substitute_addresses(row, layout)
    for order, written_name in enumerate(names):
        address = addresses[order]
        if not written_name and address:
            raise _Refused(ADDRESS_WITHOUT_NAME, shorten(address))
        if written_name:
            name = _read_name(written_name)
            email = _read_address(address, name)
            entries.append(MemberEntry(row, council, party, "substitute", name, email, order))
    return entries


def _substitute_addresses(row: Row, layout: Layout) -> list[str]:
    """Return the address of each substitute's column: in the next column of addresses before the next substitute."""
    names = layout.indices("substitute")
    columns = layout.indices("substitute_email")
    # Columns of addresses that all follow the names, or all precede them, belong to them in their order.
    if len(columns) == len(names):
        return [row.cell(index) for index in columns]
    addresses = []
    for name_index, next_index in zip(names, [*names[1:], float("inf")], strict=True):
        between = [row.cell(index) for index in columns if name_index < index < next_index]
        addresses.append(between[0] if between else "")
    return addresses


def _first_cell(row: Row, layout: Layout, field: Field) -> str:
    indices = layout.indices(field)
    return row.cell(indices[0]) if indices else ""


def _required_text(row: Row, layout: Layout, field: Field, missing: str) -> str:
    """Return the text of a column that every row must fill in; "" when the list has no such column."""
    if not layout.indices(field):
        return ""
    text = _clean(_first_cell(row, layout, field))
    if not text:
        raise _Refused(missing)
    return text


def _written_name(row: Row, layout: Layout) -> str:
    if layout.indices("name"):
        return _first_cell(row, layout, "name")
    parts = [_first_cell(row, layout, "first_name"), _first_cell(row, layout, "last_name")]
    return " ".join(filter(None, parts))


def _read_name(written: str) -> str | None:
    """Return a name; None when the cell says that the place is vacant."""
    words = words_of(written)
    if written.casefold() in _VACANT or " ".join(words) in _VACANT:
        return None
    if _SEVERAL_NAMES.search(written) or _lists_people(written):
        raise _Refused(SEVERAL_PEOPLE, shorten(written))
    roles = _MEMBER | _CHAIR | _VICE | _SUBSTITUTE
    has_letters = any(character.isalpha() for character in written)
    if "@" in written or not has_letters or roles.issuperset(words):
        raise _Refused(NOT_A_NAME, shorten(written))
    return _clean(written)


def _lists_people(written: str) -> bool:
    """Return whether commas separate people, each with several names; in "Ek, Anna" a comma separates two names."""
    parts = [part.split() for part in written.split(",")]
    return len(parts) > 2 or (len(parts) == 2 and all(len(names) > 1 for names in parts))


def _read_address(written: str, name: str | None) -> str | None:
    if not written:
        return None
    if name is None:
        raise _Refused(ADDRESS_WITHOUT_NAME, shorten(written))
    displayed = _DISPLAYED_ADDRESS.fullmatch(written)
    address = displayed[1] if displayed else written
    try:
        return _ADDRESSES.validate_python(address.removeprefix("mailto:"))
    except ValidationError:
        raise _Refused(NOT_AN_ADDRESS, shorten(written)) from None


def _read_role(written: str) -> tuple[SeatRole, int, bool]:
    """Return the role, the place among the substitutes, and whether the person is the chair."""
    if not written:
        raise _Refused(NO_ROLE)
    ordinals = [word for word in words_of(written) if _ORDINAL.fullmatch(word)]
    words = frozenset(words_of(written)).difference(ordinals)
    if not words or not words <= _MEMBER | _CHAIR | _VICE | _SUBSTITUTE:
        raise _Refused(UNKNOWN_ROLE, shorten(written))
    is_chair = not words.isdisjoint(_CHAIR)
    is_member = is_chair or not words.isdisjoint(_MEMBER)
    is_substitute = not words.isdisjoint(_SUBSTITUTE) or words == {"deputy"}
    if is_member == is_substitute:
        raise _Refused(UNKNOWN_ROLE, shorten(written))
    order = next((int(word) for word in re.findall(r"\d+", written)), 0)
    return "member" if is_member else "substitute", order, is_chair and words.isdisjoint(_VICE)


def _clean(written: str) -> str:
    text = " ".join(written.split())
    try:
        return _TEXTS.validate_python(text) if text else ""
    except ValidationError:
        raise _Refused(UNCLEAN_CELL, shorten(written)) from None
