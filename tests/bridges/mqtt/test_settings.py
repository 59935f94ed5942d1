"""What users set in the registries holds for discovered entities: ids, whether they are enabled, names."""

from __future__ import annotations

from typing import Any

import pytest

from marge.actors import RestartChild
from tests.bridges.mqtt.wire import Bench
from tests.support.waiting import until

CONFIG = "homeassistant/switch/plug/config"
PLUG = {
    "name": None, "unique_id": "plug1", "state_topic": "plug/state", "command_topic": "plug/set",
    "device": {"identifiers": ["plug"], "name": "Plug"},
}  # fmt: skip


@pytest.fixture
def bench(bench: Bench) -> Bench:
    """With a plug that is on."""
    bench.device.publish(CONFIG, PLUG, retain=True)
    bench.device.publish("plug/state", "ON", retain=True)
    bench.settle()
    return bench


def update(bench: Bench, entity_id: str, **changes: Any) -> None:
    entry = bench.home.registries.entities.update(entity_id, **changes)
    bench.home.entities.settle(entity_id, entry.entity_id)


def shown(bench: Bench, entity_id: str) -> str | None:
    found = bench.state(entity_id)
    return None if found is None else found[0]


def test_a_renamed_entity_still_hears_its_device(bench: Bench) -> None:
    """States arrive and commands leave under the new id; the next announcement changes the same entity."""
    update(bench, "switch.plug", new_entity_id="switch.heater")
    bench.device.publish("plug/state", "OFF", retain=True)
    bench.settle()
    assert (shown(bench, "switch.plug"), shown(bench, "switch.heater")) == (None, "off")

    bench.forget()
    bench.home.services.call("switch", "turn_on", {"entity_id": "switch.heater"})
    assert ("plug/set", "ON") in [message[:2] for message in bench.published()]

    bench.device.publish(CONFIG, {**PLUG, "icon": "mdi:radiator"}, retain=True)
    bench.settle()
    state = bench.state("switch.heater")
    assert state is not None and state[1]["icon"] == "mdi:radiator"
    assert list(bench.bridge.entity_ids()) == ["switch.heater"]


def test_a_bridge_that_is_restarted_finds_it_under_its_new_id(bench: Bench) -> None:
    """The unique id leads to the entry, and the entry to the id."""
    update(bench, "switch.plug", new_entity_id="switch.heater")
    first = bench.bridge
    bench.home.system.ask("/bridges", RestartChild("mqtt"))
    until(lambda: bench.home.system.actor("/bridges/mqtt") not in (None, first))
    until(lambda: bench.bridge.connected)
    bench.settle()
    assert (shown(bench, "switch.plug"), shown(bench, "switch.heater")) == (None, "on")


def test_a_disabled_entity_is_enabled_with_what_its_device_said_meanwhile(bench: Bench) -> None:
    """No state while it is disabled, whatever is announced and reported; then the present one."""
    update(bench, "switch.plug", disabled_by="user")
    bench.device.publish(CONFIG, {**PLUG, "icon": "mdi:radiator"}, retain=True)
    bench.device.publish("plug/state", "OFF", retain=True)
    bench.settle()
    assert shown(bench, "switch.plug") is None
    update(bench, "switch.plug", disabled_by=None)
    state = bench.state("switch.plug")
    assert state is not None
    assert (state[0], state[1]["icon"]) == ("off", "mdi:radiator")


def test_a_device_that_starts_disabled_can_be_enabled(bench: Bench) -> None:
    """`enabled_by_default: false` makes an entry and no state, until the user wants it."""
    quiet = {**PLUG, "unique_id": "quiet", "enabled_by_default": False, "object_id": "quiet"}
    bench.device.publish("homeassistant/switch/quiet/config", quiet, retain=True)
    bench.settle()
    assert shown(bench, "switch.quiet") is None
    update(bench, "switch.quiet", disabled_by=None)
    bench.settle()
    assert shown(bench, "switch.quiet") == "on"
    bench.device.publish("homeassistant/switch/quiet/config", b"", retain=True)


def test_a_withdrawn_entity_is_gone_though_it_was_disabled(bench: Bench) -> None:
    """Its entry goes with it; announced again it is new."""
    update(bench, "switch.plug", disabled_by="user")
    bench.device.publish(CONFIG, b"", retain=True)
    bench.settle()
    assert bench.home.registries.entities.get("switch.plug") is None
    assert bench.home.entities.parked == {}


def test_the_devices_new_name_is_part_of_its_entities_names(bench: Bench) -> None:
    """At once, and taken back at once; a name of the entity's own wins."""
    registries = bench.home.registries
    entry = registries.entities.get("switch.plug")
    assert entry is not None and entry.device_id is not None
    names = []
    for changes in ({"name_by_user": "Heater"}, {"name_by_user": None}):
        registries.update_device(entry.device_id, **changes)
        bench.home.entities.settle("switch.plug")
        state = bench.state("switch.plug")
        assert state is not None
        names.append(state[1]["friendly_name"])
    assert names == ["Heater", "Plug"]
