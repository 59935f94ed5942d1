"""The button's event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.devices.button import PRESSED
from marge.bridges.demo.item import Item
from marge.domains.event import EventEntity
from marge.model import Event

if TYPE_CHECKING:
    from marge.actors import Subscription
    from marge.home import Home


class DemoEvent(EventEntity):
    """Hears `demo_button_pressed`."""

    device_class = "button"
    event_types: list[str] = ["pressed"]  # noqa: RUF012 - replaced, never changed
    home: Home
    _subscription: Subscription | None = None

    def on_add(self) -> None:
        if self._subscription is None:
            self._subscription = self.home.bus.subscribe(self._pressed, PRESSED)

    def on_remove(self) -> None:
        if self._subscription is not None:
            self._subscription.cancel()
            self._subscription = None

    def _pressed(self, event: Event) -> None:
        """On the hub: the rest happens in the entity's own turn."""
        self.home.entities.report(self.entity_id, event_type="pressed", happened_at=event.time_fired)


def items(home: Home) -> Iterator[Item]:
    event = DemoEvent()
    event.home = home
    yield Item(
        "event.push_button_press", event, "Button press", "push", "Push", has_entity_name=True,
        facts={"translation_key": "push"},
    )  # fmt: skip
