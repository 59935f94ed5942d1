"""How far a player is: told anew only when it jumped, since clients count on by themselves."""

from __future__ import annotations

from marge.util.dt import iso

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
