"""What cameras, images and media players share: pictures that browsers fetch with a token in the address."""

from __future__ import annotations

import hashlib
import secrets
from collections import deque
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.entities import Entity

if TYPE_CHECKING:
    from marge.home import Home

ROTATE_S = 300.0
"""How long a token is the newest; the one before it stays good as long again."""
_KEPT = 2


class Picture(NamedTuple):
    """A picture as it is sent. `content_type`: `image/jpeg`, `image/png`, …"""

    data: bytes
    content_type: str


SVG = "image/svg+xml"
HARMLESS: Mapping[str, str] = MappingProxyType({"Content-Security-Policy": "sandbox"})
"""For SVG: opened as a page it must not run its scripts in our name."""


def new_token() -> str:
    return secrets.token_hex(32)


class TokenEntity(Entity):
    """Has tokens that open its picture; `rotate()` makes a new one and forgets the oldest."""

    _tokens: deque[str] | None = None

    @property
    def access_tokens(self) -> deque[str]:
        """The tokens that are good now, the newest last."""
        if self._tokens is None:
            self._tokens = deque([new_token()], maxlen=_KEPT)
        return self._tokens

    @property
    def access_token(self) -> str:
        """The newest token."""
        return self.access_tokens[-1]

    def accepts(self, token: str | None) -> bool:
        """Whether a picture may be had with this token. Compares in constant time."""
        if not token or not token.isascii():
            return False
        return any(secrets.compare_digest(token, each) for each in self.access_tokens)

    def apply(self, values: Mapping[str, Any]) -> None:
        if "rotate_token" in values:
            self.access_tokens.append(new_token())
        else:
            super().apply(values)


def rotate_tokens(home: Home, domain: str) -> None:
    """From now on give each owned entity of `domain` a new token every five minutes."""

    def rotate(_message: object) -> None:
        for state in home.states.domain(domain):
            if state.entity_id in home.entities.owned:
                home.entities.report(state.entity_id, rotate_token=True)
        home.clock.after(ROTATE_S, rotate, None)

    home.clock.after(ROTATE_S, rotate, None)


def cache_key(data: bytes | str) -> str:
    """A short name for a picture, which changes with it: so that browsers keep one and no longer than it is true."""
    raw = data.encode() if isinstance(data, str) else data
    return hashlib.sha256(raw).hexdigest()[:16]
