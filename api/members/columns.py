"""Find the headings of a list of members, and what each column holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from api.members.headings import Field, guess_field, is_detail, names_chair, names_other_person, words_of
from api.members.table import MAX_COLUMNS, InvalidMemberList, Row, Table, column_letter, shorten
from scheduler.errors import Fault

MAX_HEADING_ROWS = 10  # rows with content among which the headings are looked for

NO_ROWS = "The list is empty; write headings in the first row, and a member in each row below."
NO_HEADINGS = (
    "No row names the columns; write headings in the first row, such as Kommun, Namn, Roll, E-post"
    " or Municipality, Name, Role, E-mail."
)
NO_NAME = (
    "The headings in row {row} ({text}) name no column with the names of the members; add Namn or Ledamot and"
    " Ersättare, or Name or Member and Substitute."
)
NO_PARTY = (
    "The headings in row {row} ({text}) name no column with the municipality or organisation of the members; add"
    " Kommun or Municipality."
)
SAME_MEANING = (
    "The columns {first} ({first_heading}) and {second} ({second_heading}) mean the same; rename one, for instance to"
    " Ledamot and Ersättare or Member and Substitute, or remove it."
)
WHOSE_ADDRESS = (
    "The column {column} ({heading}) does not say whose addresses it holds; call it E-post ledamot or E-post ersättare"
    " (Member e-mail or Substitute e-mail), move it next to the names, or remove it."
)
UNCOMPUTED = (
    "Cell {cell} holds a formula without a value, or an error; open the workbook in Excel, check the cell and save the"
    " workbook, or write the text itself into the cell."
)

_NAMES = frozenset({"name", "first_name", "last_name"})
_WIDE_NAMES = frozenset({"member", "substitute"})
_ADDRESSES = frozenset({"email", "member_email", "substitute_email"})
_SEVERAL = frozenset({"substitute", "substitute_email"})  # what several columns may hold


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its position, heading and meaning (None when it is not used), and the first value below."""

    index: int
    heading: str
    field: Field | None
    example: str

    @property
    def letter(self) -> str:
        """The name of the column in a spreadsheet."""
        return column_letter(self.index)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table, and the position of its first row below the headings."""

    columns: tuple[Column, ...]
    first_row: int

    def indices(self, field: Field) -> list[int]:
        """Return the positions of the columns that hold ``field``."""
        return [column.index for column in self.columns if column.field == field]

    @property
    def is_wide(self) -> bool:
        """Whether a row holds a member and their substitutes; otherwise it holds one person."""
        return bool(self.indices("member") or self.indices("substitute"))


def choose_table(tables: Sequence[Table]) -> tuple[Table, Layout]:
    """
    Return the table with the most columns whose headings are understood, and its layout.

    Raises
    ------
    InvalidMemberList
        When no table has the columns that are needed, or a column can be understood in two ways.
    """
    found = [(table, headings) for table in tables for headings in _heading_rows(table)]
    if not any(table.rows or table.broken_row or table.uncomputed for table in tables):
        raise InvalidMemberList([Fault("", NO_ROWS)])
    if not found:
        cells = [cell for table in tables for cell in table.uncomputed]
        raise InvalidMemberList([uncomputed_fault(cell) for cell in cells] or [Fault("", NO_HEADINGS)])
    # The first of equals: the topmost row of the first sheet.
    table, position = max(found, key=lambda candidate: _num_understood(candidate[0].rows[candidate[1]]))
    heading_row = table.rows[position].number
    unclear = [cell for cell in table.uncomputed if cell[0] == heading_row]
    if unclear:
        raise InvalidMemberList([uncomputed_fault(cell) for cell in unclear])
    return table, _find_layout(table, position)


def uncomputed_fault(cell: tuple[int, int]) -> Fault:
    """Return the fault of a cell, from its row number and the position of its column."""
    row, column = cell
    return Fault("", UNCOMPUTED, {"cell": f"{column_letter(column)}{row}"})


def _heading_rows(table: Table) -> Iterator[int]:
    """Yield the positions of the rows that may be headings: of two cells or more, at least one is understood."""
    for position, row in enumerate(table.rows[:MAX_HEADING_ROWS]):
        if sum(map(bool, row.cells)) >= 2 and _num_understood(row):
            yield position


def _num_understood(row: Row) -> int:
    return sum(guess_field(cell) is not None for cell in row.cells)


def _find_layout(table: Table, position: int) -> Layout:
    heading_row = table.rows[position]
    rows_below = table.rows[position + 1 :]
    columns = []
    num_columns = min(MAX_COLUMNS, max(len(row.cells) for row in table.rows[position:]))
    for index in range(num_columns):
        heading = heading_row.cell(index)
        example = next((row.cell(index) for row in rows_below if row.cell(index)), "")
        if heading or example:
            columns.append(Column(index, shorten(heading), guess_field(heading), shorten(example)))
    columns = _settle_roles(_settle_parties(_settle_names(columns)))
    columns = _settle_addresses(columns)
    _check_meanings(columns, heading_row)
    return Layout(tuple(columns), position + 1)


def _settle_names(columns: list[Column]) -> list[Column]:
    """Read a column Ledamot next to a column Roll as the name of anybody, not of the member only."""
    fields = [column.field for column in columns]
    has_name = "name" in fields or "last_name" in fields
    if "role" not in fields or "substitute" in fields or has_name:
        return columns
    return _renamed(columns, {"member": "name", "member_email": "email"})


def _settle_parties(columns: list[Column]) -> list[Column]:
    """Read a political party as the party of a seat only where no column names a municipality or an organisation."""
    fields = [column.field for column in columns]
    return _renamed(columns, {"political_party": None if "party" in fields else "party"})


def _settle_roles(columns: list[Column]) -> list[Column]:
    """Leave roles out where a row holds a member and substitutes; raise when it has another column of names, too."""
    by_field = {column.field: column for column in columns}
    wide = by_field.get("member") or by_field.get("substitute")
    name = by_field.get("name") or by_field.get("last_name")
    if wide is None:
        return columns
    if name is not None:
        raise InvalidMemberList([_same_meaning(*sorted((wide, name), key=lambda column: column.index))])
    return _renamed(columns, {"role": None})


def _same_meaning(first: Column, second: Column) -> Fault:
    values = {
        "first": first.letter,
        "first_heading": first.heading,
        "second": second.letter,
        "second_heading": second.heading,
    }
    return Fault("", SAME_MEANING, values)


def _renamed(columns: list[Column], fields: dict[Field, Field | None]) -> list[Column]:
    return [replace(column, field=fields[column.field]) if column.field in fields else column for column in columns]


def _settle_addresses(columns: list[Column]) -> list[Column]:
    """
    Assign each column of addresses to the column of names directly before it; a column with another owner is not used.

    Raises
    ------
    InvalidMemberList
        When it is unclear whose addresses a column holds.
    """
    is_wide = any(column.field in _WIDE_NAMES for column in columns)
    columns = _renamed(columns, _role_addresses(columns, is_wide=is_wide))
    settled: list[Column] = []
    for position, column in enumerate(columns):
        field = column.field
        before = columns[:position]
        if field == "email" and is_wide:
            owner = _owner(before)
            if owner is None or _is_shared(columns, column):
                raise InvalidMemberList([_whose_address(column)])
            field = "member_email" if owner.field == "member" else "substitute_email"
        elif field == "email" and _follows_other_person(before):
            raise InvalidMemberList([_whose_address(column)])
        settled.append(replace(column, field=field))
    _check_substitute_addresses(settled)
    return settled


def _role_addresses(columns: list[Column], *, is_wide: bool) -> dict[Field, Field | None]:
    """Return what addresses of a role are in this list: a list of anybody has no column for them."""
    if is_wide:
        return {"chair_email": None}
    has_chairs = any(column.field in _NAMES and names_chair(column.heading) for column in columns)
    return {"chair_email": "email" if has_chairs else None, "member_email": None, "substitute_email": None}


def _owner(before: list[Column]) -> Column | None:
    """Return the column of names directly before a column of addresses; None when another column is between them."""
    for column in reversed(before):
        if column.field in _WIDE_NAMES:
            return column
        # What an unknown heading holds may be people, such as Secretary.
        if column.field is None and not is_detail(column.heading):
            return None
    return None


def _follows_other_person(before: list[Column]) -> bool:
    """Return whether people who are neither members nor substitutes are named between the names and the addresses."""
    for column in reversed(before):
        if column.field in _NAMES:
            return False
        if column.field is None and names_other_person(column.heading):
            return True
    return False


def _is_shared(columns: list[Column], addresses: Column) -> bool:
    """Return whether addresses after the last names could belong to earlier names, which have none of their own."""
    names = [column for column in columns if column.field in _WIDE_NAMES]
    before = [column for column in columns if column.field in _ADDRESSES and column.index <= addresses.index]
    return addresses.index > names[-1].index and len(before) < len(names)


def _check_substitute_addresses(columns: list[Column]) -> None:
    """Raise when addresses of substitutes could belong to another column of substitutes than the reader takes."""
    names = [column for column in columns if column.field == "substitute"]
    addresses = [column for column in columns if column.field == "substitute_email"]
    for order, column in enumerate(addresses):
        if len(names) == len(addresses):
            # They are taken in their order, which their numbers must not contradict.
            numbers = {_number(column.heading), _number(names[order].heading)} - {None}
            is_unclear = len(numbers) > 1
        else:
            before = [name for name in names if name.index < column.index]
            is_unclear = not before or (len(before) == len(names) and len(addresses) < len(names))
        if is_unclear:
            raise InvalidMemberList([_whose_address(column)])


def _number(heading: str) -> str | None:
    return next((word for word in words_of(heading) if word.isdigit()), None)


def _whose_address(column: Column) -> Fault:
    return Fault("", WHOSE_ADDRESS, {"column": column.letter, "heading": column.heading})


def _check_meanings(columns: list[Column], heading_row: Row) -> None:
    """Raise when a column that is needed is missing, or when two columns mean the same."""
    first_columns: dict[Field, Column] = {}
    for column in columns:
        if column.field is None:
            continue
        first = first_columns.setdefault(column.field, column)
        if first is not column and column.field not in _SEVERAL:
            raise InvalidMemberList([_same_meaning(first, column)])
    values = {"row": str(heading_row.number), "text": heading_row.text}
    if first_columns.keys().isdisjoint(("name", "last_name", "member")):
        raise InvalidMemberList([Fault("", NO_NAME, values)])
    if "party" not in first_columns:
        raise InvalidMemberList([Fault("", NO_PARTY, values)])
