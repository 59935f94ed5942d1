"""The second generation and later: `/rpc/<method>`, components by name. Pure, but for `Gen2Api`, which sends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marge.bridges.lan.client import LanClient
from marge.bridges.lan.told import Json, at, flag, number, text
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
    components,
    firmware,
    kilo,
    measured,
    noticed,
    percent_to_byte,
    restart,
    total,
)
from marge.errors import HomeError
from marge.model import dumps

_LIGHTS = {"light": "Light", "rgb": "RGB", "rgbw": "RGBW", "cct": "CCT"}
"""Components that shine, and their methods' family."""
_METERED = ("switch", "light", "rgb", "rgbw", "cct", "cover", "pm1")
_CCT_LIMITS = (2700, 6500)
_ALARMS = (("smoke", "Smoke", "smoke"), ("flood", "Flood", "moisture"))
_MIN_TRANSITION_S, _MAX_TRANSITION_S = 0.5, 5.0
_REFUSED = 500


class Gen2Api:
    """Speaks with one device."""

    def __init__(self, client: LanClient) -> None:
        self._client = client

    def status(self) -> Any:
        return self._client.get_json("/rpc/Shelly.GetStatus")

    def config(self) -> Any:
        """Names and kinds of its channels; nothing where the device does not tell."""
        answer = self._client.request("GET", "/rpc/Shelly.GetConfig")
        return {} if answer.status in NOT_TOLD else self._client.json_of(answer)

    @staticmethod
    def revision(status: Any) -> Any:
        """Changes when the configuration does."""
        return at(status, "sys", "cfg_rev")

    @staticmethod
    def mac(status: Any) -> str | None:
        """Whose status it is."""
        return text(status, "sys", "mac")

    @staticmethod
    def name(config: Any) -> str | None:
        return text(config, "sys", "device", "name")

    @staticmethod
    def uptime(status: Any) -> float | None:
        """Seconds since it was started."""
        return number(status, "sys", "uptime")

    @staticmethod
    def read(status: Any, config: Any, model: str, version: str) -> list[Reading]:
        return list(read(status, config, model, version))

    def send(self, key: str, verb: str, params: Mapping[str, Any], config: Any, model: str) -> None:
        """Do it.

        Raises:
            Unreachable, CredentialsNeeded: of the client. HomeError: the device refuses, or there is no such command.
        """
        method, body = command(key, verb, params)
        headers = {"Content-Type": "application/json"}
        answer = self._client.request("POST", f"/rpc/{method}", dumps(body), headers)
        if answer.status == _REFUSED:
            raise HomeError("The device refuses this command: it may be locked, overloaded or not calibrated")
        self._client.json_of(answer)


def read(status: Any, config: Any, model: str, version: str = "") -> Iterator[Reading]:
    """Everything that a status has. `config`: the components' settings; `model`: as `SNSW-001P16EU`."""
    plugs = "PL-" in model[:6]
    found = components(status, "switch")
    for index, each in found.items():
        yield Reading(
            f"switch:{index}", "switch", str(index), _name(config, "switch", index, len(found)),
            {"is_on": flag(each, "output"), "power": number(each, "apower"), "energy": _kwh(each)},
            {"device_class": "outlet" if plugs else "switch"},
        )  # fmt: skip
    yield from _lights(status, config)
    found = components(status, "cover")
    for index, each in found.items():
        values = {**_cover(each), "power": number(each, "apower"), "energy": _kwh(each)}
        yield Reading(
            f"cover:{index}", "cover", str(index), _name(config, "cover", index, len(found)), values,
            {"device_class": "shutter"},
        )  # fmt: skip
    yield from _meters(status)
    yield from _phases(status)
    yield from _inputs(status, config)
    yield from _surroundings(status)
    if version and isinstance(at(status, "sys", "available_updates"), Mapping):
        yield firmware(version, text(status, "sys", "available_updates", "stable", "version"))
    if number(status, "sys", "uptime") is not None:
        yield restart()


def _name(config: Any, kind: str, index: int, count: int) -> str | None:
    own = text(config, f"{kind}:{index}", "name")
    return own or (f"{kind.capitalize()} {index}" if count > 1 else None)


def _kwh(component: Json) -> float | None:
    return kilo(number(component, "aenergy", "total"))


def _lights(status: Any, config: Any) -> Iterator[Reading]:
    found = [(kind, index, each) for kind in _LIGHTS for index, each in components(status, kind).items()]
    for kind, index, each in found:
        values = {**_light(kind, each, config, index), "power": number(each, "apower"), "energy": _kwh(each)}
        suffix = str(index) if kind == found[0][0] else f"{kind}_{index}"
        yield Reading(f"{kind}:{index}", "light", suffix, _name(config, kind, index, len(found)), values)


def _light(kind: str, light: Json, config: Any, index: int) -> dict[str, Any]:
    values: dict[str, Any] = {
        "is_on": flag(light, "output"), "brightness": percent_to_byte(number(light, "brightness")),
    }  # fmt: skip
    mode = {"light": "brightness", "cct": "color_temp"}.get(kind, kind)
    if kind in ("rgb", "rgbw"):
        told = at(light, "rgb")
        rgb = [number({"v": each}, "v") for each in told] if isinstance(told, list) else []
        if len(rgb) == 3 and None not in rgb:
            colour = tuple(min(max(int(each or 0), 0), 255) for each in rgb)
            white = int(number(light, "white") or 0)
            values[f"{kind}_color"] = colour if kind == "rgb" else (*colour, min(max(white, 0), 255))
    elif kind == "cct":
        kelvin = number(light, "ct")
        limits = at(config, f"cct:{index}", "ct_range")
        low, high = limits if _is_range(limits) else _CCT_LIMITS
        values |= {
            "color_temp_kelvin": int(kelvin) if kelvin else None, "min_color_temp_kelvin": int(low),
            "max_color_temp_kelvin": int(high),
        }  # fmt: skip
    return {**values, "color_mode": mode, "supported_color_modes": frozenset((mode,))}


def _is_range(limits: Any) -> bool:
    return (
        isinstance(limits, list)
        and len(limits) == 2
        and all(number({"v": each}, "v") is not None for each in limits)
        and 1000 <= limits[0] < limits[1] <= 20_000
    )


def _cover(cover: Json) -> dict[str, Any]:
    state, position = text(cover, "state"), number(cover, "current_pos")
    if position is not None and not 0 <= position <= 100:
        position = None
    shut = position == 0 if position is not None else {"closed": True, "open": False}.get(state or "")
    return {
        "is_opening": state == "opening", "is_closing": state == "closing", "is_closed": shut,
        "current_position": None if position is None else int(position),
    }  # fmt: skip


def _meters(status: Any) -> Iterator[Reading]:
    """Of whatever switches or only measures one thing."""
    found = [
        (kind, index, each) for kind in _METERED for index, each in components(status, kind).items()
        if number(each, "apower") is not None
    ]  # fmt: skip
    if not found:
        return
    counted = [_kwh(each) for _, _, each in found]
    yield measured(POWER, total([number(each, "apower") for _, _, each in found]), "power")
    if total(counted) is not None:
        yield measured(ENERGY, total(counted), "energy")
    several = len(found) > 1
    for kind, index, each in found:
        key, prefix, name = f"{kind}:{index}", f"{index}_" if several else "", f"Channel {index}" if several else None
        told: list[tuple[Any, float | None]] = [(VOLTAGE, number(each, "voltage")), (CURRENT, number(each, "current"))]
        if several:
            told += [(POWER, number(each, "apower")), (ENERGY, _kwh(each))]
        told.append((RETURNED, kilo(number(each, "ret_aenergy", "total"))))
        for measure, value in told:
            if value is not None:
                yield measured(measure, value, f"{key}-{measure.word}", prefix, name)


def _phases(status: Any) -> Iterator[Reading]:
    """Energy meters: of three phases in one component, or of one each."""
    for index, each in list(components(status, "em").items())[:1]:
        data = components(status, "emdata").get(index, {})
        yield measured(POWER, number(each, "total_act_power"), "power")
        yield measured(ENERGY, kilo(number(data, "total_act")), "energy")
        yield measured(RETURNED, kilo(number(data, "total_act_ret")), "energy_returned")
        for phase in "abc":
            told = (
                (POWER, number(each, f"{phase}_act_power")), (VOLTAGE, number(each, f"{phase}_voltage")),
                (CURRENT, number(each, f"{phase}_current")),
                (ENERGY, kilo(number(data, f"{phase}_total_act_energy"))),
            )  # fmt: skip
            for measure, value in told:
                if value is not None:
                    yield measured(
                        measure, value, f"em:{index}-{phase}-{measure.word}", f"{phase}_", f"Phase {phase.upper()}"
                    )
    singles = components(status, "em1")
    if singles:
        counts = components(status, "em1data")
        yield measured(POWER, total([number(each, "act_power") for each in singles.values()]), "power")
        sums = [kilo(number(each, "total_act_energy")) for each in counts.values()]
        if total(sums) is not None:
            yield measured(ENERGY, total(sums), "energy")
        for index, each in singles.items():
            counted = number(counts.get(index, {}), "total_act_energy")
            for measure, value in (
                (POWER, number(each, "act_power")), (VOLTAGE, number(each, "voltage")),
                (CURRENT, number(each, "current")), (ENERGY, kilo(counted)),
            ):  # fmt: skip
                if value is not None:
                    yield measured(measure, value, f"em1:{index}-{measure.word}", f"{index}_", f"Phase {index}")


def _inputs(status: Any, config: Any) -> Iterator[Reading]:
    for index, each in components(status, "input").items():
        pressed = flag(each, "state")
        if pressed is None and text(config, f"input:{index}", "type") != "switch":
            continue  # a button: a push is over before it can be asked for
        name = text(config, f"input:{index}", "name") or f"Input {index}"
        yield noticed(f"input_{index}", name, None, pressed, f"input:{index}")


def _surroundings(status: Any) -> Iterator[Reading]:
    for kind, measure, field in (
        ("temperature", TEMPERATURE, "tC"), ("humidity", HUMIDITY, "rh"), ("illuminance", ILLUMINANCE, "lux"),
    ):  # fmt: skip
        found = components(status, kind)
        for order, (index, each) in enumerate(found.items()):
            prefix, name = (f"{index}_", f"Sensor {index}") if order else ("", None)
            yield measured(measure, number(each, field), f"{kind}:{index}", prefix, name)
    if not components(status, "temperature"):
        own = [
            celsius for kind in _METERED for each in components(status, kind).values()
            if (celsius := number(each, "temperature", "tC")) is not None
        ]  # fmt: skip
        if own:
            yield measured(TEMPERATURE, max(own), "temperature", entity_category="diagnostic")
    for index, each in list(components(status, "devicepower").items())[:1]:
        left = number(each, "battery", "percent")
        if left is not None:
            yield measured(BATTERY, left, f"devicepower:{index}", entity_category="diagnostic")
    for kind, name, device_class in _ALARMS:
        for index, each in components(status, kind).items():
            suffix = f"{kind}_{index}" if index else kind
            yield noticed(
                suffix, f"{name} {index}" if index else name, device_class, flag(each, "alarm"), f"{kind}:{index}"
            )


# -- commands ----------------------------------------------------------------------------------------------------------


def command(key: str, verb: str, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Method and parameters of what an entity asks for.

    Raises:
        HomeError: there is no such thing.
    """
    if verb == "install":
        return "Shelly.Update", {"stage": "stable"}
    if verb == "restart":
        return "Shelly.Reboot", {}
    kind, _, index = key.partition(":")
    body: dict[str, Any] = {"id": int(index)}
    if kind == "switch" and verb == "turn":
        return "Switch.Set", {**body, "on": bool(params["on"])}
    if kind == "cover":
        methods = {"open": "Open", "close": "Close", "stop": "Stop", "position": "GoToPosition"}
        if verb in methods:
            return f"Cover.{methods[verb]}", {
                **body,
                **({"pos": int(params["position"])} if verb == "position" else {}),
            }
    if kind in _LIGHTS and verb == "turn":
        return f"{_LIGHTS[kind]}.Set", {**body, **_tint(params)}
    raise HomeError("The device has no such command")


def _tint(params: Mapping[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {"on": bool(params["on"])}
    if "brightness" in params:
        body["brightness"] = byte_to_percent(params["brightness"])
    colour = params.get("rgbw_color") or params.get("rgb_color")
    if colour is not None:
        body["rgb"] = [int(each) for each in colour[:3]]
        if len(colour) > 3:
            body["white"] = int(colour[3])
    if "color_temp_kelvin" in params:
        body["ct"] = int(params["color_temp_kelvin"])
    if "transition" in params:
        body["transition_duration"] = min(max(float(params["transition"]), _MIN_TRANSITION_S), _MAX_TRANSITION_S)
    return body
