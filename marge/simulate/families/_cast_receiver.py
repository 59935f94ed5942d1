"""What a Cast device knows and does: its volume, the app that runs, what plays. Messages in, messages out.

Not here: sockets.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import NAMESPACE_DNS, uuid5

import orjson

from marge.util.castv2 import CastMessage

PLATFORM = "receiver-0"
_URN = "urn:x-cast:com.google.cast"
CONNECTION, HEARTBEAT = f"{_URN}.tp.connection", f"{_URN}.tp.heartbeat"
RECEIVER, MEDIA = f"{_URN}.receiver", f"{_URN}.media"
MEDIA_PLAYER, IDLE_SCREEN = "CC1AD845", "E8C28D3C"
APPS: Mapping[str, str] = {
    MEDIA_PLAYER: "Default Media Receiver",
    IDLE_SCREEN: "Backdrop",
    "233637DE": "YouTube",
    "CC32E753": "Spotify",
}
COMMANDS = 0b1111 | 64 | 128
"""Pause, seek, volume and mute of the stream, to the next and to the one before in the list."""


class Answer(NamedTuple):
    """A message, and for whom. `to`: a client's name; None: all who are connected."""

    to: str | None
    message: CastMessage


class Receiver:
    """One device. Not for several threads at once.

    Attributes:
        volume: 0 to 1. app: the id of the app that runs; None: none.
        media: as it was loaded; None: nothing.
        playing: None (idle), `PLAYING`, `PAUSED`.
    """

    def __init__(self, name: str, model: str, has_display: bool = True) -> None:
        self.name, self.model, self.has_display = name, model, has_display
        self.udn = str(uuid5(NAMESPACE_DNS, name))
        self.volume, self.muted = 0.5, False
        self.app: str | None = IDLE_SCREEN if has_display else None
        self.queue: list[dict[str, Any]] = []
        self.place = 0
        self.playing: str | None = None
        self.idle_reason: str | None = None
        self._sessions = 0
        self._media_sessions = 0
        self._position, self._since = 0.0, time.monotonic()

    @property
    def media(self) -> dict[str, Any] | None:
        return self.queue[self.place] if self.queue else None

    @property
    def position(self) -> float:
        """Seconds into what plays."""
        run = time.monotonic() - self._since if self.playing == "PLAYING" else 0.0
        return self._position + run

    def eureka_info(self) -> dict[str, Any]:
        """What `/setup/eureka_info` says."""
        capabilities = {"display_supported": self.has_display, "multizone_supported": True, "cloudcast_supported": True}
        return {
            "name": self.name,
            "version": 12,
            "build_version": "381091",
            "cast_build_revision": "1.68.381091",
            "ip_address": "127.0.0.1",
            "mac_address": "00:1A:11:" + ":".join(self.udn.replace("-", "")[n : n + 2].upper() for n in (0, 2, 4)),
            "ssdp_udn": self.udn,
            "setup_state": 60,
            "has_update": False,
            "device_info": {
                "manufacturer": "Google Inc.", "model_name": self.model, "ssdp_udn": self.udn,
                "capabilities": capabilities,
            },
        }  # fmt: skip

    # -- messages ----------------------------------------------------------------------------------------------------

    def receive(self, client: str, message: CastMessage) -> list[Answer]:
        """What is said to a client's message; what nobody understands is passed over, as real devices do."""
        try:
            data = orjson.loads(message.payload or "{}")
        except orjson.JSONDecodeError:
            return []
        if not isinstance(data, dict):
            return []
        kind = data.get("type")
        if message.namespace == HEARTBEAT and kind == "PING":
            return [_answer(client, message, {"type": "PONG"})]
        if message.namespace == RECEIVER and message.destination == PLATFORM:
            return self._to_platform(client, message, data)
        if message.namespace == MEDIA and message.destination == self.transport:
            return self._to_player(client, message, data)
        if message.destination not in (PLATFORM, self.transport):
            return [_answer(client, message, {"type": "CLOSE"}, CONNECTION)]
        return []

    @property
    def transport(self) -> str | None:
        """The name under which the app that runs is spoken to."""
        return None if self.app is None else f"pid-{self._sessions}"

    def _to_platform(self, client: str, message: CastMessage, data: dict[str, Any]) -> list[Answer]:
        kind, request = data.get("type"), _number(data.get("requestId"))
        if kind == "SET_VOLUME":
            self._set_volume(data.get("volume"))
        elif kind == "LAUNCH":
            if data.get("appId") not in APPS:
                why = {"type": "LAUNCH_ERROR", "reason": "NOT_FOUND", "requestId": request}
                return [_answer(client, message, why)]
            self._launch(str(data["appId"]))
        elif kind == "STOP":
            self._launch(IDLE_SCREEN if self.has_display else None)
        elif kind != "GET_STATUS":
            why = {"type": "INVALID_REQUEST", "reason": "INVALID_COMMAND", "requestId": request}
            return [_answer(client, message, why)]
        answers = [_answer(client, message, self.receiver_status(request))]
        if kind != "GET_STATUS":
            answers.append(self.tell_all(self.receiver_status(0), RECEIVER, PLATFORM))
        return answers

    def _to_player(self, client: str, message: CastMessage, data: dict[str, Any]) -> list[Answer]:
        kind, request = data.get("type"), _number(data.get("requestId"))
        if kind == "LOAD":
            media = data.get("media")
            if not isinstance(media, dict) or not isinstance(media.get("contentId"), str) or self.app == IDLE_SCREEN:
                return [_answer(client, message, {"type": "LOAD_FAILED", "requestId": request})]
            self.load([media], _seconds(data.get("currentTime")), data.get("autoplay") is not False)
        elif kind != "GET_STATUS":
            session = data.get("mediaSessionId")
            if self.media is None or session != self._media_sessions or not self._play(str(kind), data):
                why = {"type": "INVALID_PLAYER_STATE", "requestId": request}
                return [_answer(client, message, why)]
        status = self.media_status(request)
        answers = [_answer(client, message, status)]
        if kind != "GET_STATUS":
            answers.append(self.tell_all({**status, "requestId": 0}, MEDIA, self.transport or PLATFORM))
        return answers

    # -- what happens ------------------------------------------------------------------------------------------------

    def order(self, kind: str, **fields: Any) -> CastMessage:
        """What a phone would send to the device itself."""
        payload = orjson.dumps({"type": kind, "requestId": 0, **fields}).decode()
        return CastMessage("sender-0", PLATFORM, RECEIVER, payload)

    def news(self) -> Answer:
        """What plays now, for everybody."""
        return self.tell_all(self.media_status(0), MEDIA, self.transport or PLATFORM)

    def load(self, queue: list[dict[str, Any]], position: float = 0.0, autoplay: bool = True) -> None:
        """Play these, from the first."""
        self._media_sessions += 1
        self.queue, self.place = queue, 0
        self._go(position, "PLAYING" if autoplay else "PAUSED")

    def _launch(self, app: str | None) -> None:
        if app != self.app or app is None:
            self._sessions += 1
            self.app, self.queue, self.place, self.playing = app, [], 0, None

    def _set_volume(self, volume: object) -> None:
        if isinstance(volume, dict):
            level = volume.get("level")
            if isinstance(level, int | float) and not isinstance(level, bool):
                self.volume = min(max(float(level), 0.0), 1.0)
            if isinstance(volume.get("muted"), bool):
                self.muted = volume["muted"]

    def _play(self, kind: str, data: dict[str, Any]) -> bool:
        """False: it cannot be done now."""
        if kind == "PLAY":
            self._go(self.position, "PLAYING")
        elif kind == "PAUSE":
            self._go(self.position, "PAUSED")
        elif kind == "STOP":
            self.queue, self.idle_reason = [], "CANCELLED"
            self._go(0.0, None)
        elif kind == "SEEK":
            self._go(_seconds(data.get("currentTime")), self.playing)
        elif kind == "QUEUE_UPDATE" and data.get("jump") in (1, -1):
            self.place = min(max(self.place + data["jump"], 0), len(self.queue) - 1)
            self._go(0.0, "PLAYING")
        else:
            return False
        return True

    def _go(self, position: float, playing: str | None) -> None:
        self._position, self._since, self.playing = position, time.monotonic(), playing

    # -- what it says ------------------------------------------------------------------------------------------------

    def tell_all(self, data: dict[str, Any], namespace: str, source: str) -> Answer:
        """News for everybody."""
        return Answer(None, CastMessage(source, "*", namespace, orjson.dumps(data).decode()))

    def receiver_status(self, request: int) -> dict[str, Any]:
        status: dict[str, Any] = {
            "volume": {"controlType": "attenuation", "level": self.volume, "muted": self.muted, "stepInterval": 0.05},
            "userEq": {},
        }
        if self.has_display:
            status.update(isActiveInput=self.app != IDLE_SCREEN, isStandBy=False)
        if self.app is not None:
            status["applications"] = [self._application(self.app)]
        return {"type": "RECEIVER_STATUS", "requestId": request, "status": status}

    def _application(self, app: str) -> dict[str, Any]:
        names = [RECEIVER, CONNECTION] if app == IDLE_SCREEN else [MEDIA, CONNECTION]
        return {
            "appId": app, "displayName": APPS[app], "isIdleScreen": app == IDLE_SCREEN, "launchedFromCloud": False,
            "namespaces": [{"name": name} for name in names], "sessionId": f"session-{self._sessions}",
            "statusText": APPS[app], "transportId": self.transport,
        }  # fmt: skip

    def media_status(self, request: int) -> dict[str, Any]:
        """Nothing to tell: an empty list."""
        if not self._media_sessions or self.app is None:
            return {"type": "MEDIA_STATUS", "requestId": request, "status": []}
        status: dict[str, Any] = {
            "mediaSessionId": self._media_sessions, "playbackRate": 1, "playerState": self.playing or "IDLE",
            "currentTime": round(self.position, 3), "supportedMediaCommands": COMMANDS,
            "volume": {"level": 1, "muted": False}, "repeatMode": "REPEAT_OFF",
        }  # fmt: skip
        if self.playing is None:
            status["idleReason"] = self.idle_reason
        if self.media is not None:
            status["media"] = {"streamType": "BUFFERED", **self.media}
        return {"type": "MEDIA_STATUS", "requestId": request, "status": [status]}


def _answer(client: str, message: CastMessage, data: dict[str, Any], namespace: str | None = None) -> Answer:
    text = orjson.dumps(data).decode()
    return Answer(client, CastMessage(message.destination, message.source, namespace or message.namespace, text))


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _seconds(value: object) -> float:
    return max(float(value), 0.0) if isinstance(value, int | float) else 0.0
