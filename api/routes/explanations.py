"""`POST /v1/explanations/…`: a problem goes in, and one answer to why comes out; nothing is kept."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import BodyDep, PoolDep, SentDep, json_alone, response_of, while_listening
from api.openapi import EXPLANATIONS
from api.workers.protocol import Question, Why
from scheduler.explaining.explanation import ExplanationKind

# the form comes first of all: an answer that cannot be had is refused before the body is received
router = APIRouter(prefix="/v1/explanations", dependencies=[Depends(json_alone)])


class Options(BaseModel):
    """How to search."""

    model_config = ConfigDict(extra="forbid")

    seed: int = Field(0, ge=0, le=2**31 - 1, description="The seed of the search")
    time_limit_seconds: float = Field(60.0, ge=0.1, le=60, description="For all searching")


def _explaining(kind: ExplanationKind) -> Callable[..., Awaitable[Response]]:
    async def explain(
        request: Request, options: Annotated[Options, Query()], sent: SentDep, pool: PoolDep, body: BodyDep
    ) -> Response:
        """Have a child work it out while the caller waits."""
        question = Question(sent, Why(kind), options.seed, options.time_limit_seconds)
        async with while_listening(request):
            answer = await pool.answer(question, body)
        return response_of(answer, sent)

    return explain


for kind, told in EXPLANATIONS.items():
    router.post(f"/{kind}", **told)(_explaining(kind))
