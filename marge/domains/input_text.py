"""Texts that exist only in the home's mind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._helpers import NAME_AND_ICON, HelperEntity
from marge.domains._stored import NAMED, set_up
from marge.domains._text import virtual_text
from marge.domains._validators import integer, string
from marge.entities import Domain
from marge.model import MAX_STATE_LENGTH

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.domains.input_text")

_DEFAULT_MAX = 100


def _lengths_hold(conf: dict[str, Any]) -> dict[str, Any]:
    if conf["min"] > conf["max"]:
        raise vol.Invalid(f"Max len ({conf['min']}) is not greater than min len ({conf['max']})")
    initial = conf.get("initial")
    if initial is not None and not conf["min"] <= len(initial) <= conf["max"]:
        raise vol.Invalid(f"Initial value {initial} length not in range {conf['min']}-{conf['max']}")
    return conf


CONFIG_SCHEMA = vol.Schema(
    vol.All(
        {
            **NAME_AND_ICON,
            vol.Optional("min", default=0): vol.All(integer, vol.Range(0, MAX_STATE_LENGTH)),
            vol.Optional("max", default=_DEFAULT_MAX): vol.All(integer, vol.Range(1, MAX_STATE_LENGTH)),
            vol.Optional("initial"): string,
            vol.Optional("unit_of_measurement"): string,
            vol.Optional("pattern"): string,
            vol.Optional("mode", default="text"): vol.In(("text", "password")),
        },
        _lengths_hold,
    )
)


ITEM_FIELDS = {
    **NAMED,
    vol.Optional("min", default=0): vol.All(integer, vol.Range(min=0)),
    vol.Optional("max", default=_DEFAULT_MAX): vol.All(integer, vol.Range(min=1)),
    vol.Optional("mode", default="text"): vol.In(("text", "password")),
    vol.Optional("initial"): string,
    vol.Optional("unit_of_measurement"): string,
    vol.Optional("pattern"): string,
}


def _item_holds(conf: dict[str, Any]) -> dict[str, Any]:
    _lengths_hold(conf)
    if conf["max"] > MAX_STATE_LENGTH:
        raise vol.Invalid(f"Max len ({conf['max']}) is greater than {MAX_STATE_LENGTH}")
    return conf


class InputTextEntity(HelperEntity):
    domain = "input_text"
    value: str | None = None

    def begin(self) -> None:
        restored = self.restored()
        if "initial" in self.conf:
            self.value = self.conf["initial"]
        elif restored is not None and self._fits(restored[0]):
            self.value = restored[0]

    def _fits(self, value: str) -> bool:
        return bool(self.conf["min"] <= len(value) <= self.conf["max"])

    def set_value(self, value: str) -> None:
        if not self._fits(value):
            # As HA: the caller hears nothing, the log does.
            log.warning(
                "a text of this length is not taken", entity_id=self.entity_id, length=len(value),
                min=self.conf["min"], max=self.conf["max"],
            )  # fmt: skip
            return
        self.value = value

    def state_value(self) -> str | None:
        return self.value

    def state_attributes(self) -> dict[str, Any]:
        conf = self.conf
        return {
            "editable": self.editable,
            "min": conf["min"],
            "max": conf["max"],
            "pattern": conf.get("pattern"),
            "mode": conf["mode"],
        }


def _setup(home: Home, section: Any) -> None:
    set_up(home, "input_text", section, CONFIG_SCHEMA, InputTextEntity, ITEM_FIELDS, _item_holds)


DOMAIN = Domain(
    "input_text",
    services={
        "set_value": service(
            "input_text", "set_value", "set_value", "Sets the text.", {vol.Required("value"): string}
        ),
    },
    entity=InputTextEntity,
    virtual=virtual_text(),
    setup=_setup,
    config_schema=CONFIG_SCHEMA,
)
