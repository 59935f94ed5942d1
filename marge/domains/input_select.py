"""Choices that exist only in the home's mind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._choices import CYCLE, virtual_choices
from marge.domains._helpers import NAME_AND_ICON, HelperEntity
from marge.domains._stored import NAMED, set_up
from marge.domains._validators import ensure_list, string
from marge.entities import Domain
from marge.errors import HomeError

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.domains.input_select")

MAX_OPTIONS = 2000
"""Of a choice that people make: it is shown whole with each change."""
_OPTIONS = vol.All(ensure_list, vol.Length(min=1), [string])


def _initial_is_an_option(conf: dict[str, Any]) -> dict[str, Any]:
    options = conf["options"]
    if len(set(options)) != len(options):
        raise vol.Invalid(f"Duplicated options: {options}")
    if conf.get("initial") is not None and conf["initial"] not in options:
        raise vol.Invalid(f"initial state {conf['initial']} is not part of the options: {','.join(options)}")
    return conf


CONFIG_SCHEMA = vol.Schema(
    vol.All(
        {**NAME_AND_ICON, vol.Required("options"): _OPTIONS, vol.Optional("initial"): string}, _initial_is_an_option
    )
)


def _all_different(options: list[str]) -> list[str]:
    if len(set(options)) != len(options):
        raise HomeError("Duplicate options are not allowed")
    return options


ITEM_FIELDS = {
    **NAMED,
    vol.Required("options"): vol.All(_OPTIONS, vol.Length(max=MAX_OPTIONS), _all_different),
    vol.Optional("initial"): string,
}


class InputSelectEntity(HelperEntity):
    domain = "input_select"
    current: str = ""
    options: list[str] = []  # replaced, never changed

    def begin(self) -> None:
        restored = self.restored()
        self.options = list(self.conf["options"])
        self.current = self.conf.get("initial") or (restored[0] if restored is not None else "")
        if self.current not in self.options:
            self.current = self.options[0]

    def reconfigured(self) -> None:
        self.set_options(list(self.conf["options"]))

    def select_option(self, option: str) -> None:
        if option not in self.options:
            raise HomeError(f"Invalid option: {option} (possible options: {', '.join(self.options)})")
        self.current = option

    def select_first(self) -> None:
        self.current = self.options[0]

    def select_last(self) -> None:
        self.current = self.options[-1]

    def select_next(self, cycle: bool = True) -> None:
        self._move(1, cycle)

    def select_previous(self, cycle: bool = True) -> None:
        self._move(-1, cycle)

    def _move(self, by: int, cycle: bool) -> None:
        place = self.options.index(self.current) + by
        if cycle:
            place %= len(self.options)
        self.current = self.options[min(max(place, 0), len(self.options) - 1)]

    def set_options(self, options: list[str]) -> None:
        if len(set(options)) != len(options):
            raise HomeError(f"Duplicated options: {options}")
        self.options = options
        if self.current not in options:
            log.warning("the choice is no option any more", entity_id=self.entity_id, was=self.current)
            self.current = options[0]

    def state_value(self) -> str | None:
        return self.current

    def capability_attributes(self) -> dict[str, Any]:
        return {"options": self.options}

    def state_attributes(self) -> dict[str, Any]:
        return {"editable": self.editable}


def _setup(home: Home, section: Any) -> None:
    set_up(home, "input_select", section, CONFIG_SCHEMA, InputSelectEntity, ITEM_FIELDS, _initial_is_an_option)


DOMAIN = Domain(
    "input_select",
    services={
        "select_option": service(
            "input_select", "select_option", "select_option", "Makes a choice.", {vol.Required("option"): string}
        ),
        "select_first": service("input_select", "select_first", "select_first", "Chooses the first option."),
        "select_last": service("input_select", "select_last", "select_last", "Chooses the last option."),
        "select_next": service("input_select", "select_next", "select_next", "Chooses the next option.", CYCLE),
        "select_previous": service(
            "input_select", "select_previous", "select_previous", "Chooses the option before.", CYCLE
        ),
        "set_options": service(
            "input_select", "set_options", "set_options", "Replaces the options until the next start.",
            {vol.Required("options"): _OPTIONS},
        ),
    },
    entity=InputSelectEntity,
    virtual=virtual_choices(),
    setup=_setup,
    config_schema=CONFIG_SCHEMA,
)  # fmt: skip
