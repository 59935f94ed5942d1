"""The services `zigbee2mqtt.*`, made from the table of actions. Administrators only; automations may call them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from marge.bridges.mqtt_devices.zigbee2mqtt import DOMAIN
from marge.bridges.mqtt_devices.zigbee2mqtt.actions import Action, perform
from marge.bridges.mqtt_devices.zigbee2mqtt.table import ACTIONS
from marge.errors import InvalidRequest, NotFound, ServiceValidationError, Unauthorized

if TYPE_CHECKING:
    from marge.bridges.mqtt_devices.zigbee2mqtt.hub import Zigbee2Mqtt
    from marge.home import Home
    from marge.services import ServiceCall


def register(home: Home, hub: Zigbee2Mqtt) -> None:
    """Register a service for each action."""
    for action in ACTIONS:
        home.services.register(
            DOMAIN,
            action.name,
            partial(_call, home, hub, action),
            dict(action.schema),
            supports_response="optional",
            description=action.description,
            fields=action.fields,
            name=action.title,
        )


def _call(home: Home, hub: Zigbee2Mqtt, action: Action, call: ServiceCall) -> dict[str, Any]:
    auth = home.shared.get("auth")
    if call.context.user_id is not None and auth is not None:
        user = auth.user(call.context.user_id)
        if user is None or not user.is_admin:
            raise Unauthorized("Unauthorized")
    try:
        return perform(home, hub, action, call.data)
    except (NotFound, InvalidRequest) as exc:
        raise ServiceValidationError(str(exc)) from exc
