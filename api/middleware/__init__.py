"""ASGI middleware: request bodies and ids, access log, security headers, internal errors, check of the Host header."""

from api.middleware.access_log import AccessLogMiddleware, JsonLogFormatter, RepetitionFilter
from api.middleware.error_handling import InternalErrorMiddleware
from api.middleware.host_check import HostCheckMiddleware
from api.middleware.request_bodies import RequestBodyMiddleware
from api.middleware.request_ids import RequestIdMiddleware
from api.middleware.security_headers import SecurityHeadersMiddleware, allowed_styles, html_page

__all__ = [
    "AccessLogMiddleware",
    "HostCheckMiddleware",
    "InternalErrorMiddleware",
    "JsonLogFormatter",
    "RepetitionFilter",
    "RequestBodyMiddleware",
    "RequestIdMiddleware",
    "SecurityHeadersMiddleware",
    "allowed_styles",
    "html_page",
]
