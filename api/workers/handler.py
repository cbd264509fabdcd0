"""Handle one request: decompress and parse the problem, run the planner, and render the response or the error."""

import zlib
from collections.abc import Callable

from pydantic import BaseModel

from api import errors
from api.errors import PROBLEM_JSON, ApiError
from api.i18n import Wording
from api.invitations import build_contents
from api.workers.protocol import ExplainTask, ProblemUpload, ProposeTask, SolveRequest, SolveResponse
from scheduler import InvalidProblem, Problem, Proposals, explain, propose
from scheduler.errors import Fault
from scheduler.ical.write.feed import plan_calendar
from scheduler.ical.write.revision import revise

INVALID = "Fix the errors listed under errors, and send the problem again."
NO_PLAN = "No plan satisfies all rules; request application/json to see which rules conflict."
TOO_HARD = "The problem exceeds the memory limit of the service; plan fewer meetings at a time or narrow windows."
NOT_GZIP = "The body is not valid gzip; compress it again, or send it uncompressed."
NO_ORGANIZER = "Give the council an organizer with a name and an address; a calendar needs one."
TOO_LARGE = "The problem is larger than {limit} MiB when decompressed; send a smaller one."

_GZIP_ONLY = zlib.MAX_WBITS | 16  # 16: a gzip header and trailer, and no other format (zlib's inflateInit2)


KeepResponse = Callable[[SolveResponse], None]


def handle(request: SolveRequest, body: bytes, keep: KeepResponse) -> SolveResponse:
    """
    Return the response to a request; an invalid or too hard problem is a response with an error document.

    Parameters
    ----------
    keep
        Called with the best plan before alternatives are searched: the response if the process does not return another.
    """
    wording = Wording(request.upload.language)
    kept: list[SolveResponse] = []

    def keep_best(best: Proposals) -> None:
        kept.append(_json_response(best))
        keep(kept[0])

    try:
        return _solve(request, body, wording, keep_best)
    except InvalidProblem as invalid:
        error = ApiError(errors.INVALID, INVALID, faults=invalid.faults, num_faults=invalid.num_faults)
    except ApiError as raised:
        error = raised
    except MemoryError:
        if kept:
            return kept[0]
        error = ApiError(errors.TOO_HARD, TOO_HARD)
    return SolveResponse(error.kind.status, PROBLEM_JSON, error.to_json(wording))


def _solve(
    request: SolveRequest,
    body: bytes,
    wording: Wording,
    keep_best: Callable[[Proposals], None],
) -> SolveResponse:
    document = _decompress(body, request.upload)
    problem = Problem.read(document)
    match request.task:
        case ExplainTask(kind, seed, time_limit_seconds):
            explanation = explain(problem, kind, seed=seed, time_limit_seconds=time_limit_seconds)
            return _json_response(explanation)
        case ProposeTask(form="json", options=options):
            return _json_response(propose(problem, options, on_best=keep_best))
        case ProposeTask(options=options):
            # A calendar holds the best plan alone.
            _check_organizers(problem)
            proposals = propose(problem, options, alternatives=1)
            calendar = _render_calendar(problem, proposals, wording)
            return SolveResponse(200, "text/calendar; charset=utf-8; method=PUBLISH", calendar)


def _json_response(document: BaseModel) -> SolveResponse:
    body = document.model_dump_json().encode() + b"\n"
    return SolveResponse(200, "application/json", body)


def _render_calendar(problem: Problem, proposals: Proposals, wording: Wording) -> bytes:
    if not proposals.proposals:
        raise ApiError(errors.NO_PLAN, NO_PLAN)
    best = proposals.proposals[0]
    revisions = revise({}, build_contents(problem, best, wording), {}, problem.today)
    return plan_calendar(revisions.values(), problem.title)


def _check_organizers(problem: Problem) -> None:
    """Reject a problem without organizers: METHOD:PUBLISH requires ORGANIZER (RFC 5546, section 3.2.1)."""
    faults = [
        Fault(f"/councils/{i}/organizer", NO_ORGANIZER)
        for i, council in enumerate(problem.councils)
        if council.organizer is None
    ]
    if faults:
        raise InvalidProblem(faults)


def _decompress(body: bytes, upload: ProblemUpload) -> bytes:
    if not upload.is_gzipped:
        return body
    limit = upload.max_inflated_bytes
    decompressor = zlib.decompressobj(wbits=_GZIP_ONLY)
    # One octet more than the limit tells a body at the limit from a larger one, whatever it would expand to.
    try:
        inflated = decompressor.decompress(body, limit + 1)
    except zlib.error:
        raise InvalidProblem([Fault("", NOT_GZIP)]) from None
    if len(inflated) > limit:
        raise ApiError(errors.TOO_LARGE, TOO_LARGE, {"limit": limit // 2**20})
    if not decompressor.eof or decompressor.unused_data:
        raise InvalidProblem([Fault("", NOT_GZIP)])
    return inflated
