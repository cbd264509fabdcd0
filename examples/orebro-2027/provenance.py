"""Provenance of the facts in the example: a mark (real, projected, inferred, unverified, invented) and a source."""

from bodies import Body
from year import Json

_NEWS = "https://www.orebronyheter.com"
_ARTICLE = f"{_NEWS}/regional-samverkan-med-kommunerna-viktigt-for-kultur-i-hela-lanet/ (4 Mar 2021)"
_SHARED_PAGES = f"{_ARTICLE}; https://hellefors.se/14652.html"
_FRIDAY = f"{_NEWS}/regional-kulturnod-i-norra-orebro-lan-ersatts-av-samverkan/"
_PROBLEM = "problem.json#"

# Columns: what, where (JSON pointer into the file), mark, source or reason.
_GROUPS = (
    ("the horizon and the day of planning", "/horizon", "invented", "the first year of the term that 2026 elected"),
    ("the thirteen parties", "/parties/*/name", "real", _SHARED_PAGES),
    ("minutes by car to the venues", "/parties/*/travel_minutes", "invented", "plausible, not measured"),
    ("the four councils and their names", "/councils/*/name", "real", _SHARED_PAGES),
    ("a member and a substitute from each party, culture", "/councils/0/seats", "real", _ARTICLE),
    ("the region's own seat, every council", "/councils/*/seats/0", "unverified", "the number of seats was not found"),
    ("the same seats in the other three", "/councils/[1-3]/seats", "inferred", "assumed to be as in culture"),
    ("who sits where", "/councils/*/seats/*/member", "invented", "roles only; nobody is meant"),
    ("the region's member leads", "/councils/*/chair", "inferred", f"so in culture in 2021: {_ARTICLE}"),
    ("quorum of 7 of 13", "/councils/*/quorum", "invented", "unverified whether there is one at all"),
    ("the office and its address", "/councils/*/organizer", "invented", "domains that end in .example lead nowhere"),
    ("days between meetings", "/councils/*/spacing_days", "invented", ""),
    ("third Thursday at nine", "/councils/*/habit", "invented", "a rule of thumb to compare with"),
    ("people and their addresses", "/people", "invented", "84 roles on 104 seats"),
    (
        "attendance when nothing clashes",
        "/people/*/attendance_rate",
        "invented",
        "simulated: 1 - (1 - x)/3 with x drawn from Beta(3.6, 0.68), the prior fitted to Eksjö kommunfullmäktige 2016; "
        "a third, so that the mean absence is near the 5.2 % measured in Toronto without another meeting that day",
    ),
    ("Regionens hus and its two rooms, Lindesberg", "/venues", "invented", "Örebro as the place is unverified"),
    ("three meetings of culture a year", "/meetings/[0-2]", "real", f"so in 2020: {_ARTICLE}"),
    ("three or four of the others", "/meetings/[3-13]", "inferred", "as in culture, or one more"),
    ("culture's Friday", "/meetings/2/weekdays", "inferred", f"it met on Friday 12 November 2021: {_FRIDAY}"),
    ("half a day", "/meetings/*/duration_minutes", "unverified", "no protocol found"),
    ("windows, starts, forms, weekdays", "/meetings", "invented", "no plan for 2027 was found"),
    ("importance, also to parties", "/meetings/*/party_importance", "invented", "no agenda exists"),
    ("required chair, chance of a quorum", "/meetings/*/required", "invented", ""),
    (
        "a week's notice",
        "/meetings/*/notice_days",
        "inferred",
        "the region announces a meeting at least a week before: "
        "https://www.regionorebrolan.se/sv/organisation-och-politik/arenden-och-handlingar/anslagstavla/",
    ),
    ("nothing in July", "/blackouts/0", "inferred", "none of 365 published dates of 46 bodies lies there"),
    (
        "school breaks",
        "/blackouts/[1-3]",
        "projected",
        "Kumla and Örebro, other years: "
        "https://www.kumla.se/utbildning-och-barnomsorg/grundskola/lasarstider-lov-och-ledighet.html ; "
        "https://skolor.orebro.se/brunnsskolan/",
    ),
    ("the same breaks in the other ten", "/blackouts/[1-3]/parties", "inferred", "may differ by municipality"),
    ("the day after Ascension Day", "/blackouts/4", "inferred", "a squeezed Friday, avoided by many"),
    ("chance of meeting in a break", "/blackouts/*/yields", "invented", ""),
    ("public holidays", "/holidays", "real", "python package holidays, Sweden"),
)
_BOARDS = "calendars/calendars.json#"
_CALENDARS = (
    ("everybody's own calendar", "calendars/*.ics", "invented", "jobs, groups, courses, time off: drawn by seed"),
    ("who sits in which board", f"{_BOARDS}/*/people", "invented", "drawn by seed"),
    ("importance of the boards", f"{_BOARDS}/*/importance", "invented", "5 assembly and executive, 4 the others"),
    (
        "when boards end",
        "calendars/boards/*.ics",
        "invented",
        "but for Nora, Örebro, regionfullmäktige and kulturnämnden",
    ),
    (
        "dates marked inferred below",
        "calendars/boards/*.ics",
        "inferred",
        "the weekday is that of published dates; which months, and which week of the month, are drawn by seed",
    ),
)


def provenance(facts: Json, bodies: list[Body]) -> Json:
    """Return the content of provenance.json: the marks of the groups of facts and of the boards."""
    groups = [(what, _PROBLEM + where, mark, source) for what, where, mark, source in _GROUPS]
    groups += _CALENDARS
    columns = ("what", "where", "mark", "source")
    return {
        "legend": facts["legend"],
        "facts": [dict(zip(columns, group, strict=True)) for group in groups],
        "boards": [_board(body) for body in bodies],
    }


def _board(body: Body) -> Json:
    board: Json = {"calendar": body.id, "name": _name_mark(body), "dates": body.dates_mark, "times": body.times_mark}
    board["source"] = list(body.source)
    moved = {f"{sitting.start:%Y-%m-%d}": sitting.note for sitting in body.sittings if sitting.note}
    if moved:
        board["moved"] = moved
    return board


def _name_mark(body: Body) -> str:
    if body.source:
        return "real"
    return "inferred" if body.kind in ("assembly", "executive") else "invented"
