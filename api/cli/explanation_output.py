"""The output of ``explain``: tables and sentences for each kind of explanation."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from api.cli.proposal_output import print_headline
from api.cli.tables import add_row, create_console, create_table, print_lines
from api.i18n import Wording
from api.presenting.baselines import build_baseline_table
from api.presenting.event_values import build_clash_list
from api.presenting.explanation_view import ClashItem, CostCalendar
from api.presenting.headline import build_infeasible_headline
from api.presenting.heatmap import build_cost_map
from api.presenting.information_values import build_call_list
from api.presenting.names import Names
from scheduler import Explanation, Problem
from scheduler.explaining.explanation import Asking, Clashes, Conflicts, Habits, Heatmap

MAX_DATES = 5  # listed for a meeting in each column
INDENT = (0, 0, 0, 5)  # under a numbered title


def print_explanation(problem: Problem, answer: Explanation, wording: Wording) -> None:
    """Print an explanation under the title of the problem."""
    console = create_console()
    console.print(Text(problem.title, style="bold"))
    message = _message_without_plan(answer, wording)
    if message is not None:
        print_lines(console, [message])
        return
    names = Names.of(problem, wording)
    match answer:
        case Conflicts():
            _print_conflict(console, answer, problem, names, wording)
        case Heatmap():
            _print_costs(console, answer, problem, names, wording)
        case Clashes():
            _print_clashes(console, answer, problem, names, wording)
        case Asking():
            _print_people(console, answer, problem, wording)
        case Habits():
            _print_baselines(console, answer, problem, names, wording)


def _message_without_plan(answer: Explanation, wording: Wording) -> str | None:
    """Return the message for an explanation that has no plan to explain; None when there is more to print."""
    if answer.status == "unknown":
        return wording.say("The time ran out before any plan was found; it is not proven that there is none.")
    if answer.status == "infeasible" and not isinstance(answer, Conflicts):
        return wording.say("Proven: no plan keeps all the rules. Use --what conflicts to see why.")
    return None


def _print_conflict(console: Console, answer: Conflicts, problem: Problem, names: Names, wording: Wording) -> None:
    if answer.status == "infeasible":
        headline = build_infeasible_headline(answer, problem, names, wording)
        print_headline(console, headline, wording)
    else:
        print_lines(console, [wording.say("The rules do not conflict: there is a plan that keeps them all.")])


def _print_costs(console: Console, answer: Heatmap, problem: Problem, names: Names, wording: Wording) -> None:
    starts = {planned.meeting: planned.starts_at for planned in answer.plan}
    found = build_cost_map(answer, starts, problem, names, wording)
    if found is None:
        return
    print_lines(console, found.introduction)
    headings = [
        wording.say("Meeting"),
        wording.say("Best"),
        wording.say("Best other dates"),
        wording.say("Not possible"),
    ]
    table = create_table(headings)
    for group in found.groups:
        for calendar in group.calendars:
            columns = _calendar_columns(calendar, wording)
            add_row(table, ["\n".join(lines) for lines in columns])
    console.print(table)


def _calendar_columns(calendar: CostCalendar, wording: Wording) -> Iterator[Sequence[str]]:
    """Yield the lines of each column: the meeting, its best dates, the next best dates, and the dates ruled out."""
    yield [calendar.name]

    best = list(calendar.best[:MAX_DATES])
    num_unlisted = len(calendar.best) - MAX_DATES
    if num_unlisted > 0:
        best.append(wording.say("and {count} more", count=num_unlisted))
    yield best

    cheapest = list(calendar.cheapest[:MAX_DATES])
    if calendar.left_out:
        cheapest.append(calendar.left_out)
    yield cheapest

    yield calendar.barred


def _print_clashes(console: Console, answer: Clashes, problem: Problem, names: Names, wording: Wording) -> None:
    starts = {planned.meeting: planned.starts_at for planned in answer.plan}
    found = build_clash_list(answer, starts, problem, names, wording)
    if found is None:
        return
    print_lines(console, found.introduction)
    _print_numbered(console, found.singles)
    if found.more:
        print_lines(console, [found.more])
    if found.pairs:
        print_lines(console, [wording.say("Only two together give something:")])
        _print_numbered(console, found.pairs)


def _print_numbered(console: Console, clashes: Sequence[ClashItem]) -> None:
    for number, clash in enumerate(clashes, start=1):
        console.print(Text(f"{number:3}. {clash.title}"))
        paragraph = Text(" ".join(clash.sentences))
        console.print(Padding(paragraph, INDENT))
        for choice in clash.choices:
            console.print(Padding(Text(f"• {choice}"), INDENT))


def _print_people(console: Console, answer: Asking, problem: Problem, wording: Wording) -> None:
    found = build_call_list(answer, problem, wording)
    if found is None:
        print_lines(console, [wording.say("Everybody's calendar is known.")])
        return
    print_lines(console, found.introduction)
    if found.people:
        headings = [wording.say("Person"), wording.say("Party"), wording.say("Expected gain")]
        table = create_table(headings)
        for person in found.people:
            add_row(table, [person.person, person.party, person.worth])
        console.print(table)
    print_lines(console, found.rest)


def _print_baselines(console: Console, answer: Habits, problem: Problem, names: Names, wording: Wording) -> None:
    found = build_baseline_table(answer, problem, names, wording)
    if found is None:
        return
    print_lines(console, [*found.introduction, *found.habits])
    headings = [
        wording.say("Way to choose"),
        wording.say("Expected absences"),
        wording.say("Expected attendance"),
        wording.say("Least chance of quorum"),
    ]
    table = create_table(headings)
    for baseline in found.rows:
        add_row(table, [baseline.name, baseline.absences, baseline.attendance, baseline.quorum])
    console.print(table)
