"""Who answers one question: bytes in, a proposal or a calendar out, or what is wrong with it."""

import zlib

from api import errors
from api.errors import PROBLEM_JSON, Refusal
from api.inviting import contents
from api.solving.question import Answer, Question
from api.wording import Wording
from scheduler import InvalidProblem, Problem, Proposals, propose
from scheduler.errors import Fault
from scheduler.ical.feed import plan_calendar
from scheduler.ical.revision import revise

INVALID = "Mend the faults listed under errors, and send the problem again."
NO_PLAN = "No date fits; ask for application/json to see which rules stand against each other."
TOO_HARD = "The problem needs more memory than the service gives; plan fewer meetings at a time or narrow windows."


def answer(question: Question, body: bytes) -> Answer:
    """Return the answer to a question; what is wrong with it is an answer too."""
    wording = Wording(question.language)
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
    problem = Problem.read(_inflated(body, question.max_inflated_bytes) if question.is_gzipped else body)
    if question.form == "calendar":
        _check_organizers(problem)
    proposals = propose(
        problem,
        objective=question.objective,
        give_up=question.give_up,
        move_cost=question.move_cost,
        alternatives=question.alternatives if question.form == "json" else 1,
        min_days=question.min_days,
        min_moved=question.min_moved,
        seed=question.seed,
        time_limit_seconds=question.time_limit_seconds,
    )
    if question.form == "json":
        return Answer(200, "application/json", proposals.model_dump_json().encode() + b"\n")
    return Answer(200, "text/calendar; charset=utf-8; method=PUBLISH", _calendar(problem, proposals, wording))


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
