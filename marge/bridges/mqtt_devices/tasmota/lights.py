"""Tasmota's dimmable and coloured lights. Several changes go out as one `Backlog`, without the pause between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from marge.bridges.mqtt_devices.tasmota import announced as has
from marge.bridges.mqtt_devices.tasmota.announced import Announced
from marge.bridges.mqtt_devices.tasmota.entities import RESULT, STATE, TasmotaEntity
from marge.bridges.mqtt_devices.tasmota.plans import Plan
from marge.domains import _color as color
from marge.domains._light_params import EFFECT, TRANSITION
from marge.domains.light import DEFAULT_MAX_KELVIN, DEFAULT_MIN_KELVIN, LightEntity

EFFECTS = ["Solid", "Wake up", "Cycle up", "Cycle down", "Random"]
"""The first values of `Scheme`."""
MODES: Mapping[int, frozenset[str]] = {
    has.DIMMER: frozenset(("brightness",)),
    has.COLOR_TEMP: frozenset(("color_temp",)),
    has.RGB: frozenset(("hs",)),
    has.RGBW: frozenset(("hs", "white")),
    has.RGBCCT: frozenset(("hs", "color_temp")),
}
NARROW_KELVIN = (2631, 5000)
"""With SetOption82: 200 to 380 mireds."""
MAX_SPEED = 40


class TasmotaLight(TasmotaEntity, LightEntity):
    """A light with at least a level."""

    hears = frozenset((STATE, RESULT))
    is_on: bool | None = False

    @classmethod
    def fields(cls, device: Announced, plan: Plan, home: Any) -> dict[str, Any]:
        modes = MODES.get(plan.facts["light"], frozenset(("onoff",)))
        features = 0 if device.tuya or "onoff" in modes else TRANSITION
        if "hs" in modes:
            features |= EFFECT
        narrow = has.NARROW_CT in device.options
        low, high = NARROW_KELVIN if narrow else (DEFAULT_MIN_KELVIN, DEFAULT_MAX_KELVIN)
        fields = {
            **super().fields(device, plan, home),
            "supported_color_modes": modes,
            "supported_features": features,
            "effect_list": list(EFFECTS) if "hs" in modes else None,
            "min_color_temp_kelvin": low,
            "max_color_temp_kelvin": high,
        }
        if len(modes) == 1:
            fields["color_mode"] = next(iter(modes))
        return fields

    # -- what it says ------------------------------------------------------------------------------------------------

    def read(self, kind: str, message: Mapping[str, Any], now: float) -> dict[str, Any]:
        read: dict[str, Any] = {}
        power = self._power(message)
        if power is not None:
            read["is_on"] = power
        level = message.get(self.plan.facts["level_key"])
        if _is_percent(level):
            read["brightness"] = round(level * 255 / 100)
        modes = self.supported_color_modes
        parts = _three(message.get("HSBColor"))
        if "hs" in modes and parts is not None:
            hue, saturation, value = parts
            white = message.get("White")
            is_white = len(modes) > 1 and _is_percent(white) and white > 0 and value == 0
            if is_white:
                read["color_mode"] = "white" if "white" in modes else "color_temp"
            else:
                read |= {"color_mode": "hs", "hs_color": (float(hue), float(saturation))}
        mireds = message.get("CT")
        if "color_temp" in modes and isinstance(mireds, int) and 100 <= mireds <= 1000:
            read["color_temp_kelvin"] = color.mired_to_kelvin(mireds)
        scheme = message.get("Scheme")
        if "hs" in modes and isinstance(scheme, int):
            read["effect"] = EFFECTS[scheme] if 0 <= scheme < len(EFFECTS) else None
        return read

    # -- commands ----------------------------------------------------------------------------------------------------

    def turn_on(self, **params: Any) -> None:
        commands: list[str] = []
        if "transition" in params:
            commands += self._fading(params["transition"], self._channels_after(params))
        if "brightness" in params:
            commands.append(f"{self.plan.facts['level_command']} {_percent(params['brightness'])}")
        if "brightness" not in params or has.STAY_OFF in self.device.options:
            commands.append(self._power_command(True))
        if "hs_color" in params:
            hue, saturation = params["hs_color"]
            commands += [f"HsbColor1 {round(hue)}", f"HsbColor2 {round(saturation)}"]
        if "color_temp_kelvin" in params:
            commands.append(f"CT {color.kelvin_to_mired(params['color_temp_kelvin'])}")
        if "white" in params:
            commands.append(f"White {_percent(params['white'])}")
        if params.get("effect") in EFFECTS:
            commands.append(f"Scheme {EFFECTS.index(params['effect'])}")
        self._backlog(commands)

    def turn_off(self, **params: Any) -> None:
        commands: list[str] = []
        if "transition" in params:
            commands += self._fading(params["transition"], (0.0,) * len(self._channels()))
        self._backlog([*commands, self._power_command(False)])

    def _power_command(self, on: bool) -> str:
        return f"Power{self.plan.index + 1} {self.device.on if on else self.device.off}"

    def _backlog(self, commands: list[str]) -> None:
        self.send("Backlog", ";".join(f"NoDelay;{command}" for command in commands))

    # -- fading ------------------------------------------------------------------------------------------------------

    def _fading(self, transition_s: float, after: tuple[float, ...]) -> list[str]:
        """Tasmota counts half seconds for a whole change, from dark to bright."""
        speed = transition_s * 2
        if has.FIXED_FADE not in self.device.options:
            before = self._channels() if self.is_on else (0.0,) * len(after)
            distance = max(abs(new - old) for new, old in zip(after, before, strict=True))
            speed = speed / distance if distance > 0 else 1
        return ["Fade2 1", f"Speed2 {min(max(round(speed), 1), MAX_SPEED)}"]

    def _channels(self) -> tuple[float, ...]:
        """How bright each channel is, 0 to 1."""
        return _mixed((self.brightness or 0) / 255, self.color_mode, self.hs_color, self.color_temp_kelvin)

    def _channels_after(self, params: Mapping[str, Any]) -> tuple[float, ...]:
        level = params.get("brightness", self.brightness or 0)
        mode, hue, kelvin = self.color_mode, self.hs_color, self.color_temp_kelvin
        if "hs_color" in params:
            mode, hue = "hs", params["hs_color"]
        elif "color_temp_kelvin" in params:
            mode, kelvin = "color_temp", params["color_temp_kelvin"]
        elif "white" in params:
            mode, level = "white", params["white"]
        return _mixed(level / 255, mode, hue, kelvin)


def _mixed(level: float, mode: str | None, hue: tuple[float, float] | None, kelvin: int | None) -> tuple[float, ...]:
    """Red, green, blue, cold (or the only one), warm."""
    if mode == "hs" and hue is not None:
        red, green, blue = (channel / 255 * level for channel in color.hs_to_rgb(*hue))
        return (red, green, blue, 0.0, 0.0)
    if mode == "color_temp" and kelvin:
        low, high = color.kelvin_to_mired(DEFAULT_MAX_KELVIN), color.kelvin_to_mired(DEFAULT_MIN_KELVIN)
        warm = min(max((color.kelvin_to_mired(kelvin) - low) / (high - low), 0.0), 1.0)
        return (0.0, 0.0, 0.0, level * (1 - warm), level * warm)
    return (0.0, 0.0, 0.0, level, 0.0)


def _percent(brightness: int) -> int:
    return max(round(brightness * 100 / 255), 1)


def _is_percent(value: Any) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 100


def _three(text: Any) -> tuple[float, float, float] | None:
    """Hue, saturation and value in `30,100,50`."""
    parts = text.split(",") if isinstance(text, str) else []
    if len(parts) != 3 or not all(part.strip().isascii() and part.strip().isdigit() for part in parts):
        return None
    hue, saturation, value = (float(part) for part in parts)
    return (hue, saturation, value) if hue <= 360 and saturation <= 100 and value <= 100 else None
