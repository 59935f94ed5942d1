"""MQTT locks."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.components._onoff import state_of_json
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import Handler, Mapping
from marge.bridges.mqtt.schema import entity_schema, regular_expression, string, with_command_topic
from marge.domains.lock import OPEN, LockEntity
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

_STATES = ("locked", "unlocked", "locking", "unlocking", "jammed", "open", "opening")


SCHEMA = entity_schema(
    {
        **with_command_topic(),
        vol.Optional("payload_lock", default="LOCK"): string,
        vol.Optional("payload_unlock", default="UNLOCK"): string,
        vol.Optional("payload_open"): string,
        vol.Optional("payload_reset", default="None"): string,
        vol.Optional("code_format"): regular_expression,
        **{vol.Optional(f"state_{state}", default=state.upper()): string for state in _STATES},
    }
)


def lock_fields(state: str | None) -> dict[str, Any]:
    """The fields of a lock in this state; None is unknown."""
    return {
        "is_locked": None if state is None else state == "locked",
        "is_jammed": state == "jammed",
        "is_locking": state == "locking",
        "is_unlocking": state == "unlocking",
        "is_open": state == "open",
        "is_opening": state == "opening",
    }


class MqttLock(MqttEntity, LockEntity):
    """Publishes `payload_lock`, `payload_unlock` and `payload_open`."""

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        return {
            **super().fields(config, home),
            "code_format": config.get("code_format"),
            "supported_features": OPEN if "payload_open" in config else 0,
        }

    def lock(self, **code: str) -> None:
        self._send("lock", "locked", code)

    def unlock(self, **code: str) -> None:
        self._send("unlock", "unlocked", code)

    def open(self, **code: str) -> None:
        self._send("open", "open", code)

    def _send(self, verb: str, state: str, code: ReadMapping[str, str]) -> None:
        self.command("command_topic", self.config[f"payload_{verb}"], code=code.get("code"))
        if self.assumes:
            self.apply(lock_fields(state))

    def restore(self, state: State) -> None:
        if state.state in _STATES:
            self.apply(lock_fields(state.state))

    def assume_initial(self) -> None:
        # A guess, marked as such: as native clients expect a lock nobody heard of to be locked, and as HA an
        # optimistic one to be unlocked.
        self.apply(lock_fields("locked" if self.outlet.is_native else "unlocked"))


class LockMapping(Mapping):
    """Reads `state_topic`."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        if "state_topic" in self.config:
            yield self.config["state_topic"], self.on_state

    def on_state(self, message: Incoming) -> None:
        config = self.config
        payload = self.render(config.get("value_template"), message)
        if payload == config["payload_reset"]:
            self.report(is_locked=None)
            return
        for state in _STATES:
            if payload == config[f"state_{state}"]:
                self.report(**lock_fields(state))
                return
        if self.port.is_native:
            word = state_of_json(payload).lower()
            word = {"lock": "locked", "unlock": "unlocked"}.get(word, word)
            if word in _STATES:
                self.report(**lock_fields(word))


COMPONENT = Component("lock", SCHEMA, MqttLock, LockMapping, "MQTT Lock")
