"""A group of lights: what its lights can do together, and how they are on average."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marge.actors import Future
from marge.domains.light import DEFAULT_MAX_KELVIN, DEFAULT_MIN_KELVIN, LightEntity
from marge.integrations.group.base import MemberGroup, any_or_all, has_value, mean, most_common, values_of
from marge.model import State

_FEATURES = 4 | 8 | 32  # effect, flash, transition
_COLOR_FIELDS = ("hs_color", "xy_color", "rgb_color", "rgbw_color", "rgbww_color")


def _means(values: Sequence[Sequence[float]]) -> tuple[float, ...] | None:
    if not values:
        return None
    length = min(len(each) for each in values)
    return tuple(sum(each[place] for each in values) / len(values) for place in range(length))


def _together(modes: set[str]) -> frozenset[str]:
    """The colour modes of the group: on/off and brightness are no modes of their own beside others."""
    found = {each for each in modes if each != "unknown"}
    if len(found) > 1:
        found.discard("onoff")
    if len(found) > 1:
        found.discard("brightness")
    return frozenset(found)


class LightGroup(MemberGroup, LightEntity):
    """Several lights. With `all` it is on only while all are."""

    member_domains = ("light",)
    group_icon = "mdi:lightbulb-group"

    def sum_up(self, states: Sequence[State]) -> None:
        mode = any_or_all(bool(self.conf.get("all")))
        on = [state for state in states if state.state == "on"]
        self.is_on = mode(state.state == "on" for state in states) if mode(map(has_value, states)) else None
        self.brightness = mean(values_of(on, "brightness"))
        self.color_temp_kelvin = mean(values_of(on, "color_temp_kelvin"))
        for name in _COLOR_FIELDS:
            found = _means(values_of(on, name))
            if found is not None and name not in ("hs_color", "xy_color"):
                found = tuple(int(each) for each in found)
            setattr(self, name, found)
        self.min_color_temp_kelvin = min(values_of(states, "min_color_temp_kelvin"), default=DEFAULT_MIN_KELVIN)
        self.max_color_temp_kelvin = max(values_of(states, "max_color_temp_kelvin"), default=DEFAULT_MAX_KELVIN)
        lists = values_of(states, "effect_list")
        effects = sorted({each for listed in lists for each in listed})
        self.effect_list = sorted(effects, key=lambda each: each != "None") or None
        self.effect = most_common(values_of(on, "effect"))
        modes = {str(each) for listed in values_of(states, "supported_color_modes") for each in listed}
        self.supported_color_modes = _together(modes) or frozenset(("onoff",))
        self.color_mode = self._common_mode([str(each) for each in values_of(on, "color_mode")])
        features = 0
        for each in values_of(states, "supported_features"):
            features |= each if isinstance(each, int) else 0
        self.supported_features = features & _FEATURES

    def _common_mode(self, modes: list[str]) -> str | None:
        colored = [each for each in modes if each not in ("onoff", "brightness")]
        found = most_common(colored) or most_common([each for each in modes if each == "brightness"])
        found = found or most_common(modes)
        if found is None or found in self.supported_color_modes:
            return found
        return next(iter(sorted(self.supported_color_modes)), None)

    def turn_on(self, **params: Any) -> Future | None:
        return self.pass_on("turn_on", params)

    def turn_off(self, **params: Any) -> Future | None:
        return self.pass_on("turn_off", params)
