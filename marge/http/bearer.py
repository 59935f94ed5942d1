"""From a request to its user: the Authorization header. Not here: what tokens are (`marge.auth`)."""

from __future__ import annotations

from collections.abc import Callable

from marge.auth import AuthStore, User
from marge.http.message import Request

_SCHEME = "Bearer "


def make_authenticate(store: AuthStore, raw_tokens: bool = False) -> Callable[[Request], User | None]:
    """The front door's `authenticate`.

    Args:
        raw_tokens: also take a token without the word `Bearer` (native profile, section 1.1).
    """

    def authenticate(request: Request) -> User | None:
        header = request.headers.get("authorization")
        if store.open_mode:
            return store.authenticate("", request.remote)
        if header is None:
            return None
        if header.startswith(_SCHEME):
            return store.authenticate(header[len(_SCHEME):].strip(), request.remote)
        return store.authenticate(header.strip(), request.remote) if raw_tokens else None

    return authenticate
