"""Door locks."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from marge.bridges.matter.entity import Call, Fields, Kind, MatterEntity
from marge.bridges.matter.node import DOOR_LOCK, Endpoint
from marge.domains.lock import OPEN, LockEntity

if TYPE_CHECKING:
    from marge.home import Home

_STATE, _LONGEST_PIN, _SHORTEST_PIN, _PIN_NEEDED = 0, 23, 24, 51
_LOCKED, _UNLOCKED, _UNLATCHED = 1, 2, 3
_UNBOLTS = 1 << 12
"""A feature: the bolt and the latch are two things."""


class MatterLock(MatterEntity, LockEntity):
    """`unbolts`: unlocking leaves the latch; opening pulls it."""

    unbolts = False

    def lock(self, **code: str) -> Any:
        return self._turn("LockDoor", _LOCKED, code)

    def unlock(self, **code: str) -> Any:
        return self._turn("UnboltDoor" if self.unbolts else "UnlockDoor", _UNLOCKED, code)

    def open(self, **code: str) -> Any:
        return self._turn("UnlockDoor", None, code)

    def _turn(self, command: str, state: int | None, code: dict[str, str]) -> Any:
        # Octets are told in base 64.
        payload = {"PINCode": base64.b64encode(code["code"].encode()).decode()} if code else {}
        return self.ask(Call(DOOR_LOCK, command, payload, expects={} if state is None else {_STATE: state}, timed=True))


def _make(_home: Home, endpoint: Endpoint) -> MatterLock:
    lock = MatterLock()
    lock.unbolts = bool(endpoint.features(DOOR_LOCK) & _UNBOLTS)
    lock.supported_features = OPEN if lock.unbolts else 0
    return lock


def _fields(endpoint: Endpoint) -> Fields:
    state = endpoint.integer(DOOR_LOCK, _STATE)
    shown: Fields = {"is_locked": None, "is_open": state == _UNLATCHED, "is_jammed": False, "code_format": None}
    if state is not None:
        shown["is_locked"] = state == _LOCKED
    if endpoint.flag(DOOR_LOCK, _PIN_NEEDED):
        shortest = endpoint.integer(DOOR_LOCK, _SHORTEST_PIN) or 1
        longest = endpoint.integer(DOOR_LOCK, _LONGEST_PIN) or 20
        if 0 < shortest <= longest <= 255:
            shown["code_format"] = f"^\\d{{{shortest},{longest}}}$"
    return shown


KINDS = (Kind(frozenset({10}), _make, _fields),)
