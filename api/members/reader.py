"""Read a list of members from a spreadsheet file: seats with their members and substitutes."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from api.members.columns import Layout, choose_table, uncomputed_fault
from api.members.entries import MemberEntry, read_entries, row_fault
from api.members.headings import Field
from api.members.table import MAX_OCTETS, InvalidMemberList, Table
from api.members.text_table import parse_text
from api.members.workbook import ARCHIVE, COMPOUND_FILE, parse_workbook
from scheduler.errors import Fault
from scheduler.problem.schema import MAX_SUBSTITUTES

TOO_LARGE = "The file is larger than {limit} MiB; copy the list of members into a file of its own."
BROKEN_QUOTES = (
    "Row {row} has a quotation mark that is not closed, or text after it; correct the row, or save the list as .xlsx."
)
NO_MEMBERS = "The list has headings but no members; write a member in each row below them."
SECOND_MEMBER = (
    "Row {row} ({text}) is a second member for {party}, after row {other}; a party has one seat in a council:"
    " make one of the two a substitute, or remove it."
)
NO_ROLES = (
    "Row {row} ({text}) is a second person for {party}, after row {other}, and no column says who is the member; add a"
    " column Roll with ordinarie or ersättare (Role with member or substitute)."
)
NO_MEMBER = (
    "Row {row} ({text}) is a substitute, but no row is the member for {party}; add the member, or a row with the name"
    " vakant (vacant)."
)
TWICE = "Row {row} ({text}) repeats {name}, who is in row {other} of the same council; remove one of the two."
TWO_ADDRESSES = "Row {row} ({text}) has another address for {name} than row {other}; correct one of the two."
TWO_CHAIRS = "Row {row} ({text}) is a second chair of the council, after row {other}; correct one of the two."
TOO_MANY_SUBSTITUTES = "Row {row} ({text}) is one substitute too many; a seat has at most {limit}."


@dataclass(frozen=True, slots=True)
class MemberList:
    """
    A list as it was understood: its table, what the columns hold, and its entries, every member before others.

    Attributes
    ----------
    unread_sheets
        The names of the other visible sheets of the workbook that are not empty.
    """

    table: Table
    layout: Layout
    entries: tuple[MemberEntry, ...]
    unread_sheets: tuple[str, ...] = ()


def read_member_list(raw: bytes) -> MemberList:
    """
    Return the list in the content of a text file or an Excel workbook.

    Raises
    ------
    InvalidMemberList
        When the content is no such list, or rows of it are unclear; lists every such row.
    """
    if len(raw) > MAX_OCTETS:
        raise InvalidMemberList([Fault("", TOO_LARGE, {"limit": MAX_OCTETS // 2**20})])
    is_workbook = raw.startswith((ARCHIVE, COMPOUND_FILE))
    tables = parse_workbook(raw) if is_workbook else parse_text(raw)
    table, layout = choose_table(tables)
    if table.broken_row is not None:
        raise InvalidMemberList([Fault("", BROKEN_QUOTES, {"row": str(table.broken_row)})])
    _check_formulas(table, layout)
    entries, faults = read_entries(_with_merged_cells(table, layout), layout)
    entries = _with_roles(entries)
    # A refused row may be that of the member.
    faults = faults or list(_seats_without_member(entries))
    faults += _seat_faults(entries)
    faults += _person_faults(entries)
    if faults:
        raise InvalidMemberList(sorted(faults, key=lambda fault: int(str(fault.values["row"]))))
    if not entries:
        raise InvalidMemberList([Fault("", NO_MEMBERS)])
    unread = [other.sheet for other in tables if other is not table and other.sheet is not None and other.rows]
    return MemberList(table, layout, tuple(entries), tuple(unread))


def _check_formulas(table: Table, layout: Layout) -> None:
    """Raise when a cell below the headings, in a column that is used, has no value that could be read."""
    used = {column.index for column in layout.columns if column.field is not None}
    heading_row = table.rows[layout.first_row - 1].number
    faults = [uncomputed_fault((row, index)) for row, index in table.uncomputed if row > heading_row and index in used]
    if faults:
        raise InvalidMemberList(faults)


def _with_merged_cells(table: Table, layout: Layout) -> Table:
    """Return the table in which the party, council and role of merged cells are in each of their rows."""
    fields: tuple[Field, ...] = ("party", "council", "role")
    used = [index for field in fields for index in layout.indices(field)]
    rows = list(table.rows)
    numbers = [row.number for row in rows]
    next_number = dict.fromkeys(used, numbers[layout.first_row - 1] + 1)
    for first, last, index in sorted(table.merged):
        # Cells above the first member are headings; ranges that overlap are no table of Excel's.
        if index not in used or first < next_number[index]:
            continue
        next_number[index] = last + 1
        start = bisect_left(numbers, first)
        end = bisect_right(numbers, last)
        is_filled = start < end and numbers[start] == first
        for position in range(start + 1, end if is_filled else 0):
            rows[position] = rows[position].with_cell(index, rows[start].cell(index))
    return replace(table, rows=tuple(rows))


def name_key(text: str) -> str:
    """Return the form in which names of parties, councils and people are compared: without case, and "kommun"."""
    words = text.casefold().split()
    if len(words) > 1 and words[-1] in ("kommun", "municipality"):
        words.pop()
    return " ".join(words)


def seat_key(entry: MemberEntry) -> tuple[str, str]:
    """Return what identifies the seat of an entry: its council and its party."""
    return name_key(entry.council), name_key(entry.party)


def person_key(entry: MemberEntry) -> tuple[str, str]:
    """Return what identifies the person of an entry: the party and the name."""
    return name_key(entry.party), (entry.name or "").casefold()


def _with_roles(entries: Iterable[MemberEntry]) -> list[MemberEntry]:
    """Return the entries, in which the only person of a seat is the member if the list does not say it."""
    entries = list(entries)
    sizes = Counter(map(seat_key, entries))
    return [
        replace(entry, role="member") if not entry.role and sizes[seat_key(entry)] == 1 else entry for entry in entries
    ]


def _seat_faults(entries: list[MemberEntry]) -> list[Fault]:
    """Find seats with several members or too many substitutes, and councils with several chairs."""
    faults: list[Fault] = []
    firsts: dict[tuple[str, str], MemberEntry] = {}
    members: dict[tuple[str, str], MemberEntry] = {}
    chairs: dict[str, MemberEntry] = {}
    num_substitutes: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        seat = seat_key(entry)
        first = firsts.setdefault(seat, entry)
        if not entry.role and first is not entry:
            faults.append(row_fault(NO_ROLES, entry.row, party=entry.party, other=str(first.row.number)))
        if entry.role == "member":
            member = members.setdefault(seat, entry)
            if member is not entry:
                faults.append(row_fault(SECOND_MEMBER, entry.row, party=entry.party, other=str(member.row.number)))
        if entry.role == "substitute":
            num_substitutes[seat] += 1
            if num_substitutes[seat] == MAX_SUBSTITUTES + 1:
                faults.append(row_fault(TOO_MANY_SUBSTITUTES, entry.row, limit=str(MAX_SUBSTITUTES)))
        if entry.is_chair:
            chair = chairs.setdefault(seat[0], entry)
            if chair is not entry:
                faults.append(row_fault(TWO_CHAIRS, entry.row, other=str(chair.row.number)))
    return faults


def _seats_without_member(entries: list[MemberEntry]) -> Iterator[Fault]:
    with_member = {seat_key(entry) for entry in entries if entry.role == "member"}
    for entry in entries:
        seat = seat_key(entry)
        if entry.role == "substitute" and seat not in with_member:
            with_member.add(seat)  # reported once
            yield row_fault(NO_MEMBER, entry.row, party=entry.party)


def _person_faults(entries: list[MemberEntry]) -> list[Fault]:
    """Find people who are listed twice in a council, or with different addresses."""
    faults: list[Fault] = []
    places: dict[tuple[str, tuple[str, str]], MemberEntry] = {}
    addresses: dict[tuple[str, str], MemberEntry] = {}
    for entry in entries:
        if entry.name is None:
            continue
        person = person_key(entry)
        place = places.setdefault((name_key(entry.council), person), entry)
        if place is not entry:
            faults.append(row_fault(TWICE, entry.row, name=entry.name, other=str(place.row.number)))
        if entry.email is None:
            continue
        known = addresses.setdefault(person, entry)
        if (known.email or "").casefold() != entry.email.casefold():
            faults.append(row_fault(TWO_ADDRESSES, entry.row, name=entry.name, other=str(known.row.number)))
    return faults
