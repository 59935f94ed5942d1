"""The simulated devices as a whole: they are there, they are registered, and they follow their config entry."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from marge.bridges.demo.bridge import KINDS, all_items
from marge.model import State
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

SETUP = Path(__file__).parents[2] / "data" / "setup.json.gz"
PLACE = "homeassistant: {latitude: 40.39, longitude: -111.85, unit_system: us_customary, time_zone: America/Denver}\n"
LAST = "weather.demo_weather_north"
# What the recorded home's people had chosen, what moves, and the pictures of this instance.
CHOSEN = {"climate.ecobee", "sensor.carbon_monoxide", "sensor.outside_temperature", "light.bed_light"}
MOVING = {"entity_picture", "access_token", "media_position_updated_at", "start_time", "end_time"}


@pytest.fixture(scope="module")
def home():
    """A home with the simulated devices."""
    with home_server(f"{PLACE}demo:\n", bridges=("demo",)) as server:
        until(lambda: LAST in server.home.states, what="the simulated devices")
        server.wait()
        yield server


def recorded(key: str) -> list[dict]:
    with gzip.open(SETUP, "rt") as file:
        found: list[dict] = json.load(file)[key]
    return found


def shown(home: HomeServer, entity_id: str) -> str | None:
    state = home.home.states.get(entity_id)
    return None if state is None else state.state


def state_of(home: HomeServer, entity_id: str) -> State:
    state = home.home.states.get(entity_id)
    assert state is not None, entity_id
    return state


def test_every_device_shows_what_the_recorded_one_showed(home: HomeServer) -> None:
    """State and attributes, in the home's units."""
    ours = {state.entity_id: json.loads(state.json) for state in home.home.states.all()}
    wanted = {state["entity_id"]: state for state in recorded("other_states")}
    owned = [entity_id for entity_id in ours if home.home.states.owner(entity_id) == "demo"]
    wrong = []
    for entity_id in set(owned) - CHOSEN:
        shown, state = ours[entity_id], wanted[entity_id]
        for key in shown["attributes"].keys() | state["attributes"].keys():
            pair = shown["attributes"].get(key, "-"), state["attributes"].get(key, "-")
            if pair[0] != pair[1] and key not in MOVING:
                wrong.append(f"{entity_id} {key}: {pair}")
        if shown["state"] != state["state"]:
            wrong.append(f"{entity_id}: {shown['state']} is not {state['state']}")

    assert wrong == []
    assert len(owned) == 95


def test_devices_and_entities_are_registered_as_the_recorded_ones(home: HomeServer) -> None:
    """Unique ids, devices, names, categories, translation keys."""
    registries = home.home.registries
    devices = {device["id"]: device for device in recorded("device_registry")}
    entries = [entry for entry in recorded("entity_registry") if entry["platform"] == "demo"]
    [config_entry] = registries.config_entries.for_domain("demo")
    for entry in entries:
        ours = registries.entities.get(entry["entity_id"])
        assert ours is not None, entry["entity_id"]
        for name in ("unique_id", "has_entity_name", "original_name", "entity_category", "translation_key"):
            assert getattr(ours, name) == entry[name], entry["entity_id"]
        assert ours.config_entry_id == config_entry.entry_id
        device = devices.get(entry["device_id"])
        if device is None:
            assert ours.device_id is None
            continue
        found = registries.devices.find([tuple(each) for each in device["identifiers"]])
        assert found is not None and (found.id, found.name) == (ours.device_id, device["name"])
    assert len(entries) == len(registries.entities.for_config_entry(config_entry.entry_id))


def test_a_metric_home_reads_metric_values() -> None:
    """Each device has its own unit; what is shown is the home's."""
    with home_server("homeassistant: {unit_system: metric}\ndemo:\n", bridges=("demo",)) as server:
        until(lambda: LAST in server.home.states, what="the simulated devices")
        server.wait()
        weather = state_of(server, "weather.demo_weather_south").attributes
        assert (weather["temperature"], weather["pressure"], weather["wind_speed"]) == (21.6, 1099.0, 1.8)
        assert state_of(server, "sensor.outside_temperature").state == "15.6"
        assert state_of(server, "sensor.total_gas_m3").attributes["unit_of_measurement"] == "m³"
        assert state_of(server, "climate.heatpump").attributes["temperature"] == 20.0
        assert state_of(server, "number.temperature_setting").state == "22"


def test_the_devices_follow_their_config_entry(home: HomeServer) -> None:
    """Disabled, they are gone, those that no registry knows too; enabled again, they are back under their ids."""
    [entry] = home.home.registries.config_entries.for_domain("demo")
    with home.websocket() as client:
        assert entry.state == "loaded"
        client.command("config_entries/disable", entry_id=entry.entry_id, disabled_by="user")
        until(lambda: not [each for each in home.home.entities.owned if each == LAST], what="the end of the devices")
        client.command("config_entries/disable", entry_id=entry.entry_id, disabled_by=None)
    until(lambda: LAST in home.home.entities.owned, what="the devices again")
    until(lambda: shown(home, LAST) == "rainy", what="their states")
    assert state_of(home, "lock.front_door").state == "locked"


def test_a_bridge_that_is_restarted_goes_on_with_its_devices(home: HomeServer) -> None:
    """What they were doing goes on."""
    home.rest("POST", "/api/services/light/turn_off", {"entity_id": "light.ceiling_lights"})
    home.home.system.restart("/bridges/demo")

    def runs() -> bool:
        found = home.home.system.inspect("/bridges/demo")
        return found is not None and shown(home, LAST) == "rainy"

    until(runs, what="the bridge")
    home.wait()
    assert state_of(home, "light.ceiling_lights").state == "off"


def test_a_renamed_and_a_disabled_device_stay_so_when_the_bridge_starts() -> None:
    """The registry's word counts."""
    with home_server("demo:\n", bridges=("demo",)) as server:
        until(lambda: LAST in server.home.states, what="the simulated devices")
        with server.websocket() as client:
            update = "config/entity_registry/update"
            client.command(update, entity_id="switch.ac", new_entity_id="switch.cooler", name="Cooler")
            client.command(update, entity_id="light.bed_light", disabled_by="user")
            [entry] = server.home.registries.config_entries.for_domain("demo")
            server.rest("POST", f"/api/config/config_entries/entry/{entry.entry_id}/reload")
        until(lambda: "switch.cooler" in server.home.entities.owned, what="the renamed switch")
        until(lambda: shown(server, "switch.cooler") == "off", what="its state")
        assert state_of(server, "switch.cooler").name == "Cooler"
        assert "switch.ac" not in server.home.states
        assert "light.bed_light" not in server.home.entities.owned


def test_every_file_of_devices_is_in_the_list() -> None:
    """A new file of `devices/` that nobody names would make nothing."""
    folder = Path(__file__).parents[3] / "marge" / "bridges" / "demo" / "devices"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(KINDS)


def test_phones_move_when_they_are_told_to(home: HomeServer) -> None:
    """`demo.randomize_device_tracker_data`."""
    before = state_of(home, "device_tracker.demo_paulus").attributes["latitude"]
    home.rest("POST", "/api/services/demo/randomize_device_tracker_data", {})
    home.wait()
    assert state_of(home, "device_tracker.demo_paulus").attributes["latitude"] != before


def test_a_press_is_an_event(home: HomeServer) -> None:
    """The button fires, the event entity beside it hears."""
    home.rest("POST", "/api/services/button/press", {"entity_id": "button.push"})
    home.wait()
    state = state_of(home, "event.push_button_press")
    assert state.attributes["event_type"] == "pressed" and state.state != "unknown"


def test_items_have_ids_of_their_own(home: HomeServer) -> None:
    """No two share an entity id, or a unique id in one domain."""
    items = list(all_items(home.home))
    assert len({item.entity_id for item in items}) == len(items)
    known = [(item.domain, item.unique_id) for item in items if item.unique_id is not None]
    assert len(set(known)) == len(known)


def test_a_removed_device_comes_back_when_the_entry_is_loaded_again(home: HomeServer) -> None:
    """And so does one that was renamed, under its new id; disabled ones stay away until they are enabled."""
    [entry] = home.home.registries.config_entries.for_domain("demo")
    with home.websocket() as client:
        client.command("config/entity_registry/remove", entity_id="switch.ac")
        client.command(
            "config/entity_registry/update", entity_id="light.bed_light", new_entity_id="light.bedside"
        )
        client.command("config/entity_registry/update", entity_id="light.ceiling_lights", disabled_by="user")
        home.rest("POST", f"/api/config/config_entries/entry/{entry.entry_id}/reload")
        until(lambda: shown(home, "switch.ac") is not None)
        until(lambda: shown(home, "light.bedside") in ("on", "off"))
        gone = shown(home, "light.ceiling_lights"), shown(home, "light.bed_light")
        client.command("config/entity_registry/update", entity_id="light.ceiling_lights", disabled_by=None)
        client.command(
            "config/entity_registry/update", entity_id="light.bedside", new_entity_id="light.bed_light"
        )

    assert gone == (None, None)
    assert shown(home, "light.ceiling_lights") in ("on", "off")
