"""The services `esphome_mqtt.*`. Administrators only; automations may call them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt_devices.esphome.hub import EspHomeHub
from marge.bridges.mqtt_devices.rights import check_admin
from marge.errors import InvalidRequest, NotFound, ServiceValidationError
from marge.util.schema import string

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services import ServiceCall

DOMAIN = "esphome_mqtt"
_DEVICE: dict[Any, Any] = {vol.Required("device"): vol.All(string, vol.Length(1, 200))}
_FIELDS = {"device": {"required": True, "example": "kitchen-sensor", "selector": {"text": None}}}


def register(home: Home, hub: EspHomeHub) -> None:
    """Register them."""

    def discover(call: ServiceCall) -> None:
        check_admin(home, call.context)
        hub.discover()

    def ping(call: ServiceCall) -> None:
        check_admin(home, call.context)
        try:
            hub.ping(hub.find(call.data["device"]))
        except (NotFound, InvalidRequest) as exc:
            raise ServiceValidationError(str(exc)) from exc

    def forget(call: ServiceCall) -> None:
        check_admin(home, call.context)
        try:
            hub.forget(hub.find(call.data["device"]))
        except (NotFound, InvalidRequest) as exc:
            raise ServiceValidationError(str(exc)) from exc

    for name, handler, schema, description, title in (
        ("discover", discover, {}, "Has all ESPHome devices on MQTT describe themselves.", "Look for devices"),
        ("ping", ping, _DEVICE, "Has an ESPHome device describe itself.", "Ping a device"),
        ("forget", forget, _DEVICE, "Clears what an ESPHome device that is gone has left behind.", "Forget a device"),
    ):
        home.services.register(
            DOMAIN, name, handler, schema, description=description, name=title, fields=_FIELDS if schema else {}
        )
