"""`POST /v1/explanations/{kind}`: explain a problem. Nothing is stored."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import (
    BodyDep,
    PoolDep,
    UploadDep,
    cancel_on_disconnect,
    require_json_accepted,
    to_http_response,
)
from api.openapi import EXPLANATIONS
from api.workers.protocol import ExplainTask, SolveRequest
from scheduler.explaining.explanation import ExplanationKind
from scheduler.options import MAX_SEED

# A dependency of the router runs before those of a route: a client that does not accept JSON is rejected before its
# body is received.
router = APIRouter(prefix="/v1/explanations", dependencies=[Depends(require_json_accepted)])


class ExplainOptions(BaseModel):
    """The query parameters of an explanation."""

    model_config = ConfigDict(extra="forbid")

    seed: int = Field(0, ge=0, le=MAX_SEED, description="Random seed of the search")
    time_limit_seconds: float = Field(60.0, ge=0.1, le=60, description="Time limit of the search in seconds")


def _create_endpoint(kind: ExplanationKind) -> Callable[..., Awaitable[Response]]:
    async def explain(
        request: Request,
        options: Annotated[ExplainOptions, Query()],
        upload: UploadDep,
        pool: PoolDep,
        body: BodyDep,
    ) -> Response:
        """Explain a problem in a worker process while the client waits."""
        task = ExplainTask(kind, options.seed, options.time_limit_seconds)
        async with cancel_on_disconnect(request):
            response = await pool.solve(SolveRequest(upload, task), body)
        return to_http_response(response, upload)

    return explain


for kind, operation in EXPLANATIONS.items():
    endpoint = _create_endpoint(kind)
    router.post(f"/{kind}", **operation)(endpoint)
