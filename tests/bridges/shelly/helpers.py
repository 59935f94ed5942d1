"""Short ways for the tests of Shellys: a device with a number of its own, adding it, its entities."""

from __future__ import annotations

from itertools import count
from typing import Any

from marge.simulate.families.shelly import Shelly
from tests.support.home import HomeServer
from tests.support.lan import where

BASE = "/api/integrations/shelly"
numbers = count(1)


def shelly(generation: int, model: str, **more: Any) -> Shelly:
    return Shelly(generation, model, next(numbers), **more)


def discover(home: HomeServer, device: Any, **more: str) -> Any:
    reply = home.rest("POST", f"{BASE}/discover", {"ip": device if isinstance(device, str) else where(device), **more})
    assert reply.status_code == 200, reply.text
    return reply.json()


def entity(device: Shelly, what: str) -> str:
    """`switch.0` is the device's `switch.shelly_<mac>_0`."""
    domain, _, suffix = what.partition(".")
    return f"{domain}.shelly_{device.inside.mac.lower()}_{suffix}"


def shown(home: HomeServer, device: Shelly) -> dict[str, str]:
    """The states of all entities of a device."""
    part = f"shelly_{device.inside.mac.lower()}_"
    return {each.entity_id.replace(part, ""): each.state for each in home.home.states.all() if part in each.entity_id}
