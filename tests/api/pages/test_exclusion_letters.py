"""Reasons that rule out dates have letters, stated once for a council."""

from api.pages.plan.exclusion_letters import build_exclusion_letters
from api.presenting.explanation_view import CostCalendar, CostCell, CostGroup, CostMap, CostWeek


def a_group(*reasons: str | None) -> CostGroup:
    cells = tuple(CostCell("2027-03-01", "1", "–", "", "shut", reason) for reason in reasons)
    week = CostWeek("v. 9", (None, *cells))
    calendar = CostCalendar("K1", "Kultur 1", "", (), (), None, (), ("mån",), (week,))
    return CostGroup("Kultur", (calendar,))


def a_map(*groups: CostGroup) -> CostMap:
    return CostMap((), (), groups, has_left_out=False, is_folded=False)


def test_the_most_frequent_reason_comes_first() -> None:
    (letters,) = build_exclusion_letters(a_map(a_group("helgdag", "lov", None, "lov")))
    assert letters == {"lov": "a", "helgdag": "b"}


def test_each_council_has_its_own_letters() -> None:
    assert build_exclusion_letters(a_map(a_group("lov"), a_group("helgdag"), a_group(None))) == (
        {"lov": "a"},
        {"helgdag": "a"},
        {},
    )


def test_letters_are_unique_beyond_the_alphabet() -> None:
    (letters,) = build_exclusion_letters(a_map(a_group(*(f"skäl {number}" for number in range(60)))))
    assert len(set(letters.values())) == 60
    assert (letters["skäl 25"], letters["skäl 26"], letters["skäl 52"]) == ("z", "a2", "a3")


def test_without_a_heat_map_there_are_no_letters() -> None:
    assert build_exclusion_letters(None) == ()
