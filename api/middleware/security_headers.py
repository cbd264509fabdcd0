"""Add security headers to every response, and build the pages that the content security policy allows."""

import re
from base64 import b64encode
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


class SecurityHeadersMiddleware:
    """Adds the security headers that a response does not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def html_page(html: str) -> HTMLResponse:
    """Return a page whose policy allows its inline style sheets, by their hashes, and no other resource."""
    policy = f"{CONTENT_SECURITY_POLICY}{allowed_styles(html)}"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


def allowed_styles(html: str) -> str:
    """Return the directive that allows the inline style sheets of a page; empty when it has none."""
    digests = {_base64_sha256(style) for style in _STYLE.findall(html)}
    if not digests:
        return ""
    sources = " ".join(f"'sha256-{digest}'" for digest in sorted(digests))
    return f"; style-src {sources}"


def _base64_sha256(text: str) -> str:
    digest = sha256(text.encode()).digest()
    return b64encode(digest).decode()
