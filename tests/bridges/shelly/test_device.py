"""Shellys in a whole home: what is shown, and what they are told. Simulated devices, real sockets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from marge.simulate.families._serving import HttpAnswer, HttpDevice, HttpRequest
from tests.bridges.shelly.helpers import BASE, discover, entity, shelly, shown
from tests.support.home import HomeServer
from tests.support.lan import call, listening, until_state, where
from tests.support.waiting import until

# -- what is shown -----------------------------------------------------------------------------------------------------

METERED = {"sensor.power": "0.0", "sensor.energy": "0.0"}
GEN1 = {**METERED, "sensor.temperature": "36.25", "binary_sensor.overtemperature": "off"}
INPUTS = {"binary_sensor.input_0": "off", "binary_sensor.input_1": "off"}
GEN2 = {**METERED, "sensor.voltage": "230.2", "sensor.current": "0.0", "sensor.temperature": "41.2"}


@pytest.mark.parametrize(
    ("generation", "model", "entities"),
    [
        (1, "plug", {"switch.0": "off", **GEN1}),
        (1, "two", {
            "switch.0": "off", "switch.1": "off", "sensor.0_power": "0.0", "sensor.0_energy": "0.0",
            "sensor.1_power": "0.0", "sensor.1_energy": "0.0", **GEN1, **INPUTS,
        }),
        (1, "roller", {"cover.0": "closed", **GEN1, **INPUTS}),
        (1, "dimmer", {"light.0": "off", **GEN1, **INPUTS}),
        (1, "bulb", {"light.0": "off", **GEN1}),
        (1, "colour", {"light.0": "off", **GEN1}),
        (1, "detector", {"binary_sensor.flood": "off", "sensor.temperature": "21.5", "sensor.battery": "88"}),
        (2, "plug", {"switch.0": "off", **GEN2}),
        (2, "one", {"switch.0": "off", "binary_sensor.input_0": "off", **GEN2}),
        (2, "cover", {"cover.0": "closed", **GEN2, "sensor.voltage": "230.0", "sensor.temperature": "38.5"}),
        (2, "dimmer", {"light.0": "off", "binary_sensor.input_0": "off", **GEN2}),
        (2, "colour", {"light.0": "off", **GEN2}),
        (2, "climate", {"sensor.temperature": "21.4", "sensor.humidity": "45.6", "sensor.battery": "87"}),
    ],
)  # fmt: skip
def test_a_device_brings_the_entities_of_its_kind(
    home: HomeServer, generation: int, model: str, entities: dict[str, str]
) -> None:
    """Right after the reply, under the names that the native API gives them."""
    with listening(shelly(generation, model)) as device:
        assert discover(home, device)["result"] == "ok"
        own = {"update.firmware": "off" if model == "plug" else "on", "button.restart": "unknown"}
        assert shown(home, device) == {**entities, **own}


def test_an_entity_tells_where_it_comes_from(home: HomeServer) -> None:
    """The attributes that the native API wants, and a name."""
    with listening(shelly(2, "plug", name="Coffee")) as device:
        device.inside.relays[0].is_on, device.inside.relays[0].wh = True, 1500.0
        discover(home, device)
        assert home.state(entity(device, "switch.0")).attributes == {
            "integration": "shelly", "ip_address": where(device), "device_type": "SNPL-00112EU", "power": 40.0,
            "energy": 1.5, "device_class": "outlet", "friendly_name": "Coffee",
        }  # fmt: skip
        power = home.state(entity(device, "sensor.power"))
        assert (power.state, power.attributes["unit_of_measurement"]) == ("40.0", "W")
        assert power.attributes["friendly_name"] == "Coffee Power"


def test_channels_are_called_as_their_owner_called_them(home: HomeServer) -> None:
    """And by their number otherwise."""
    with listening(shelly(2, "two", name="Garden")) as device:
        discover(home, device)
        names = [home.state(entity(device, f"switch.{each}")).attributes["friendly_name"] for each in (0, 1)]
        assert names == ["Garden Switch 0", "Garden Pump"]


def test_the_registries_know_the_device(home: HomeServer) -> None:
    """Make, model, firmware, address, MAC; a config entry; unique ids for the frontend's settings."""
    with listening(shelly(1, "plug", name="Lamp")) as device:
        discover(home, device)
        mac = device.inside.mac
        found = home.home.registries.devices.find(identifiers=[("shelly", mac)])
        assert found is not None
        assert (found.manufacturer, found.model, found.name) == ("Shelly", "SHPLG-S", "Lamp")
        assert found.connections == (("mac", ":".join(mac[at : at + 2] for at in range(0, 12, 2)).lower()),)
        assert found.configuration_url == f"http://{where(device)}"
        assert (found.sw_version or "").startswith("2023")
        with home.websocket() as client:
            entries = client.command("config_entries/get", domain="shelly")["result"]
            entry = next(each for each in entries if each["title"] == "Lamp")
            assert (entry["state"], entry["supports_remove_device"]) == ("loaded", True)
            registered = client.command("config/entity_registry/get", entity_id=entity(device, "switch.0"))["result"]
        assert (registered["unique_id"], registered["platform"]) == (f"{mac}-relay_0", "shelly")
        assert (registered["device_id"], registered["config_entry_id"]) == (found.id, entry["entry_id"])


def test_the_list_and_health_tell_of_the_devices(home: HomeServer) -> None:
    """Counts that fit the lists."""
    with listening(shelly(2, "one")) as device:
        discover(home, device)
        told = home.rest("GET", BASE).json()
        assert told["device_count"] == len(told["devices"])
        mine = next(each for each in told["devices"] if each["mac"] == device.inside.mac.lower())
        assert (mine["online"], mine["generation"], mine["firmware_version"]) == (True, 2, "1.4.4")
        family = next(each for each in home.rest("GET", "/api/integrations").json() if each["id"] == "shelly")
        assert (family["status"], family["device_count"]) == ("active", told["device_count"])
        health = home.rest("GET", "/api/health").json()["integrations"]["shelly"]
        assert health["status"] in ("running", "degraded") and health["entities"] > 0


@pytest.mark.parametrize(
    ("replies", "entities"),
    [
        ({"/shelly": {"type": "SHSW-PM", "mac": "AA:BB:CC:DD:EE:01", "auth": False},
          "/status": {"relays": [{"ison": True}], "meters": [{"power": 5.5}], "temperature": 30.5}},
         {"switch.shelly_aabbccddee01_0": "on", "sensor.shelly_aabbccddee01_power": "5.5",
          "sensor.shelly_aabbccddee01_temperature": "30.5"}),
        ({"/shelly": {"model": "X", "gen": 2, "mac": "AABBCCDDEE02"},
          "/rpc/Shelly.GetStatus": {"switch:0": {"output": False}, "light:0": {"output": True, "brightness": 100}}},
         {"switch.shelly_aabbccddee02_0": "off", "light.shelly_aabbccddee02_0": "on"}),
    ],
)  # fmt: skip
def test_what_only_speaks_like_a_shelly_is_taken_for_one(home: HomeServer, replies: Any, entities: Any) -> None:
    """Home-made devices tell little; what they do not know is missing, and that is all."""

    def answer(request: HttpRequest) -> HttpAnswer:
        told = replies.get(request.path)
        return HttpAnswer(404) if told is None else HttpAnswer(body=json.dumps(told).encode())

    with listening(HttpDevice("127.0.0.1", 0, answer)) as device:
        assert discover(home, device)["result"] == "ok"
        assert {each: home.state(each).state for each in entities} == entities


# -- commands ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("generation", [1, 2])
def test_a_switch_is_switched_and_shows_it_at_once(home: HomeServer, generation: int) -> None:
    """With what it takes; nothing has to be polled for."""
    with listening(shelly(generation, "two")) as device:
        discover(home, device)
        second = entity(device, "switch.1")
        assert call(home, "switch.turn_on", second) == "on"
        assert [each.is_on for each in device.inside.relays] == [False, True]
        assert home.state(second).attributes["power"] > 0
        assert call(home, "switch.toggle", second) == "off"
        assert call(home, "switch.turn_off", second) == "off"


def test_the_reply_and_the_context_tell_what_a_service_has_changed(home: HomeServer) -> None:
    """As for any other entity."""
    with listening(shelly(2, "plug")) as device:
        discover(home, device)
        switch = entity(device, "switch.0")
        changed = home.rest("POST", "/api/services/switch/turn_on", {"entity_id": switch}).json()
        assert [each["state"] for each in changed if each["entity_id"] == switch] == ["on"]
        with home.websocket() as client:
            target = {"entity_id": switch}
            done = client.command("call_service", domain="switch", service="turn_off", target=target)["result"]
        assert home.state(switch).state == "off"
        assert home.state(switch).context.id == done["context"]["id"]


def test_what_somebody_does_at_the_device_is_seen(home: HomeServer) -> None:
    """With the next poll."""
    with listening(shelly(1, "plug")) as device:
        discover(home, device)
        device.inside.relays[0].is_on = True
        until_state(home, entity(device, "switch.0"), "on")


@pytest.mark.parametrize("generation", [1, 2])
def test_a_dimmer_takes_brightness_and_transition(home: HomeServer, generation: int) -> None:
    """In its own percents and units of time."""
    with listening(shelly(generation, "dimmer")) as device:
        discover(home, device)
        light = entity(device, "light.0")
        assert call(home, "light.turn_on", light, brightness=128, transition=2) == "on"
        lamp = device.inside.lamps[0]
        assert (lamp.is_on, lamp.brightness, lamp.transition_s) == (True, 50, 2.0)
        attributes = home.state(light).attributes
        assert (attributes["brightness"], attributes["supported_color_modes"]) == (128, ["brightness"])
        assert call(home, "light.turn_on", light, brightness=1) == "on"
        assert device.inside.lamps[0].brightness == 1
        assert call(home, "light.turn_off", light, transition=0.5) == "off"


@pytest.mark.parametrize("generation", [1, 2])
def test_a_strip_takes_colours_and_white(home: HomeServer, generation: int) -> None:
    """Four channels, and brightness beside them."""
    with listening(shelly(generation, "colour")) as device:
        discover(home, device)
        light = entity(device, "light.0")
        call(home, "light.turn_on", light, rgbw_color=[10, 20, 30, 40], brightness=255)
        lamp = device.inside.lamps[0]
        assert (lamp.rgb, lamp.white, lamp.brightness) == ((10, 20, 30), 40, 100)
        attributes = home.state(light).attributes
        assert (attributes["color_mode"], attributes["rgbw_color"]) == ("rgbw", (10, 20, 30, 40))


def test_a_bulb_takes_tones_of_white(home: HomeServer) -> None:
    """Within its range."""
    with listening(shelly(1, "bulb")) as device:
        discover(home, device)
        light = entity(device, "light.0")
        call(home, "light.turn_on", light, color_temp_kelvin=4000, brightness_pct=40)
        assert (device.inside.lamps[0].ct, device.inside.lamps[0].brightness) == (4000, 40)
        attributes = home.state(light).attributes
        assert (attributes["color_mode"], attributes["color_temp_kelvin"]) == ("color_temp", 4000)
        assert (attributes["min_color_temp_kelvin"], attributes["max_color_temp_kelvin"]) == (2700, 6500)


@pytest.mark.parametrize(("generation", "model"), [(1, "roller"), (2, "cover")])
def test_a_blind_is_seen_moving_and_stops(home: HomeServer, generation: int, model: str) -> None:
    """Asked every second while it moves."""
    with listening(shelly(generation, model)) as device:
        discover(home, device)
        cover = entity(device, "cover.0")
        assert call(home, "cover.open_cover", cover) == "opening"
        until(lambda: home.state(cover).attributes["current_position"] > 0)
        assert call(home, "cover.stop_cover", cover) == "open"
        assert call(home, "cover.close_cover", cover) in ("closing", "closed")
        until_state(home, cover, "closed")
        assert call(home, "cover.set_cover_position", cover, position=3) in ("opening", "open")
        until(lambda: home.state(cover).attributes["current_position"] == 3)
        assert home.state(cover).attributes["supported_features"] == 15


@pytest.mark.parametrize(("generation", "versions"), [(1, ("1.14.0", "1.15.0")), (2, ("1.4.4", "1.5.0"))])
def test_new_firmware_is_installed_and_the_device_starts_anew(
    home: HomeServer, generation: int, versions: tuple[str, str]
) -> None:
    """It fetches it itself; afterwards it says who it is."""
    with listening(shelly(generation, "two")) as device:
        discover(home, device)
        update = entity(device, "update.firmware")
        told = home.state(update).attributes
        assert (told["installed_version"], told["latest_version"]) == versions
        call(home, "update.install", update)
        until_state(home, update, "off")
        assert home.state(update).attributes["installed_version"] == versions[1]
        found = home.home.registries.devices.find(identifiers=[("shelly", device.inside.mac)])
        assert found is not None and versions[1] in (found.sw_version or "")


@pytest.mark.parametrize("generation", [1, 2])
def test_a_device_is_restarted_by_a_button(home: HomeServer, generation: int) -> None:
    """The button shows when."""
    with listening(shelly(generation, "plug")) as device:
        discover(home, device)
        before = device.inside._began
        assert call(home, "button.press", entity(device, "button.restart")) != "unknown"
        assert device.inside._began > before


def test_a_refused_command_is_an_error_for_whoever_called(home: HomeServer) -> None:
    """In plain words; the device is still there."""
    with listening(shelly(2, "plug")) as device:
        discover(home, device)
        switch = entity(device, "switch.0")
        device.inside.is_locked = True  # type: ignore[union-attr]
        with home.websocket() as client:
            done = client.command(
                "call_service", domain="switch", service="turn_on", target={"entity_id": switch}
            )  # fmt: skip
        assert not done["success"]
        assert "refuses" in done["error"]["message"]


def test_a_renamed_entity_goes_on_under_its_new_name(home: HomeServer) -> None:
    """It is told and shown as before; a disabled one is left out until it is enabled."""
    with listening(shelly(2, "plug")) as device:
        discover(home, device)
        registry, new = home.home.registries.entities, "switch.kettle"
        registry.update(entity(device, "switch.0"), new_entity_id=new)
        until_state(home, new, "off")
        assert call(home, "switch.turn_on", new) == "on"
        device.inside.relays[0].is_on = False
        until_state(home, new, "off")
        registry.update(new, disabled_by="user")
        until(lambda: home.home.states.get(new) is None)
        device.inside.relays[0].is_on = True
        registry.update(new, disabled_by=None)
        until_state(home, new, "on")
