"""A simulated Shelly of the first generation: `/shelly`, `/status`, `/settings`, and commands as queries."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from hmac import compare_digest
from threading import Lock
from typing import Any

import orjson

from marge.simulate.families._serving import HttpAnswer, HttpRequest
from marge.simulate.families._shelly_parts import AGE_S, Blind, Lamp, Relay

MODELS: Mapping[str, str] = {
    "plug": "SHPLG-S", "two": "SHSW-25", "roller": "SHSW-25", "dimmer": "SHDM-2", "bulb": "SHBDUO-1",
    "colour": "SHRGBW2", "meter": "SHEM", "detector": "SHWT-1",
}  # fmt: skip
FIRMWARE, NEWER = "20230913-112003/v1.14.0-gcb84623", "20250101-000000/v1.15.0-g0123456"
_BAD = HttpAnswer(400, b"Bad parameter", "text/plain")


class Gen1:
    """One device.

    Attributes:
        model: a key of `MODELS`. name: as its owner has called it. password: None: it wants none.
        firmware, newer: what it runs, and what it could run.
        relays, lamps, blind: what it has; a test may turn them by hand. is_wet, pressed: of the detector, the inputs.
    """

    def __init__(self, model: str, mac: str, name: str | None = None, password: str | None = None) -> None:
        self.model, self.mac, self.name, self.password = model, mac, name, password
        self.relays = [Relay(load_w=12.5) for _ in range({"plug": 1, "two": 2, "meter": 1}.get(model, 0))]
        self.lamps = [Lamp(load_w=7.0) for _ in range(1 if model in ("dimmer", "bulb", "colour") else 0)]
        self.blind = Blind() if model == "roller" else None
        self.is_wet, self.pressed = False, [False, False]
        self.changes = 0
        self.firmware, self.newer = FIRMWARE, None if model == "plug" else NEWER
        self._began = time.monotonic() - AGE_S
        self._lock = Lock()

    def handle(self, request: HttpRequest) -> HttpAnswer:
        """The answer to one request."""
        if request.path == "/shelly":
            return _json(self._identity())
        if self.password is not None and not self._may(request):
            return HttpAnswer(401, b"401 Unauthorized", "text/plain", {"WWW-Authenticate": 'Basic realm="Shelly"'})
        with self._lock:
            if request.path == "/status":
                return _json(self._status())
            if request.path == "/settings":
                return _json(self._settings())
            if request.path in ("/ota", "/reboot"):
                return self._start_anew(request)
            return self._command(request)

    def _start_anew(self, request: HttpRequest) -> HttpAnswer:
        if request.path == "/ota" and request.query.get("update") == "true" and self.newer is not None:
            self.firmware, self.newer = self.newer, None
        self._began = time.monotonic()
        return _json({"ok": True} if request.path == "/reboot" else {"status": "updating"})

    def _may(self, request: HttpRequest) -> bool:
        right = "Basic " + base64.b64encode(f"admin:{self.password}".encode()).decode()
        return compare_digest(request.headers.get("authorization", "").encode(), right.encode())

    # -- what it says ------------------------------------------------------------------------------------------------

    def _identity(self) -> dict[str, Any]:
        return {
            "type": MODELS[self.model], "mac": self.mac, "auth": self.password is not None, "fw": self.firmware,
            "discoverable": True, "longid": 1, "num_outputs": len(self.relays) or len(self.lamps),
        }  # fmt: skip

    def _status(self) -> dict[str, Any]:
        status: dict[str, Any] = {
            "wifi_sta": {"connected": True, "ssid": "home", "ip": "127.0.0.1", "rssi": -58}, "mac": self.mac,
            "cloud": {"enabled": False, "connected": False}, "mqtt": {"connected": False}, "time": "12:00",
            "unixtime": 1_700_000_000, "serial": 1, "has_update": self.newer is not None,
            "cfg_changed_cnt": self.changes,
            "update": {"status": "idle" if self.newer is None else "pending", "has_update": self.newer is not None,
                       "old_version": self.firmware, "new_version": self.newer or self.firmware},
            "ram_total": 50_648, "ram_free": 38_376, "uptime": round(time.monotonic() - self._began, 3),
        }  # fmt: skip
        if self.relays:
            status["relays"] = [_relay(each) for each in self.relays]
        if self.model == "meter":
            meter = {"power": self.relays[0].power, "reactive": 0, "pf": 1.0, "voltage": 230.1, "is_valid": True}
            status["emeters"] = [
                {**meter, "total": 1234.5, "total_returned": 0.0},
                {**meter, "power": -50.25, "total": 10.0, "total_returned": 2000.0},
            ]
        elif self.relays or self.lamps or self.blind:
            parts: list[Relay | Blind] = [*self.relays, *self.lamps, *([self.blind] if self.blind else [])]
            status["meters"] = [
                {"power": each.power, "overpower": 0.0, "is_valid": True, "timestamp": 0, "counters": [0, 0, 0],
                 "total": round(each.wh * 60)}
                for each in parts
            ]  # fmt: skip
        if self.lamps:
            status["lights"] = [self._lamp(each) for each in self.lamps]
        if self.blind is not None:
            status["rollers"] = [self._roller(self.blind)]
        if self.model in ("two", "roller", "dimmer"):
            status["inputs"] = [{"input": int(each), "event": "", "event_cnt": 0} for each in self.pressed]
        if self.model == "detector":
            status |= {
                "flood": self.is_wet, "tmp": {"value": 21.5, "units": "C", "tC": 21.5, "tF": 70.7, "is_valid": True},
                "bat": {"value": 88, "voltage": 2.9},
            }  # fmt: skip
        else:
            status |= {
                "temperature": 36.25, "overtemperature": False,
                "tmp": {"tC": 36.25, "tF": 97.25, "is_valid": True},
            }  # fmt: skip
        return status

    def _settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = {
            "device": {"type": MODELS[self.model], "mac": self.mac, "hostname": f"shelly-{self.mac}",
                       "num_outputs": len(self.relays) or len(self.lamps)},
            "login": {"enabled": self.password is not None, "unprotected": False, "username": "admin"},
            "name": self.name, "fw": self.firmware, "cfg_changed_cnt": self.changes,
        }  # fmt: skip
        if self.relays:
            kinds = {"plug": "outlet"}
            settings["relays"] = [
                {"name": "Pump" if number else None, "appliance_type": kinds.get(self.model, "General"),
                 "btn_type": "toggle"}
                for number in range(len(self.relays))
            ]  # fmt: skip
        if self.model in ("two", "roller"):
            settings["mode"] = "roller" if self.blind else "relay"
        if self.blind is not None:
            settings["rollers"] = [{"positioning": True, "maxtime": 10}]
        if self.lamps:
            settings["lights"] = [{"name": None}]
            settings["mode"] = "color" if self.model == "colour" else "white"
        return settings

    def _lamp(self, lamp: Lamp) -> dict[str, Any]:
        shown = {"ison": lamp.is_on, "source": lamp.source, "has_timer": False}
        if self.model == "colour":
            red, green, blue = lamp.rgb
            return {
                **shown, "mode": "color", "red": red, "green": green, "blue": blue, "white": lamp.white,
                "gain": lamp.brightness, "effect": 0, "power": lamp.power, "overpower": False,
            }  # fmt: skip
        shown |= {"mode": "white", "brightness": lamp.brightness}
        if self.model == "bulb":
            shown |= {"temp": lamp.ct, "white": lamp.white}
        return shown

    @staticmethod
    def _roller(blind: Blind) -> dict[str, Any]:
        return {
            "state": blind.moves or "stop", "source": blind.source, "power": blind.power, "is_valid": True,
            "safety_switch": False, "overtemperature": False, "stop_reason": "normal",
            "last_direction": blind.last_way, "current_pos": blind.position, "calibrating": False,
            "positioning": True,
        }  # fmt: skip

    # -- what it does ------------------------------------------------------------------------------------------------

    def _command(self, request: HttpRequest) -> HttpAnswer:
        kind, _, number = request.path.strip("/").partition("/")
        if not number.isdecimal() or request.method not in ("GET", "POST"):
            return HttpAnswer(404, b"Not Found", "text/plain")
        is_colour = self.model == "colour"
        kinds: dict[str, list[Any]] = {
            "relay": self.relays, "roller": [self.blind] if self.blind else [],
            "color": self.lamps if is_colour else [], "light": [] if is_colour else self.lamps,
        }  # fmt: skip
        parts = kinds.get(kind, [])
        if int(number) >= len(parts):
            return HttpAnswer(404, b"Not Found", "text/plain")
        part = parts[int(number)]
        try:
            if isinstance(part, Blind):
                return _json(self._move(part, request.query))
            _turn(part, request.query)
            if isinstance(part, Lamp):
                self._tint(part, request.query)
                return _json(self._lamp(part))
            return _json(_relay(part))
        except ValueError:
            return _BAD

    def _move(self, blind: Blind, query: Mapping[str, str]) -> dict[str, Any]:
        match query.get("go"):
            case "open":
                blind.go(100)
            case "close":
                blind.go(0)
            case "stop":
                blind.stop()
            case "to_pos":
                blind.go(_number(query, "roller_pos", 0, 100))
            case None:
                return self._roller(blind)
            case _:
                raise ValueError("no such way")
        blind.source = "http"
        return self._roller(blind)

    @staticmethod
    def _tint(lamp: Lamp, query: Mapping[str, str]) -> None:
        red, green, blue = lamp.rgb
        lamp.rgb = (
            _number(query, "red", 0, 255, red), _number(query, "green", 0, 255, green),
            _number(query, "blue", 0, 255, blue),
        )  # fmt: skip
        lamp.white = _number(query, "white", 0, 255, lamp.white)
        lamp.brightness = _number(query, "gain", 0, 100, _number(query, "brightness", 0, 100, lamp.brightness))
        lamp.ct = _number(query, "temp", 2700, 6500, lamp.ct)
        lamp.transition_s = _number(query, "transition", 0, 5000) / 1000


def _turn(relay: Relay, query: Mapping[str, str]) -> None:
    wanted = query.get("turn")
    if wanted is None:
        return
    if wanted not in ("on", "off", "toggle"):
        raise ValueError("on, off or toggle")
    relay.is_on = not relay.is_on if wanted == "toggle" else wanted == "on"
    relay.source = "http"


def _number(query: Mapping[str, str], name: str, low: int, high: int, default: int = 0) -> int:
    value = int(query.get(name, default))
    if not low <= value <= high:
        raise ValueError(f"{name} is out of range")
    return value


def _relay(relay: Relay) -> dict[str, Any]:
    return {
        "ison": relay.is_on, "has_timer": False, "timer_started": 0, "timer_duration": 0, "timer_remaining": 0,
        "overpower": False, "overtemperature": False, "is_valid": True, "source": relay.source,
    }  # fmt: skip


def _json(value: Any) -> HttpAnswer:
    return HttpAnswer(body=orjson.dumps(value))
