"""`POST /v1/proposals`: a problem goes in, proven dates or their calendar come out; nothing is kept."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import BodyDep, FormDep, PoolDep, SentDep, form_of, response_of, while_listening
from api.openapi import PROPOSALS
from api.workers.protocol import ProposeTask, SolveRequest
from scheduler.options import MAX_MOVE_COST
from scheduler.proposal import Objective

router = APIRouter()


class Options(BaseModel):
    """How to search, and what to answer."""

    model_config = ConfigDict(extra="forbid")

    alternatives: int = Field(3, ge=1, le=10, description="How many proposals to answer at most")
    objective: Objective = Field(
        "attendance", description="What is sought: most attendance, the least heard party first, or few moves"
    )
    give_up: float = Field(0.001, ge=0, le=1, description="The share of the attendance that a fair plan may give up")
    move_cost: float = Field(
        0.25, ge=0, le=MAX_MOVE_COST, description="What a move costs when a plan is repaired, in expected parties"
    )
    min_days: int = Field(7, ge=1, le=366, description="By how many days a proposal differs from those before it")
    min_moved: int | None = Field(
        None, ge=1, le=3000, description="In how many meetings; a quarter of them when left out"
    )
    seed: int = Field(0, ge=0, le=2**31 - 1, description="The seed of the search")
    time_limit_seconds: float = Field(60.0, ge=0.1, le=60, description="For all searching")


# the form comes first of all: an answer that cannot be had is refused before the body is received
@router.post("/v1/proposals", dependencies=[Depends(form_of)], **PROPOSALS)
async def propose(
    request: Request,
    options: Annotated[Options, Query()],
    form: FormDep,
    sent: SentDep,
    pool: PoolDep,
    body: BodyDep,
) -> Response:
    """Have a child work the question out while the caller waits."""
    wanted = ProposeTask(
        form=form,
        objective=options.objective,
        give_up=options.give_up,
        move_cost=options.move_cost,
        alternatives=options.alternatives,
        min_days=options.min_days,
        min_moved=options.min_moved,
    )
    question = SolveRequest(sent, wanted, options.seed, options.time_limit_seconds)
    async with while_listening(request):
        answer = await pool.solve(question, body)
    return response_of(answer, sent)
