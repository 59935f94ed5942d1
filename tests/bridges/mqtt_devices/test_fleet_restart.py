"""Marge ends and starts again: what was known of the fleets, and what the user made of it, is there."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import gevent

from marge.config import load_home
from marge.integrations.host import host_of
from marge.model import Context
from tests.bridges.mqtt_devices.fleet import Address, fleet, unique_ids
from tests.bridges.mqtt_devices.zigbee import KINDS, becomes, state
from tests.support.broker import start_broker, stop_broker
from tests.support.home import HomeServer, QuietHome, keeping_problems
from tests.support.waiting import until


@contextmanager
def home_in(folder: Path, address: Address) -> Iterator[HomeServer]:
    """A home that lives in a folder, until the end of the block."""
    (folder / "configuration.yaml").touch()
    config = load_home(folder, {})
    host, port = address
    marge = dataclasses.replace(
        config.marge, http_host="127.0.0.1", http_port=0, broker="external", broker_host=host, broker_port=port
    )
    running = QuietHome(dataclasses.replace(config, marge=marge))
    running.bridges = KINDS
    with keeping_problems():
        running.start()
        try:
            yield HomeServer(running)
        finally:
            running.stop()


def settled(server: HomeServer) -> dict[str, dict[str, str]]:
    """Entity ids by platform and unique id, once nothing more came for half a second."""
    last: dict[str, dict[str, str]] = {}

    def is_same() -> bool:
        nonlocal last
        gevent.sleep(0.5)
        before, last = last, {platform: unique_ids(server, platform) for platform in ("tasmota", "mqtt")}
        return before == last

    until(is_same, what="the end of the announcements")
    return last


def test_everything_is_there_after_a_restart(broker: Address, tmp_path: Path) -> None:
    """Entities under the ids that the user chose, also of a device that says nothing of its sensors yet."""
    with fleet(broker, "tasmota", "--devices", "2"), fleet(broker, "zwave-js-ui", "--devices", "2"), fleet(
        broker, "esphome", "--devices", "2"
    ):
        with home_in(tmp_path, broker) as first:
            entry = first.home.registries.config_entries.create("tasmota", "Tasmota", "user", "tasmota")
            host_of(first.home).setup(entry.entry_id)
            becomes(first, "switch.plug_0", "off")
            becomes(first, "switch.socket_2_switch", "off")
            becomes(first, "switch.node_1_relay", "off")
            known = first.home.registries.entities.get
            until(lambda: known("sensor.plug_0_energy_power"), what="the sensors, which are announced apart")
            first.home.registries.entities.update("switch.plug_0", new_entity_id="switch.kettle", name="Kettle")
            first.home.registries.entities.update("sensor.plug_0_energy_power", new_entity_id="sensor.kettle_power")
            becomes(first, "switch.kettle", "off")
            for last in ("sensor.sensor_1_am2301_humidity", "binary_sensor.node_1_motion"):
                until(partial(state, first, last), 30, last)
            until(lambda: first.home.shared["mqtt_devices"].zwave.node_count == 3, what="the nodes")
            before = settled(first)
        with home_in(tmp_path, broker) as second:
            becomes(second, "switch.kettle", "off")
            until(lambda: state(second, "sensor.kettle_power") not in (None, "unavailable"), what="the meter")
            becomes(second, "switch.socket_2_switch", "off")
            becomes(second, "switch.node_1_relay", "off")
            until(lambda: second.home.shared["mqtt_devices"].zwave.node_count == 3, what="the nodes")
            after = settled(second)
            for platform, ids in before.items():  # a slow device may have been missing before
                assert {**after[platform], **ids} == after[platform]
            assert second.state("switch.kettle").attributes["friendly_name"] == "Kettle"
            assert not second.home.registries.config_entries.for_domain("tasmota")[0].disabled_by


def test_the_broker_dies_and_comes_back(tmp_path: Path) -> None:
    """All is unavailable meanwhile, and as before afterwards; commands go through again."""
    host, port, process = start_broker()
    with (
        fleet((host, port), "tasmota", "--devices", "1"),
        fleet((host, port), "zwave-js-ui", "--devices", "1"),
        home_in(tmp_path, (host, port)) as server,
    ):
        entry = server.home.registries.config_entries.create("tasmota", "Tasmota", "user", "tasmota")
        host_of(server.home).setup(entry.entry_id)
        becomes(server, "switch.plug_0", "off")
        becomes(server, "switch.socket_2_switch", "off")
        stop_broker(process)
        becomes(server, "switch.plug_0", "unavailable")
        becomes(server, "switch.socket_2_switch", "unavailable")
        until(lambda: not server.home.shared["mqtt_devices"].zwave.connected)
        process = start_broker(port=port)[2]
        try:
            becomes(server, "switch.plug_0", "off")
            becomes(server, "switch.socket_2_switch", "off")
            until(lambda: server.home.shared["mqtt_devices"].zwave.connected)
            server.home.services.call("switch", "turn_on", {"entity_id": "switch.plug_0"}, None, Context.new())
            becomes(server, "switch.plug_0", "on")
        finally:
            stop_broker(process)
