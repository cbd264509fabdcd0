"""The output of ``new``: how a list of members and each of its columns were read, and what was written."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from api.cli.tables import add_row, create_table
from api.i18n import Wording
from api.members.headings import Field
from api.members.new_problem import Json
from api.members.reader import MemberList
from api.members.table import shorten
from api.members.update import MemberChanges
from scheduler.text import printable

MAX_NAMES = 10  # of people without an address that are listed


def print_columns(console: Console, path: Path, members: MemberList, wording: Wording) -> None:
    """Print how the file and each of its columns were read."""
    print(_source(path, members, wording))
    headings = [
        wording.say("Column"),
        wording.say("Heading"),
        wording.say("Read as"),
        wording.say("First value"),
    ]
    table = create_table(headings)
    names = _field_names(wording)
    for column in members.layout.columns:
        meaning = names[column.field] if column.field else wording.say("not used")
        add_row(table, [column.letter, column.heading, meaning, column.example])
    console.print(table)
    if members.unread_sheets:
        sheets = "; ".join(map(shorten, members.unread_sheets))
        print(
            wording.say(
                "Other sheets with content, which were not read: {sheets}. Members on them belong on the sheet that was"
                " read.",
                sheets=sheets,
            )
        )


def _source(path: Path, members: MemberList, wording: Wording) -> str:
    table = members.table
    if table.sheet is not None:
        return wording.say("{path} was read as a workbook, sheet {sheet}.", path=str(path), sheet=shorten(table.sheet))
    separators = {";": wording.say("semicolons"), "\t": wording.say("tabs"), ",": wording.say("commas")}
    return wording.say(
        "{path} was read as text in {encoding} with {separators} between the columns.",
        path=str(path),
        encoding=table.encoding,
        separators=separators[table.separator or ";"],
    )


def _field_names(wording: Wording) -> dict[Field, str]:
    return {
        "name": wording.say("name"),
        "first_name": wording.say("first name"),
        "last_name": wording.say("last name"),
        "member": wording.say("the member's name"),
        "substitute": wording.say("a substitute's name"),
        "role": wording.say("role"),
        "party": wording.say("party"),
        "council": wording.say("council"),
        "email": wording.say("e-mail address"),
        "member_email": wording.say("the member's e-mail address"),
        "substitute_email": wording.say("a substitute's e-mail address"),
    }


def summary_lines(document: Json, problem: Path, readme: Path, command: str, wording: Wording) -> list[str]:
    """Return what the new problem holds, what it lacks, and the command of the next step."""
    without_address = [person["name"] for person in document["people"] if "email" not in person]
    lines = [
        wording.say(
            "{path} is written: parties: {parties}, people: {people}, councils: {councils}, meetings: {meetings},"
            " from {first} to {last}.",
            path=str(problem),
            parties=len(document["parties"]),
            people=len(document["people"]),
            councils=len(document["councils"]),
            meetings=len(document["meetings"]),
            first=document["horizon"]["start"],
            last=document["horizon"]["end"],
        )
    ]
    if without_address:
        names = _names(without_address, wording)
        lines.append(wording.say("Without an e-mail address, and so without an invitation: {names}.", names=names))
    if not any("organizer" in council for council in document["councils"]):
        lines.append(
            wording.say(
                "No invitations are written before problem.json names an organizer; the next time, use --organizer."
            )
        )
    lines.append(wording.say("Next, as {path} explains:", path=str(readme)))
    lines.append(f"  {command}")
    return lines


def update_lines(problem: Path, changes: MemberChanges, command: str, wording: Wording) -> list[str]:
    """Return who came, left or has another address, and the command that plans again."""
    lines = [wording.say("{path} has the members of the list.", path=str(problem))]
    if changes.added:
        lines.append(wording.say("Added: {names}.", names=_names(changes.added, wording)))
    if changes.removed:
        lines.append(wording.say("Removed: {names}.", names=_names(changes.removed, wording)))
    if changes.kept:
        names = _names(changes.kept, wording)
        lines.append(wording.say("Not in the list, but kept since the problem refers to them: {names}.", names=names))
    if changes.readdressed:
        lines.append(wording.say("With another address: {names}.", names=_names(changes.readdressed, wording)))
    if not (changes.added or changes.removed or changes.kept or changes.readdressed):
        lines.append(wording.say("Nobody came, left or has another address."))
    lines.append(wording.say("Plan again; what has to be sent is listed then:"))
    lines.append(f"  {command}")
    return lines


def _names(names: Sequence[str], wording: Wording) -> str:
    shown = [printable(name) for name in names[:MAX_NAMES]]
    num_more = len(names) - len(shown)
    if num_more:
        shown.append(wording.say("and {count} more", count=num_more))
    return "; ".join(shown)
