"""Discovery of bridges that are programs: under `marge/bridge/<name>/…`, for topics that are theirs. No I/O.

What a program announces is like any announcement, but for three things: its ids stand in a room of their own; the
program's retained status counts as availability of all its entities; and a topic that it may not use itself is refused,
for Marge would speak and listen there in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from marge.bridges.endpoint import program_topics
from marge.bridges.mqtt.discovery import Action, Announced, Discovery, DiscoveryError, DiscoveryKey, Withdrawn
from marge.bridges.mqtt.topics import TopicTrie

if TYPE_CHECKING:
    from marge.config.mqtt_values import BridgeProgram
    from marge.home import Home


class ProgramDiscovery(Discovery):
    """What one program announces."""

    def __init__(self, program: BridgeProgram) -> None:
        topics = program_topics(program.name)
        super().__init__(topics.prefix)
        self._name = program.name
        self._status = topics.status
        self._allowed: TopicTrie[bool] = TopicTrie()
        for topic_filter in (*topics.publish, *topics.subscribe, *program.publish, *program.subscribe):
            self._allowed.add(topic_filter, True)

    def feed(self, topic: str, payload: bytes) -> list[Action]:
        """As `Discovery.feed`.

        Raises:
            DiscoveryError: also when it names a topic that is not the program's.
        """
        actions = [self._own(action) for action in super().feed(topic, payload)]
        for action in actions:
            if isinstance(action, Announced):
                for each in _topics(action.config):
                    if not self._allowed.match(each):
                        self.forget(topic)
                        raise DiscoveryError(f"the topic {each} is not one of the bridge {self._name}")
        return actions

    def _own(self, action: Action) -> Action:
        key = DiscoveryKey(action.key.component, f"{self._name} {action.key.discovery_id}")
        if isinstance(action, Withdrawn):
            return Withdrawn(key, action.migrate)
        config = dict(action.config)
        status = {"topic": self._status, "payload_available": "online", "payload_not_available": "offline"}
        own: list[Any] = []
        if isinstance(config.get("availability"), list):
            own = config["availability"]
        elif isinstance(config.get("availability_topic"), str):
            names = ("payload_available", "payload_not_available")
            one = {each: config[each] for each in names if each in config}
            one["topic"] = config.pop("availability_topic")
            if "availability_template" in config:
                one["value_template"] = config.pop("availability_template")
            own = [one]
        if config.get("availability_mode", "latest") == "latest" or not own:
            config["availability_mode"] = "all"
        config["availability"] = [*own, status]
        return replace(action, key=key, config=config)


def _topics(config: Any, name: str = "") -> Iterator[str]:
    """Every topic that the configuration names, at any depth."""
    if isinstance(config, dict):
        for key, value in config.items():
            yield from _topics(value, str(key))
    elif isinstance(config, list):
        for each in config:
            yield from _topics(each, name)
    elif isinstance(config, str) and (name == "topic" or name.endswith("_topic")) and config:
        yield config


def programs_of(home: Home) -> Sequence[ProgramDiscovery]:
    """One for each configured program."""
    return [ProgramDiscovery(each) for each in home.config.marge.bridges]
