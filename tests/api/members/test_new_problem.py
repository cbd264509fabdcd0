"""The problem made of a list of members is always valid, whatever the list holds."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.members.new_problem import Terms, build_document, months_to_plan
from api.members.reader import MemberList, read_member_list
from api.members.table import InvalidMemberList
from scheduler import Problem

TODAY = date(2026, 11, 26)
TERMS = Terms(
    "Rådet", TODAY, 2027, months_to_plan(2027, TODAY), 4, "Sommaruppehåll", ("Kansliet", "kansli@example.org")
)

PARTIES = st.sampled_from(["Kumla", "kumla kommun", "Laxå", "Laxa", "Region Örebro län", "委員会", "", "A" * 120])
NAMES = st.sampled_from(["Anna Ek", "ANNA EK", "Änna Ek", "Bo Lind", "李雷", "Vakant", "", "x" * 501, "Åsa-Lisa d'Été"])
ROLES = st.sampled_from(["ordinarie", "Ersättare 2", "suppleant", "Ordförande", "vice ordf.", "member", "kassör", ""])
ADDRESSES = st.sampled_from(["", "a@example.org", "A@example.org", "b@example.org", "Bo <b@example.org>", "x"])
COUNCILS = st.sampled_from(["Kultur", "kultur", "Skola", ""])
LONG = st.tuples(PARTIES, NAMES, ROLES, ADDRESSES, COUNCILS)
WIDE = st.tuples(PARTIES, NAMES, ADDRESSES, NAMES, ADDRESSES, NAMES)
HEADINGS = {
    5: "Kommun;Namn;Roll;E-post;Råd",
    6: "Kommun;Ledamot;E-post ledamot;Ersättare 1;E-post ersättare;Ersättare 2",
}


def lines(rows: list[tuple[str, ...]], num_columns: int) -> str:
    return "\n".join([HEADINGS[num_columns], *(";".join(row) for row in rows)])


LISTS = st.one_of(
    st.lists(LONG, max_size=6).map(lambda rows: lines([*rows], 5)),
    st.lists(WIDE, max_size=3).map(lambda rows: lines([*rows], 6)),
)


def read(text: str) -> MemberList | list[str]:
    """Return the list in a text, or the messages with which it is refused."""
    try:
        return read_member_list(text.encode("utf-8", "replace"))
    except InvalidMemberList as invalid:
        return [fault.message for fault in invalid.faults]


@given(st.one_of(LISTS, st.text(max_size=200)))
def test_a_list_is_refused_in_plain_lines_or_gives_a_valid_problem(text: str) -> None:
    members = read(text)
    if isinstance(members, list):
        assert members
        assert all(message.isprintable() for message in members)
        return
    problem = Problem.of(build_document(members.entries, TERMS))
    seated = {person for council in problem.councils for seat in council.seats for person in seat.people}
    assert seated == {person.id for person in problem.people}
    assert len(problem.meetings) == 4 * len(problem.councils)


@pytest.mark.parametrize("month", range(12))
def test_windows_divide_the_months_that_remain(month: int) -> None:
    today = date(2027, month, 15) if month else TODAY
    months = months_to_plan(2027, today)
    members = read("Kommun;Namn\nKumla;Anna Ek\n")
    assert isinstance(members, MemberList)
    for num_meetings in range(1, len(months) + 1):
        terms = Terms("Rådet", today, 2027, months, num_meetings, "Sommaruppehåll")
        problem = Problem.of(build_document(members.entries, terms))
        windows = [meeting.window for meeting in problem.meetings if meeting.window is not None]
        assert len(windows) == num_meetings
        assert windows[0].start > today
        assert all(window.end < following.start for window, following in pairwise(windows))
        assert windows[-1].end == date(2027, 12, 31)


def test_no_month_of_a_past_year_remains() -> None:
    assert months_to_plan(2025, TODAY) == []
    assert months_to_plan(2026, TODAY) == [12]
