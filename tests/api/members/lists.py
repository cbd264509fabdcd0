"""Lists of members as a secretary writes them: ten municipalities in rows, as CSV and as a workbook."""

from collections.abc import Sequence
from io import BytesIO

import openpyxl

Rows = Sequence[Sequence[object]]

MUNICIPALITIES = (
    "Askersund",
    "Degerfors",
    "Hallsberg",
    "Hällefors",
    "Karlskoga",
    "Kumla",
    "Laxå",
    "Lekeberg",
    "Lindesberg",
    "Örebro",
)

WIDE: Rows = [
    ["Kommun", "Ledamot", "E-post ledamot", "Ersättare", "E-post ersättare"],
    *(
        [f"{name} kommun", f"Åsa {name}ström", f"asa{number}@example.org", f"Bo {name}", f"bo{number}@example.org"]
        for number, name in enumerate(MUNICIPALITIES)
    ),
]

LONG: Rows = [
    ["Namn", "Roll", "Kommun", "E-post"],
    *(
        row
        for number, name in enumerate(MUNICIPALITIES)
        for row in (
            [f"Åsa {name}ström", "Ordinarie", f"{name} kommun", f"asa{number}@example.org"],
            [f"Bo {name}", "Ersättare", f"{name} kommun", f"bo{number}@example.org"],
        )
    ),
]


def csv_text(rows: Rows, separator: str = ";") -> str:
    """Return rows as Excel saves them, with Windows line ends."""
    return "".join(separator.join(map(str, row)) + "\r\n" for row in rows)


def workbook(rows: Rows, *more_sheets: Rows) -> bytes:
    """Return an Excel workbook with the rows in its first sheet."""
    book = openpyxl.Workbook()
    for number, sheet_rows in enumerate((rows, *more_sheets)):
        sheet = book.active if number == 0 else book.create_sheet()
        for row in sheet_rows:
            sheet.append(list(row))
    file = BytesIO()
    book.save(file)
    return file.getvalue()
