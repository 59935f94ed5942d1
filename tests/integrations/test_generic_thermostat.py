"""A thermostat of a sensor and a switch."""

from __future__ import annotations

import pytest

from tests.support.waiting import until


@pytest.fixture
def thermostat(flows, server):
    server.rest("POST", "/api/states/switch.heater", {"state": "off"})
    server.rest("POST", "/api/states/sensor.room", {"state": "20"})
    flow = flows.start("generic_thermostat")
    values = {
        "name": "Room", "ac_mode": False, "target_sensor": "sensor.room", "heater": "switch.heater",
        "cold_tolerance": 0.5, "hot_tolerance": 0.5,
    }  # fmt: skip
    presets = flows.send(flow, values)
    assert (presets["type"], presets["step_id"]) == ("form", "presets")
    made = flows.send(presets, {"away_temp": 15})
    yield made["result"]["entry_id"]
    flows.remove(made["result"]["entry_id"])


def test_it_heats_until_the_target_is_reached(flows, server, thermostat):
    """Within the tolerance the switch stays as it is; off turns it off."""
    shown = flows.state("climate.room")
    assert (shown["state"], shown["attributes"]["current_temperature"]) == ("off", 20.0)
    flows.call("climate.set_temperature", entity_id="climate.room", temperature=22)
    flows.call("climate.set_hvac_mode", entity_id="climate.room", hvac_mode="heat")
    until(lambda: flows.state("switch.heater")["state"] == "on")
    until(lambda: flows.state("climate.room")["attributes"]["hvac_action"] == "heating")

    server.rest("POST", "/api/states/sensor.room", {"state": "22.4"})
    server.wait()
    assert flows.state("switch.heater")["state"] == "on"
    server.rest("POST", "/api/states/sensor.room", {"state": "22.6"})
    until(lambda: flows.state("switch.heater")["state"] == "off")
    until(lambda: flows.state("climate.room")["attributes"]["hvac_action"] == "idle")


def test_presets_set_the_target(flows, thermostat):
    """And give it back."""
    flows.call("climate.set_temperature", entity_id="climate.room", temperature=22)
    flows.call("climate.set_preset_mode", entity_id="climate.room", preset_mode="away")
    assert flows.state("climate.room")["attributes"]["temperature"] == 15

    flows.call("climate.set_preset_mode", entity_id="climate.room", preset_mode="none")
    assert flows.state("climate.room")["attributes"]["temperature"] == 22


def test_its_options_are_asked_in_two_steps(flows, thermostat):
    """As it was made; what is emptied goes."""
    form = flows.start(thermostat, "options/flow")
    assert (form["step_id"], form["last_step"]) == ("init", False)
    values = {
        "ac_mode": True, "target_sensor": "sensor.room", "heater": "switch.heater", "cold_tolerance": 1,
        "hot_tolerance": 1,
    }  # fmt: skip
    presets = flows.send(form, values, "options/flow")
    assert presets["data_schema"][0]["description"] == {"suggested_value": 15.0}
    done = flows.send(presets, {}, "options/flow")

    assert done["type"] == "create_entry"
    shown = flows.state("climate.room")["attributes"]
    assert shown["hvac_modes"] == ["cool", "off"]
    assert "preset_modes" not in shown
