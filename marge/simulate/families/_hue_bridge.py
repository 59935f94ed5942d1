"""A simulated Hue bridge: its button, its users, lamps of all kinds, sensors, switches, a room. Requests in, JSON out.

Not here: sockets.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

import orjson

from marge.simulate.families._serving import HttpAnswer, HttpRequest

BUTTON_S = 30.0
"""How long the bridge makes friends after its button was pressed."""
MAX_USERS = 100
Json = dict[str, Any]


class BridgeError(Exception):
    """The bridge says no: `kind`, and at which address."""

    def __init__(self, kind: int, address: str, text: str) -> None:
        super().__init__(text)
        self.kind, self.address = kind, address


def _lamp(name: str, kind: str, model: str, unique_id: str, **state: Any) -> Json:
    return {
        "state": {"on": False, **state, "alert": "none", "mode": "homeautomation", "reachable": True},
        "swupdate": {"state": "noupdates", "lastinstall": "2024-01-01T00:00:00"},
        "type": kind, "name": name, "modelid": model, "manufacturername": "Signify Netherlands B.V.",
        "productname": kind, "capabilities": {"certified": True, "control": {"ct": {"min": 153, "max": 454}}},
        "uniqueid": f"{unique_id}-0b", "swversion": "1.104.2",
    }  # fmt: skip


def _sensor(name: str, kind: str, model: str, unique_id: str, state: Json, **config: Any) -> Json:
    return {
        "state": {**state, "lastupdated": "2026-01-01T12:00:00"}, "config": {"on": True, **config}, "name": name,
        "type": kind, "modelid": model, "manufacturername": "Signify Netherlands B.V.", "swversion": "1.1.27575",
        "uniqueid": unique_id,
    }  # fmt: skip


class Bridge:
    """One bridge.

    Attributes:
        lights, sensors, groups: as the bridge tells them; a test may change them by hand.
        users: the keys that it knows. is_open: it makes friends without its button.
    """

    def __init__(
        self, bridge_id: str = "001788FFFE123456", name: str = "Philips hue", is_open: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.bridge_id, self.name, self.is_open = bridge_id, name, is_open
        self.users: dict[str, str] = {}
        self._clock, self._pressed, self._lock = clock, -BUTTON_S, Lock()
        colour = {"bri": 254, "hue": 8418, "sat": 140, "effect": "none", "xy": [0.4573, 0.41], "ct": 366}
        here = "00:17:88:01:" + ":".join(re.findall("..", bridge_id.lower()[10:]))
        motion = f"{here}:10-02"
        self.lights: dict[str, Json] = {
            "1": _lamp("Couch", "Extended color light", "LCA001", f"{here}:01", **colour, colormode="ct"),
            "2": _lamp("Desk", "Color temperature light", "LTW010", f"{here}:02", bri=127, ct=300, colormode="ct"),
            "3": _lamp("Hall", "Dimmable light", "LWB010", f"{here}:03", bri=254),
            "4": _lamp("Fountain", "On/Off plug-in unit", "LOM001", f"{here}:04"),
            "5": _lamp("Old strip", "Color light", "LST001", f"{here}:05", bri=254, hue=0, sat=254, effect="none",
                       xy=[0.7, 0.3], colormode="xy"),
        }  # fmt: skip
        self.sensors: dict[str, Json] = {
            "1": {"state": {"daylight": True, "lastupdated": "none"}, "config": {"on": True, "configured": True},
                  "name": "Daylight", "type": "Daylight", "modelid": "PHDL00", "manufacturername": "Signify",
                  "swversion": "1.0"},
            "2": _sensor("Landing", "ZLLPresence", "SML001", f"{motion}-0406", {"presence": False}, battery=83,
                         reachable=True),
            "3": _sensor("Landing temperature", "ZLLTemperature", "SML001", f"{motion}-0402", {"temperature": 2134},
                         battery=83, reachable=True),
            "4": _sensor("Landing light", "ZLLLightLevel", "SML001", f"{motion}-0400",
                         {"lightlevel": 20_001, "dark": True, "daylight": False}, battery=83, reachable=True),
            "5": _sensor("Bedside switch", "ZLLSwitch", "RWL021", f"{here}:20-02-fc00",
                         {"buttonevent": 1002}, battery=60, reachable=True),
            "6": _sensor("Tap", "ZGPSwitch", "ZGPSWITCH", f"{here}:30-f2", {"buttonevent": 34}),
        }  # fmt: skip
        self.groups: dict[str, Json] = {
            "1": {"name": "Living room", "lights": ["1", "2"], "sensors": [], "type": "Room", "class": "Living room",
                  "state": {"all_on": False, "any_on": False}, "recycle": False,
                  "action": {"on": False, **colour, "colormode": "ct", "alert": "none"}},
            "2": {"name": "Sync", "lights": ["1"], "type": "Entertainment", "state": {}, "action": {}},
        }  # fmt: skip

    def press(self) -> None:
        """Somebody presses the round button."""
        self._pressed = self._clock()

    def add_lamps(self, count: int) -> None:
        """Somebody has bought spots."""
        first = max(int(number) for number in self.lights) + 1
        for number in range(first, first + count):
            spot = orjson.loads(orjson.dumps(self.lights["1"]))
            spot |= {"name": f"Spot {number}", "uniqueid": f"{spot['uniqueid'][:18]}f0:{number:02x}-0b"}
            self.lights[str(number)] = spot

    def handle(self, request: HttpRequest) -> HttpAnswer:
        """The answer to one request; errors have status 200, too."""
        with self._lock:
            try:
                return _json(self._answer(request))
            except BridgeError as error:
                told = {"type": error.kind, "address": error.address, "description": str(error)}
                return _json([{"error": told}])

    def _answer(self, request: HttpRequest) -> Any:
        steps = request.path.strip("/").split("/")
        if steps[0] != "api":
            raise BridgeError(4, request.path, f"method, {request.method}, not available for resource")
        body = _body(request)
        if steps == ["api"] and request.method == "POST":
            return self._befriend(body)
        if len(steps) > 1 and steps[-1] == "config" and (len(steps) == 2 or steps[1] not in self.users):
            return self._config(short=True)
        if len(steps) < 2 or steps[1] not in self.users:
            raise BridgeError(1, "/" + "/".join(steps[2:]), "unauthorized user")
        address = "/" + "/".join(steps[2:])
        match request.method, steps[2:]:
            case "GET", ["config"]:
                return self._config(short=False)
            case "GET", ["lights"]:
                return self.lights
            case "GET", ["sensors"]:
                return self.sensors
            case "GET", ["groups"]:
                return self._rooms()
            case "GET", ["lights", number] if number in self.lights:
                return self.lights[number]
            case "GET", ["sensors", number] if number in self.sensors:
                return self.sensors[number]
            case "GET", ["groups", number] if number in self.groups:
                return self._rooms()[number]
            case "GET", []:
                whole = {"lights": self.lights, "groups": self._rooms(), "config": self._config(short=False)}
                empty: Json = {"schedules": {}, "scenes": {}, "rules": {}, "resourcelinks": {}}
                return {**whole, **empty, "sensors": self.sensors}
            case "PUT", ["lights", number, "state"] if number in self.lights:
                return self._put(self.lights[number]["state"], body, address)
            case "PUT", ["groups", number, "action"] if number in self.groups:
                return self._act(self.groups[number], body, address)
        raise BridgeError(3, address, f"resource, {address}, not available")

    # -- what it says ------------------------------------------------------------------------------------------------

    def _befriend(self, body: Any) -> Any:
        wanted = body.get("devicetype") if isinstance(body, dict) else None
        if not isinstance(wanted, str) or not 0 < len(wanted) <= 40:
            raise BridgeError(7, "/devicetype", "invalid value for parameter, devicetype")
        if not self.is_open and self._clock() - self._pressed > BUTTON_S:
            raise BridgeError(101, "", "link button not pressed")
        if len(self.users) >= MAX_USERS:
            raise BridgeError(301, "", "user could not be created")
        key = secrets.token_urlsafe(30)
        self.users[key] = wanted
        return [{"success": {"username": key}}]

    def _config(self, short: bool) -> Json:
        digits = self.bridge_id.lower()
        mac = digits[:6] + digits[10:]
        config = {
            "name": self.name, "datastoreversion": "163", "swversion": "1962154010", "apiversion": "1.62.0",
            "mac": ":".join(re.findall("..", mac)), "bridgeid": self.bridge_id, "factorynew": False,
            "replacesbridgeid": None, "modelid": "BSB002", "starterkitid": "",
        }  # fmt: skip
        if short:
            return config
        return {
            **config, "ipaddress": "127.0.0.1", "linkbutton": self._clock() - self._pressed <= BUTTON_S,
            "whitelist": {key: {"name": name} for key, name in self.users.items()},
        }  # fmt: skip

    def _rooms(self) -> dict[str, Json]:
        return {number: self._group(told) for number, told in self.groups.items()}

    def _group(self, told: Json) -> Json:
        on = [self.lights[each]["state"]["on"] for each in told["lights"] if each in self.lights]
        return {**told, "state": {"all_on": bool(on) and all(on), "any_on": any(on)}}

    # -- what it does ------------------------------------------------------------------------------------------------

    def _put(self, state: Json, body: Any, address: str) -> list[Json]:
        if not isinstance(body, dict) or not body:
            raise BridgeError(2, address, "body contains invalid json")
        on = body.get("on", state["on"])
        done = []
        for name, value in body.items():
            where = f"{address}/{name}"
            if name not in state and name != "transitiontime":
                done.append(_no(6, where, f"parameter, {name}, not available"))
            elif not _is_good(name, value):
                done.append(_no(7, where, f"invalid value, {value}, for parameter, {name}"))
            elif not on and name not in ("on", "transitiontime", "alert"):
                done.append(_no(201, where, f"parameter, {name}, is not modifiable. Device is set to off."))
            else:
                if name != "transitiontime":
                    state[name] = value
                if name in ("ct", "xy", "hue", "sat"):
                    state["colormode"] = {"ct": "ct", "xy": "xy"}.get(name, "hs")
                done.append({"success": {where: value}})
        return done

    def _act(self, group: Json, body: Any, address: str) -> list[Json]:
        done = self._put(group["action"], body, address)
        for number in group["lights"]:
            state = self.lights[number]["state"]
            self._put(state, {name: value for name, value in body.items() if name in state}, address)
        return done


def _no(kind: int, address: str, text: str) -> Json:
    return {"error": {"type": kind, "address": address, "description": text}}


_RANGES: Mapping[str, tuple[int, int]] = {
    "bri": (1, 254), "hue": (0, 65_535), "sat": (0, 254), "ct": (153, 500), "transitiontime": (0, 65_535),
}  # fmt: skip
_WORDS: Mapping[str, tuple[str, ...]] = {
    "alert": ("none", "select", "lselect"), "effect": ("none", "colorloop"),
}  # fmt: skip


def _is_good(name: str, value: Any) -> bool:
    if name == "on":
        return isinstance(value, bool)
    if name in _RANGES:
        low, high = _RANGES[name]
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    if name == "xy":
        return isinstance(value, list) and len(value) == 2 and all(0 <= each <= 1 for each in value)
    return value in _WORDS.get(name, ())


def _body(request: HttpRequest) -> Any:
    if not request.body:
        return None
    try:
        return orjson.loads(request.body)
    except ValueError as error:
        raise BridgeError(2, request.path, "body contains invalid json") from error


def _json(value: Any) -> HttpAnswer:
    return HttpAnswer(body=orjson.dumps(value))
