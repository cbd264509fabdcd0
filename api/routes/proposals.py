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
from scheduler.options import MAX_MOVE_COST, MAX_SEED, PlanOptions
from scheduler.proposal import Objective

router = APIRouter()

_DEFAULTS = PlanOptions()


class ProposeOptions(BaseModel):
    """The query parameters of a proposal: the fields of `PlanOptions`, with the limits of the service."""

    model_config = ConfigDict(extra="forbid")

    alternatives: int = Field(_DEFAULTS.alternatives, ge=1, le=10, description="Maximum number of proposals")
    objective: Objective = Field(
        _DEFAULTS.objective,
        description="Objective: greatest attendance, the worst-represented party first (fair), or few moves (repair)",
    )
    give_up: float = Field(
        _DEFAULTS.give_up,
        ge=0,
        le=1,
        description="Share of the attendance that a fair plan may give up",
    )
    move_cost: float = Field(
        _DEFAULTS.move_cost,
        ge=0,
        le=MAX_MOVE_COST,
        description="Cost of moving a meeting in a repaired plan, in expected parties",
    )
    min_days: int | None = Field(
        None,
        ge=0,
        le=366,
        description="Number of days that a meeting has to move to count as different from earlier proposals; with 0,"
        " another hour of the same day counts, too; by default 7, or an eighth of a horizon below eight weeks",
    )
    min_moved: int | None = Field(
        None,
        ge=1,
        le=3000,
        description="Number of meetings that have to differ from each earlier proposal; by default a quarter of all",
    )
    seed: int = Field(_DEFAULTS.seed, ge=0, le=MAX_SEED, description="Random seed of the search")
    time_limit_seconds: float = Field(
        _DEFAULTS.time_limit_seconds, ge=0.1, le=60, description="Time limit of the search in seconds"
    )


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
    task = ProposeTask(form, PlanOptions(**options.model_dump()))
    async with cancel_on_disconnect(request):
        response = await pool.solve(SolveRequest(upload, task), body)
    return to_http_response(response, upload)
