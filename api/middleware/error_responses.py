"""Send an error from middleware, where no exception handler of the framework applies."""

from starlette.datastructures import Headers
from starlette.types import Scope, Send

from api.content_negotiation import preferred_language
from api.errors import PROBLEM_JSON, ApiError, language_headers
from api.i18n import Wording


async def send_error(error: ApiError, scope: Scope, send: Send) -> None:
    """Send an error as the response, in the language that the client prefers."""
    language = preferred_language(Headers(scope=scope))
    body = error.to_json(Wording(language))
    headers = {
        "Content-Type": PROBLEM_JSON,
        "Content-Length": str(len(body)),
        **language_headers(language),
        **error.headers,
    }
    raw_headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": error.kind.status, "headers": raw_headers})
    await send({"type": "http.response.body", "body": body})
