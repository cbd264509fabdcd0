"""The table of dates: what all meetings have in common is stated once, above the table."""

from collections.abc import Collection, Iterator, Sequence

from api.i18n import Wording
from api.pages.plan.view import DatesRow, DatesTable
from api.presenting.plan_view import MeetingCard
from api.presenting.reasons import format_risk_limit

MOST_MISSING = 3  # parties named in a row
NOBODY = "–"


def build_dates_table(cards: Sequence[MeetingCard], wording: Wording) -> DatesTable:
    """Return the meetings as rows, without the columns that would repeat one value in every row."""
    to_come = [card for card in cards if not card.is_held] or cards
    places = {card.place for card in cards}
    quorums = {card.quorum for card in to_come}
    missing = {_most_likely_missing(card, wording) for card in to_come}
    rows = [
        DatesRow(
            meeting=card,
            details=tuple(_details(card, wording, has_place=len(places) > 1)),
            missing="" if card.is_held else _most_likely_missing(card, wording),
        )
        for card in cards
    ]
    return DatesTable(
        shared=(
            *_shared_place(places, wording),
            *_shared_quorum(quorums, len(to_come) < len(cards), wording),
            *_shared_notice(to_come, wording),
            *_shared_missing(missing, wording),
        ),
        has_quorum=len(quorums) > 1,
        has_notice=any(card.notice for card in to_come),
        has_missing=len(missing) > 1,
        rows=tuple(rows),
    )


def _shared_place(places: Collection[str | None], wording: Wording) -> Iterator[str]:
    if len(places) > 1:
        return
    for place in places:
        if place:
            yield wording.say("Place of every meeting: {place}.", place=place)


def _shared_quorum(quorums: Collection[str | None], has_held: bool, wording: Wording) -> Iterator[str]:
    if len(quorums) > 1:
        return
    for quorum in quorums:
        if quorum is None:
            yield wording.say("No quorum is required.")
        elif has_held:
            yield wording.say("Chance of quorum at every meeting to come: {percent}.", percent=quorum)
        else:
            yield wording.say("Chance of quorum at every meeting: {percent}.", percent=quorum)


def _shared_notice(to_come: Sequence[MeetingCard], wording: Wording) -> Iterator[str]:
    if not any(card.notice for card in to_come):
        yield wording.say("No last day of notice is set.")


def _shared_missing(missing: Collection[str], wording: Wording) -> Iterator[str]:
    limit = format_risk_limit(wording)
    if len(missing) > 1:
        if NOBODY in missing:
            yield wording.say("A dash means that no party has a risk above {percent} of being absent.", percent=limit)
        return
    for parties in missing:
        if parties == NOBODY:
            yield wording.say("No party has a risk above {percent} of being absent.", percent=limit)
        else:
            yield wording.say("Most likely missing at every meeting: {parties}.", parties=parties)


def _details(card: MeetingCard, wording: Wording, *, has_place: bool) -> Iterator[str]:
    yield card.week
    if has_place and card.place:
        yield card.place
    if card.is_held:
        yield wording.say("already held")
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
