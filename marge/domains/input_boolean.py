"""Switches that exist only in the home's mind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._helpers import NAME_AND_ICON, HelperEntity
from marge.domains._on_off import OnOffEntity
from marge.domains._stored import NAMED, set_up
from marge.domains._validators import boolean
from marge.domains._virtual import ON_OFF, virtual
from marge.entities import Domain

if TYPE_CHECKING:
    from marge.home import Home

CONFIG_SCHEMA = {**NAME_AND_ICON, vol.Optional("initial"): boolean}
ITEM_FIELDS = {**NAMED, vol.Optional("initial"): boolean}


class InputBooleanEntity(HelperEntity, OnOffEntity):
    domain = "input_boolean"
    is_on: bool | None = False

    def begin(self) -> None:
        restored = self.restored()
        if "initial" in self.conf:
            self.is_on = self.conf["initial"]
        elif restored is not None:
            self.is_on = restored[0] == "on"

    def state_attributes(self) -> dict[str, Any]:
        return {"editable": self.editable}


def _setup(home: Home, section: Any) -> None:
    set_up(home, "input_boolean", section, CONFIG_SCHEMA, InputBooleanEntity, ITEM_FIELDS)


DOMAIN = Domain(
    "input_boolean",
    services={
        "turn_on": service("input_boolean", "turn_on", "turn_on", "Turns input booleans on."),
        "turn_off": service("input_boolean", "turn_off", "turn_off", "Turns input booleans off."),
        "toggle": service("input_boolean", "toggle", "toggle", "Turns input booleans to their other side."),
    },
    entity=InputBooleanEntity,
    virtual=virtual(ON_OFF),
    setup=_setup,
    config_schema=CONFIG_SCHEMA,
)
