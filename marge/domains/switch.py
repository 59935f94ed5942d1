"""Switches: on or off."""

from __future__ import annotations

from marge.domains._catalog import service
from marge.domains._on_off import OnOffEntity
from marge.domains._virtual import ON_OFF, virtual
from marge.entities import Domain


class SwitchEntity(OnOffEntity):
    """A switch that somebody owns: override `turn_on()` and `turn_off()`, set `is_on`."""

    domain = "switch"


DOMAIN = Domain(
    "switch",
    services={
        "turn_on": service("switch", "turn_on", "turn_on", "Turns switches on."),
        "turn_off": service("switch", "turn_off", "turn_off", "Turns switches off."),
        "toggle": service("switch", "toggle", "toggle", "Turns each switch to its other side."),
    },
    entity=SwitchEntity,
    virtual=virtual(ON_OFF),
)
