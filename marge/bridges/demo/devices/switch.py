"""Switches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, of_device, with_fields
from marge.domains.switch import SwitchEntity

if TYPE_CHECKING:
    from marge.home import Home


def items(home: Home) -> Iterator[Item]:
    lamps = with_fields(SwitchEntity(), is_on=True, assumed_state=True)
    yield of_device("switch.decorative_lights", lamps, "Decorative Lights", "switch1")
    outlet = with_fields(SwitchEntity(), is_on=False, device_class="outlet")
    yield of_device("switch.ac", outlet, "AC", "switch2", translation_key="air_conditioner")
