"""`MqttEntity`: what the entities of all components share. They live in their own actors; commands leave from here.

Not here: topics that are read (`mapping.py`), any component.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import structlog

from marge.bridges.mqtt.messages import Publish
from marge.bridges.mqtt.templates import TemplateFailed, Templates
from marge.entities import Entity
from marge.errors import HomeError
from marge.model import STATE_UNAVAILABLE, STATE_UNKNOWN, State

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.bridges.mqtt")


class Outlet(Protocol):
    """What an entity needs of the bridge: it survives the bridge's actor."""

    home: Home
    templates: Templates

    @property
    def is_native(self) -> bool: ...

    def send(self, message: Publish, entity_id: str) -> None: ...

    def gone(self, entity_id: str) -> None: ...

    def renamed(self, former_id: str, entity_id: str) -> None: ...


class MqttEntity(Entity):
    """An entity whose device listens on MQTT topics.

    Attributes:
        config: its validated discovery configuration.
        outlet: where commands leave.
    """

    config: Mapping[str, Any] = {}
    outlet: Outlet
    reads: ClassVar[tuple[str, ...]] = ("state_topic",)
    """Topics that, if one is configured, let the device speak for itself; without any of them it is optimistic."""

    def __init__(self, outlet: Outlet) -> None:
        self.outlet = outlet

    @classmethod
    def fields(cls, config: Mapping[str, Any], home: Home) -> dict[str, Any]:
        """Every field that follows from the configuration. Applied when it is announced and when it changes."""
        return {
            "config": config,
            "unique_id": config.get("unique_id"),
            "icon": config.get("icon"),
            "entity_picture": config.get("entity_picture"),
            "device_class": config.get("device_class"),
            "assumed_state": cls.is_optimistic(config),
        }

    @classmethod
    def is_optimistic(cls, config: Mapping[str, Any]) -> bool:
        """Whether what is commanded is taken for what is, because nothing is heard back."""
        if "command_topic" not in config and not any(key.endswith("command_topic") for key in config):
            return False
        return bool(config.get("optimistic")) or not any(config.get(topic) for topic in cls.reads)

    @property
    def assumes(self) -> bool:
        """Whether a command changes the state at once."""
        return self.outlet.is_native or self.is_optimistic(self.config)

    def has_part(self, part: str) -> bool:
        """Whether the device has topics for `part`, such as a target temperature."""
        return f"{part}_command_topic" in self.config or f"{part}_state_topic" in self.config

    def assumes_part(self, part: str) -> bool:
        """Whether a command changes `part` at once, because the device does not tell it."""
        return self.outlet.is_native or bool(self.config.get("optimistic")) or f"{part}_state_topic" not in self.config

    # -- starting ----------------------------------------------------------------------------------------------------

    def on_add(self) -> None:
        super().on_add()
        if not self.is_fresh() or not self.assumes:
            return
        before = self.outlet.home.restored.get(self.entity_id)
        if before is not None and before.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN):
            self.restore(before)
        elif self.outlet.is_native or not any(self.config.get(topic) for topic in self.reads):
            self.assume_initial()
        if not self.is_fresh() and not self.is_optimistic(self.config):
            self.assumed_state = True  # until the device says something

    def on_remove(self) -> None:
        super().on_remove()
        self.outlet.gone(self.entity_id)

    def on_park(self) -> None:
        """The bridge goes on listening to the device: what it says counts once the entity is enabled again."""

    def on_rename(self, former_id: str) -> None:
        self.outlet.renamed(former_id, self.entity_id)

    def is_fresh(self) -> bool:
        """Whether no value has been set yet: a restarted actor keeps its entity's."""
        return self.state_value() is None

    def restore(self, state: State) -> None:
        """Take the value from before the restart: nobody else knows it."""

    def assume_initial(self) -> None:
        """Take the value that a device of this kind most likely has."""

    # -- commands ----------------------------------------------------------------------------------------------------

    def command(self, topic: str, value: Any, template: str | None = "command_template", /, **variables: Any) -> None:
        """Publish to the topic that the configuration has under the key `topic`; nothing when it has none.

        Args:
            template: key of the command template; it sees `value` and `variables`.
        """
        address = self.config.get(topic)
        if address is None:
            return
        source = self.config.get(template) if template is not None else None
        payload = str(value) if source is None else self.render(source, value=value, **variables)
        self.publish(address, payload)

    def publish(self, address: str, payload: str) -> None:
        """Send a payload to a topic."""
        message = Publish(address, payload, self.config["qos"], self.config.get("retain", False))
        self.outlet.send(message, self.entity_id)

    def render(self, source: str, **variables: Any) -> str:
        """A command template.

        Raises:
            HomeError: it cannot be rendered.
        """
        try:
            return self.outlet.templates.render(source, variables, self.entity_id)
        except TemplateFailed as exc:
            raise HomeError(f"The command template of {self.entity_id} failed: {exc}") from exc
