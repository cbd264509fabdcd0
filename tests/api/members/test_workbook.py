"""Workbooks are read in a worker process with limits: no file takes the memory or the time of the command."""

import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from api.members.reader import read_member_list
from api.members.table import InvalidMemberList
from api.members.workbook import parse_workbook
from tests.api.members.lists import WIDE, Rows, workbook

FORMULA = [["Kommun", "Namn", "E-post"], ["Kumla", "Anna Ek", "=B1"]]

BOMB_MIB = 400  # more than the worker may use


def refusal(raw: bytes) -> str:
    with pytest.raises(InvalidMemberList) as caught:
        read_member_list(raw)
    (fault,) = caught.value.faults
    return fault.message


def with_parts(raw: bytes, parts: dict[str, Iterable[bytes]]) -> bytes:
    """Return a workbook in which some parts of the archive have another content."""
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(raw)) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, chunks in parts.items():
            with target.open(name, "w") as part:
                for chunk in chunks:
                    part.write(chunk)
    return file.getvalue()


NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET_START = b"<worksheet " + NAMESPACE + b'><sheetData><row r="1">'
SHEET_END = b"</row></sheetData></worksheet>"


def one_huge_text() -> Iterator[bytes]:
    yield SHEET_START + b'<c r="A1" t="inlineStr"><is><t>'
    yield from [b"A" * 2**20] * BOMB_MIB
    yield b"</t></is></c>" + SHEET_END


def one_endless_row() -> Iterator[bytes]:
    yield SHEET_START
    yield from [b'<c t="n"><v>1</v></c>' * 2**15] * BOMB_MIB
    yield SHEET_END


def shared_strings() -> Iterator[bytes]:
    yield b"<sst " + NAMESPACE + b">"
    yield from [b"<si><t>" + b"A" * 2**20 + b"</t></si>"] * BOMB_MIB
    yield b"</sst>"


def with_shared_strings() -> bytes:
    raw = workbook(WIDE)
    name = "[Content_Types].xml"
    types = zipfile.ZipFile(BytesIO(raw)).read(name)
    content_type = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + content_type + b'"/></Types>'
    listed = types.replace(b"</Types>", override)
    return with_parts(raw, {name: [listed], "xl/sharedStrings.xml": shared_strings()})


def with_sheet(content: Iterable[bytes]) -> bytes:
    return with_parts(workbook(WIDE), {"xl/worksheets/sheet1.xml": content})


BOMBS = {
    "text": lambda: with_sheet(one_huge_text()),
    "row": lambda: with_sheet(one_endless_row()),
    "strings": with_shared_strings,
}


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no limit on memory")
@pytest.mark.parametrize("kind", ["text", "strings", pytest.param("row", marks=pytest.mark.prove)])
def test_a_small_workbook_that_unpacks_to_more_than_the_memory_is_refused(kind: str) -> None:
    raw = BOMBS[kind]()
    assert len(raw) < 5 * 2**20
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InvalidMemberList) as caught:
        parse_workbook(raw)
    assert str(caught.value).startswith("The workbook takes too much memory or time")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB, in this process


def test_a_stray_cell_in_the_last_row_is_no_million_rows() -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(WIDE)))
    book.active["A1048576"] = " "
    file = BytesIO()
    book.save(file)
    assert len(read_member_list(file.getvalue()).entries) == 20


def test_a_sheet_with_too_many_rows_is_refused() -> None:
    rows = [["Kommun", "Namn"], *(["Kumla", f"Anna {number}"] for number in range(6000))]
    assert "more than 5000 rows" in refusal(workbook(rows))


def test_hidden_sheets_are_left_out() -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(WIDE, WIDE)))
    book.worksheets[0].sheet_state = "hidden"
    file = BytesIO()
    book.save(file)
    assert [table.sheet for table in parse_workbook(file.getvalue())] == ["Sheet1"]


def test_other_sheets_that_are_not_empty_are_named() -> None:
    members = read_member_list(workbook(WIDE, [], [["Kommun", "Namn"], ["Nora", "Ulf Ek"]], [["Anteckning"]]))
    assert members.unread_sheets == ("Sheet2", "Sheet3")


@pytest.mark.parametrize("rows", [
    [["Kommun", "Namn", "E-post"], ["Kumla", "Anna Ek", '=CONCATENATE("a","@x.se")']],
    [["Kommun", "Namn", '="E-post"'], ["Kumla", "Anna Ek", "a@x.se"]],
    [['="Kommun"', '="Namn"', '="E-post"'], ["Kumla", "Anna Ek", "a@x.se"]],
    [["Kommun", "Namn", "E-post"], ["Kumla", "Anna Ek", "a@x.se"], ["", "", '="b@x.se"']],
    [["Kommun", "E-post", "Namn"], ["Kumla", "a@x.se", "#REF!"]],
])  # fmt: skip
def test_a_formula_without_a_value_is_refused_with_its_cell(rows: Rows) -> None:
    with pytest.raises(InvalidMemberList) as caught:
        read_member_list(workbook(rows))
    cells = [
        f"{'ABC'[column]}{number}"
        for number, row in enumerate(rows, start=1)
        for column, value in enumerate(row)
        if str(value).startswith(("=", "#"))
    ]
    for fault, cell in zip(caught.value.faults, cells, strict=True):
        assert fault.message.startswith(f"Cell {cell} holds a formula without a value")


def test_a_formula_in_a_column_that_is_not_used_does_not_matter() -> None:
    rows = [["=A2", "", ""], ["Kommun", "Namn", "Ålder"], ["Kumla", "Anna Ek", "=2027-1970"]]
    assert [entry.name for entry in read_member_list(workbook(rows)).entries] == ["Anna Ek"]


def merged(rows: Rows, *ranges: str) -> bytes:
    book = openpyxl.load_workbook(BytesIO(workbook(rows)))
    for cells in ranges:
        book.active.merge_cells(cells)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_merged_cells_count_in_each_of_their_rows() -> None:
    rows = [
        ["Förteckning", "", "", "", ""],
        ["Namn", "E-post", "Roll", "Råd", "Kommun"],
        ["Anna Ek", "a@x.se", "Ledamot", "Kultur", "Kumla"],
        ["Bo Lind", "", "Ersättare", "", ""],
        ["Ulf Ek", "", "", "", ""],
        ["Eva Berg", "e@x.se", "Ledamot", "", "Laxå"],
        ["Åke Dal", "", "Ersättare", "", ""],
    ]
    raw = merged(rows, "A1:E1", "C4:C5", "D3:D7", "E3:E5", "E6:E7", "B6:B7")
    assert [(entry.party, entry.council, entry.role, entry.email) for entry in read_member_list(raw).entries] == [
        ("Kumla", "Kultur", "member", "a@x.se"),
        ("Kumla", "Kultur", "substitute", None),
        ("Kumla", "Kultur", "substitute", None),
        ("Laxå", "Kultur", "member", "e@x.se"),
        ("Laxå", "Kultur", "substitute", None),
    ]


def test_merged_headings_and_blank_merged_cells_name_no_party() -> None:
    rows = [["Kommun", "Namn"], ["", "Anna Ek"], ["", "Bo Lind"]]
    assert "names no municipality" in refusal(merged(rows[:2], "A1:A2"))
    for cells in ("A2:A3", "A3:A9"):
        with pytest.raises(InvalidMemberList) as caught:
            read_member_list(merged(rows, cells))
        assert [fault.values["row"] for fault in caught.value.faults] == ["2", "3"]


@pytest.mark.parametrize("value", [b"<v>a@x.se</v>", b"<v></v>"])
def test_a_formula_is_read_as_its_value(value: bytes) -> None:
    sheet = zipfile.ZipFile(BytesIO(workbook(FORMULA))).read("xl/worksheets/sheet1.xml")
    assert b"<f>B1</f><v />" in sheet
    computed = sheet.replace(b'<c r="C2"><f>B1</f><v />', b'<c r="C2" t="str"><f>B1</f>' + value)
    (entry,) = read_member_list(with_parts(workbook(FORMULA), {"xl/worksheets/sheet1.xml": [computed]})).entries
    assert entry.email == ("a@x.se" if b"@" in value else None)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"PK\x03\x04 no archive", "The file is not an Excel workbook, or it is damaged"),
        (workbook(WIDE)[:3000], "The file is not an Excel workbook, or it is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "The file is a workbook with a password or in Excel's old"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused(raw: bytes, message: str) -> None:
    assert refusal(raw).startswith(message)


def test_modules_in_the_current_folder_do_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "openpyxl.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert len(read_member_list(workbook(WIDE)).entries) == 20
    assert not (tmp_path / "ran").exists()
