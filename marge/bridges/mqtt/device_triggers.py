"""Device triggers that are announced by MQTT discovery: the buttons of remotes, which are no entities.

Offered as `home.shared["device_triggers"]["mqtt"]`; it outlives the bridge's actor, and automations may wait for
triggers that are announced later. Used on the hub only; nothing here waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.automations.triggers.mqtt import message_facts
from marge.bridges.mqtt.discovery import Announced, DiscoveryKey
from marge.bridges.mqtt.followers import Followers
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.schema import DEVICE_SCHEMA, one_of, qos, string, subscribe_topic, template
from marge.errors import MargeError
from marge.model import Context

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.bridges.mqtt")

COMPONENT = "device_automation"
SHARED = "device_triggers"
DOMAIN = "mqtt"
TEMPLATE_BUDGET_S = 0.05
"""Rendered in the bridge's greenlet."""
MAX_TRIGGERS = 10_000

Fire = Callable[[Mapping[str, Any], "Context | None"], None]

SCHEMA = vol.Schema(
    {
        vol.Required("automation_type"): one_of("trigger"),
        vol.Required("device"): DEVICE_SCHEMA,
        vol.Required("topic"): subscribe_topic,
        vol.Required("type"): string,
        vol.Required("subtype"): string,
        vol.Optional("payload"): string,
        vol.Optional("value_template"): template,
        vol.Optional("qos", default=0): qos,
    },
    extra=vol.REMOVE_EXTRA,
)


@dataclass(frozen=True)
class Button:
    """One announced trigger."""

    device_id: str
    config: Mapping[str, Any]
    announced: Announced

    def is_meant(self, wanted: Mapping[str, Any]) -> bool:
        """Whether an automation's configuration means this one."""
        return (
            self.device_id == wanted.get("device_id")
            and self.config["type"] == wanted.get("type")
            and self.config["subtype"] == wanted.get("subtype")
        )


@dataclass
class _Attached:
    wanted: Mapping[str, Any]
    fire: Fire
    end: Callable[[], None] | None = None


class DeviceTriggers:
    """The announced triggers of one home, and the automations that wait for them."""

    def __init__(self, home: Home, followers: Followers) -> None:
        self._home = home
        self._followers = followers
        self._buttons: dict[DiscoveryKey, Button] = {}
        self._attached: dict[int, _Attached] = {}
        self._number = 0

    # -- for the bridge ----------------------------------------------------------------------------------------------

    def announce(self, announced: Announced, device_of: Callable[[Mapping[str, Any]], str]) -> None:
        """A trigger was announced, or announced differently.

        Args:
            device_of: the id of the device that a validated configuration describes.

        Raises:
            vol.Invalid: it is malformed.
        """
        config = SCHEMA(announced.config)
        if len(self._buttons) >= MAX_TRIGGERS and announced.key not in self._buttons:
            raise vol.Invalid(f"more than {MAX_TRIGGERS} device triggers")
        self._buttons[announced.key] = Button(device_of(config), config, announced)
        self._bind_all()

    def withdraw(self, key: DiscoveryKey) -> str | None:
        """A trigger is announced no more. Its device's id when nothing of the device is left here; None else."""
        button = self._buttons.pop(key, None)
        if button is None:
            return None
        self._bind_all()
        return None if self.has(button.device_id) else button.device_id

    def has(self, device_id: str) -> bool:
        """Whether the device has announced triggers."""
        return any(each.device_id == device_id for each in self._buttons.values())

    def announced(self, device_id: str) -> list[Announced]:
        """A device's triggers, as they were announced."""
        return [each.announced for each in self._buttons.values() if each.device_id == device_id]

    # -- for automations and clients ---------------------------------------------------------------------------------

    def list(self, device_id: str) -> list[dict[str, Any]]:
        """A device's triggers, as clients get them."""
        return [
            {
                "platform": "device",
                "domain": DOMAIN,
                "device_id": device_id,
                "type": each.config["type"],
                "subtype": each.config["subtype"],
                "metadata": {},
            }
            for each in self._buttons.values()
            if each.device_id == device_id
        ]

    def attach(self, config: Mapping[str, Any], fire: Fire) -> Callable[[], None]:
        """Call `fire(data, context)` when the trigger that `config` names happens, now or once it is announced.

        Returns the function that ends it.
        """
        self._number += 1
        number = self._number
        attached = self._attached[number] = _Attached(config, fire)
        self._bind(attached)

        def end() -> None:
            gone = self._attached.pop(number, None)
            if gone is not None and gone.end is not None:
                gone.end()

        return end

    # -- inside ------------------------------------------------------------------------------------------------------

    def _bind_all(self) -> None:
        for attached in self._attached.values():
            if attached.end is not None:
                attached.end()
                attached.end = None
            self._bind(attached)

    def _bind(self, attached: _Attached) -> None:
        button = next((each for each in self._buttons.values() if each.is_meant(attached.wanted)), None)
        if button is not None:
            config = button.config
            attached.end = self._followers.follow(
                config["topic"], lambda message: self._arrived(message, config, attached.fire), config["qos"]
            )

    def _arrived(self, message: Incoming, config: Mapping[str, Any], fire: Fire) -> None:
        text = message.text
        if text is None:
            return
        data = message_facts(message, text)
        if "payload" in config and self._value(text, data, config) != config["payload"]:
            return
        fire(data, None)

    def _value(self, text: str, data: Mapping[str, Any], config: Mapping[str, Any]) -> str | None:
        if "value_template" not in config:
            return text
        known = {"value": text}
        if "payload_json" in data:
            known["value_json"] = data["payload_json"]
        try:
            value = self._home.templates.render(
                config["value_template"], known, budget_s=TEMPLATE_BUDGET_S, may_yield=False
            )
        except MargeError as exc:
            log.warning("a device trigger's template failed", topic=data["topic"], problem=str(exc))
            return None
        return str(value)


def device_triggers(home: Home) -> DeviceTriggers | None:
    """The home's, when it has MQTT."""
    found = home.shared.get(SHARED, {}).get(DOMAIN)
    return found if isinstance(found, DeviceTriggers) else None
