"""Where a discovered device stands, over a real broker."""

from __future__ import annotations

from tests.bridges.mqtt.wire import Bench

TOPIC = "homeassistant/switch/plug/config"
OWN = [("mqtt", "plug1")]
PLUG = {
    "unique_id": "plug1", "command_topic": "plug/set",
    "device": {"identifiers": ["plug1"], "name": "Plug", "suggested_area": "Hall"},
}  # fmt: skip


def test_a_suggested_area_is_taken_once(bench: Bench) -> None:
    """Also of a device that its gateway's own list named before; never again when somebody has taken it out."""
    devices, areas = bench.home.registries.devices, bench.home.registries.areas
    known = devices.get_or_create(identifiers=OWN, name="Plug")
    bench.device.publish(TOPIC, PLUG, retain=True)
    bench.settle()

    found = devices.find(OWN, [])
    hall = areas.get_by_name("Hall")
    assert found is not None and hall is not None
    assert (found.id, found.area_id) == (known.id, hall.area_id)
    devices.update(found.id, area_id=None)
    bench.device.publish(TOPIC, {**PLUG, "name": "Other"}, retain=True)
    bench.settle()
    later = devices.find(OWN, [])
    assert later is not None and later.area_id is None
