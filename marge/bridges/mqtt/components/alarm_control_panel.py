"""MQTT alarm panels."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.components._onoff import state_of_json
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import PAYLOAD_NONE, Handler, Mapping
from marge.bridges.mqtt.schema import (
    boolean,
    ensure_list,
    entity_schema,
    one_of,
    publish_topic,
    string,
    subscribe_topic,
    template,
)
from marge.domains.alarm_control_panel import (
    ARM_AWAY,
    ARM_CUSTOM_BYPASS,
    ARM_HOME,
    ARM_NIGHT,
    ARM_VACATION,
    TRIGGER,
    AlarmControlPanelEntity,
)
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.bridges.mqtt")

FEATURES = {
    "arm_home": ARM_HOME,
    "arm_away": ARM_AWAY,
    "arm_night": ARM_NIGHT,
    "arm_vacation": ARM_VACATION,
    "arm_custom_bypass": ARM_CUSTOM_BYPASS,
    "trigger": TRIGGER,
}
STATES = frozenset((
    "disarmed", "armed_home", "armed_away", "armed_night", "armed_vacation", "armed_custom_bypass", "pending",
    "arming", "disarming", "triggered",
))  # fmt: skip
REMOTE_CODE, REMOTE_CODE_TEXT = "REMOTE_CODE", "REMOTE_CODE_TEXT"
"""Instead of a code: the panel checks it, digits or any text."""

SCHEMA = entity_schema(
    {
        vol.Required("state_topic"): subscribe_topic,
        vol.Required("command_topic"): publish_topic,
        vol.Optional("value_template"): template,
        vol.Optional("command_template", default="{{action}}"): template,
        vol.Optional("retain", default=False): boolean,
        vol.Optional("code"): string,
        vol.Optional("code_arm_required", default=True): boolean,
        vol.Optional("code_disarm_required", default=True): boolean,
        vol.Optional("code_trigger_required", default=True): boolean,
        vol.Optional("supported_features", default=list(FEATURES)): vol.All(ensure_list, [one_of(*FEATURES)]),
        **{vol.Optional(f"payload_{name}", default=name.upper()): string for name in (*FEATURES, "disarm")},
    }
)


class MqttAlarmControlPanel(MqttEntity, AlarmControlPanelEntity):
    """Publishes arming, disarming and triggering, after it has checked the code it was given, if it knows one."""

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        code = config.get("code")
        is_number = code is not None and (code == REMOTE_CODE or re.fullmatch(r"\d+", code) is not None)
        features = 0
        for name in config["supported_features"]:
            features |= FEATURES[name]
        return {
            **super().fields(config, home),
            "code_format": None if code is None else "number" if is_number else "text",
            "code_arm_required": config["code_arm_required"],
            "supported_features": features,
        }

    def alarm_disarm(self, code: str | None = None) -> None:
        self._send("disarm", "disarmed", "code_disarm_required", code)

    def alarm_arm_home(self, code: str | None = None) -> None:
        self._send("arm_home", "armed_home", "code_arm_required", code)

    def alarm_arm_away(self, code: str | None = None) -> None:
        self._send("arm_away", "armed_away", "code_arm_required", code)

    def alarm_arm_night(self, code: str | None = None) -> None:
        self._send("arm_night", "armed_night", "code_arm_required", code)

    def alarm_arm_vacation(self, code: str | None = None) -> None:
        self._send("arm_vacation", "armed_vacation", "code_arm_required", code)

    def alarm_arm_custom_bypass(self, code: str | None = None) -> None:
        self._send("arm_custom_bypass", "armed_custom_bypass", "code_arm_required", code)

    def alarm_trigger(self, code: str | None = None) -> None:
        self._send("trigger", "triggered", "code_trigger_required", code)

    def _send(self, verb: str, state: str, required: str, code: str | None) -> None:
        if self.config[required] and not self._code_fits(code):
            log.warning("wrong code", entity_id=self.entity_id, action=verb)
            return
        action = self.config[f"payload_{verb}"]
        self.command("command_topic", action, action=action, code=code)
        if self.assumes:
            self.alarm_state = state

    def _code_fits(self, code: str | None) -> bool:
        """Whether the code is right; a panel that checks codes itself gets any."""
        expected = self.config.get("code")
        if expected is None:
            return True
        if expected in (REMOTE_CODE, REMOTE_CODE_TEXT):
            return bool(code)
        return hmac.compare_digest((code or "").encode(), expected.encode())

    @classmethod
    def is_optimistic(cls, config: ReadMapping[str, Any]) -> bool:
        return False

    def restore(self, state: State) -> None:
        if state.state in STATES:
            self.alarm_state = state.state

    def assume_initial(self) -> None:
        self.alarm_state = "disarmed"


class AlarmMapping(Mapping):
    """Reads `state_topic`."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        yield self.config["state_topic"], self.on_state

    def on_state(self, message: Incoming) -> None:
        payload = self.render(self.config.get("value_template"), message)
        if not payload.strip():
            return
        if payload == PAYLOAD_NONE:
            self.report(alarm_state=None)
            return
        if payload not in STATES and self.port.is_native:
            word = state_of_json(payload).lower()
            payload = {"disarm": "disarmed", "trigger": "triggered"}.get(
                word, word.replace("arm_", "armed_", 1) if word.startswith("arm_") else word
            )
        if payload not in STATES:
            raise ValueError(f"{payload[:50]!r} is no state of an alarm panel")
        self.report(alarm_state=payload)


COMPONENT = Component("alarm_control_panel", SCHEMA, MqttAlarmControlPanel, AlarmMapping, "MQTT Alarm")
