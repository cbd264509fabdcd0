"""The table of dates: what all meetings have in common is stated once, above the table."""

from collections.abc import Iterator, Sequence

from api.i18n import Wording
from api.pages.plan.view import DatesRow, DatesTable
from api.presenting.plan_view import MeetingCard
from api.presenting.reasons import format_risk_limit

MOST_MISSING = 3  # parties named in a row
NOBODY = "–"


def build_dates_table(cards: Sequence[MeetingCard], wording: Wording) -> DatesTable:
    """Return the meetings as rows, without the columns that would repeat one value in every row."""
    places = {card.place for card in cards}
    quorums = {card.quorum for card in cards}
    missing = {_most_likely_missing(card, wording) for card in cards}
    is_place_shared = len(places) == 1
    rows = [
        DatesRow(
            meeting=card,
            details=tuple(_details(card, wording, has_place=not is_place_shared)),
            missing=_most_likely_missing(card, wording),
        )
        for card in cards
    ]
    return DatesTable(
        shared=tuple(_shared_sentences(cards, wording)),
        has_quorum=len(quorums) > 1,
        has_notice=any(card.notice for card in cards),
        has_missing=len(missing) > 1,
        rows=tuple(rows),
    )


def _shared_sentences(cards: Sequence[MeetingCard], wording: Wording) -> Iterator[str]:
    places = {card.place for card in cards}
    quorums = {card.quorum for card in cards}
    place = cards[0].place
    quorum = cards[0].quorum
    if len(places) == 1 and place:
        yield wording.say("Place of every meeting: {place}.", place=place)
    if len(quorums) == 1:
        if quorum is None:
            yield wording.say("No quorum is required.")
        else:
            yield wording.say("Chance of quorum at every meeting: {percent}.", percent=quorum)
    if not any(card.notice for card in cards):
        yield wording.say("No last day of notice is set.")

    missing = {_most_likely_missing(card, wording) for card in cards}
    limit = format_risk_limit(wording)
    if len(missing) == 1 and cards[0].absentees:
        yield wording.say("Most likely missing at every meeting: {parties}.", parties=missing.pop())
    elif len(missing) == 1:
        yield wording.say("No party has a risk above {percent} of being absent.", percent=limit)
    elif NOBODY in missing:
        yield wording.say("A dash means that no party has a risk above {percent} of being absent.", percent=limit)


def _details(card: MeetingCard, wording: Wording, *, has_place: bool) -> Iterator[str]:
    yield card.week
    if has_place and card.place:
        yield card.place
    if card.moved_from:
        yield wording.say("moved from {time}", time=card.moved_from)


def _most_likely_missing(card: MeetingCard, wording: Wording) -> str:
    if not card.absentees:
        return NOBODY
    named = [
        wording.say("{party} {percent}", party=absentee.party, percent=absentee.percent)
        for absentee in card.absentees[:MOST_MISSING]
    ]
    num_left = len(card.absentees) - MOST_MISSING
    if num_left > 0:
        named.append(wording.say("{count} more", count=num_left))
    return wording.listing(named)
