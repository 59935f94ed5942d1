"""The properties that a device has: what values each takes, and how zigbee2mqtt describes it (`exposes`)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marge.simulate.devices.colour import hex_to_rgb, hs_to_rgb, rgb_to_xy

PUBLISHED, SETTABLE, GETTABLE = 1, 2, 4
"""The access bits of zigbee2mqtt's exposes."""


class BadValue(ValueError):
    """A property cannot take this value. The text is what goes into the log."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One property of a device.

    Attributes:
        settable: a command on `…/set` may change it; otherwise only the physical world does.
        reported: it is part of the state that the device publishes.
    """

    description: str = ""
    settable: bool = False
    reported: bool = True

    def parse(self, value: Any, current: Any) -> Any:
        """The value in the form that the state holds. Raises `BadValue`."""
        raise NotImplementedError

    def expose(self, name: str) -> dict[str, Any]:
        """The property as an item of zigbee2mqtt's `exposes`."""
        access = PUBLISHED | (SETTABLE | GETTABLE if self.settable else 0)
        if not self.reported:
            access = SETTABLE
        return {
            "name": name,
            "label": name.replace("_", " ").capitalize(),
            "property": name,
            "access": access,
            "description": self.description,
        }


@dataclass(frozen=True, kw_only=True)
class Binary(Field):
    """One of two values; `toggle`, where it is given, is the word that flips it."""

    on: str | bool = True
    off: str | bool = False
    toggle: str | None = None

    def parse(self, value: Any, current: Any) -> Any:
        folded = value.casefold() if isinstance(value, str) else value
        if self.toggle is not None and folded == self.toggle.casefold():
            return self.off if current == self.on else self.on
        for known in (self.on, self.off):
            if type(known) is type(value) and folded == (known.casefold() if isinstance(known, str) else known):
                return known
        raise BadValue(f"expected {self.on!r} or {self.off!r}, got {value!r:.80}")

    def expose(self, name: str) -> dict[str, Any]:
        shape = super().expose(name) | {"type": "binary", "value_on": self.on, "value_off": self.off}
        return shape if self.toggle is None else shape | {"value_toggle": self.toggle}


@dataclass(frozen=True, kw_only=True)
class Numeric(Field):
    """A number from `minimum` to `maximum`, kept with `digits` decimals (0: an integer)."""

    minimum: float
    maximum: float
    digits: int = 0
    unit: str | None = None

    def parse(self, value: Any, current: Any) -> Any:
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                raise BadValue(f"expected a number, got {value!r:.80}") from None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise BadValue(f"expected a number, got {value!r:.80}")
        if not self.minimum <= value <= self.maximum:
            raise BadValue(f"expected {self.minimum} to {self.maximum}, got {value!r:.80}")
        return self.rounded(value)

    def rounded(self, value: float) -> float | int:
        """The nearest value that the device can report."""
        clamped = min(max(value, self.minimum), self.maximum)
        return round(clamped, self.digits) if self.digits else round(clamped)

    def expose(self, name: str) -> dict[str, Any]:
        shape = super().expose(name) | {"type": "numeric", "value_min": self.minimum, "value_max": self.maximum}
        return shape if self.unit is None else shape | {"unit": self.unit}


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of several words, in lower case; case does not matter when setting it."""

    values: tuple[str, ...]

    def parse(self, value: Any, current: Any) -> Any:
        if isinstance(value, str) and value.casefold() in self.values:
            return value.casefold()
        raise BadValue(f"expected one of {', '.join(self.values)}, got {value!r:.80}")

    def expose(self, name: str) -> dict[str, Any]:
        return super().expose(name) | {"type": "enum", "values": list(self.values)}


@dataclass(frozen=True, kw_only=True)
class Colour(Field):
    """A colour, kept as CIE xy: `{"x": 0.5, "y": 0.4}`. Takes x/y, r/g/b, hue/saturation and hex, as zigbee2mqtt."""

    def parse(self, value: Any, current: Any) -> Any:
        if not isinstance(value, Mapping):
            raise BadValue(f"expected an object with x and y, got {value!r:.80}")
        unit = Numeric(minimum=0, maximum=1, digits=4)
        byte = Numeric(minimum=0, maximum=255)
        if "x" in value and "y" in value:
            return {axis: unit.parse(value[axis], None) for axis in ("x", "y")}
        if all(channel in value for channel in "rgb"):
            x, y = rgb_to_xy(*(byte.parse(value[channel], None) for channel in "rgb"))
        elif "hue" in value and "saturation" in value:
            hue = Numeric(minimum=0, maximum=360, digits=2).parse(value["hue"], None)
            saturation = Numeric(minimum=0, maximum=100, digits=2).parse(value["saturation"], None)
            x, y = rgb_to_xy(*hs_to_rgb(hue, saturation))
        elif isinstance(value.get("hex"), str):
            try:
                x, y = rgb_to_xy(*hex_to_rgb(value["hex"]))
            except ValueError:
                raise BadValue(f"expected six hexadecimal digits, got {value['hex']!r:.80}") from None
        else:
            raise BadValue(f"expected x and y, r, g and b, hue and saturation, or hex, got {value!r:.80}")
        return {"x": x, "y": y}

    def expose(self, name: str) -> dict[str, Any]:
        axes = [
            {"name": axis, "label": axis.upper(), "property": axis, "type": "numeric", "access": 7}
            for axis in ("x", "y")
        ]
        return super().expose(name) | {"name": "color_xy", "type": "composite", "features": axes}
