"""From a request to its user: the Authorization header, or a signature in the address. Not here: what tokens are
(`marge.auth`)."""

from __future__ import annotations

from collections.abc import Callable

from marge.auth import AuthStore, User
from marge.auth.signing import PARAMETER, user_of_signature
from marge.http.message import Request

_SCHEME = "Bearer "
_SIGNED_METHODS = ("GET", "HEAD")


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
            return _by_signature(store, request)
        if header.startswith(_SCHEME):
            return store.authenticate(header[len(_SCHEME):].strip(), request.remote)
        return store.authenticate(header.strip(), request.remote) if raw_tokens else None

    return authenticate


def _by_signature(store: AuthStore, request: Request) -> User | None:
    if request.method not in _SIGNED_METHODS or f"{PARAMETER}=" not in request.query_string:
        return None
    return user_of_signature(store, request.path, request.query_string, request.remote)
