"""What a Hue bridge tells of its lamps, rooms and sensors. Pure: JSON in, fields of entities out.

Whatever the bridge sends, a field of another kind than expected counts as absent.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from marge.bridges.lan.told import NOTHING, Json, part, text
from marge.bridges.lan.told import number as number_at
from marge.domains._color import kelvin_to_mired, mired_to_kelvin
from marge.util.dt import parse_iso

MAX_BRI = 254
MIREDS = (153, 500)
"""Of lamps that do not tell their range."""
COLORLOOP, NO_EFFECT = "colorloop", "none"
FLASHES = {"short": "select", "long": "lselect"}
MOVES = ("initial_press", "repeat", "short_release", "long_release", "long_press")
"""What a button does, by the last digit of its event."""
TAPS = {34: 1, 16: 2, 17: 3, 18: 4, 101: 1, 98: 2, 99: 3, 100: 4}
"""Of switches without a battery: their number for a button."""
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}:){5,7}[0-9A-Fa-f]{2}")


class Thing(NamedTuple):
    """One lamp, room or sensor.

    Attributes:
        key: stable; part of the unique id.
        path: where it is commanded, such as `lights/3/state`; "" where it cannot be.
        name: as its owner has called it.
        unit: what it is part of: the physical thing's address; None: it is alone.
        kind: `light`, `motion`, `temperature`, `illuminance`, `buttons`, `battery`.
        reachable: whether the bridge can reach it.
        values: fields of the entity.
        facts: about the physical thing: `manufacturer`, `model`, `sw_version`, …
    """

    key: str
    path: str
    name: str
    unit: str | None
    kind: str
    reachable: bool
    values: Json
    facts: Json


# -- lamps and rooms ---------------------------------------------------------------------------------------------------


def light(number: str, told: Any) -> Thing:
    """A lamp, or a plug."""
    state = part(told, "state")
    values = {**shine(state), **limits(told), "supported_color_modes": modes(state)}
    values |= {"supported_features": features(state), "is_hue_group": False}
    unit = text(told, "uniqueid")
    return Thing(
        f"light:{unit or number}", f"lights/{number}/state", text(told, "name") or f"Lamp {number}", unit, "light",
        state.get("reachable") is not False, values, facts(told),
    )  # fmt: skip


def group(number: str, told: Any) -> Thing | None:
    """A room or a zone that has lamps; None for other groups."""
    kind, lamps = text(told, "type"), part(told, "state")
    action = part(told, "action")
    if kind not in ("Room", "Zone") or not isinstance(told.get("lights"), list) or not told["lights"]:
        return None
    on = lamps.get("any_on")
    state = {**action, "on": on if isinstance(on, bool) else action.get("on")}
    values = {**shine(state), "supported_color_modes": modes(state), "is_hue_group": True}
    values |= {"supported_features": features(state), **limits(NOTHING)}
    name = text(told, "name") or f"{kind} {number}"
    return Thing(
        f"group:{number}", f"groups/{number}/action", name, None, "light", True, values,
        {"model": kind, "entry_type": "service"},
    )  # fmt: skip


def shine(state: Json) -> dict[str, Any]:
    """How a lamp shines: `is_on`, `brightness` and its colour."""
    on, bri = state.get("on"), number_at(state, "bri")
    values: dict[str, Any] = {
        "is_on": on if isinstance(on, bool) else None,
        "brightness": None if bri is None else from_bri(bri),
    }
    if "effect" in state:
        values["effect"] = COLORLOOP if state["effect"] == COLORLOOP else NO_EFFECT
    mode, able = state.get("colormode"), modes(state)
    ct, xy = number_at(state, "ct"), pair(state.get("xy"))
    hue, sat = number_at(state, "hue"), number_at(state, "sat")
    if mode == "ct" and "color_temp" in able:
        return {**values, "color_mode": "color_temp", "color_temp_kelvin": mired_to_kelvin(ct) if ct else None}
    if "xy" in able:
        return {**values, "color_mode": "xy", "xy_color": xy}
    if "hs" in able:
        hs = None if hue is None or sat is None else (hue * 360 / 65_535, sat * 100 / MAX_BRI)
        return {**values, "color_mode": "hs", "hs_color": hs}
    if "color_temp" in able:
        return {**values, "color_mode": "color_temp", "color_temp_kelvin": mired_to_kelvin(ct) if ct else None}
    return {**values, "color_mode": next(iter(able))}


def modes(state: Json) -> frozenset[str]:
    """What a lamp can do, by what it tells."""
    found = set()
    if pair(state.get("xy")) is not None:
        found.add("xy")
    elif number_at(state, "hue") is not None and number_at(state, "sat") is not None:
        found.add("hs")
    ct = number_at(state, "ct")
    if ct is not None and ct >= 1:
        found.add("color_temp")
    if not found:
        found.add("brightness" if number_at(state, "bri") is not None else "onoff")
    return frozenset(found)


def features(state: Json) -> int:
    """Effect 4, flash 8, transition 32."""
    bits = (("effect", 4), ("alert", 8), ("bri", 32))
    return sum(bit for name, bit in bits if name in state)


def limits(told: Any) -> dict[str, Any]:
    """The range of its tones of white."""
    ct = part(part(part(told, "capabilities"), "control"), "ct")
    low, high = number_at(ct, "min"), number_at(ct, "max")
    if low is None or high is None or not 50 <= low < high <= 1000:
        low, high = MIREDS
    return {"max_color_temp_kelvin": mired_to_kelvin(low), "min_color_temp_kelvin": mired_to_kelvin(high)}


def command(on: bool, params: Json) -> dict[str, Any]:
    """The body of a command. `params`: of the light's service, in its own colour space."""
    body: dict[str, Any] = {"on": on}
    if "transition" in params:
        body["transitiontime"] = min(round(params["transition"] * 10), 65_535)
    if "brightness" in params:
        body["bri"] = to_bri(params["brightness"])
    if "xy_color" in params:
        body["xy"] = [round(min(max(each, 0.0), 1.0), 4) for each in params["xy_color"]]
    elif "hs_color" in params:
        hue, saturation = params["hs_color"]
        body |= {"hue": round(hue * 65_535 / 360), "sat": round(saturation * MAX_BRI / 100)}
    elif "color_temp_kelvin" in params:
        body["ct"] = min(max(kelvin_to_mired(params["color_temp_kelvin"]), 1), 65_535)
    if "flash" in params:
        body["alert"] = FLASHES[params["flash"]]
    if "effect" in params:
        body["effect"] = COLORLOOP if params["effect"] == COLORLOOP else NO_EFFECT
    return body


def after(state: Json, done: Json) -> dict[str, Any]:
    """A lamp's state once this was done."""
    found = {**state, **{name: value for name, value in done.items() if name != "transitiontime"}}
    for name, mode in (("ct", "ct"), ("hue", "hs"), ("xy", "xy")):
        if name in done:
            found["colormode"] = mode
    return found


def from_bri(bri: float) -> int:
    """The bridge's 1-254 as 1-255."""
    return min(max(round(bri * 255 / MAX_BRI), 0), 255)


def to_bri(brightness: float) -> int:
    """1-255 as the bridge's 1-254."""
    return min(max(round(brightness * MAX_BRI / 255), 1), MAX_BRI)


# -- sensors -----------------------------------------------------------------------------------------------------------


def sensor(number: str, told: Any) -> list[Thing]:
    """What a sensor measures, and its battery; none for those that only exist in the bridge."""
    kind = text(told, "type") or ""
    state, config = part(told, "state"), part(told, "config")
    read = _KINDS.get(kind)
    if read is None:
        return []
    what, values = read(state)
    own = text(told, "uniqueid")
    unit = address_of(own)
    reachable = config.get("reachable") is not False and config.get("on") is not False
    name = text(told, "name") or f"Sensor {number}"
    found = [Thing(f"sensor:{own or number}", "", name, unit, what, reachable, values, facts(told))]
    battery = number_at(config, "battery")
    if battery is not None:
        key = f"battery:{unit or own or number}"
        found.append(Thing(key, "", name, unit, "battery", reachable, {"native_value": battery}, facts(told)))
    return found


def _motion(state: Json) -> tuple[str, dict[str, Any]]:
    value = state.get("presence")
    return "motion", {"is_on": value if isinstance(value, bool) else None}


def _temperature(state: Json) -> tuple[str, dict[str, Any]]:
    value = number_at(state, "temperature")
    return "temperature", {"native_value": None if value is None else round(value / 100, 2)}


def _illuminance(state: Json) -> tuple[str, dict[str, Any]]:
    level = number_at(state, "lightlevel")
    return "illuminance", {
        "native_value": lux(level),
        "more": {name: state[name] for name in ("dark", "daylight") if isinstance(state.get(name), bool)},
    }


def _buttons(state: Json) -> tuple[str, dict[str, Any]]:
    event, when = number_at(state, "buttonevent"), text(state, "lastupdated")
    return "buttons", {"press": None if event is None or when is None else (int(event), when)}


_KINDS = {
    "ZLLPresence": _motion, "ZHAPresence": _motion, "ZLLTemperature": _temperature, "ZHATemperature": _temperature,
    "ZLLLightLevel": _illuminance, "ZHALightLevel": _illuminance, "ZLLSwitch": _buttons, "ZGPSwitch": _buttons,
    "ZHASwitch": _buttons, "ZLLRelativeRotary": _buttons,
}  # fmt: skip


def lux(level: float | None) -> float | None:
    """The bridge counts 10000·log10(lux)+1; 0 is darker than it can see."""
    if level is None or not 0 <= level <= 70_000:
        return None
    return 0.0 if level == 0 else round(10 ** ((level - 1) / 10_000), 2)


def pressed(event: int) -> tuple[int, str]:
    """Which button, and what was done with it: `(1, "short_release")`."""
    if event in TAPS:
        return TAPS[event], MOVES[0]
    button, move = divmod(event, 1000)
    return button, MOVES[move] if 0 <= move < len(MOVES) else MOVES[0]


def when_of(stamp: str) -> float | None:
    """The bridge's time, which is UTC without saying so, as epoch seconds."""
    found = parse_iso(f"{stamp}+00:00")
    return None if found is None else found.timestamp()


# -- small things -----------------------------------------------------------------------------------------------------


def pair(value: Any) -> tuple[float, float] | None:
    """Two numbers from 0 to 1."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    x, y = (number_at({"v": each}, "v") for each in value)
    return None if x is None or y is None or not (0 <= x <= 1 and 0 <= y <= 1) else (x, y)


def address_of(unique_id: str | None) -> str | None:
    """The physical thing that a sensor's unique id speaks of: several sensors may be one."""
    match = None if unique_id is None else _MAC.match(unique_id)
    return match[0].lower() if match is not None else None


def facts(told: Any) -> dict[str, Any]:
    """About the physical thing."""
    names = {"manufacturer": "manufacturername", "model_id": "modelid", "sw_version": "swversion"}
    found: dict[str, Any] = {mine: value for mine, its in names.items() if (value := text(told, its)) is not None}
    model = text(told, "productname") or text(told, "modelid")
    return {**found, "model": model} if model else found
