"""A button. Pressing it fires `demo_button_pressed`, which the event entity beside it hears."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, of_device
from marge.domains.button import ButtonEntity
from marge.model import Context, Event

if TYPE_CHECKING:
    from marge.home import Home

PRESSED = "demo_button_pressed"


class DemoButton(ButtonEntity):
    home: Home

    def press(self) -> None:
        # A context of its own: what the event entity shows is the event's doing, not part of the call.
        self.home.bus.publish(Event(PRESSED, {}, Context.new(), self.home.clock.now()))


def items(home: Home) -> Iterator[Item]:
    button = DemoButton()
    button.home = home
    yield of_device("button.push", button, "Push", "push")
