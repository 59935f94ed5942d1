"""The MQTT client bridge: discovery, states in, commands out, and the service `mqtt.publish`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from marge.actors import ChildSpec
from marge.bridges.base import BACKOFF, BridgeKind
from marge.util.breathe import let_others_in

if TYPE_CHECKING:
    from marge.config import ConfigProblem
    from marge.home import Home

PATH = "/bridges/mqtt"


def specs(home: Home) -> list[ChildSpec]:
    """One child, and its service; none without MQTT, or when an external broker's address is missing."""
    from marge.bridges.endpoint import endpoint_of
    from marge.bridges.mqtt import device_triggers

    let_others_in()  # what is imported next takes some 50 ms more
    from marge.bridges.mqtt.bridge import MqttBridge
    from marge.bridges.mqtt.checking import SHARED as CHECK
    from marge.bridges.mqtt.checking import check
    from marge.bridges.mqtt.followers import SHARED, Followers
    from marge.bridges.mqtt.outlet import BridgeOutlet
    from marge.bridges.mqtt.services import register

    home.shared[CHECK] = check
    endpoint = endpoint_of(home)
    if endpoint is None:
        return []
    followers = home.shared.get(SHARED)
    if not isinstance(followers, Followers):  # those who follow stay when the entry is reloaded
        followers = home.shared[SHARED] = Followers(home.system, PATH)
    home.shared.setdefault(device_triggers.SHARED, {})[device_triggers.DOMAIN] = device_triggers.DeviceTriggers(
        home, followers
    )
    outlet = BridgeOutlet(home, PATH)
    register(home, outlet, followers)
    return [ChildSpec("mqtt", MqttBridge, (home, outlet, endpoint), backoff=BACKOFF)]


def check_sections(sections: Mapping[str, Any]) -> Iterator[ConfigProblem | None]:
    """What would be left out of `mqtt:` of the files at a start; None between pieces."""
    from marge.bridges.mqtt.component import load_components
    from marge.bridges.mqtt.from_files import SECTION, read

    wrong: list[ConfigProblem] = []
    for _announced in read(sections.get(SECTION), load_components(), wrong.append):
        yield None
    yield from wrong


BRIDGE = BridgeKind("mqtt", specs, "MQTT")
