"""zigbee2mqtt's own log (`bridge/logging`) in ours: a channel of its own, and no more than the log can take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

from marge.bridges.mqtt_devices.zigbee2mqtt.facts import NotUnderstood, plain

BURST, PER_S = 50.0, 1.0
"""So many lines at once, then one a second: a device that misbehaves fills zigbee2mqtt's log, not ours too."""
MAX_LINE = 1_000
_LEVELS = {"error": "error", "warning": "warning", "warn": "warning"}
"""The rest is for those who look for something: it tells each message that zigbee2mqtt sends."""

CHANNEL = "marge.bridges.zigbee2mqtt"


class LogLines:
    """Writes the lines of one zigbee2mqtt. `left_out`: those that were too many."""

    def __init__(self, base: str, monotonic: Callable[[], float]) -> None:
        self._log = structlog.get_logger(CHANNEL).bind(base_topic=base)
        self._monotonic = monotonic
        self._allowance = BURST
        self._checked = monotonic()
        self._silent = 0
        self.left_out = 0

    def take(self, sent: Any) -> None:
        """One line.

        Raises:
            NotUnderstood: no line.
        """
        if not isinstance(sent, dict) or not isinstance(sent.get("message"), str):
            raise NotUnderstood("bridge/logging wants an object with level and message")
        now = self._monotonic()
        self._allowance = min(BURST, self._allowance + (now - self._checked) * PER_S)
        self._checked = now
        if self._allowance < 1.0:
            self._silent += 1
            self.left_out += 1
            return
        self._allowance -= 1.0
        if self._silent:
            self._log.warning("zigbee2mqtt said more than is written here", lines=self._silent)
            self._silent = 0
        write = getattr(self._log, _LEVELS.get(str(plain(sent.get("level"))).lower(), "debug"))
        write("zigbee2mqtt says", line=sent["message"][:MAX_LINE])
