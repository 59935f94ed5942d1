"""Buttons. The state is when one was pressed last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.domains._catalog import service
from marge.domains._virtual import keep, virtual
from marge.entities import Domain, Entity
from marge.model import Event
from marge.services.targets import entity_ids, resolve
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.home import Home


class ButtonEntity(Entity):
    """A button that somebody owns. Owners override `press()`."""

    domain = "button"
    pressed_at: float | None = None

    def press(self) -> Any:
        """Do it; the owner's part."""

    def handle_press(self) -> Any:
        if self.actor is not None:
            self.pressed_at = self.actor.system.clock.now()
        return self.press()

    def state_value(self) -> str | None:
        return None if self.pressed_at is None else iso(self.pressed_at)


def _setup(home: Home, _section: Any) -> None:
    """Virtual buttons whose seed names a `press_event` fire it; their state stays."""
    seeds = home.config.marge.virtual_entities
    events = {entity_id: seed.press_event for entity_id, seed in seeds.items() if seed.press_event is not None}
    if not events:
        return

    def called(event: Event) -> None:
        data = event.data
        if data["domain"] != "button" or data["service"] != "press":
            return
        call = dict(data["service_data"])
        if "entity_id" in call:
            call["entity_id"] = entity_ids(call["entity_id"])
        for entity_id in resolve(call, "button", home.states, home.registries).entity_ids:
            press_event = events.get(entity_id)
            if press_event is not None and home.states.owner(entity_id) is None:
                pressed = Event(press_event, {"entity_id": entity_id}, event.context, home.clock.now())
                home.bus.publish(pressed)

    home.bus.subscribe(called, "call_service")


DOMAIN = Domain(
    "button",
    services={"press": service("button", "press", "handle_press", "Presses buttons.")},
    entity=ButtonEntity,
    virtual=virtual({"press": keep("unknown")}),
    setup=_setup,
)
