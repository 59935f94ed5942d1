"""What the home says of itself over MQTT: health, how its bridges are, states for those who want them.

And what the broker says of itself: whether it loses messages. Part of the bridge's actor.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import psutil
import structlog

from marge.actors import Supervisor
from marge.bridges.endpoint import PROGRAMS
from marge.bridges.mqtt.mirror import Mirror
from marge.model import dumps
from marge.version import VERSION

if TYPE_CHECKING:
    from marge.bridges.mqtt.connection import Link
    from marge.bridges.mqtt.incoming import Incoming
    from marge.home import Home

log = structlog.get_logger("marge.bridges.mqtt")

HEALTH_TOPIC, HEALTH_EVERY_S = "marge/system/health", 60.0
STATUS_OF = "marge/integration/{}/status"
DROPPED_TOPIC = "$SYS/broker/publish/messages/dropped"
DROPPED_ISSUE = "broker_drops_messages"
BRIDGES = "/bridges"


class Reporter:
    """Tells others how the home is. `tick` every few seconds, in the bridge's turn."""

    def __init__(self, home: Home, link: Link) -> None:
        self.dropped = 0
        self.mirror = Mirror(home, link) if home.config.marge.mqtt_mirror else None
        self._home, self._link = home, link
        self._began = time.monotonic()
        self._health_at = 0.0
        self._told: dict[str, str] = {}
        self._last_dropped: int | None = None
        self._process = psutil.Process(os.getpid())

    def figures(self) -> dict[str, Any]:
        """Quick, never waits."""
        shown: dict[str, Any] = {"dropped_by_broker": self.dropped}
        if self.mirror is not None:
            shown["mirror"] = self.mirror.figures()
        return shown

    def connected(self) -> None:
        """There is a connection (again): the broker may have forgotten all."""
        self._told.clear()
        self._health_at = 0.0
        self._last_dropped = None
        if not self._link.is_scouting:
            self.tick()
            if self.mirror is not None:
                self.mirror.begin()

    def tick(self) -> None:
        """Say what is new."""
        if self._link.is_scouting:
            return
        supervisor = self._home.system.actor(BRIDGES)
        statuses = self._statuses(supervisor) if isinstance(supervisor, Supervisor) else {}
        for name, status in statuses.items():
            shown = "online" if status in ("running", "degraded") else "offline"
            is_own_word = name in self._home.shared.get(PROGRAMS, ())
            if is_own_word and shown == "online":
                self._told.pop(name, None)  # the program says so itself, and its last will takes it back
            elif self._told.get(name) != shown and self._link.say(STATUS_OF.format(name), shown, 1, True):
                self._told[name] = shown
        now = time.monotonic()
        if now - self._health_at >= HEALTH_EVERY_S:
            self._health_at = now
            self._link.say(HEALTH_TOPIC, self._health(statuses), 0, False)

    def stop(self) -> None:
        """The bridge ends: with it nobody tells any more how the others are."""
        client = self._link.client
        if client is not None and client.connected and not self._link.is_scouting:
            for name, shown in self._told.items():
                if shown == "online":
                    self._link.say(STATUS_OF.format(name), "offline", 1, True)
        self._told.clear()
        if self.mirror is not None:
            self.mirror.stop()

    def heard_dropped(self, message: Incoming) -> None:
        """The broker's own count of what it threw away, since its start."""
        text = message.text or ""
        if not text.isdigit():
            return
        count = int(text)
        before, self._last_dropped = self._last_dropped, count
        if before is None or count <= before:
            return
        self.dropped += count - before
        log.warning("the broker threw messages away; a client does not read fast enough", dropped=count - before)
        self._home.registries.issues.raise_issue(
            "mqtt", DROPPED_ISSUE, translation_placeholders={"broker": self._link.endpoint.address}
        )

    def _statuses(self, supervisor: Supervisor) -> dict[str, str]:
        found = {}
        for name in supervisor.child_names():
            child = supervisor.child(name)
            actor = self._home.system.actor(f"{BRIDGES}/{name}")
            status = getattr(actor, "status", None) if actor is not None else None
            if child is not None and child.status in ("waiting", "failed"):
                status = "restarting" if child.status == "waiting" else "failed"
            found[name] = str(status or "running")
        return found

    def _health(self, statuses: dict[str, str]) -> bytes:
        home = self._home
        return dumps(
            {
                "status": "ok",
                "version": VERSION,
                "uptime_s": round(time.monotonic() - self._began),
                "entities": len(home.states),
                "state_changes": home.entities.writes,
                "memory_mb": round(self._process.memory_info().rss / (1 << 20), 1),
                "bridges": statuses,
            }
        )
