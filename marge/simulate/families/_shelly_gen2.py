"""A simulated Shelly of the second generation and later: `/shelly` and `/rpc/<method>`, with a log-in by digest."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Mapping
from threading import Lock
from typing import Any

import orjson

from marge.simulate.families._serving import HttpAnswer, HttpRequest
from marge.simulate.families._shelly_parts import AGE_S, Blind, Lamp, Relay

MODELS: Mapping[str, tuple[str, str]] = {
    "plug": ("SNPL-00112EU", "PlugS"), "one": ("SNSW-001P16EU", "Plus1PM"), "two": ("SNSW-102P16EU", "Plus2PM"),
    "cover": ("SNSW-102P16EU", "Plus2PM"), "dimmer": ("SNDM-0013US", "PlusWallDimmer"),
    "colour": ("SNDC-0D4P10WW", "PlusRGBWPM"), "meter": ("SPEM-003CEBEU", "Pro3EM"),
    "climate": ("S3SN-0U12A", "HTG3"),
}  # fmt: skip
VERSION, NEWER = "1.4.4", "1.5.0"
NONCES_KEPT = 50
_PAIR = re.compile(r'(\w+)="?([^",]*)"?')


class RpcError(Exception):
    """A call that the device refuses."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class Gen2:
    """One device.

    Attributes:
        model: a key of `MODELS`. name: as its owner has called it. password: None: it wants none.
        relays, lamps, blind: what it has; a test may turn them by hand. pressed: its input.
        firmware, newer: what it runs, and what it could run.
        is_locked: it refuses commands. accepted: nonces that are good; a test clears them to let them grow old.
    """

    def __init__(self, model: str, mac: str, name: str | None = None, password: str | None = None) -> None:
        self.model, self.mac, self.name, self.password = model, mac, name, password
        self.relays = [Relay(load_w=40.0) for _ in range({"plug": 1, "one": 1, "two": 2}.get(model, 0))]
        self.lamps = [Lamp(load_w=9.0) for _ in range(1 if model in ("dimmer", "colour") else 0)]
        self.blind = Blind() if model == "cover" else None
        self.pressed = self.is_locked = False
        self.revision = 1
        self.firmware, self.newer = VERSION, None if model == "plug" else NEWER
        self._began = time.monotonic() - AGE_S
        self.accepted: list[str] = []
        self._lock = Lock()

    def handle(self, request: HttpRequest) -> HttpAnswer:
        """The answer to one request."""
        if request.path == "/shelly":
            return _json(self._identity())
        if not request.path.startswith("/rpc"):
            return HttpAnswer(404, b"Not Found", "text/plain")
        try:
            method, params, call_id = _call(request)
        except ValueError:
            return _json({"code": -103, "message": "Invalid argument"}, 400)
        with self._lock:
            if self.password is not None and method != "Shelly.GetDeviceInfo" and not self._may(request):
                return self._ask_for_password()
            try:
                result = self._run(method, params)
            except RpcError as error:
                told = {"code": error.code, "message": str(error)}
                if request.path == "/rpc":
                    return _json({"id": call_id, "src": self._id, "error": told})
                return _json(told, 500)
        if request.path == "/rpc":
            return _json({"id": call_id, "src": self._id, "result": result})
        return _json(result)

    @property
    def _id(self) -> str:
        return f"shelly{MODELS[self.model][1].lower()}-{self.mac.lower()}"

    # -- its log-in --------------------------------------------------------------------------------------------------

    def _ask_for_password(self) -> HttpAnswer:
        self.accepted = [*self.accepted[-NONCES_KEPT:], secrets.token_hex(8)]
        asked = f'Digest qop="auth", realm="{self._id}", nonce="{self.accepted[-1]}", algorithm=SHA-256'
        return HttpAnswer(401, b"", "text/plain", {"WWW-Authenticate": asked})

    def _may(self, request: HttpRequest) -> bool:
        header = request.headers.get("authorization", "")
        told = dict(_PAIR.findall(header.removeprefix("Digest ")))
        if told.get("nonce") not in self.accepted or told.get("username") != "admin":
            return False
        mine = _sha(f"admin:{self._id}:{self.password}")
        what = _sha(f"{request.method}:{told.get('uri', '')}")
        parts = (mine, told["nonce"], told.get("nc", ""), told.get("cnonce", ""), "auth", what)
        return secrets.compare_digest(told.get("response", "").encode(), _sha(":".join(parts)).encode())

    # -- what it says ------------------------------------------------------------------------------------------------

    def _identity(self) -> dict[str, Any]:
        model, app = MODELS[self.model]
        shown = {
            "name": self.name, "id": self._id, "mac": self.mac, "slot": 0, "model": model, "gen": 2,
            "fw_id": f"20241011-114449/{self.firmware}-g6d2a586", "ver": self.firmware, "app": app,
            "auth_en": self.password is not None, "auth_domain": self._id if self.password is not None else None,
        }  # fmt: skip
        if self.model in ("two", "cover"):
            shown["profile"] = "switch" if self.model == "two" else "cover"
        return shown

    def _status(self) -> dict[str, Any]:
        status: dict[str, Any] = {
            "ble": {}, "cloud": {"connected": False}, "mqtt": {"connected": False}, "ws": {"connected": False},
            "sys": {"mac": self.mac, "restart_required": False, "time": "12:00", "unixtime": 1_700_000_000,
                    "uptime": round(time.monotonic() - self._began, 3), "ram_size": 245_788, "ram_free": 152_104,
                    "cfg_rev": self.revision,
                    "available_updates": {"stable": {"version": self.newer}} if self.newer else {}},
            "wifi": {"sta_ip": "127.0.0.1", "status": "got ip", "ssid": "home", "rssi": -61},
        }  # fmt: skip
        for number, relay in enumerate(self.relays):
            status[f"switch:{number}"] = {"id": number, "output": relay.is_on, **_measured(relay)}
        for number, lamp in enumerate(self.lamps):
            shown = {"id": number, "output": lamp.is_on, "brightness": lamp.brightness, **_measured(lamp)}
            if self.model == "colour":
                status[f"rgbw:{number}"] = {**shown, "rgb": list(lamp.rgb), "white": lamp.white}
            else:
                status[f"light:{number}"] = shown
        if self.blind is not None:
            status["cover:0"] = self._cover(self.blind)
        if self.model in ("one", "two", "dimmer"):
            status["input:0"] = {"id": 0, "state": self.pressed}
            status["input:1"] = {"id": 1, "state": None}
        if self.model == "meter":
            status["em:0"] = {
                "id": 0, "a_current": 1.5, "a_voltage": 230.5, "a_act_power": 345.0, "b_current": 0.0,
                "b_voltage": 229.0, "b_act_power": 0.0, "c_current": None, "c_voltage": None, "c_act_power": None,
                "total_current": 1.5, "total_act_power": 345.0,
            }  # fmt: skip
            status["emdata:0"] = {
                "id": 0, "a_total_act_energy": 1000.0, "a_total_act_ret_energy": 0.0, "b_total_act_energy": 500.0,
                "b_total_act_ret_energy": 250.0, "total_act": 1500.0, "total_act_ret": 250.0,
            }  # fmt: skip
        if self.model == "climate":
            status["temperature:0"] = {"id": 0, "tC": 21.4, "tF": 70.5}
            status["humidity:0"] = {"id": 0, "rh": 45.6}
            status["devicepower:0"] = {"id": 0, "battery": {"V": 5.2, "percent": 87}, "external": {"present": True}}
        return status

    def _config(self) -> dict[str, Any]:
        config: dict[str, Any] = {"sys": {"device": {"name": self.name, "mac": self.mac}, "cfg_rev": self.revision}}
        for number in range(len(self.relays)):
            config[f"switch:{number}"] = {"id": number, "name": "Pump" if number else None}
        if self.model in ("one", "two", "dimmer"):
            config["input:0"] = {"id": 0, "name": None, "type": "switch"}
            config["input:1"] = {"id": 1, "name": None, "type": "button"}
        return config

    @staticmethod
    def _cover(blind: Blind) -> dict[str, Any]:
        position = blind.position
        standing = {0: "closed", 100: "open"}.get(position, "stopped")
        state = {"open": "opening", "close": "closing"}.get(blind.moves or "", standing)
        return {
            "id": 0, "source": blind.source, "state": state,
            "apower": blind.power, "voltage": 230.0, "current": 0.0, "pf": 0.0, "freq": 50.0,
            "aenergy": {"total": blind.wh, "by_minute": [0.0, 0.0, 0.0], "minute_ts": 1_700_000_000},
            "temperature": {"tC": 38.5, "tF": 101.3}, "pos_control": True, "last_direction": blind.last_way,
            "current_pos": position,
        }  # fmt: skip

    # -- what it does ------------------------------------------------------------------------------------------------

    def _run(self, method: str, params: Mapping[str, Any]) -> Any:
        simple = {
            "Shelly.GetDeviceInfo": self._identity, "Shelly.GetStatus": self._status, "Shelly.GetConfig": self._config,
        }  # fmt: skip
        if method in simple:
            return simple[method]()
        component, _, verb = method.partition(".")
        if verb == "GetStatus":
            status = self._status()
            name = component.lower() if "id" not in params else f"{component.lower()}:{params['id']}"
            if name in status:
                return status[name]
        if method in ("Shelly.Update", "Shelly.Reboot"):
            if method == "Shelly.Update" and self.newer is not None:
                self.firmware, self.newer = self.newer, None
            self._began = time.monotonic()
            return None
        if self.is_locked:
            raise RpcError(-114, "Method is locked")
        kind, _, verb = method.partition(".")
        number = params.get("id")
        if kind == "Cover" and self.blind is not None and number == 0:
            return self._move(self.blind, verb, params)
        lamps = {"RGBW": self.model == "colour", "Light": self.model == "dimmer"}
        parts: list[Any] = self.relays if kind == "Switch" else self.lamps if lamps.get(kind) else []
        if not isinstance(number, int) or not 0 <= number < len(parts):
            raise RpcError(-105, f"Argument 'id', value {number!r} not found!")
        part = parts[number]
        was_on = part.is_on
        if verb == "Toggle":
            part.is_on, part.source = not part.is_on, "HTTP_in"
        elif verb == "Set":
            self._set(part, params)
        else:
            raise RpcError(404, f"No handler for {method}")
        return {"was_on": was_on} if kind == "Switch" else None

    @staticmethod
    def _set(part: Relay, params: Mapping[str, Any]) -> None:
        if "on" in params:
            if not isinstance(params["on"], bool):
                raise RpcError(-103, "Invalid argument 'on': a boolean value is expected")
            part.is_on, part.source = params["on"], "HTTP_in"
        if not isinstance(part, Lamp):
            return
        part.brightness = _in_range(params, "brightness", part.brightness, 0, 100)
        part.white = _in_range(params, "white", part.white, 0, 255)
        if "rgb" in params:
            red, green, blue = (int(each) for each in params["rgb"])
            part.rgb = (red, green, blue)
        part.transition_s = float(params.get("transition_duration", 0.0))

    @staticmethod
    def _move(blind: Blind, verb: str, params: Mapping[str, Any]) -> None:
        match verb:
            case "Open":
                blind.go(100)
            case "Close":
                blind.go(0)
            case "Stop":
                blind.stop()
            case "GoToPosition":
                blind.go(_in_range(params, "pos", 0, 0, 100))
            case _:
                raise RpcError(404, f"No handler for Cover.{verb}")
        blind.source = "HTTP_in"


def _in_range(params: Mapping[str, Any], name: str, default: int, low: int, high: int) -> int:
    value = params.get(name, default)
    if not isinstance(value, (int, float)) or not low <= value <= high:
        raise RpcError(-103, f"Invalid argument '{name}'!")
    return int(value)


def _measured(relay: Relay) -> dict[str, Any]:
    return {
        "source": relay.source, "apower": relay.power, "voltage": 230.2, "current": round(relay.power / 230.2, 3),
        "freq": 50.0, "aenergy": {"total": relay.wh, "by_minute": [0.0, 0.0, 0.0], "minute_ts": 1_700_000_000},
        "temperature": {"tC": 41.2, "tF": 106.2},
    }  # fmt: skip


def _call(request: HttpRequest) -> tuple[str, Mapping[str, Any], Any]:
    """Method, parameters and id: of a query, or of a JSON body, as both are allowed."""
    if request.path == "/rpc":
        frame = orjson.loads(request.body or b"{}")
        return str(frame.get("method", "")), frame.get("params") or {}, frame.get("id")
    method = request.path.removeprefix("/rpc/")
    if request.body:
        return method, orjson.loads(request.body), None
    return method, {name: orjson.loads(value) for name, value in request.query.items()}, None


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _json(value: Any, status: int = 200) -> HttpAnswer:
    return HttpAnswer(status, orjson.dumps(value))
