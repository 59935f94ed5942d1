"""The lists that are kept of devices behind MQTT gateways."""

from __future__ import annotations

from marge.bridges.mqtt_devices import SHARED
from marge.bridges.mqtt_devices.books import Books
from marge.home import Home


def books_of(home: Home) -> Books | None:
    """The lists; None in a home without MQTT."""
    found = home.shared.get(SHARED)
    return found if isinstance(found, Books) else None
