"""`/api/integrations/tasmota`: the Tasmota devices that were heard of over MQTT."""

from __future__ import annotations

from typing import Any

from marge.home import Home
from marge.http.message import Reply, Request
from marge.http.rest.integrations._books import books_of
from marge.http.rest.integrations._family import DEVICES, Family, activity, listed
from marge.http.routing import route
from marge.http.shapes import Answer


def _devices(home: Home) -> list[dict[str, Any]]:
    books = books_of(home)
    return [] if books is None else books.tasmota.devices


FAMILY = Family("tasmota", "Tasmota", 3, lambda home: activity(len(_devices(home))))


@route("GET", "/api/integrations/tasmota", replies={200: Answer("The devices.", DEVICES)})
def tasmota(home: Home, _request: Request) -> Reply:
    """The devices that were heard of."""
    return listed(_devices(home))
