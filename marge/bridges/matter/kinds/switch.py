"""Plugs and switches that switch something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.bridges.matter.entity import Call, Fields, Kind, MatterEntity
from marge.bridges.matter.node import ON_OFF, Endpoint
from marge.domains.switch import SwitchEntity

if TYPE_CHECKING:
    from marge.home import Home

PLUG, MOUNTED, LIGHT_SWITCH = 266, 271, 259


class MatterSwitch(MatterEntity, SwitchEntity):
    """On or off."""

    def turn_on(self, **params: Any) -> Any:
        return self.ask(Call(ON_OFF, "On", expects={0: True}))

    def turn_off(self, **params: Any) -> Any:
        return self.ask(Call(ON_OFF, "Off", expects={0: False}))


def _make(_home: Home, endpoint: Endpoint) -> MatterSwitch:
    switch = MatterSwitch()
    if PLUG in endpoint.types:
        switch.device_class = "outlet"
    return switch


def _fields(endpoint: Endpoint) -> Fields:
    return {"is_on": endpoint.flag(ON_OFF, 0)}


KINDS = (Kind(frozenset({PLUG, MOUNTED, LIGHT_SWITCH}), _make, _fields),)
