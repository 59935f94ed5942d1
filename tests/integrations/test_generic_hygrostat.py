"""A humidifier of a sensor and a switch."""

from __future__ import annotations

import pytest

from tests.support.waiting import until


@pytest.fixture
def hygrostat(flows, server):
    server.rest("POST", "/api/states/switch.dryer", {"state": "off"})
    server.rest("POST", "/api/states/sensor.damp", {"state": "50"})
    values = {
        "name": "Cellar", "device_class": "dehumidifier", "target_sensor": "sensor.damp", "humidifier": "switch.dryer",
        "dry_tolerance": 3, "wet_tolerance": 3,
    }  # fmt: skip
    entry_id = flows.make("generic_hygrostat", values)
    yield entry_id
    flows.remove(entry_id)


def _damp(server, value):
    server.rest("POST", "/api/states/sensor.damp", {"state": str(value)})
    server.wait()


def test_it_dries_until_the_target_is_reached(flows, server, hygrostat):
    """Within the tolerance the switch stays as it is; off turns it off."""
    shown = flows.state("humidifier.cellar")
    assert (shown["state"], shown["attributes"]) == (
        "off",
        {
            "min_humidity": 0, "max_humidity": 100, "action": "off", "current_humidity": 50.0, "humidity": 100,
            "device_class": "dehumidifier", "friendly_name": "Cellar", "supported_features": 0,
        },
    )  # fmt: skip
    flows.call("humidifier.set_humidity", entity_id="humidifier.cellar", humidity=45)
    flows.call("humidifier.turn_on", entity_id="humidifier.cellar")
    flows.until_state("switch.dryer", "on")
    until(lambda: flows.state("humidifier.cellar")["attributes"]["action"] == "drying")
    _damp(server, 43)
    assert flows.state("switch.dryer")["state"] == "on"
    _damp(server, 42)
    flows.until_state("switch.dryer", "off")
    until(lambda: flows.state("humidifier.cellar")["attributes"]["action"] == "idle")
    _damp(server, 48)
    flows.until_state("switch.dryer", "on")
    flows.call("humidifier.turn_off", entity_id="humidifier.cellar")
    flows.until_state("switch.dryer", "off")


def test_without_a_humidity_it_does_not_run(flows, server, hygrostat):
    """A sensor that is away turns the switch off, and on again when it is back."""
    flows.call("humidifier.set_humidity", entity_id="humidifier.cellar", humidity=30)
    flows.call("humidifier.turn_on", entity_id="humidifier.cellar")
    flows.until_state("switch.dryer", "on")
    _damp(server, "unavailable")
    flows.until_state("switch.dryer", "off")
    assert flows.state("humidifier.cellar")["state"] == "on"
    _damp(server, 60)
    flows.until_state("switch.dryer", "on")


def test_it_can_be_made_a_humidifier(flows, server, hygrostat):
    """Its options change what it does."""
    _damp(server, 20)
    values = {
        "device_class": "humidifier", "target_sensor": "sensor.damp", "humidifier": "switch.dryer",
        "dry_tolerance": 1, "wet_tolerance": 1,
    }  # fmt: skip
    flows.options(hygrostat, values)
    flows.call("humidifier.set_humidity", entity_id="humidifier.cellar", humidity=40)
    flows.call("humidifier.turn_on", entity_id="humidifier.cellar")
    flows.until_state("switch.dryer", "on")
    _damp(server, 41)
    flows.until_state("switch.dryer", "off")
