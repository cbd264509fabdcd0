"""The cells of a spreadsheet as text, with the limits on its size, and the error for a list that cannot be used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduler.errors import Fault

MAX_OCTETS = 2 * 2**20  # of the file
MAX_ROWS = 5000  # with content
MAX_COLUMNS = 60
MAX_CHARACTERS = 2 * 2**20  # of all cells together
MAX_SHOWN = 60  # characters of a row or a cell that a message repeats

TOO_MANY_ROWS = "The list has more than {limit} rows; split it into several lists."
TOO_MUCH_TEXT = "The list has more than {limit} characters; remove the columns that are not about members."


class InvalidMemberList(Exception):
    """A file is no list of members, or rows of it cannot be used; lists every fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(fault.message for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Row:
    """A row with content: its number as spreadsheets count them, and its cells without surrounding white space."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        """Return a cell; the cells to the right of the last one are blank."""
        return self.cells[index] if index < len(self.cells) else ""

    def with_cell(self, index: int, cell: str) -> "Row":
        """Return the row with another cell."""
        cells = [*self.cells, *[""] * (index + 1 - len(self.cells))]
        cells[index] = cell
        return Row(self.number, tuple(cells))

    @property
    def text(self) -> str:
        """The cells that are not blank, as a message repeats them."""
        return shorten(" | ".join(filter(None, self.cells)))


@dataclass(frozen=True, slots=True)
class Table:
    """
    The rows of a sheet or of a text file.

    Attributes
    ----------
    sheet
        The name of the sheet; None for a text file.
    encoding, separator
        How a text file was read; None for a sheet.
    broken_row
        The number of the row at which reading stopped, because its quotation marks do not match.
    uncomputed
        The cells of a sheet (row number, position of the column) that hold a formula without a value, or an error.
    merged
        Cells of a sheet that are merged downwards (first and last row number, position of the column).
    """

    rows: tuple[Row, ...]
    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None
    broken_row: int | None = None
    uncomputed: tuple[tuple[int, int], ...] = ()
    merged: tuple[tuple[int, int, int], ...] = ()


def rows_of(numbered_rows: Iterator[tuple[int, Sequence[str]]]) -> Iterator[Row]:
    """
    Yield the rows that are not blank.

    Raises
    ------
    InvalidMemberList
        When the rows exceed a limit.
    """
    num_rows = 0
    num_characters = 0
    for number, written_cells in numbered_rows:
        cells = tuple(cell.strip() for cell in written_cells[:MAX_COLUMNS])
        if not any(cells):
            continue
        num_rows += 1
        num_characters += sum(map(len, cells))
        if num_rows > MAX_ROWS:
            raise InvalidMemberList([Fault("", TOO_MANY_ROWS, {"limit": MAX_ROWS})])
        if num_characters > MAX_CHARACTERS:
            raise InvalidMemberList([Fault("", TOO_MUCH_TEXT, {"limit": MAX_CHARACTERS})])
        yield Row(number, cells)


def column_letter(index: int) -> str:
    """Return the name of a column in a spreadsheet, from its position."""
    tens, ones = divmod(index, 26)
    return (chr(ord("A") + tens - 1) if tens else "") + chr(ord("A") + ones)


def shorten(text: str) -> str:
    """Return the beginning of a text from a file, in one line and without characters that steer a terminal."""
    line = " ".join(text.split())
    shown = line if len(line) <= MAX_SHOWN else f"{line[: MAX_SHOWN - 1]}…"
    return "".join(character if character.isprintable() else "?" for character in shown)
