"""The first generation: `/status`, `/settings`, commands as queries. Pure, but for `Gen1Api`, which sends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from marge.bridges.lan.client import LanClient
from marge.bridges.lan.told import NOTHING, Json, at, flag, number, text
from marge.bridges.shelly.reading import (
    BATTERY,
    CURRENT,
    ENERGY,
    HUMIDITY,
    ILLUMINANCE,
    NOT_TOLD,
    POWER,
    RETURNED,
    TEMPERATURE,
    VOLTAGE,
    Reading,
    byte_to_percent,
    firmware,
    kilo,
    measured,
    noticed,
    percent_to_byte,
    restart,
    rows,
    total,
)
from marge.errors import HomeError

COLOUR_STRIP = "SHRGBW2"
MAX_TRANSITION_MS = 5000
_TEMPERATURES = {"SHBDUO-1": (2700, 6500), "SHCB-1": (3000, 6500), "SHBLB-1": (3000, 6500)}
"""Bulbs with white tones, and their range in kelvin."""
_COLOURED = ("SHCB-1", "SHBLB-1")
_VERSION = re.compile(r"/v?(\d[^/]*?)(?:-g[0-9a-f]+)?$")
_WATT_MINUTES_A_WH = 60
_ALARMS = (
    ("flood", "Flood", "moisture"), ("smoke", "Smoke", "smoke"), ("motion", "Motion", "motion"),
    ("vibration", "Vibration", "vibration"), ("overtemperature", "Overheating", "problem"),
)  # fmt: skip


class Gen1Api:
    """Speaks with one device."""

    def __init__(self, client: LanClient) -> None:
        self._client = client

    def status(self) -> Any:
        return self._client.get_json("/status")

    def config(self) -> Any:
        """Names and kinds of its channels; nothing where the device does not tell."""
        answer = self._client.request("GET", "/settings")
        return {} if answer.status in NOT_TOLD else self._client.json_of(answer)

    @staticmethod
    def revision(status: Any) -> Any:
        """Changes when the configuration does."""
        return at(status, "cfg_changed_cnt")

    @staticmethod
    def mac(status: Any) -> str | None:
        """Whose status it is."""
        return text(status, "mac")

    @staticmethod
    def name(config: Any) -> str | None:
        return text(config, "name")

    @staticmethod
    def uptime(status: Any) -> float | None:
        """Seconds since it was started."""
        return number(status, "uptime")

    @staticmethod
    def read(status: Any, config: Any, model: str, _version: str) -> list[Reading]:
        return list(read(status, config, model))

    def send(self, key: str, verb: str, params: Mapping[str, Any], config: Any, model: str) -> None:
        """Do it.

        Raises:
            Unreachable, CredentialsNeeded: of the client. HomeError: there is no such command.
        """
        path, query = command(key, verb, params, model, text(config, "mode"))
        self._client.get_json(path, **query)


def read(status: Any, config: Any, model: str) -> Iterator[Reading]:
    """Everything that a status has. `config`: its settings; `model`: its type, such as `SHSW-25`."""
    rollers = rows(status, "rollers") if text(config, "mode") == "roller" or not rows(status, "relays") else []
    lights = rows(status, "lights")
    relays = [] if rollers or (lights and not rows(config, "relays")) else rows(status, "relays")
    meters, emeters = rows(status, "meters"), rows(status, "emeters")
    channels = max(len(relays), len(lights), len(rollers), 1)
    plugs = model.startswith("SHPLG")
    for index, relay in enumerate(relays):
        meter = meters[index] if index < len(meters) else NOTHING
        named = rows(config, "relays")
        settings = named[index] if index < len(named) else NOTHING
        is_outlet = plugs or (text(settings, "appliance_type") or "").lower() in ("outlet", "socket")
        yield Reading(
            f"relay_{index}", "switch", str(index), text(settings, "name") or _main(len(relays), f"Switch {index}"),
            {"is_on": flag(relay, "ison"), "power": number(meter, "power"), "energy": _kwh(meter)},
            {"device_class": "outlet" if is_outlet else "switch"},
        )  # fmt: skip
    for index, light in enumerate(lights):
        meter = meters[index] if index < len(meters) else NOTHING
        values = {**_light(light, model), "power": number(meter, "power"), "energy": _kwh(meter)}
        yield Reading(f"light_{index}", "light", str(index), _main(len(lights), f"Light {index}"), values)
    for index, roller in enumerate(rollers):
        yield Reading(
            f"roller_{index}", "cover", str(index), _main(len(rollers), f"Cover {index}"), _roller(roller),
            {"device_class": "shutter"},
        )  # fmt: skip
    if not emeters:
        yield from _meters(meters[:channels])
    yield from _emeters(emeters)
    yield from _inputs(status, config)
    yield from _surroundings(status, bool(relays or lights or rollers))
    told = at(status, "update")
    if text(told, "old_version") is not None:
        newer = version(text(told, "new_version")) if flag(told, "has_update") else None
        yield firmware(version(text(told, "old_version")), newer, text(told, "status") == "updating")
    if number(status, "uptime") is not None:
        yield restart()


def version(whole: str | None) -> str | None:
    """`1.14.0` of `20230913-112003/v1.14.0-gcb84623`; what looks otherwise stays as it is."""
    match = None if whole is None else _VERSION.search(whole)
    return whole if match is None else match[1]


def _main(count: int, name: str) -> str | None:
    return name if count > 1 else None


def _kwh(meter: Json) -> float | None:
    counted = number(meter, "total")
    return None if counted is None else kilo(counted / _WATT_MINUTES_A_WH)


def _light(light: Json, model: str) -> dict[str, Any]:
    mode, is_strip = text(light, "mode"), model.startswith(COLOUR_STRIP)
    values: dict[str, Any] = {"is_on": flag(light, "ison")}
    coloured = [number(light, each) for each in ("red", "green", "blue")]
    if mode == "color" and None not in coloured:
        values["brightness"] = percent_to_byte(number(light, "gain"))
        white = number(light, "white")
        colour = tuple(int(each or 0) for each in coloured)
        if is_strip:
            values |= {"color_mode": "rgbw", "rgbw_color": (*colour, int(white or 0))}
        else:
            values |= {"color_mode": "rgb", "rgb_color": colour}
    else:
        values |= {"color_mode": "brightness", "brightness": percent_to_byte(number(light, "brightness"))}
    kelvin = number(light, "temp")
    limits = _TEMPERATURES.get(model)
    modes = {values["color_mode"]}
    if limits is not None and kelvin is not None:
        modes = {"color_temp"}
        values |= {"min_color_temp_kelvin": limits[0], "max_color_temp_kelvin": limits[1]}
        if values["color_mode"] == "brightness":
            values |= {"color_mode": "color_temp", "color_temp_kelvin": int(kelvin) or None}
        if model in _COLOURED:
            modes.add("rgb")
    elif values["color_mode"] == "brightness" and values["brightness"] is None:
        modes, values["color_mode"] = {"onoff"}, "onoff"
    return {**values, "supported_color_modes": frozenset(modes)}


def _roller(roller: Json) -> dict[str, Any]:
    position = number(roller, "current_pos") if flag(roller, "positioning") is not False else None
    if position is not None and not 0 <= position <= 100:
        position = None  # not calibrated
    moves, last = text(roller, "state"), text(roller, "last_direction")
    shut = position == 0 if position is not None else {"close": True, "open": False}.get(last or "")
    return {
        "is_opening": moves == "open", "is_closing": moves == "close", "is_closed": shut,
        "current_position": None if position is None else int(position), "power": number(roller, "power"),
    }  # fmt: skip


def _meters(meters: list[Json]) -> Iterator[Reading]:
    good = {
        index: meter for index, meter in enumerate(meters)
        if number(meter, "power") is not None and flag(meter, "is_valid") is not False
    }  # fmt: skip
    if not good:
        return
    yield measured(POWER, total([number(each, "power") for each in good.values()]), "power")
    yield measured(ENERGY, total([_kwh(each) for each in good.values()]), "energy")
    if len(meters) > 1:
        for index, meter in good.items():
            yield measured(POWER, number(meter, "power"), f"power_{index}", f"{index}_", f"Channel {index}")
            yield measured(ENERGY, _kwh(meter), f"energy_{index}", f"{index}_", f"Channel {index}")


def _emeters(emeters: list[Json]) -> Iterator[Reading]:
    if not emeters:
        return
    yield measured(POWER, total([number(each, "power") for each in emeters]), "power")
    yield measured(ENERGY, total([kilo(number(each, "total")) for each in emeters]), "energy")
    for index, meter in enumerate(emeters):
        told = (
            (POWER, number(meter, "power")), (ENERGY, kilo(number(meter, "total"))),
            (RETURNED, kilo(number(meter, "total_returned"))), (VOLTAGE, number(meter, "voltage")),
            (CURRENT, number(meter, "current")),
        )  # fmt: skip
        for measure, value in told:
            if value is not None:
                yield measured(measure, value, f"{measure.word}_{index}", f"{index}_", f"Phase {index}")


def _inputs(status: Any, config: Any) -> Iterator[Reading]:
    switches = rows(config, "relays") or rows(config, "lights") or rows(config, "rollers")
    for index, each in enumerate(rows(status, "inputs")):
        kind = text(switches[index], "btn_type") if index < len(switches) else None
        value = number(each, "input")
        if kind is not None and kind.startswith(("momentary", "detached_momentary")):
            continue  # a push is over before it can be asked for
        pressed = None if value is None else value == 1
        yield noticed(f"input_{index}", f"Input {index}", None, pressed, f"input_{index}")


def _surroundings(status: Any, is_powered: bool) -> Iterator[Reading]:
    """What it measures around itself; in a relay the temperature is its own."""
    outside = at(status, "ext_temperature")
    celsius = number(status, "tmp", "tC") if flag(status, "tmp", "is_valid") is not False else None
    if celsius is None:
        celsius = number(status, "temperature")
    if celsius is not None:
        facts = {"entity_category": "diagnostic"} if is_powered else {}
        yield measured(TEMPERATURE, celsius, "temperature", **facts)
    for index in range(3):
        value = number(outside, str(index), "tC")
        if value is not None:
            yield measured(TEMPERATURE, value, f"ext_temperature_{index}", f"external_{index}_", f"External {index}")
        value = number(status, "ext_humidity", str(index), "hum")
        if value is not None:
            yield measured(HUMIDITY, value, f"ext_humidity_{index}", f"external_{index}_", f"External {index}")
    for measure, path in (
        (HUMIDITY, ("hum", "value")), (ILLUMINANCE, ("lux", "value")), (BATTERY, ("bat", "value")),
    ):  # fmt: skip
        value = number(status, *path)
        if value is not None:
            facts = {"entity_category": "diagnostic"} if measure is BATTERY else {}
            yield measured(measure, value, measure.word, **facts)
    for word, name, device_class in _ALARMS:
        found = flag(status, word) if flag(status, word) is not None else flag(status, "sensor", word)
        if found is not None:
            facts = {"entity_category": "diagnostic"} if device_class == "problem" else {}
            yield noticed(word, name, device_class, found, word, **facts)
    door = text(status, "sensor", "state")
    if door is not None:
        is_open = {"open": True, "close": False}.get(door)
        yield noticed("door", "Door", "opening", is_open, "door")


# -- commands ----------------------------------------------------------------------------------------------------------


def command(
    key: str, verb: str, params: Mapping[str, Any], model: str, mode: str | None
) -> tuple[str, dict[str, str | int | float]]:
    """Path and query of what an entity asks for.

    Raises:
        HomeError: there is no such thing.
    """
    kind, _, index = key.rpartition("_")
    if verb == "install":
        return "/ota", {"update": "true"}
    if verb == "restart":
        return "/reboot", {}
    if kind == "relay" and verb == "turn":
        return f"/relay/{index}", {"turn": "on" if params["on"] else "off"}
    if kind == "roller":
        return f"/roller/{index}", _move(verb, params)
    if kind == "light" and verb == "turn":
        path = "light"
        if model.startswith(COLOUR_STRIP):
            path = "color" if mode == "color" else "white"
        return f"/{path}/{index}", _tint(params, path)
    raise HomeError("The device has no such command")


def _move(verb: str, params: Mapping[str, Any]) -> dict[str, str | int | float]:
    if verb == "position":
        return {"go": "to_pos", "roller_pos": int(params["position"])}
    if verb in ("open", "close", "stop"):
        return {"go": verb}
    raise HomeError("The device has no such command")


def _tint(params: Mapping[str, Any], path: str) -> dict[str, str | int | float]:
    query: dict[str, str | int | float] = {"turn": "on" if params["on"] else "off"}
    colour = params.get("rgbw_color") or params.get("rgb_color")
    if colour is not None:
        query |= {name: int(value) for name, value in zip(("red", "green", "blue", "white"), colour, strict=False)}
        if path == "light":
            query["mode"] = "color"
    if "color_temp_kelvin" in params:
        query |= {"temp": int(params["color_temp_kelvin"]), "mode": "white"}
    if "brightness" in params:
        percent = byte_to_percent(params["brightness"])
        is_coloured = path == "color" or colour is not None or params.get("color_mode") in ("rgb", "rgbw")
        query["gain" if is_coloured else "brightness"] = percent
    if "transition" in params:
        query["transition"] = min(round(params["transition"] * 1000), MAX_TRANSITION_MS)
    return query
