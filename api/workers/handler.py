"""Who answers one question: bytes in, plans or a calendar or a reason out, or what is wrong with it."""

import zlib

from pydantic import BaseModel

from api import errors
from api.errors import PROBLEM_JSON, Refusal
from api.i18n import Wording
from api.invitations import contents
from api.workers.protocol import Answer, Plans, Question, Sent, Why
from scheduler import InvalidProblem, Problem, Proposals, explain, propose
from scheduler.errors import Fault
from scheduler.ical.write.feed import plan_calendar
from scheduler.ical.write.revision import revise

INVALID = "Mend the faults listed under errors, and send the problem again."
NO_PLAN = "No date fits; ask for application/json to see which rules stand against each other."
TOO_HARD = "The problem needs more memory than the service gives; plan fewer meetings at a time or narrow windows."


def answer(question: Question, body: bytes) -> Answer:
    """Return the answer to a question; what is wrong with it is an answer too."""
    wording = Wording(question.sent.language)
    try:
        return _answer(question, body, wording)
    except InvalidProblem as invalid:
        refusal = Refusal(errors.INVALID, INVALID, faults=invalid.faults, num_faults=invalid.num_faults)
    except Refusal as raised:
        refusal = raised
    except MemoryError:
        refusal = Refusal(errors.TOO_HARD, TOO_HARD)
    return Answer(refusal.kind.status, PROBLEM_JSON, refusal.document(wording))


def _answer(question: Question, body: bytes, wording: Wording) -> Answer:
    problem = Problem.read(_plain(body, question.sent))
    match question.wanted:
        case Why(kind):
            return _json(explain(problem, kind, seed=question.seed, time_limit_seconds=question.time_limit_seconds))
        case Plans(form="json") as wanted:
            return _json(_proposals(problem, question, wanted, wanted.alternatives))
        case Plans() as wanted:
            _check_organizers(problem)
            calendar = _calendar(problem, _proposals(problem, question, wanted, 1), wording)
            return Answer(200, "text/calendar; charset=utf-8; method=PUBLISH", calendar)


def _json(told: BaseModel) -> Answer:
    return Answer(200, "application/json", told.model_dump_json().encode() + b"\n")


def _proposals(problem: Problem, question: Question, wanted: Plans, alternatives: int) -> Proposals:
    return propose(
        problem,
        objective=wanted.objective,
        give_up=wanted.give_up,
        move_cost=wanted.move_cost,
        alternatives=alternatives,
        min_days=wanted.min_days,
        min_moved=wanted.min_moved,
        seed=question.seed,
        time_limit_seconds=question.time_limit_seconds,
    )


def _calendar(problem: Problem, proposals: Proposals, wording: Wording) -> bytes:
    if not proposals.proposals:
        raise Refusal(errors.NO_PLAN, NO_PLAN)
    revisions = revise({}, contents(problem, proposals.proposals[0], wording), {}, problem.today)
    return plan_calendar(revisions.values(), problem.title)


def _check_organizers(problem: Problem) -> None:
    """Refuse a calendar that nobody sends: RFC 5546, section 3.2.1, asks for an organizer."""
    faults = [
        Fault(f"/councils/{i}/organizer", "Name who sends the invitations, with an address, to get a calendar.")
        for i, council in enumerate(problem.councils)
        if council.organizer is None
    ]
    if faults:
        raise InvalidProblem(faults)


def _plain(body: bytes, sent: Sent) -> bytes:
    return _inflated(body, sent.max_inflated_bytes) if sent.is_gzipped else body


def _inflated(body: bytes, limit: int) -> bytes:
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)  # 16: gzip's header and no other
    try:
        inflated = inflater.decompress(body, limit + 1)
    except zlib.error:
        raise InvalidProblem([Fault("", "This is not gzip; compress it again, or send it plain.")]) from None
    if len(inflated) > limit:
        values = {"limit": limit // 2**20}
        raise Refusal(errors.TOO_LARGE, "The problem is larger than {limit} MiB when unpacked; send less.", values)
    if not inflater.eof or inflater.unused_data:
        raise InvalidProblem([Fault("", "This is not gzip; compress it again, or send it plain.")])
    return inflated
