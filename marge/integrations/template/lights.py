"""Lights whose state, brightness and colour are templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marge.actors import Future
from marge.domains import _color as color
from marge.domains._light_params import EFFECT, TRANSITION
from marge.domains.light import LightEntity
from marge.errors import ServiceValidationError
from marge.integrations.template.base import Failed, TemplateEntity
from marge.integrations.template.results import number, numbers, switched
from marge.util.schema import truth

if TYPE_CHECKING:
    from marge.home import Home

_MODES: Mapping[str, str] = {
    "set_temperature": "color_temp", "set_hs": "hs", "set_rgb": "rgb", "set_rgbw": "rgbw", "set_rgbww": "rgbww",
}  # fmt: skip
"""Which actions make a light know a colour mode."""
_CHANNELS: Mapping[str, tuple[str, ...]] = {
    "hs": ("h", "s"), "rgb": ("r", "g", "b"), "rgbw": ("r", "g", "b", "w"), "rgbww": ("r", "g", "b", "cw", "ww"),
}  # fmt: skip
_LIMITS: Mapping[str, tuple[float, ...]] = {
    "hs": (360, 100), "rgb": (255,) * 3, "rgbw": (255,) * 4, "rgbww": (255,) * 5,
}  # fmt: skip


class TemplateLight(TemplateEntity, LightEntity):
    """`state`, `level` 0-255, `temperature` in mireds, `hs`, `rgb`, `rgbw`, `rgbww`, `effect`, `effect_list`,
    `min_mireds`, `max_mireds`, `supports_transition`; what has no template is assumed after a command."""

    templates = (
        "state", "level", "temperature", "hs", "rgb", "rgbw", "rgbww", "effect_list", "effect", "min_mireds",
        "max_mireds", "supports_transition",
    )  # fmt: skip

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        modes = {mode for key, mode in _MODES.items() if conf.get(key)}
        if not modes:
            modes = {"brightness"} if conf.get("set_level") else {"onoff"}
        self.supported_color_modes = frozenset(modes)
        self.color_mode = next(iter(modes)) if len(modes) == 1 else None
        self.supported_features = EFFECT if conf.get("set_effect") else 0
        self.assumed_state = "state" not in self.sources

    def restore(self) -> None:
        before = self.home.restored.get(self.entity_id)
        if self.assumed_state and self.is_on is None and before is not None and before.state in ("on", "off"):
            self.is_on = before.state == "on"

    def take(self, name: str, value: Any) -> None:
        if isinstance(value, Failed):
            value = None
        if name == "state":
            self.is_on = switched(value)
        elif name == "level":
            level = number(value)
            self.brightness = int(level) if level is not None and 0 <= level <= 255 else None
        elif name == "temperature":
            mireds = number(value)
            self.color_temp_kelvin = color.mired_to_kelvin(int(mireds)) if mireds is not None and mireds >= 1 else None
            self._has_mode("color_temp", self.color_temp_kelvin)
        elif name in _CHANNELS:
            channels = numbers(value, _LIMITS[name])
            if channels is not None and name != "hs":
                channels = tuple(int(each) for each in channels)
            setattr(self, f"{name}_color", channels)
            self._has_mode(name, channels)
        elif name == "effect":
            self.effect = str(value) if value is not None and str(value) in (self.effect_list or ()) else None
        elif name == "effect_list":
            self.effect_list = [str(each) for each in value] if isinstance(value, (list, tuple)) and value else None
        elif name == "supports_transition":
            can = value is not None and bool(truth(value))
            self.supported_features = self.supported_features & ~TRANSITION | (TRANSITION if can else 0)
        else:
            self._limit(name, number(value))

    def _has_mode(self, mode: str, value: Any) -> None:
        if value is not None and mode in self.supported_color_modes:
            self.color_mode = mode

    def _limit(self, name: str, mireds: float | None) -> None:
        if mireds is None or mireds < 1:
            return
        kelvin = color.mired_to_kelvin(int(mireds))
        setattr(self, "max_color_temp_kelvin" if name == "min_mireds" else "min_color_temp_kelvin", kelvin)

    # -- commands ----------------------------------------------------------------------------------------------------

    def turn_on(self, **params: Any) -> Future | None:
        given: dict[str, Any] = {key: params[key] for key in ("brightness", "transition") if key in params}
        key, more = self._action_for(params)
        return self.run_action(key, {**given, **more}, **self._assumed(params))

    def turn_off(self, **params: Any) -> Future | None:
        given = {"transition": params["transition"]} if "transition" in params else {}
        return self.run_action("turn_off", given, **({"is_on": False} if self.assumed_state else {}))

    def _action_for(self, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The actions that do it, and what they see beside brightness and transition."""
        kelvin, effect = params.get("color_temp_kelvin"), params.get("effect")
        if kelvin is not None and self.conf.get("set_temperature"):
            return "set_temperature", {"color_temp": color.kelvin_to_mired(kelvin), "color_temp_kelvin": kelvin}
        if effect is not None and self.conf.get("set_effect"):
            if effect not in (self.effect_list or ()):
                raise ServiceValidationError(f"{self.entity_id} has no effect {effect}")
            return "set_effect", {"effect": effect}
        for mode in ("rgbww", "rgbw", "rgb", "hs"):
            value = params.get(f"{mode}_color")
            if value is not None and self.conf.get(f"set_{mode}"):
                shown = tuple(int(each) for each in value)
                return f"set_{mode}", {mode: shown, **dict(zip(_CHANNELS[mode], shown, strict=True))}
        if "brightness" in params and self.conf.get("set_level"):
            return "set_level", {}
        return "turn_on", {}

    def _assumed(self, params: Mapping[str, Any]) -> dict[str, Any]:
        then: dict[str, Any] = {"is_on": True} if self.assumed_state else {}
        if "brightness" in params and "level" not in self.sources:
            then["brightness"] = params["brightness"]
        for mode in ("hs", "rgb", "rgbw", "rgbww"):
            if f"{mode}_color" in params and mode not in self.sources:
                then |= {f"{mode}_color": params[f"{mode}_color"], "color_mode": mode}
        if "color_temp_kelvin" in params and "temperature" not in self.sources:
            then |= {"color_temp_kelvin": params["color_temp_kelvin"], "color_mode": "color_temp"}
        if "effect" in params and "effect" not in self.sources:
            then["effect"] = params["effect"]
        return then
