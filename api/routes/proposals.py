"""`POST /v1/proposals`: propose plans for a problem, as JSON or as a calendar. Nothing is stored."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import (
    BodyDep,
    FormDep,
    PoolDep,
    UploadDep,
    cancel_on_disconnect,
    negotiate_form,
    to_http_response,
)
from api.openapi import PROPOSALS
from api.workers.protocol import ProposeTask, SolveRequest
from scheduler.options import MAX_MOVE_COST
from scheduler.proposal import Objective

router = APIRouter()


class ProposeOptions(BaseModel):
    """The query parameters of a proposal."""

    model_config = ConfigDict(extra="forbid")

    alternatives: int = Field(3, ge=1, le=10, description="Maximum number of proposals")
    objective: Objective = Field(
        "attendance",
        description="Objective: greatest attendance, the worst-represented party first (fair), or few moves (repair)",
    )
    give_up: float = Field(
        0.001,
        ge=0,
        le=1,
        description="Share of the attendance that a fair plan may give up",
    )
    move_cost: float = Field(
        0.25,
        ge=0,
        le=MAX_MOVE_COST,
        description="Cost of moving a meeting in a repaired plan, in expected parties",
    )
    min_days: int = Field(
        7,
        ge=1,
        le=366,
        description="Number of days that a meeting has to move to count as different from earlier proposals",
    )
    min_moved: int | None = Field(
        None,
        ge=1,
        le=3000,
        description="Number of meetings that have to differ from each earlier proposal; by default a quarter of all",
    )
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Random seed of the search")
    time_limit_seconds: float = Field(60.0, ge=0.1, le=60, description="Time limit of the search in seconds")


# A dependency in the decorator runs before those of the endpoint: a client that accepts neither form is rejected before
# its body is received.
@router.post("/v1/proposals", dependencies=[Depends(negotiate_form)], **PROPOSALS)
async def propose(
    request: Request,
    options: Annotated[ProposeOptions, Query()],
    form: FormDep,
    upload: UploadDep,
    pool: PoolDep,
    body: BodyDep,
) -> Response:
    """Propose plans in a worker process while the client waits."""
    task = ProposeTask(
        form=form,
        objective=options.objective,
        give_up=options.give_up,
        move_cost=options.move_cost,
        alternatives=options.alternatives,
        min_days=options.min_days,
        min_moved=options.min_moved,
    )
    solve_request = SolveRequest(upload, task, options.seed, options.time_limit_seconds)
    async with cancel_on_disconnect(request):
        response = await pool.solve(solve_request, body)
    return to_http_response(response, upload)
