"""A notifier. What it is told becomes a `notify` event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, with_fields
from marge.domains.notify import TITLE, NotifyEntity
from marge.model import Event

if TYPE_CHECKING:
    from marge.home import Home

NOTIFIED = "notify"


class DemoNotifier(NotifyEntity):
    home: Home

    def send_message(self, message: str, title: str | None = None) -> None:
        data = {"message": message} if title is None else {"message": message, "title": title}
        self.home.bus.publish(Event(NOTIFIED, data, self.context, self.home.clock.now()))


def items(home: Home) -> Iterator[Item]:
    notifier = with_fields(DemoNotifier(), supported_features=TITLE)
    notifier.home = home
    yield Item(
        "notify.notifier", notifier, None, "notify", "Notifier", ("notify", "notify"), has_entity_name=True
    )
