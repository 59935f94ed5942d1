"""The lists that are kept of devices behind MQTT gateways."""

from __future__ import annotations

from typing import TypeVar

from marge.bridges.mqtt_devices import SHARED
from marge.bridges.mqtt_devices.books import Books
from marge.errors import NotFound
from marge.home import Home

Hub = TypeVar("Hub")


def books_of(home: Home) -> Books | None:
    """The lists; None in a home without MQTT."""
    found = home.shared.get(SHARED)
    return found if isinstance(found, Books) else None


def needed(hub: Hub | None) -> Hub:
    """The part of the home that speaks with a family's gateways.

    Raises:
        NotFound: the home has none.
    """
    if hub is None:
        raise NotFound("This home has no MQTT")
    return hub
