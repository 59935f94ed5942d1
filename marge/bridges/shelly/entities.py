"""The entities of Shellys. What they are told goes to the device's actor; what they show comes from there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marge.bridges.lan.entity import LanEntity
from marge.bridges.shelly.reading import Reading
from marge.domains._light_params import TRANSITION
from marge.domains.binary_sensor import BinarySensorEntity
from marge.domains.button import ButtonEntity
from marge.domains.cover import CLOSE, OPEN, SET_POSITION, STOP, CoverEntity
from marge.domains.light import LightEntity
from marge.domains.sensor import SensorEntity
from marge.domains.switch import SwitchEntity
from marge.domains.update import INSTALL, UpdateEntity

_POSITION = OPEN | CLOSE | STOP | SET_POSITION


class Metered(LanEntity):
    """`power` (W) and `energy` (kWh) of what it switches, where it measures them."""

    power: float | None = None
    energy: float | None = None
    about: Mapping[str, Any] = {}

    @property
    def extra_attributes(self) -> Mapping[str, Any]:  # type: ignore[override]
        measured = {"power": self.power, "energy": self.energy}
        return {**self.about, **{name: value for name, value in measured.items() if value is not None}}


class ShellySwitch(Metered, SwitchEntity):
    """A relay."""

    def turn_on(self, **params: Any) -> Any:
        return self.send("turn", on=True)

    def turn_off(self, **params: Any) -> Any:
        return self.send("turn", on=False)


class ShellyLight(Metered, LightEntity):
    """A dimmer, a bulb, a strip."""

    supported_features = TRANSITION

    def turn_on(self, **params: Any) -> Any:
        return self.send("turn", on=True, color_mode=self.color_mode, **params)

    def turn_off(self, **params: Any) -> Any:
        return self.send("turn", on=False, **params)


class ShellyCover(Metered, CoverEntity):
    """A blind. Without calibration it knows no position, and can only be run to its ends."""

    supported_features = OPEN | CLOSE | STOP

    def open_cover(self) -> Any:
        return self.send("open")

    def close_cover(self) -> Any:
        return self.send("close")

    def stop_cover(self) -> Any:
        return self.send("stop")

    def set_cover_position(self, position: int) -> Any:
        return self.send("position", position=position)

    def apply(self, values: Mapping[str, Any]) -> None:
        super().apply(values)
        self.supported_features = OPEN | CLOSE | STOP if self.current_position is None else _POSITION


class ShellySensor(Metered, SensorEntity):
    """Something measured."""


class ShellyBinarySensor(Metered, BinarySensorEntity):
    """An input, or an alarm."""


class ShellyUpdate(Metered, UpdateEntity):
    """The device's own software. It fetches the newest itself, and starts anew with it."""

    supported_features = INSTALL

    def install(self, version: str | None = None, backup: bool = False) -> Any:
        return self.send("install")


class ShellyButton(Metered, ButtonEntity):
    """Lets the device start anew."""

    def press(self) -> Any:
        return self.send("restart")


_CLASSES: dict[str, type[Metered]] = {
    "switch": ShellySwitch, "light": ShellyLight, "cover": ShellyCover, "sensor": ShellySensor,
    "binary_sensor": ShellyBinarySensor, "update": ShellyUpdate, "button": ShellyButton,
}  # fmt: skip


def entity_of(reading: Reading, home_units: Mapping[str, str] | None) -> Metered:
    """A new entity for a reading, without its values."""
    entity = _CLASSES[reading.kind]()
    for name, value in reading.fixed.items():
        setattr(entity, name, value)
    if isinstance(entity, ShellySensor):
        entity.home_units = home_units
    return entity
