"""Tests of what counts as a new revision of a meeting, and what does not."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.ical.write.invitation import Content, Receiver, Revision, cancel, meeting_uid, request
from scheduler.ical.write.revision import revise
from tests.scheduler.ical.samples import TODAY, a_content, a_receiver, a_time

NEXT_DAY = date(2026, 11, 23)


def revised(before: dict[str, Revision], *contents: Content, today: date = NEXT_DAY) -> Revision:
    return revise(before, contents, {}, today)["kultur-1"]


@pytest.fixture
def sent() -> dict[str, Revision]:
    return revise({}, [a_content()], {"kultur-1": [a_receiver()]}, TODAY)


def test_a_new_meeting_starts_at_sequence_zero_stamped_at_midnight(sent: dict[str, Revision]) -> None:
    first = sent["kultur-1"]
    assert (first.sequence, first.dtstamp) == (0, datetime(2026, 11, 22, tzinfo=UTC))
    assert first.uid == meeting_uid("kansli@example.org", "kultur-1")
    assert first.receivers == (a_receiver(),)


def test_nothing_changed_is_the_identical_revision(sent: dict[str, Revision]) -> None:
    again = revise(sent, [a_content()], {"kultur-1": [a_receiver()]}, NEXT_DAY)
    assert again["kultur-1"] is sent["kultur-1"]


@pytest.mark.parametrize(
    "change",
    [
        {"starts_at": a_time("2027-03-04")},
        {"ends_at": a_time("2027-03-03", "12:00")},
        {"location": "Stadshuset"},
        {"location": None},
    ],
    ids=["start", "end", "place", "no place"],
)
def test_a_new_time_or_place_raises_the_sequence(sent: dict[str, Revision], change: dict[str, Any]) -> None:
    moved = revised(sent, a_content(**change))
    assert (moved.sequence, moved.uid) == (1, sent["kultur-1"].uid)
    assert moved.dtstamp == datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "change",
    [{"summary": "Kulturrådet"}, {"description": ""}, {"organizer_name": "Växeln"}, {"status": "tentative"}],
    ids=lambda change: next(iter(change)),
)
def test_a_new_wording_keeps_the_sequence_and_renews_the_stamp(
    sent: dict[str, Revision], change: dict[str, Any]
) -> None:
    reworded = revised(sent, a_content(**change))
    assert (reworded.sequence, reworded.dtstamp) == (0, datetime(2026, 11, 23, tzinfo=UTC))


def test_two_changes_on_one_day_are_stamped_a_second_apart(sent: dict[str, Revision]) -> None:
    once = revised(sent, a_content(summary="A"), today=TODAY)
    twice = revised({"kultur-1": once}, a_content(summary="B"), today=TODAY)
    assert once.dtstamp - sent["kultur-1"].dtstamp == timedelta(seconds=1)
    assert twice.dtstamp - once.dtstamp == timedelta(seconds=1)


def test_a_meeting_that_is_no_longer_planned_is_cancelled_once(sent: dict[str, Revision]) -> None:
    cancelled = revised(sent)
    assert (cancelled.is_cancelled, cancelled.sequence) == (True, 1)
    assert (cancelled.content, cancelled.receivers) == (sent["kultur-1"].content, (a_receiver(),))
    assert revised({"kultur-1": cancelled}, today=date(2027, 1, 1)) is cancelled


def test_a_meeting_that_comes_back_raises_the_sequence_again(sent: dict[str, Revision]) -> None:
    cancelled = revised(sent)
    back = revised({"kultur-1": cancelled}, a_content())
    assert (back.is_cancelled, back.sequence, back.uid) == (False, 2, cancelled.uid)
    assert back.dtstamp > cancelled.dtstamp


def test_new_receivers_get_the_revision_as_it_is(sent: dict[str, Revision]) -> None:
    newcomer = a_receiver(person="p2", email="p2@example.org")
    now = revise(sent, [a_content()], {"kultur-1": [a_receiver(), newcomer]}, NEXT_DAY)["kultur-1"]
    assert (now.sequence, now.dtstamp) == (0, sent["kultur-1"].dtstamp)
    assert request(now, a_receiver()) == request(sent["kultur-1"], a_receiver())
    assert b"mailto:p2@example.org" in request(now, newcomer)


def invited(before: dict[str, Revision], *receivers: Receiver, today: date = NEXT_DAY, **changes: Any) -> Revision:
    return revise(before, [a_content(**changes)], {"kultur-1": receivers}, today)["kultur-1"]


def test_an_address_in_other_letter_case_is_no_change(sent: dict[str, Revision]) -> None:
    assert invited(sent, a_receiver(email="P1@Example.ORG")) is sent["kultur-1"]


def test_an_organizer_in_other_letter_case_requires_no_new_reply(sent: dict[str, Revision]) -> None:
    assert invited(sent, a_receiver(), organizer_email="Kansli@Example.org").sequence == 0


def test_a_new_address_outranks_the_cancellation_of_the_old_one_and_nobody_else_is_invited_again() -> None:
    other = a_receiver(person="p2", email="p2@example.org")
    sent = revise({}, [a_content()], {"kultur-1": [a_receiver(), other]}, TODAY)
    now = invited(sent, a_receiver(email="new@example.org"), other)
    assert now.withdrawn == {"p1@example.org": 1}
    assert (now.receivers[0].sequence, now.receivers[0].dtstamp) == (2, datetime(2026, 11, 23, tzinfo=UTC))
    assert request(now, now.receivers[1]) == request(sent["kultur-1"], other)
    again = invited({"kultur-1": now}, a_receiver(email="new@example.org"), other, today=date(2027, 1, 1))
    assert again is now


def test_a_change_for_one_receiver_renews_that_invitation_alone() -> None:
    other = a_receiver(person="p2", email="p2@example.org")
    sent = revise({}, [a_content()], {"kultur-1": [a_receiver(), other]}, TODAY)
    now = invited(sent, a_receiver(role="substitute"), other)
    assert (now.sequence, now.dtstamp) == (0, sent["kultur-1"].dtstamp)
    assert (now.receivers[0].sequence, now.receivers[0].dtstamp) == (None, datetime(2026, 11, 23, tzinfo=UTC))
    assert request(now, now.receivers[1]) == request(sent["kultur-1"], other)


def test_after_own_numbers_a_new_time_outranks_every_invitation(sent: dict[str, Revision]) -> None:
    changed = invited(sent, a_receiver(email="new@example.org"))
    moved = invited({"kultur-1": changed}, a_receiver(email="new@example.org"), starts_at=a_time("2027-03-04"))
    assert moved.sequence == 3
    assert moved.receivers == (a_receiver(email="new@example.org"),)
    assert moved.dtstamp > changed.latest_dtstamp


def test_a_removed_meeting_outranks_every_invitation(sent: dict[str, Revision]) -> None:
    changed = invited(sent, a_receiver(email="new@example.org"))
    cancelled = revise({"kultur-1": changed}, [], {}, NEXT_DAY)["kultur-1"]
    assert cancelled.sequence == 3
    assert cancelled.dtstamp > changed.latest_dtstamp


def test_the_organizer_is_not_removed_from_the_own_meeting(sent: dict[str, Revision]) -> None:
    now = invited(sent, organizer_email="P1@example.org")
    assert (now.receivers, now.withdrawn) == ((), {})


def test_a_meeting_before_today_keeps_its_revision_whatever_changed(sent: dict[str, Revision]) -> None:
    day_after = date(2027, 3, 4)
    assert invited(sent, today=day_after, summary="Nytt namn") is sent["kultur-1"]
    assert revise(sent, [], {}, day_after)["kultur-1"] is sent["kultur-1"]
    assert invited({}, a_receiver(), today=day_after).receivers == ()


def test_on_its_own_day_a_meeting_can_still_be_cancelled(sent: dict[str, Revision]) -> None:
    assert revise(sent, [], {}, date(2027, 3, 3))["kultur-1"].is_cancelled


addresses = st.sampled_from(["a@example.org", "A@example.org", "b@example.org", "c@example.org"])
lists = st.dictionaries(st.sampled_from(["p1", "p2"]), addresses, max_size=2)


@given(
    rounds=st.lists(st.tuples(lists, st.sampled_from([3, 4]), st.booleans()), min_size=2, max_size=6),
)
def test_every_message_to_a_mailbox_outranks_the_messages_before_it(
    rounds: list[tuple[dict[str, str], int, bool]],
) -> None:
    """Deliver every message of every round to one calendar a mailbox; the last message must be the one that counts."""
    revisions: dict[str, Revision] = {}
    calendars: dict[str, tuple[int, datetime, bytes]] = {}
    for addresses_of, day, is_planned in rounds:
        receivers = {receiver.mailbox: receiver for receiver in map(_person, addresses_of.items())}
        contents = [a_content(starts_at=a_time(f"2027-03-0{day}"))] if is_planned else []
        before = revisions
        revisions = revise(before, contents, {"kultur-1": list(receivers.values())}, TODAY)
        for mailbox, order, message in messages(before, revisions):
            known = calendars.get(mailbox)
            assert known is None or order > known[:2] or message == known[2]
            calendars[mailbox] = (*order, message)
        expected = set(receivers) if is_planned else set()
        assert {box for box, (*_, message) in calendars.items() if b"METHOD:REQUEST" in message} == expected


def _person(item: tuple[str, str]) -> Receiver:
    person, email = item
    return a_receiver(person=person, email=email)


def messages(
    before: dict[str, Revision], after: dict[str, Revision]
) -> Iterator[tuple[str, tuple[int, datetime], bytes]]:
    """Yield the mailbox, the order and the content of every message of a round: cancellations first."""
    for meeting, revision in after.items():
        sent = before[meeting].receivers if meeting in before else ()
        removed = [receiver for receiver in sent if receiver.mailbox in revision.withdrawn]
        for receiver in () if revision.is_cancelled else removed:
            order = (revision.withdrawn[receiver.mailbox], revision.dtstamp)
            yield receiver.mailbox, order, cancel(revision, receiver)
        write = cancel if revision.is_cancelled else request
        for receiver in revision.receivers:
            order = (revision.sequence_for(receiver), revision.dtstamp_for(receiver))
            yield receiver.mailbox, order, write(revision, receiver)


def test_meetings_come_in_their_order_and_the_cancelled_last(sent: dict[str, Revision]) -> None:
    contents: Sequence[Content] = [a_content("b"), a_content("a")]
    assert list(revise(sent, contents, {}, NEXT_DAY)) == ["b", "a", "kultur-1"]


def test_a_uid_comes_from_the_organizer_and_the_meeting_never_from_the_time() -> None:
    moved = revise({}, [a_content(starts_at=a_time("2027-09-01"))], {}, date(2027, 1, 1))["kultur-1"]
    assert moved.uid == meeting_uid("kansli@example.org", "kultur-1")
    assert moved.uid != meeting_uid("kansli@example.org", "kultur-2")
    assert moved.uid != meeting_uid("annan@example.org", "kultur-1")


def test_a_revision_survives_being_kept_as_json_byte_for_byte(sent: dict[str, Revision]) -> None:
    kept = Revision.model_validate_json(sent["kultur-1"].model_dump_json())
    assert kept == sent["kultur-1"]
    assert revise({"kultur-1": kept}, [a_content()], {"kultur-1": [a_receiver()]}, NEXT_DAY)["kultur-1"] is kept
    assert request(kept, a_receiver()) == request(sent["kultur-1"], a_receiver())
    assert cancel(kept, a_receiver()) == cancel(sent["kultur-1"], a_receiver())


def test_what_was_sent_for_a_date_before_today_stays_as_it_is(sent: dict[str, Revision]) -> None:
    day_after = date(2027, 3, 4)
    moved = a_content(starts_at=a_time("2027-03-20"), ends_at=a_time("2027-03-20", "12:00"))
    for content in (moved, a_content(location="Stadshuset"), a_content(description="ny text")):
        assert revise(sent, [content], {"kultur-1": [a_receiver(email="ny@example.org")]}, day_after) == sent
    assert revise(sent, [], {}, day_after) == sent
    assert revise(sent, [], {}, date(2027, 3, 3))["kultur-1"].is_cancelled  # the day itself is open


def test_nobody_is_invited_to_a_meeting_before_today() -> None:
    receivers = {"kultur-1": [a_receiver()]}
    revision = revise({}, [a_content()], receivers, date(2027, 3, 4))["kultur-1"]
    assert revision.receivers == ()
    assert revise({"kultur-1": revision}, [a_content()], receivers, date(2027, 3, 5)) == {"kultur-1": revision}


def test_a_meeting_that_lasts_past_midnight_was_held_on_the_date_of_its_start() -> None:
    late = a_content(starts_at=a_time("2027-03-03", "23:00"), ends_at=a_time("2027-03-04", "02:00"))
    sent = revise({}, [late], {"kultur-1": [a_receiver()]}, TODAY)
    assert revise(sent, [], {}, date(2027, 3, 4)) == sent
