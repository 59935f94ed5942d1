"""Buttons that exist only in the home's mind. The state is when one was pressed last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.domains._catalog import service
from marge.domains._helpers import NAME_AND_ICON, HelperEntity
from marge.domains._stored import NAMED, set_up
from marge.domains._virtual import keep, virtual
from marge.entities import Domain
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.home import Home


ITEM_FIELDS = NAMED


class InputButtonEntity(HelperEntity):
    domain = "input_button"
    pressed: str | None = None

    def begin(self) -> None:
        restored = self.restored()
        if restored is not None:
            self.pressed = restored[0]

    def press(self) -> None:
        self.pressed = iso(self.home.clock.now())

    def state_value(self) -> str | None:
        return self.pressed

    def state_attributes(self) -> dict[str, Any]:
        return {"editable": self.editable}


def _setup(home: Home, section: Any) -> None:
    set_up(home, "input_button", section, NAME_AND_ICON, InputButtonEntity, ITEM_FIELDS)


DOMAIN = Domain(
    "input_button",
    services={"press": service("input_button", "press", "press", "Presses input buttons.")},
    entity=InputButtonEntity,
    virtual=virtual({"press": keep("unknown")}),
    setup=_setup,
    config_schema=NAME_AND_ICON,
)
