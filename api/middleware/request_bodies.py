"""Close the connection after a response that is sent before the request body has arrived."""

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Many clients read the response only after they have sent the body, so that a part of it is read and discarded.
MAX_DISCARDED_OCTETS = 2**20
MAX_DISCARD_SECONDS = 2.0


class RequestBodyMiddleware:
    """
    Bounds what is read of a request body that no route wants: one of a wrong type, too large, or for a wrong path.

    The response is sent with ``Connection: close``. Then at most `MAX_DISCARDED_OCTETS` are read, for at most
    `MAX_DISCARD_SECONDS`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        is_complete = not _has_body(scope)
        has_to_close = False

        async def receive_and_record() -> Message:
            nonlocal is_complete
            message = await receive()
            is_complete = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        async def send_and_discard(message: Message) -> None:
            nonlocal has_to_close
            if message["type"] == "http.response.start":
                has_to_close = not is_complete
                if has_to_close:
                    MutableHeaders(scope=message)["Connection"] = "close"
            is_last = message["type"] == "http.response.body" and not message.get("more_body", False)
            if not (is_last and has_to_close):
                await send(message)
                return
            # The server closes the connection after the last message. One that is closed while octets arrive is reset,
            # and a client that is still sending would not see the response.
            await send({**message, "more_body": True})
            await _discard(receive)
            await send({"type": "http.response.body"})

        await self._app(scope, receive_and_record, send_and_discard)


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "transfer-encoding" in headers or headers.get("content-length", "0").strip("0") != ""


async def _discard(receive: Receive) -> None:
    num_octets = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(MAX_DISCARD_SECONDS):
            while num_octets < MAX_DISCARDED_OCTETS:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
                num_octets += len(message.get("body", b""))
