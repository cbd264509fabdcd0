"""Helpers for printing with rich: the console of standard output, plain tables and lines of text."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scheduler.text import printable

PIPE_WIDTH = 140  # columns when standard output is no terminal


def create_console() -> Console:
    """Return the console of standard output: as wide as the terminal, or :data:`PIPE_WIDTH` in a file or a pipe."""
    console = Console(highlight=False)
    if console.is_terminal:
        return console
    return Console(highlight=False, width=PIPE_WIDTH)


def create_table(headings: Iterable[str]) -> Table:
    """Return an empty table without borders; long cells are folded, never cut off."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def add_row(table: Table, cells: Iterable[str]) -> None:
    """Add a row of plain text; brackets in a cell are not interpreted as markup."""
    # A cell may have several lines; names within them were made printable where they entered the cell.
    texts = [Text("\n".join(printable(line) for line in cell.split("\n"))) for cell in cells]
    table.add_row(*texts)


def print_lines(console: Console, lines: Iterable[str]) -> None:
    """Print each line as plain text."""
    for line in lines:
        console.print(Text(printable(line)))
