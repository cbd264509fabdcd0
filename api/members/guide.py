"""The README.md of a new folder: the next steps, the names of the calendar files, and the keys of the problem."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.i18n import Wording
from api.members.new_problem import Json


@dataclass(frozen=True, slots=True)
class Commands:
    """The command lines of the next steps, as they can be copied."""

    propose: str
    propose_with_calendars: str
    ask: str
    update: str


def write_guide(document: Json, commands: Commands, wording: Wording) -> bytes:
    """Return the README.md of the folder in which ``document`` is the file problem.json."""
    blocks = [
        f"# {_plain(document['title'])}",
        wording.say(
            "This folder holds what a plan of meetings is made from. The file problem.json can be planned now."
        ),
        *_steps(document, commands, wording),
        *_changed_members(commands, wording),
        *_calendars(document, wording),
        *_keys(wording),
    ]
    # A path whose name the locale cannot decode keeps its octets, so that the commands can be copied.
    return ("\n\n".join(blocks) + "\n").encode(errors="surrogateescape")


def _steps(document: Json, commands: Commands, wording: Wording) -> Iterator[str]:
    yield f"## {wording.say('Next steps')}"
    yield wording.say(
        "1. Look at a first plan. Without calendars it only keeps the rules, since all dates are equally good."
    )
    yield _command(commands.propose)
    yield wording.say(
        "2. Put the members' calendars into the folder calendars, as described below. Then plan again, and write the"
        " plan into the folder plan. Add --replace to replace an earlier plan there, as long as it is not decided."
    )
    yield _command(commands.propose_with_calendars)
    yield wording.say(
        "3. Open plan/plan.html in a web browser to read and print the plan. Whose calendar is worth asking for is"
        " answered by this command."
    )
    yield _command(commands.ask)
    if any("organizer" in council for council in document["councils"]):
        yield wording.say(
            "4. Send the invitations when the plan is decided: the folder {folder} in the folder plan holds a calendar"
            " file for each meeting and person, to be attached to an e-mail.",
            folder=wording.say("invitations"),
        )
    else:
        yield wording.say(
            "4. Invitations are written when problem.json says who sends them: take in the list again with --update and"
            " --organizer, or write this line after the quorum of each council, with the name and address of the"
            " sender."
        )
        yield '```json\n   "organizer": {"name": "Kansliet", "email": "kansli@example.org"},\n```'


def _changed_members(commands: Commands, wording: Wording) -> Iterator[str]:
    yield f"## {wording.say('When members change')}"
    yield wording.say(
        "Change the list of members (a new member, substitute or address), and take it in with this command. Everything"
        " else in problem.json stays. Then plan again as in step 2, with --objective repair to keep the dates: the"
        " invitations that have to be sent are listed."
    )
    yield _command(commands.update)


def _calendars(document: Json, wording: Wording) -> Iterator[str]:
    yield f"## {wording.say('Calendars')}"
    yield wording.say(
        "Save each person's calendar in the folder calendars under the name in the table. Outlook writes such a file"
        " with File, Save Calendar (choose the whole year, and only availability); Google Calendar with Settings,"
        " Export. A table with the columns date;start;end, saved as .csv under the same name, does as well. A person"
        " without a file counts as unknown, not as free."
    )
    yield _people_table(document, wording)


def _people_table(document: Json, wording: Wording) -> str:
    parties = {party["id"]: _plain(party["name"]) for party in document["parties"]}
    names = {person["id"]: person["name"] for person in document["people"]}
    headings = [
        wording.say("Council"),
        wording.say("Party"),
        wording.say("Role"),
        wording.say("Name"),
        wording.say("File"),
    ]
    lines = [_line(headings), _line(["---"] * len(headings))]
    for council in document["councils"]:
        for seat in council["seats"]:
            roles = [(seat["member"], wording.say("member"))]
            roles += [(person, wording.say("substitute")) for person in seat["substitutes"]]
            for person, role in roles:
                name = _plain(names[person]) if person else wording.say("vacant")
                file = f"`{person}.ics`" if person else ""
                lines.append(_line([_plain(council["name"]), parties[seat["party"]], role, name, file]))
    return "\n".join(lines)


def _keys(wording: Wording) -> Iterator[str]:
    yield f"## {wording.say('What problem.json says')}"
    yield wording.say(
        "Change the values with a text editor such as Notepad. Numbers and true are written without quotation marks,"
        " text and dates with them, and decimals with a point. An error is reported with its place when you plan."
    )
    meanings = [
        ("title", wording.say("the name of the plan")),
        ("horizon", wording.say("the first and the last day of the period that is planned")),
        (
            "today",
            wording.say(
                "the day on which you plan: change it to the current date each time, since meetings before it are held"
            ),
        ),
        ("holidays", wording.say("the country whose public holidays have no meetings")),
        ("parties, people", wording.say("the municipalities or organisations, and their members and substitutes")),
        ("quorum", wording.say("how many parties must be represented")),
        ("organizer, chair", wording.say("the sender of the invitations, and the id of the chair")),
        ("spacing_days", wording.say("the least number of days between two meetings of a council")),
        ("seats", wording.say("each party's member, and its substitutes in the order in which they are called in")),
        ("duration_minutes", wording.say("how long a meeting lasts")),
        ("window", wording.say("the period in which a meeting must take place")),
        ("starts", wording.say("the times at which a meeting may begin")),
        ("notice_days", wording.say("how many days before the meeting it must be called")),
        ("blackouts", wording.say("periods without meetings, such as July")),
    ]
    lines = [_line([wording.say("Key in problem.json"), wording.say("Meaning")]), _line(["---", "---"])]
    lines += [_line([f"`{key}`", meaning]) for key, meaning in meanings]
    yield "\n".join(lines)
    yield wording.say("More keys, such as venues and travel times, are described in scheduler/MODEL.md of the program.")


def _command(line: str) -> str:
    return f"```console\n{line}\n```"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return "".join(f"\\{character}" if character in r"\`*_[]<>|#" else character for character in text)
