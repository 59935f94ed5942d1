"""The one place where an exception becomes a reply.

Bodies and statuses are the ones recorded from HA, so that its clients understand them. Not here: WebSocket errors.
"""

from __future__ import annotations

import structlog
import voluptuous as vol

from marge.errors import (
    InvalidRequest,
    MargeError,
    NotFound,
    ServiceNotFound,
    Unauthorized,
    Unavailable,
)
from marge.http.message import NO_HEADERS, Reply, Request, message_reply, status_reply, text_reply

_log = structlog.get_logger("marge.http")

TROUBLE = "500 Internal Server Error\n\nServer got itself in trouble"
RETRY_AFTER_S = 1  # a full queue drains within about a second


class HttpError(MargeError):
    """A handler's way out with a status of its choice.

    Args:
        status: HTTP status.
        message: sent as `{"message": …}`; None sends the bare text of the status ("400: Bad Request").
        headers: sent with a bare status only.
    """

    def __init__(self, status: int, message: str | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(message or str(status))
        self.status = status
        self.message = message
        self.headers = headers


def error_reply(error: Exception, request: Request) -> Reply:
    """The reply for `error`. What nobody expected is logged here, once, with the path; its text stays inside."""
    match error:
        case HttpError(message=None):
            return status_reply(error.status, error.headers or NO_HEADERS)
        case HttpError(message=str() as message):
            return message_reply(message, error.status)
        case Unauthorized():
            return status_reply(401)
        case NotFound():
            return message_reply(str(error), 404)
        case InvalidRequest():
            return message_reply(str(error), 400)
        case vol.Invalid() | ServiceNotFound():
            return status_reply(400)
        case Unavailable():
            reply = message_reply(str(error), 503)
            return reply._replace(headers={"Retry-After": str(RETRY_AFTER_S)})
        case MargeError():  # a service that fails or refuses: HA's REST API says no more than this either
            _log.warning("request failed", method=request.method, path=request.path, error=str(error))
            return trouble_reply()
    _log.error("request handler raised", method=request.method, path=request.path, exc_info=error)
    return trouble_reply()


def trouble_reply() -> Reply:
    """HA's reply to an unexpected exception."""
    return text_reply(TROUBLE, 500)


def not_allowed_reply(allowed: list[str]) -> Reply:
    """405 with the methods this path takes, sorted as HA does."""
    return status_reply(405, {"Allow": ",".join(sorted(allowed))})
