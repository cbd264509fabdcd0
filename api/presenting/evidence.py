"""What a plan rests on, as text: the calendars and answers that were read, and the concerns about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from api.i18n import Wording
from api.presenting.names import list_some
from scheduler.evidence import Evidence, PersonEvidence, SkippedPart, Source
from scheduler.problem import Problem

MAX_NAMED = 6  # people in a sentence
EARLY_END_SHARE = 0.25  # of the planning period: events that end that much before it raise a doubt
MIN_DAYS_BEFORE_END = 30


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A calendar in the table: whose it is, its file, the period covered, its counts and what was not read."""

    owner: str
    name: str
    period: str
    busy: str
    changed: str
    not_read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A summary in sentences, the concerns in order of weight, and a row for each calendar."""

    summary: tuple[str, ...]
    concerns: tuple[str, ...]
    sources: tuple[SourceRow, ...]


def build_evidence_view(evidence: Evidence, problem: Problem, wording: Wording) -> EvidenceView:
    """Return how the input of a plan was read."""
    writer = _EvidenceWriter(problem, wording)
    return EvidenceView(
        summary=tuple(writer.summary(evidence)),
        concerns=tuple(writer.concerns(evidence)),
        sources=tuple(writer.row(source) for source in evidence.sources),
    )


class _EvidenceWriter:
    """Writes the sentences about the evidence of one problem."""

    def __init__(self, problem: Problem, wording: Wording) -> None:
        self._problem = problem
        self._wording = wording

    def summary(self, evidence: Evidence) -> Iterator[str]:
        say = self._wording.say
        parts = list(self._counts(evidence))
        if parts:
            yield say("The plan rests on {parts}.", parts=self._wording.listing(parts))
        else:
            yield say("The plan rests on no calendar and on no answer.")

        dates = [source.written_at for source in evidence.sources if source.written_at is not None]
        if dates:
            newest = self._wording.plain_day(max(dates).astimezone(self._problem.zone))
            oldest = self._wording.plain_day(min(dates).astimezone(self._problem.zone))
            if newest == oldest:
                yield say("The calendars were last changed on {day}.", day=newest)
            else:
                yield say(
                    "The calendars were last changed between {oldest} and {newest}.",
                    newest=newest,
                    oldest=oldest,
                )

        num_known = len(evidence.people) - len(evidence.people_without)
        if 0 < num_known < len(evidence.people):
            yield say(
                "Something is known of {known} of {total} people.",
                known=num_known,
                total=len(evidence.people),
            )

    def _counts(self, evidence: Evidence) -> Iterator[str]:
        """Yield the number of each kind of source."""
        say_many = self._wording.say_many
        informative = [source for source in evidence.sources if _is_informative(source)]
        kinds = [source.kind for source in informative]
        with_calendar = {person for source in informative if source.kind == "own" for person in source.people}
        num_stated_known = sum(
            person.has_known_time and person.person not in with_calendar for person in evidence.people
        )
        num_shared = kinds.count("shared") + kinds.count("stated")
        num_answers = sum(person.num_answers for person in evidence.people)
        if with_calendar:
            yield say_many("the calendar of {count} person", "the calendars of {count} people", len(with_calendar))
        if num_stated_known:
            yield say_many("the stated time of {count} person", "the stated time of {count} people", num_stated_known)
        if num_shared:
            yield say_many("{count} shared calendar", "{count} shared calendars", num_shared)
        if evidence.num_stated:
            yield say_many("{count} stated commitment", "{count} stated commitments", evidence.num_stated)
        if num_answers:
            yield say_many("{count} answer", "{count} answers", num_answers)

    def concerns(self, evidence: Evidence) -> Iterator[str]:
        """Yield the concerns: unread calendars first, then missing ones, then unlikely contents."""
        for source in evidence.sources:
            yield from self._reading_concerns(source)
        for file in evidence.unused_files:
            sentence = self._wording.say(file.sentence, **file.values)
            yield self._wording.say("{file}: {trouble}", file=file.file, trouble=sentence)
        if not evidence.is_empty:
            yield from self._people_concerns(evidence)
        for source in evidence.sources:
            yield from self._content_concerns(source)

    def _reading_concerns(self, source: Source) -> Iterator[str]:
        if source.kind in ("stated", "reply") or not (source.skipped or source.num_unknown_days):
            return
        owner = self._owner(source)
        reasons = " ".join(self._reasons(source))
        if source.first_known is None:
            yield self._wording.say_many(
                "{file}, {owner}, was not read, so that the time of {count} person is unknown: {reasons}",
                "{file}, {owner}, was not read, so that the time of {count} people is unknown: {reasons}",
                len(source.people),
                file=source.name,
                owner=owner,
                reasons=reasons,
            )
        else:
            yield self._wording.say(
                "{file}, {owner}, was read in part, and the rest is unknown: {reasons}",
                file=source.name,
                owner=owner,
                reasons=reasons,
            )

    def _people_concerns(self, evidence: Evidence) -> Iterator[str]:
        say_many = self._wording.say_many
        free = self._wording.percent(self._problem.assumptions.unknown_free)
        nothing = [person for person in evidence.people if person.has_nothing]
        if nothing:
            yield say_many(
                "Nothing is known of {count} person, who is taken to be free with a chance of {free}: {people}.",
                "Nothing is known of {count} people, who are taken to be free with a chance of {free}: {people}.",
                len(nothing),
                people=self._people(nothing),
                free=free,
            )
        partly = [person for person in evidence.people if not (person.has_nothing or person.has_known_time)]
        partly = [person for person in partly if person.num_commitments]
        if partly:
            yield say_many(
                "Of {count} person only some meetings are known, and no whole calendar; other time is taken to be free "
                "with a chance of {free}: {people}.",
                "Of {count} people only some meetings are known, and no whole calendar; other time is taken to be free "
                "with a chance of {free}: {people}.",
                len(partly),
                people=self._people(partly),
                free=free,
            )

    def _content_concerns(self, source: Source) -> Iterator[str]:
        """Yield what is unlikely in a calendar that was read."""
        if source.first_known is None:
            return
        values = {"file": source.name, "owner": self._owner(source)}
        if source.num_events == 0:
            yield self._wording.say(
                "{file}, {owner}, has no events; check that it is the right calendar, and whole.", **values
            )
        elif source.last_busy is None:
            yield self._wording.say(
                "{file}, {owner}, has no busy time in the planning period; check that it is the right year.", **values
            )
        elif self._ends_early(source.last_busy):
            day = self._wording.plain_day(source.last_busy)
            yield self._wording.say(
                "{file}, {owner}: the last event is on {day}, long before the planning period ends; check that the "
                "rest of the year is in it.",
                day=day,
                **values,
            )

    def _ends_early(self, last_busy: date) -> bool:
        horizon = self._problem.horizon
        num_days = (horizon.end - horizon.start).days
        days_before_end = (horizon.end - last_busy).days
        return days_before_end > max(MIN_DAYS_BEFORE_END, num_days * EARLY_END_SHARE)

    def row(self, source: Source) -> SourceRow:
        changed = source.written_at and source.written_at.astimezone(self._problem.zone)
        return SourceRow(
            owner=self._owner(source),
            name=source.name,
            period=self._period(source),
            busy="" if source.kind == "reply" else self._busy_times(source),
            changed=self._wording.plain_day(changed) if changed else "",
            not_read=tuple(self._reasons(source)),
        )

    def _busy_times(self, source: Source) -> str:
        return self._wording.say_many("{count} busy time", "{count} busy times", source.num_busy)

    def _period(self, source: Source) -> str:
        if source.kind == "stated":
            return self._wording.say("stated in the problem")
        if source.kind == "reply":
            return self._wording.say("reply to an invitation")
        if source.first_known is None or source.last_known is None:
            return self._wording.say("not read")
        days = self._wording.days(source.first_known, source.last_known)
        if source.num_unknown_days == 0:
            return days
        return self._wording.say_many(
            "{days}, {count} day unknown", "{days}, {count} days unknown", source.num_unknown_days, days=days
        )

    def _owner(self, source: Source) -> str:
        if source.label is not None:
            return source.label
        return self._problem.people_by_id[source.people[0]].name

    def _people(self, people: Sequence[PersonEvidence]) -> str:
        """Return the names of a few people, which may contain commas, and how many there are beyond."""
        names = [self._problem.people_by_id[person.person].name for person in people]
        return list_some(names, MAX_NAMED, self._wording)

    def _reasons(self, source: Source) -> Iterator[str]:
        """Yield each reason why a part was not read once, with the first of its days."""
        parts: dict[str, list[SkippedPart]] = {}
        for part in source.skipped:
            parts.setdefault(part.sentence, []).append(part)
        for of_reason in parts.values():
            days = sorted({part.day for part in of_reason if part.day is not None})
            yield self._reason(of_reason[0], days)

    def _reason(self, part: SkippedPart, days: Sequence[date]) -> str:
        reason = self._wording.say(part.sentence)
        if not days:
            return reason
        first = self._wording.plain_day(days[0])
        if len(days) == 1:
            return self._wording.say("{reason} ({day})", reason=reason, day=first)
        return self._wording.say_many(
            "{reason} ({day} and {count} more day)",
            "{reason} ({day} and {count} more days)",
            len(days) - 1,
            reason=reason,
            day=first,
        )


def _is_informative(source: Source) -> bool:
    return source.first_known is not None or source.num_busy > 0
