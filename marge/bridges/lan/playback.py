"""What players have in common: how far they are, told anew only when it jumped (clients count on by themselves), and
what they can fetch of the home's own media."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from marge.domains._media import BrowseMedia
from marge.domains.media_source import SCHEME, SHARED, MediaError, MediaSources
from marge.errors import HomeError
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.home import Home

SIGN_PATH = "sign_path"
"""In `home.shared`: `(path, life_s) -> path` that whoever has it may fetch."""
LIFE_S = 86_400.0
"""How long a player may fetch what it was told to play: it may stand still over night."""
MAX_URL = 2048
JUMP_S = 2.0
"""Players round to seconds, and answers take a while: less than this is no jump."""


class Progress:
    """The last position that was told, and when."""

    def __init__(self) -> None:
        self._key: object = None
        self._position, self._at, self._runs = 0.0, 0.0, False

    def told(self, key: object, position: float, at: float, runs: bool) -> dict[str, object]:
        """`media_position` (s) and `media_position_updated_at`, the former ones while they still lead to this.

        Args:
            key: what plays. position: s. at: when that was so (UTC epoch s). runs: whether it goes on.
        """
        expected = self._position + (at - self._at if self._runs else 0.0)
        if key != self._key or runs != self._runs or abs(expected - position) > JUMP_S:
            self._key, self._position, self._at, self._runs = key, position, at, runs
        return {"media_position": int(self._position), "media_position_updated_at": iso(self._at)}


def address_to_play(home: Home, media_id: str) -> tuple[str, str | None]:
    """The address at which a player finds it, and what it is (a MIME type) where that is known. Waits.

    Args:
        media_id: a content id of the home's media, a path of this server, or anything else, which stays as it is.

    Raises:
        HomeError: there is no such thing.
    """
    if not media_id.startswith((SCHEME, "/")):
        return media_id, None
    path, kind = media_id, None
    if media_id.startswith(SCHEME):
        try:
            path, kind = _sources(home).resolve(media_id)
        except MediaError as exc:
            raise HomeError(f"There is nothing to play under this id: {exc}") from exc
        sign: Callable[[str, float], str] | None = home.shared.get(SIGN_PATH)
        if sign is not None and path.startswith("/"):
            path = sign(path, LIFE_S)
    speech = home.shared.get("speech")
    if path.startswith("/") and speech is not None:
        path = str(speech.url(path))
    return path, kind


def public_picture(address: object) -> str | None:
    """The address of a picture that browsers may fetch by themselves; None for all that is none."""
    if not isinstance(address, str) or len(address) > MAX_URL or not address.isprintable():
        return None
    return address if address.startswith("https://") else None


def browse(home: Home, content_id: str | None) -> BrowseMedia:
    """The home's media, as players offer them. Waits.

    Raises:
        HomeError: there is no such place.
    """
    try:
        return _sources(home).browse(content_id or "")
    except MediaError as exc:
        raise HomeError(str(exc)) from exc


def _sources(home: Home) -> MediaSources:
    found = home.shared.get(SHARED)
    if not isinstance(found, MediaSources):
        raise HomeError("This home has no media of its own")
    return found
