"""Signed paths: an address that lets whoever has it GET one path for a while, in the name of the user who signed it.

Pictures and streams need them, since a browser sends no token with those. A signature holds for its path and its query
(but the size of a picture), and ends with the token of the one who signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

import jwt

from marge.errors import InvalidRequest

if TYPE_CHECKING:
    from marge.auth.models import User
    from marge.auth.store import AuthStore

PARAMETER = "authSig"
DEFAULT_LIFE_S = 30
MAX_LIFE_S = 10 * 365 * 86_400
_SAFE = frozenset({"width", "height"})
_NOBODY_IN_PARTICULAR = "fixed"
"""Who signs without a token of the store: the fixed token, or open mode."""
_MAX_LENGTH = 8_192
_MAX_FIELDS = 1_000


def sign_path(store: AuthStore, path: str, life_s: float = DEFAULT_LIFE_S, token_id: str | None = None) -> str:
    """`path` with a signature behind it.

    Args:
        path: an absolute path of this server, percent-encoded, with or without a query.
        token_id: of the user who signs; None: the fixed token's user. For what is anybody's of this home:
            `store.content_token().id`.

    Raises:
        InvalidRequest: not such a path.
    """
    plain, _, query = path.partition("?")
    decoded = unquote(plain)
    if not plain.startswith("/") or plain.startswith("//") or "#" in path or len(path) > _MAX_LENGTH:
        raise InvalidRequest("Only absolute paths of this server can be signed")
    if "\\" in decoded or any(part in (".", "..") for part in decoded.split("/")):
        raise InvalidRequest("Paths with dot segments cannot be signed")
    if not path.isprintable():
        raise InvalidRequest("Paths with control characters cannot be signed")
    now = store.now()
    claims = {
        "iss": token_id or _NOBODY_IN_PARTICULAR,
        "path": decoded,
        "params": _bound(query),
        "iat": int(now),
        "exp": int(now + max(-MAX_LIFE_S, min(life_s, MAX_LIFE_S))),
    }
    signature = jwt.encode(claims, store.signing_key(), algorithm="HS256")
    return f"{path}{'&' if query else ''}{'' if '?' in path else '?'}{PARAMETER}={signature}"


def user_of_signature(store: AuthStore, path: str, query: str, remote: str) -> User | None:
    """Whose signature the query of a request for `path` (decoded) holds; None: no good one."""
    try:
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        return None
    signatures = [value for key, value in fields if key == PARAMETER]
    if len(signatures) != 1:
        return None
    try:
        claims = jwt.decode(
            signatures[0], store.signing_key(), algorithms=["HS256"],
            options={"require": ["iss", "exp", "path", "params"], "verify_exp": False, "verify_iat": False},
        )
        params = [tuple(pair) for pair in claims["params"]]
        ends_at = float(claims["exp"])
    except (jwt.InvalidTokenError, TypeError, ValueError):
        return None
    mine = [(key, value) for key, value in fields if key != PARAMETER and key not in _SAFE]
    if ends_at <= store.now() or claims["path"] != path or params != mine:
        return None
    issuer = str(claims["iss"])
    if issuer == _NOBODY_IN_PARTICULAR:
        return store.trusted_user() if store.lets_in_without_own_token else None
    return store.user_of_token(issuer, remote)


def _bound(query: str) -> list[tuple[str, str]]:
    """The query's fields that the signature holds for."""
    try:
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError as exc:
        raise InvalidRequest("Too many query fields") from exc
    if any(key == PARAMETER for key, _ in fields):
        raise InvalidRequest("The path is signed already")
    return [(key, value) for key, value in fields if key not in _SAFE]
