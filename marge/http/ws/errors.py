"""Errors over WebSocket: codes and texts as recorded from HA."""

from __future__ import annotations

from typing import Any

import pykka
import structlog
import voluptuous as vol
from voluptuous.humanize import humanize_error

from marge.errors import (
    HomeError,
    InvalidRequest,
    InvalidValue,
    MargeError,
    NotFound,
    Overloaded,
    ServiceValidationError,
    Unauthorized,
)

log = structlog.get_logger("marge.http")

INVALID_FORMAT = "invalid_format"
NOT_FOUND = "not_found"
UNKNOWN_COMMAND = "unknown_command"
UNAUTHORIZED = "unauthorized"
ID_REUSE = "id_reuse"
UNKNOWN_ERROR = "unknown_error"


class CommandError(MargeError):
    """A command's way out with a code of its choice."""

    def __init__(self, code: str, message: str, of: ServiceValidationError | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.of = of
        """Whose translation keys the reply carries."""


class InvalidMessage(MargeError):
    """A message does not fit its command's schema."""


def describe_invalid(data: Any, error: vol.Invalid) -> str:
    """All that is wrong, a line each, with the values: what clients see of a message that does not fit."""
    return str(humanize_error(data, error))


def error_body(error: BaseException, command: str) -> dict[str, Any]:
    """The `error` object of a reply. What nobody expected is logged here, once; its text stays inside."""
    match error:
        case CommandError():
            body = {"code": error.code, "message": str(error)}
            return body if error.of is None else body | _translation(error.of)
        case InvalidMessage():
            return {"code": INVALID_FORMAT, "message": str(error)}
        case vol.Invalid():
            return {"code": INVALID_FORMAT, "message": str(error)}
        case ServiceValidationError():
            return {
                "code": "service_validation_error",
                "message": f"Validation error: {error}",
            } | _translation(error)
        case HomeError():
            return {"code": "home_assistant_error", "message": str(error)}
        case InvalidValue():
            return {"code": UNKNOWN_ERROR, "message": str(error)}
        case Unauthorized():
            return {"code": UNAUTHORIZED, "message": "Unauthorized"}
        case NotFound():
            return {"code": NOT_FOUND, "message": str(error)}
        case InvalidRequest():
            return {"code": INVALID_FORMAT, "message": str(error)}
        case Overloaded() | pykka.Timeout():
            return {"code": "timeout", "message": str(error) or "Timeout"}
        case MargeError():
            return {"code": "home_assistant_error", "message": str(error)}
    log.error("a websocket command failed", command=command, exc_info=error)
    return {"code": UNKNOWN_ERROR, "message": "Unknown error"}


def _translation(error: ServiceValidationError) -> dict[str, Any]:
    return {
        "translation_key": error.translation_key,
        "translation_placeholders": error.placeholders,
        "translation_domain": error.translation_domain,
    }
