"""Takes secrets out of what is about to be logged. Not here: logging itself.

Two nets: values under telling keys are replaced whole; in every other text the shapes of known secrets are replaced.
"""

from __future__ import annotations

import re
from typing import Any

from structlog.typing import EventDict, WrappedLogger

from marge.util.memo import remembered

HIDDEN = "<redacted>"

_SECRET_KEY = re.compile(
    r"(?:^|[_-])(?:token|password|passwd|passphrase|secret|authorization|api_?key|private_key|cookie|credentials?|"
    r"auth_code|psk|pin)$|^code$",
    re.IGNORECASE,
)
_SECRET_SHAPE = re.compile(
    r"(?P<bearer>\b(?:Bearer|Basic)\s+)[A-Za-z0-9._~+/=-]{8,}"
    r"|(?P<jwt>)\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*"
    r"|(?P<marge>\bmarge_)[0-9a-f]{32}\b"
    r"|(?P<url>\b[a-z][a-z0-9+.-]*://[^\s/:@]{0,256}:)[^\s/@]{1,256}(?=@)"
    r"|(?P<query>\b(?:access_token|refresh_token|authSig|api_password|password|client_secret|code)=)[^\s&\"']+"
    r"|(?P<json>[\"'](?:access_token|refresh_token|token|password|client_secret|api_key)[\"']\s*:\s*[\"'])[^\"']+"
)
_MAX_DEPTH = 4


def redact_text(text: str) -> str:
    """`text` with everything that looks like a token, a password or a signed link replaced."""
    return _SECRET_SHAPE.sub(lambda match: (match.group(match.lastgroup) if match.lastgroup else "") + HIDDEN, text)


def redact_value(key: object, value: Any, depth: int = 0) -> Any:
    """A copy of `value` that may be logged under `key`; the value itself where nothing is to hide."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        # a PIN is a secret also as a number; `code` with a number is a status or close code
        return HIDDEN if key != "code" and _is_secret(key) else value
    if _is_secret(key):
        return HIDDEN
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, bytes):
        return redact_text(value.decode("utf-8", "backslashreplace"))
    if depth >= _MAX_DEPTH:
        return redact_text(repr(value))
    if isinstance(value, dict):
        return {name: redact_value(name, item, depth + 1) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact_value(None, item, depth + 1) for item in value]
    return value


def _is_secret(key: object) -> bool:
    return isinstance(key, str) and _names_secret(key)


@remembered(most=1024, longest=64)
def _names_secret(key: str) -> bool:
    return _SECRET_KEY.search(key) is not None


def redact_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The structlog processor."""
    for key, value in event.items():
        event[key] = redact_value(key, value)
    return event
