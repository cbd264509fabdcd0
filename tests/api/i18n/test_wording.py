"""Sentences, numbers, dates and times in the conventions of each language."""

from datetime import UTC, date, datetime, time

import pytest

from api.i18n import Language, Wording

SV, EN = Wording("sv"), Wording("en")
THURSDAY = date(2027, 2, 11)


@pytest.mark.parametrize(
    ("probability", "swedish", "english"),
    [
        (0.0, "0\xa0%", "0%"),
        (0.0004, "under 1\xa0%", "under 1%"),
        (0.5, "50\xa0%", "50%"),
        (0.9949, "99\xa0%", "99%"),
        (0.9996, "över 99\xa0%", "over 99%"),
        (1.0, "100\xa0%", "100%"),
    ],
)
def test_only_certainty_is_100_percent_and_only_impossibility_0(probability: float, swedish: str, english: str) -> None:
    assert SV.percent(probability) == swedish
    assert EN.percent(probability) == english


@pytest.mark.parametrize(
    ("probability", "shown"), [(0.0, "0"), (0.004, "<1"), (0.974, "97"), (0.9996, ">99"), (1.0, "100")]
)
def test_hundredths_do_not_round_to_0_or_100(probability: float, shown: str) -> None:
    assert SV.hundredths(probability) == shown


def test_swedish_has_a_decimal_comma() -> None:
    assert (SV.decimal(12.38, 1), EN.decimal(12.38, 1)) == ("12,4", "12.4")
    assert SV.decimal(13, 0) == "13"


def test_zero_has_no_sign() -> None:
    assert SV.decimal(-0.001, 2) == "0,00"


def test_a_day_has_its_weekday_and_month_in_full() -> None:
    assert SV.day(THURSDAY) == "torsdag 11 februari 2027"
    assert EN.day(THURSDAY) == "Thursday 11 February 2027"
    assert SV.day(THURSDAY, has_year=False) == "torsdag 11 februari"


def test_short_days_have_no_full_stops() -> None:
    assert SV.short_day(THURSDAY) == "tors 11 feb"
    assert EN.short_day(THURSDAY) == "Thu 11 Feb"


@pytest.mark.parametrize(
    ("first", "last", "swedish"),
    [
        (date(2027, 7, 1), date(2027, 7, 1), "1 juli 2027"),
        (date(2027, 7, 1), date(2027, 7, 31), "1–31 juli 2027"),
        (date(2027, 6, 28), date(2027, 8, 3), "28 juni – 3 augusti 2027"),
        (date(2027, 12, 27), date(2028, 1, 7), "27 december 2027 – 7 januari 2028"),
    ],
)
def test_a_range_of_days_has_a_common_month_and_year_once(first: date, last: date, swedish: str) -> None:
    assert SV.days(first, last) == swedish


def test_a_range_of_months_has_a_common_year_once() -> None:
    assert SV.months(THURSDAY, date(2027, 4, 30)) == "februari–april 2027"
    assert SV.months(THURSDAY, THURSDAY) == "februari 2027"
    assert EN.months(date(2027, 12, 1), date(2028, 1, 31)) == "December 2027 – January 2028"


def test_times_of_day_use_the_24_hour_clock() -> None:
    assert SV.clock(time(13, 5)) == "13.05"
    assert EN.clock(datetime(2027, 2, 11, 9, 0, tzinfo=UTC)) == "09:00"


def test_a_week_has_its_number() -> None:
    assert SV.week(6) == "v.\xa06"
    assert EN.week(6) == "week 6"


def test_names_are_listed_with_and() -> None:
    assert SV.listing(["Kumla", "Laxå", "Nora"]) == "Kumla, Laxå och Nora"
    assert EN.listing(["Kumla"]) == "Kumla"


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("sv", 1, "1 av 14 sammanträden flyttas från sitt publicerade datum."),
        ("sv", 3, "3 av 14 sammanträden flyttas från sina publicerade datum."),
        ("en", 1, "1 meeting of 14 moves from its published date."),
        ("en", 3, "3 meetings of 14 move from their published dates."),
    ],
)
def test_singular_and_plural_differ(language: Language, count: int, expected: str) -> None:
    sentence = Wording(language).say_many(
        "{count} meeting of {total} moves from its published date.",
        "{count} meetings of {total} move from their published dates.",
        count,
        total=14,
    )
    assert sentence == expected


def test_numbers_in_a_sentence_are_formatted_in_the_language() -> None:
    sentence = SV.say("{value} is too large; write a number that is at most {le}.", value="0.75", le=0.5)
    assert sentence == "0.75 är för stort; skriv ett tal som är högst 0,5."


def test_a_sentence_without_a_translation_stays_english() -> None:
    assert SV.say("There is no translation of {text}.", text="this") == "There is no translation of this."


def test_weekdays_have_their_names() -> None:
    assert (SV.weekday("TH"), SV.short_weekday("TH"), EN.short_weekday("MO")) == ("torsdag", "tors", "Mon")
    assert SV.day_and_month(THURSDAY) == "11 feb"


@pytest.mark.parametrize(
    ("names", "swedish", "english"),
    [
        (["TH"], "torsdag", "Thursday"),
        (["TH", "TU"], "tisdag och torsdag", "Tuesday and Thursday"),
        (["MO", "TU"], "måndag och tisdag", "Monday and Tuesday"),
        (["MO", "TU", "WE", "TH", "FR"], "måndag–fredag", "Monday–Friday"),
        (["SA", "MO", "TU", "WE"], "måndag–onsdag och lördag", "Monday–Wednesday and Saturday"),
    ],
)
def test_three_weekdays_in_a_row_are_a_range(names: list[str], swedish: str, english: str) -> None:
    assert (SV.weekdays(names), EN.weekdays(names)) == (swedish, english)


def test_a_single_day_as_an_adverbial_has_a_preposition() -> None:
    assert (SV.on_days(THURSDAY, THURSDAY), EN.on_days(THURSDAY, THURSDAY)) == (
        "den 11 februari 2027",
        "on 11 February 2027",
    )
    assert SV.on_days(THURSDAY, date(2027, 2, 12)) == "11–12 februari 2027"
