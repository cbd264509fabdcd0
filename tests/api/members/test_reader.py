"""Lists of members are read whatever program wrote them; a row that is unclear is refused with its number and text."""

import pytest

from api.members.headings import Field
from api.members.reader import MemberList, read_member_list
from api.members.table import MAX_OCTETS, MAX_ROWS, InvalidMemberList
from tests.api.members.lists import LONG, WIDE, Rows, csv_text, workbook


def read_text(text: str) -> MemberList:
    return read_member_list(text.encode())


def people(members: MemberList) -> list[tuple[str, str, str | None, str | None]]:
    return [(entry.party, entry.role, entry.name, entry.email) for entry in members.entries]


def faults(raw: str | bytes) -> list[str]:
    with pytest.raises(InvalidMemberList) as caught:
        read_member_list(raw.encode() if isinstance(raw, str) else raw)
    return [fault.message for fault in caught.value.faults]


def fault(raw: str | bytes) -> str:
    (message,) = faults(raw)
    return message


@pytest.mark.parametrize("rows", [WIDE, LONG], ids=["wide", "long"])
@pytest.mark.parametrize("separator", [";", "\t", ","])
@pytest.mark.parametrize(
    ("codec", "encoding"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")],
)
def test_every_way_of_saving_gives_the_same_people(rows: Rows, separator: str, codec: str, encoding: str) -> None:
    members = read_member_list(csv_text(rows, separator).encode(codec))
    assert (members.table.separator, members.table.encoding) == (separator, encoding)
    assert len(members.entries) == 20
    assert people(members)[-2:] == [
        ("Örebro kommun", "member", "Åsa Örebroström", "asa9@example.org"),
        ("Örebro kommun", "substitute", "Bo Örebro", "bo9@example.org"),
    ]


@pytest.mark.parametrize("rows", [WIDE, LONG], ids=["wide", "long"])
def test_a_workbook_gives_the_same_people_as_its_text(rows: Rows) -> None:
    assert people(read_member_list(workbook(rows))) == people(read_text(csv_text(rows)))


def test_the_sheet_with_the_list_is_found() -> None:
    members = read_member_list(workbook([["Anteckningar"], ["Ring Bo"]], WIDE))
    assert members.table.sheet == "Sheet1"
    assert len(members.entries) == 20


def test_a_title_blank_rows_and_the_line_sep_are_skipped() -> None:
    text = "sep=,\r\nLedamöter i rådet\r\n\r\nKommun,Namn\r\n\r\nKumla,Anna Ek\r\n,,\r\n"
    (entry,) = read_text(text).entries
    assert (entry.row.number, entry.party, entry.name, entry.role) == (6, "Kumla", "Anna Ek", "member")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Kommun", "party"),
        ("Kommun/region", "party"),
        ("MUNICIPALITY", "party"),
        ("Organisation", "party"),
        ("Namn", "name"),
        ("För- och efternamn", "name"),
        ("Full name", "name"),
        ("Roll", "role"),
        ("Ordinarie/ersättare", "role"),
        ("Uppdrag", "role"),
        ("E-post", "email"),
        ("E-postadress", "email"),
        ("epost", "email"),
        ("Mejladress", "email"),
        ("E-mail address", "email"),
        ("Råd", "council"),
        ("Nämnd", "council"),
        ("Council", "council"),
        ("Telefon", None),
        ("Uppdrag t.o.m.", None),
        ("Uppdrag fr o m", None),
        ("Roll (slutdatum)", None),
        ("Ledamot sedan", None),
        ("Ersättare till", None),
        ("Member until", None),
        ("Position start date", None),
        ("Adress", None),
    ],
)
def test_a_heading_is_understood(heading: str, field: Field | None) -> None:
    other = "Kommun" if field != "party" else "Datum"
    name = "Person" if field != "name" else "Datum"
    members = read_text(f"{other};{name};{heading}\n" + f"{'Kumla'};{'Anna Ek'};{_value(field)}\n")
    assert members.layout.columns[2].field == field


def _value(field: Field | None) -> str:
    values = {"role": "ledamot", "email": "a@example.org", "name": "Anna Ek", "party": "Kumla"}
    return values.get(field or "", "x")


def test_dates_of_a_role_are_not_used() -> None:
    members = read_text("Kommun;Namn;Roll;Uppdrag t.o.m.\nKumla;Anna Ek;Ledamot;2026-06-30\n")
    assert members.layout.columns[3].field is None
    assert members.entries[0].role == "member"


def test_first_and_last_names_are_joined() -> None:
    (entry,) = read_text("Förnamn;Efternamn;Kommun\nAnna;Ek;Kumla\n").entries
    assert entry.name == "Anna Ek"


def test_a_column_ledamot_beside_a_column_roll_is_the_name() -> None:
    members = read_text("Kommun;Ledamot;Roll\nKumla;Anna Ek;Ordförande\nKumla;Bo Lind;1:e ersättare\n")
    assert [(entry.name, entry.role, entry.is_chair) for entry in members.entries] == [
        ("Anna Ek", "member", True),
        ("Bo Lind", "substitute", False),
    ]


def test_a_political_party_is_the_party_only_without_a_municipality() -> None:
    members = read_text("Namn;Parti;Kommun\nAnna Ek;S;Kumla\n")
    assert members.entries[0].party == "Kumla"
    assert members.layout.columns[1].field is None
    assert read_text("Namn;Parti\nAnna Ek;S\n").entries[0].party == "S"


def test_addresses_belong_to_the_names_on_their_left() -> None:
    members = read_text("Kommun;Ledamot;E-post;Ersättare;Tel;E-post\nKumla;Anna Ek;a@x.se;Bo Lind;1;b@x.se\n")
    assert people(members) == [("Kumla", "member", "Anna Ek", "a@x.se"), ("Kumla", "substitute", "Bo Lind", "b@x.se")]


def test_one_column_of_addresses_after_two_names_is_refused() -> None:
    message = fault("Kommun;Ledamot;Ersättare;E-post\nKumla;Anna Ek;Bo Lind;a@x.se\n")
    assert message.startswith("The column D (E-post) does not say whose addresses it holds")


@pytest.mark.parametrize("text", [
    "Kommun;Ledamot;E-post;Ersättare;Sekreterare;E-post sekreterare\nKumla;Anna Ek;a@x.se;Bo Lind;Eva Berg;e@x.se\n",
    "Kommun;Ledamot;E-post;Ersättare;Kommunens e-post\nKumla;Anna Ek;a@x.se;Bo Lind;kommun@x.se\n",
    "Kommun;Ledamot;E-post;Ersättare;E-post kontakt\nKumla;Anna Ek;a@x.se;Bo Lind;k@x.se\n",
    "Kommun;Ledamot;E-post;Ersättare;E-post vice ordförande\nKumla;Anna Ek;a@x.se;Bo Lind;k@x.se\n",
    "Kommun;Ledamot;E-post;Ersättare;E-post ordförande\nKumla;Anna Ek;a@x.se;Bo Lind;k@x.se\n",
    "Municipality;Member;E-mail;Substitute;Secretary's e-mail\nKumla;Anna Ek;a@x.se;Bo Lind;k@x.se\n",
])  # fmt: skip
def test_addresses_of_others_are_not_used(text: str) -> None:
    members = read_text(text)
    assert people(members) == [("Kumla", "member", "Anna Ek", "a@x.se"), ("Kumla", "substitute", "Bo Lind", None)]
    assert members.layout.columns[-1].field is None


def test_addresses_of_others_are_not_used_in_a_list_of_anybody() -> None:
    members = read_text("Kommun;Namn;Roll;E-post;E-post sekreterare\nKumla;Anna Ek;ledamot;;s@x.se\n")
    assert members.entries[0].email is None


@pytest.mark.parametrize("headings", [
    "Kommun;Ledamot;E-post;Ersättare;Sekreterare;E-post",
    "Kommun;Ledamot;E-post;Ersättare;Verksamhetschef;E-post",
    "Kommun;Ledamot;E-post;Ersättare;Kontaktpersonens tel;E-post",
    "Kommun;Namn;Roll;Sekreterare;;E-post",
    "Kommun;Namn;Roll;Kontaktperson;Telefon;E-post",
    "Kommun;Ledamot;Ersättare 1;Ersättare 2;;E-post ersättare",
    "Kommun;Ledamot;Ersättare 2;Ersättare 1;E-post ersättare 1;E-post ersättare 2",
    "Kommun;E-post;Ledamot;E-post;Ersättare;",
])  # fmt: skip
def test_addresses_after_others_are_refused(headings: str) -> None:
    assert "does not say whose addresses it holds" in fault(headings + "\nKumla;Anna Ek;ledamot;Bo Ek;Eva Ek;a@x.se\n")


@pytest.mark.parametrize(("member", "substitute"), [
    ("Ledamotens e-post", "Ersättarens e-post"),
    ("E-postadress till ordinarie", "E-postadress till personlig ersättare"),
    ("Member's e-mail", "Deputy's email address"),
    ("Mejl (ledamot)", "Mejl (suppleant)"),
    ("E-post, ledamöter", "Epostadr. 1:e ersättare"),
])  # fmt: skip
def test_a_heading_says_whose_addresses_it_holds(member: str, substitute: str) -> None:
    members = read_text(f"Kommun;{substitute};{member};Ledamot;Ersättare\nKumla;b@x.se;a@x.se;Anna Ek;Bo Lind\n")
    assert people(members) == [("Kumla", "member", "Anna Ek", "a@x.se"), ("Kumla", "substitute", "Bo Lind", "b@x.se")]


@pytest.mark.parametrize(
    "heading", ["Ordförandens e-post", "E-post (privat)", "Personens e-post", "E-post 1", "E-post"]
)
def test_the_addresses_of_a_list_of_anybody_may_stand_anywhere(heading: str) -> None:
    for text in (
        f"Organisation;Ordförandens namn;{heading}\nBoIF;Anna Ek;a@x.se\n",
        f"{heading};Organisation;Ordförandens namn\na@x.se;BoIF;Anna Ek\n",
    ):
        assert read_text(text).entries[0].email == "a@x.se"


def test_a_comma_between_family_name_and_first_name_is_kept() -> None:
    members = read_text("Kommun;Ledamot;Personlig ersättare\nKumla;Ek, Anna;Lind, Bo\n")
    assert [entry.name for entry in members.entries] == ["Ek, Anna", "Lind, Bo"]


def test_several_substitutes_stay_in_their_order() -> None:
    members = read_text("Kommun;Ledamot;Ersättare 1;Ersättare 2\nKumla;Anna Ek;;Bo Lind\nLaxå;vakant;Eva Berg;Ulf Ek\n")
    assert [(entry.party, entry.name, entry.order) for entry in members.entries] == [
        ("Kumla", "Anna Ek", 0),
        ("Kumla", "Bo Lind", 1),
        ("Laxå", None, 0),
        ("Laxå", "Eva Berg", 0),
        ("Laxå", "Ulf Ek", 1),
    ]


def test_an_address_as_mail_programs_show_it_is_read() -> None:
    (entry,) = read_text("Kommun,Namn,E-post\nKumla,Anna Ek,Anna Ek <anna@x.se>\n").entries
    assert entry.email == "anna@x.se"


HEADINGS = "Kommun;Namn;Roll;E-post;Råd\n"
REFUSED = [
    (";Anna Ek;ledamot;;R", "Row 2 (Anna Ek | ledamot | R) names no municipality or organisation; fill in the cell,"),
    ("Kumla;;ledamot;;R", "Row 2 (Kumla | ledamot | R) names nobody"),
    ("Kumla;Anna Ek;ledamot;;", "Row 2 (Kumla | Anna Ek | ledamot) names no council"),
    ("Kumla;Anna Ek;;;R", "Row 2 (Kumla | Anna Ek | R) has no role"),
    ("Kumla;Anna Ek;sekreterare;;R", "has an unclear role, sekreterare;"),
    ("Kumla;Anna Ek;ledamot/ersättare;;R", "has an unclear role, ledamot/ersättare;"),
    ("Kumla;Anna Ek;adjungerad ledamot;;R", "has an unclear role"),
    ("Kumla;Anna Ek/Bo Lind;ledamot;;R", "has several people in one cell, Anna Ek/Bo Lind;"),
    ("Kumla;Anna Ek och Bo Lind;ledamot;;R", "has several people in one cell"),
    ("Kumla;Anna Ek (S), Bo Lind (M);ledamot;;R", "has several people in one cell"),
    ("Kumla;Anna, Bo, Eva;ledamot;;R", "has several people in one cell"),
    ("Kumla;anna@x.se;ledamot;;R", "has anna@x.se where a name should be"),
    ("Kumla;Ordinarie ledamot;ledamot;;R", "has Ordinarie ledamot where a name should be"),
    ("Kumla;12;ledamot;;R", "has 12 where a name should be"),
    ("Kumla;Anna Ek;ledamot;anna(at)x.se;R", "has anna(at)x.se where an e-mail address should be"),
    ("Kumla;Anna Ek;ledamot;a@x.se, b@x.se;R", "has a@x.se, b@x.se where an e-mail address should be"),
    ("Kumla;vakant;ledamot;a@x.se;R", "has the address a@x.se but no name for it"),
    ("Kumla;Anna Ek;ersättare;;R", "is a substitute, but no row is the member for Kumla"),
    ("Kumla;Anna Ek;ledamot;;R\nKUMLA kommun;Bo Lind;ledamot;;R", "Row 3 (KUMLA kommun | Bo Lind | ledamot | R) is a"),
    ("Kumla;Anna Ek;ledamot;;R\nKumla;Anna Ek;ersättare;;R", "repeats Anna Ek, who is in row 2"),
    ("Kumla;Anna Ek;ledamot;a@x.se;R\nKumla;Anna Ek;ledamot;b@x.se;S", "has another address for Anna Ek than row 2"),
    ("Kumla;Anna Ek;ordförande;;R\nLaxå;Bo Lind;ordförande;;R", "is a second chair of the council, after row 2"),
    ("Kumla;Anna\x1b[31m Ek;ledamot;;R", "has a cell that is too long or contains control characters"),
    (f"Kumla;{'A' * 600};ledamot;;R", "has a cell that is too long"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "message"), REFUSED)
def test_an_unclear_row_is_refused_with_its_number_and_text(rows: str, message: str) -> None:
    found = fault(HEADINGS + rows + "\n")
    assert message in found
    assert found.startswith("Row ")
    assert found.isprintable()


def test_every_unclear_row_is_reported() -> None:
    found = faults(HEADINGS + "Kumla;;ledamot;;R\nLaxå;Anna Ek;kassör;;R\nNora;Bo Lind;ledamot;x;R\n")
    assert [message.split(" (")[0] for message in found] == ["Row 2", "Row 3", "Row 4"]


def test_two_people_without_a_role_are_refused() -> None:
    assert "no column says who is the member" in fault("Kommun;Namn\nKumla;Anna Ek\nKumla;Bo Lind\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The list is empty"),
        ("\r\n  \r\n", "The list is empty"),
        ("Kommun;Namn\n", "The list has headings but no members"),
        ("Anna Ek;Kumla\nBo Lind;Laxå\n", "No row names the columns"),
        ("Kumla kommun;Anna Ek;Ledamot\nLaxå kommun;Bo Lind;Ledamot\n", "has Ledamot where a name should be"),
        ("Förening;Ordförandens namn och tel;Suppleant\nBoIF;Anna Ek;Bo Ek\n", "mean the same"),
        ("Klubb;Person;Suppleant\nBoIF;Anna Ek;Bo Ek\n", "mean the same"),
        ("Klubb;Styrelseledamot\nBoIF;Anna Ek\n", "The headings in row 1 (Klubb | Styrelseledamot) name no column"),
        ("Kommun;E-post\nKumla;a@x.se\n", "name no column with the names"),
        ("Namn;E-post\nAnna Ek;a@x.se\n", "name no column with the municipality"),
        ("Kommun;Namn;Namn\nKumla;Anna Ek;Bo Lind\n", "The columns B (Namn) and C (Namn) mean the same"),
        ("Kommun;Namn;Ersättare\nKumla;Anna Ek;x\n", "The columns B (Namn) and C (Ersättare) mean the same"),
        ('Kommun;Namn\nKumla;"Anna Ek\nLaxå;Bo Lind\n', "Row 2 has a quotation mark that is not closed"),
        ("Kommun;Namn\n" + "Kumla;Anna Ek\n" * (MAX_ROWS + 1), "The list has more than 5000 rows"),
        ("a\0b", "The file is neither text nor an Excel workbook"),
    ],
)
def test_a_file_that_is_no_list_is_refused(text: str, message: str) -> None:
    assert message in fault(text)


def test_a_file_that_is_too_large_is_refused() -> None:
    assert "larger than 2 MiB" in fault(b"a" * (MAX_OCTETS + 1))
