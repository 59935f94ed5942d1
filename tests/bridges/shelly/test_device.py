"""Shellys in a whole home: added by address, shown, commanded, lost and found. Simulated devices, real sockets."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import gevent
import pytest

from marge.bridges.lan import device as lan_device
from marge.bridges.shelly import BRIDGE
from marge.bridges.shelly import device as shelly_device
from marge.bridges.shelly.device import ShellyDevice
from marge.simulate.families import _shelly_parts
from marge.simulate.families._serving import HttpAnswer, HttpDevice, HttpRequest
from marge.simulate.families.shelly import Shelly
from tests.support.home import HomeServer, home_server
from tests.support.lan import again, call, entry_of, issues, listening, until_state, where
from tests.support.waiting import until

BASE = "/api/integrations/shelly"
numbers = count(1)


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """What takes seconds takes hundredths."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lan_device, "RETRY_S", 0.02)
        patch.setattr(lan_device, "PAUSES_S", (0.02, 0.05))
        patch.setattr(lan_device, "FORGET_AFTER", 3)
        patch.setattr(lan_device, "REFUSED_PAUSE_S", 0.05)
        patch.setattr(ShellyDevice, "poll_s", 0.1)
        patch.setattr(shelly_device, "MOVING_POLL_S", 0.05)
        patch.setattr(_shelly_parts, "FULL_WAY_S", 1.0)
        yield


@pytest.fixture(scope="module")
def home() -> Iterator[HomeServer]:
    with home_server(bridges=("shelly",), broker="none") as server:
        yield server


def shelly(generation: int, model: str, **more: Any) -> Shelly:
    return Shelly(generation, model, next(numbers), **more)


def discover(home: HomeServer, device: Any, **more: str) -> Any:
    reply = home.rest("POST", f"{BASE}/discover", {"ip": device if isinstance(device, str) else where(device), **more})
    assert reply.status_code == 200, reply.text
    return reply.json()


def entity(device: Shelly, what: str) -> str:
    """`switch.0` is the device's `switch.shelly_<mac>_0`."""
    domain, _, suffix = what.partition(".")
    return f"{domain}.shelly_{device.inside.mac.lower()}_{suffix}"


def shown(home: HomeServer, device: Shelly) -> dict[str, str]:
    """The states of all entities of a device."""
    part = f"shelly_{device.inside.mac.lower()}_"
    return {each.entity_id.replace(part, ""): each.state for each in home.home.states.all() if part in each.entity_id}


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


# -- passwords ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("generation", [1, 2])
def test_a_password_is_asked_for_and_never_shown(home: HomeServer, generation: int) -> None:
    """Basic in the first generation, digest later; the right one is kept."""
    with listening(shelly(generation, "plug", password="open sesame")) as device:
        assert "password" in discover(home, device)["message"]
        assert discover(home, device, password="wrong")["result"] == "error"
        told = discover(home, device, password="open sesame")
        assert told["result"] == "ok"
        assert call(home, "switch.turn_on", entity(device, "switch.0")) == "on"
        entry_id = entry_of(home, "shelly", device.inside.mac).entry_id
        seen = [told, home.rest("GET", BASE).json(), home.rest("GET", f"/api/diagnostics/config_entry/{entry_id}").text]
        with home.websocket() as client:
            seen.append(client.command("config_entries/get")["result"])
        assert "sesame" not in json.dumps(seen)


def test_an_old_nonce_is_replaced_by_a_new_one(home: HomeServer) -> None:
    """Devices forget theirs at each restart."""
    with listening(shelly(2, "plug", password="open sesame")) as device:
        discover(home, device, password="open sesame")
        device.inside.accepted.clear()  # type: ignore[union-attr]
        assert call(home, "switch.turn_on", entity(device, "switch.0")) == "on"


def test_a_changed_password_is_a_notice_until_the_new_one_is_told(home: HomeServer) -> None:
    """Entities are unavailable meanwhile."""
    with listening(shelly(2, "plug", password="first")) as device:
        discover(home, device, password="first")
        device.inside.password = "second"
        switch = entity(device, "switch.0")
        until_state(home, switch, "unavailable")
        notice = f"login_{entry_of(home, 'shelly', device.inside.mac).entry_id}"
        until(lambda: notice in issues(home, "shelly"))
        assert discover(home, device, password="second")["result"] == "ok"
        until_state(home, switch, "off")
        assert notice not in issues(home, "shelly")


def test_the_notice_is_mended_by_telling_the_new_password(home: HomeServer) -> None:
    """In the frontend's dialogue, which asks again for as long as it is wrong."""
    with listening(shelly(1, "plug", password="first")) as device:
        discover(home, device, password="first")
        device.inside.password = "second"
        notice = f"login_{entry_of(home, 'shelly', device.inside.mac).entry_id}"
        until(lambda: notice in issues(home, "shelly"))
        started = home.rest("POST", "/api/repairs/issues/fix", {"handler": "shelly", "issue_id": notice}).json()
        path = f"/api/repairs/issues/fix/{started['flow_id']}"
        assert [each["name"] for each in started["data_schema"]] == ["username", "password"]
        wrong = home.rest("POST", path, {"username": "admin", "password": "first"}).json()
        assert wrong["errors"] == {"base": "invalid_auth"}
        mended = home.rest("POST", path, {"username": "admin", "password": "second"}).json()
        assert mended["type"] == "create_entry"
        until_state(home, entity(device, "switch.0"), "off")
        assert notice not in issues(home, "shelly")


# -- away and back -----------------------------------------------------------------------------------------------------


def test_a_device_that_goes_away_is_unavailable_until_it_is_back(home: HomeServer) -> None:
    """Commands are passed over meanwhile, as for any unavailable entity."""
    with listening(shelly(1, "plug")) as device:
        discover(home, device)
        switch, mac = entity(device, "switch.0"), device.inside.mac
        device.stop()
        until_state(home, switch, "unavailable")
        assert call(home, "switch.turn_on", switch) == "unavailable"
        listed = next(each for each in home.rest("GET", BASE).json()["devices"] if each["mac"] == mac.lower())
        assert listed["online"] is False
        assert home.rest("GET", "/api/health").json()["integrations"]["shelly"]["status"] == "degraded"
        device.start()
        until_state(home, switch, "off")
        assert call(home, "switch.turn_on", switch) == "on"


def test_a_command_to_a_device_that_has_just_gone_says_so(home: HomeServer) -> None:
    """An error, and the next poll comes at once."""
    with listening(shelly(1, "plug")) as device, pytest.MonkeyPatch.context() as patch:
        patch.setattr(ShellyDevice, "poll_s", 60.0)
        discover(home, device)
        switch = entity(device, "switch.0")
        device.stop()
        with home.websocket() as client:
            done = client.command(
                "call_service", domain="switch", service="turn_on", target={"entity_id": switch}
            )  # fmt: skip
        assert not done["success"] and "cannot be reached" in done["error"]["message"]
        until_state(home, switch, "unavailable")


def test_one_that_hangs_delays_nobody(home: HomeServer) -> None:
    """Each has a greenlet of its own."""
    hanging = shelly(1, "plug")
    with listening(hanging), listening(shelly(1, "plug")) as other:
        discover(home, hanging)
        discover(home, other)
        release = gevent.event.Event()
        answer = hanging._handle
        hanging._handle = lambda request: release.wait(20) and answer(request) or HttpAnswer(500)
        asked = hanging.requests
        until(lambda: hanging.requests > asked)
        began = time.monotonic()
        assert call(home, "switch.turn_on", entity(other, "switch.0")) == "on"
        assert time.monotonic() - began < 2
        release.set()


def test_another_device_at_the_address_is_not_taken_for_it(home: HomeServer) -> None:
    """Routers give addresses to others."""
    with listening(shelly(1, "plug")) as device:
        discover(home, device)
        device.stop()
        stranger = shelly(1, "plug", port=device.address[1])
        with listening(stranger):
            until_state(home, entity(device, "switch.0"), "unavailable")
            path = f"/bridges/shelly/{device.inside.mac.lower()}"
            until(lambda: "Another device" in str(home.home.system.inspect(path)))
            stranger.inside.relays[0].is_on = True
            assert home.state(entity(device, "switch.0")).state == "unavailable"


def test_a_device_that_moved_is_found_at_its_new_address(home: HomeServer) -> None:
    """Adding it again is enough: it is the same entry and the same entities."""
    with listening(shelly(1, "plug")) as device:
        discover(home, device)
        before = entry_of(home, "shelly", device.inside.mac)
        device.stop()
        device._wanted = ("127.0.0.1", 0)
        device.start()
        assert discover(home, device)["result"] == "ok"
        after = entry_of(home, "shelly", device.inside.mac)
        assert (after.entry_id, after.data["host"]) == (before.entry_id, where(device))
        until_state(home, entity(device, "switch.0"), "off")


@pytest.mark.parametrize("body", [b"null", b"[]", b"{}", b'"x"', b"{", b'{"relays": 5, "meters": [null]}', b"\xff"])
def test_nonsense_from_a_device_ends_nothing(home: HomeServer, body: bytes) -> None:
    """The actor lives on and the device is back when it makes sense again."""
    with listening(shelly(1, "plug")) as device:
        discover(home, device)
        answer = device._handle
        asked = device.requests
        device._handle = lambda request: HttpAnswer(body=body)
        until(lambda: device.requests > asked + 5)
        device._handle = answer
        until_state(home, entity(device, "switch.0"), "off")
        assert call(home, "switch.turn_on", entity(device, "switch.0")) == "on"


def test_what_a_device_no_longer_has_is_gone(home: HomeServer) -> None:
    """Its owner has made a blind's control of two switches."""
    with listening(shelly(2, "two")) as device:
        discover(home, device)
        assert "switch.1" in shown(home, device)
        del device.inside.relays[1]
        until(lambda: "switch.1" not in shown(home, device))
        assert home.home.registries.entities.get(entity(device, "switch.1")) is None


# -- adding and forgetting ---------------------------------------------------------------------------------------------


def test_adding_says_what_is_wrong_within_five_seconds(home: HomeServer) -> None:
    """Status 200 and a reason; a stranger's words are not repeated."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        told = discover(home, address)
        assert time.monotonic() - began < 5
        assert (told["result"], "in time" in told["message"]) == ("error", True)
    assert "cannot be reached" in discover(home, address)["message"]
    with listening(HttpDevice("127.0.0.1", 0, lambda _request: HttpAnswer(body=b'{"mac": "secret"}'))) as stranger:
        told = discover(home, stranger)
        assert (told["result"], "secret" in json.dumps(told)) == ("error", False)
    for address in ("http://127.0.0.1/", "127.0.0.1/x", "a b", "224.0.0.1", "2130706433"):
        assert discover(home, address)["result"] == "error"


def test_only_an_administrator_may_let_the_server_knock_at_doors(home: HomeServer) -> None:
    """Others must not search the network through it."""
    for token in (home.user_token, home.reader_token, None):
        assert home.rest("POST", f"{BASE}/discover", {"ip": "127.0.0.1"}, token=token).status_code in (401, 403)


def test_the_frontends_dialogue_adds_a_device(home: HomeServer) -> None:
    """Host, then a log-in where it is wanted; twice is already configured."""

    def step(path: str, body: Any) -> Any:
        reply = home.rest("POST", f"/api/config/config_entries/flow{path}", body)
        assert reply.status_code == 200, reply.text
        return reply.json()

    with listening(shelly(2, "plug", name="Door", password="x")) as device:
        flow = step("", {"handler": "shelly"})
        assert [each["name"] for each in flow["data_schema"]] == ["host"]
        path = f"/{flow['flow_id']}"
        assert step(path, {"host": "no address"})["errors"] == {"base": "invalid_host"}
        assert step(path, {"host": "127.0.0.1:1"})["errors"] == {"base": "cannot_connect"}
        asked = step(path, {"host": where(device)})
        assert (asked["step_id"], asked["errors"]) == ("credentials", None)
        wrong = step(path, {"username": "admin", "password": "y"})
        assert wrong["errors"] == {"base": "invalid_auth"}
        made = step(path, {"username": "admin", "password": "x"})
        assert (made["type"], made["title"], made["result"]["state"]) == ("create_entry", "Door", "loaded")
        until(lambda: "switch.0" in shown(home, device))
        path = "/" + step("", {"handler": "shelly"})["flow_id"]
        step(path, {"host": where(device)})
        again_told = step(path, {"username": "admin", "password": "x"})
        assert (again_told["type"], again_told["reason"]) == ("abort", "already_configured")


def test_a_home_whose_devices_were_all_disabled_at_the_start_finds_the_bridge() -> None:
    """It was not started then; the dialogue starts it, and so does enabling an entry."""
    with home_server(broker="none") as server, listening(shelly(1, "plug")) as device:
        server.home.shared["bridge_kinds"] = {"shelly": BRIDGE.specs}
        flow = server.rest("POST", "/api/config/config_entries/flow", {"handler": "shelly"}).json()
        path = f"/api/config/config_entries/flow/{flow['flow_id']}"
        assert server.rest("POST", path, {"host": where(device)}).json()["type"] == "create_entry"
        until_state(server, entity(device, "switch.0"), "off")


def test_while_the_server_starts_nothing_can_be_added(home: HomeServer) -> None:
    """The front door is open before the rest is there."""
    with listening(shelly(1, "plug")) as device:
        host = home.home.shared.pop("entry_host")
        try:
            assert "starting" in discover(home, device)["message"]
        finally:
            home.home.shared["entry_host"] = host


@pytest.mark.parametrize("how", ["entry", "frontend", "native"])
def test_a_device_that_is_removed_is_forgotten(home: HomeServer, how: str) -> None:
    """With its config entry, its actor and its entities, whichever way it is removed."""
    with listening(shelly(1, "plug")) as device:
        discover(home, device)
        entry = entry_of(home, "shelly", device.inside.mac)
        found = home.home.registries.devices.find(identifiers=[("shelly", device.inside.mac)])
        assert found is not None
        if how == "entry":
            home.rest("DELETE", f"/api/config/config_entries/entry/{entry.entry_id}")
        elif how == "native":
            home.rest("DELETE", f"/api/devices/{found.id}")
        else:
            with home.websocket() as client:
                names = {"config_entry_id": entry.entry_id, "device_id": found.id}
                assert client.command("config/device_registry/remove_config_entry", **names)["success"]
        registries = home.home.registries
        until(lambda: registries.config_entries.get(entry.entry_id) is None)
        until(lambda: shown(home, device) == {})
        until(lambda: home.home.system.ref(f"/bridges/shelly/{device.inside.mac.lower()}") is None)
        assert registries.entities.for_config_entry(entry.entry_id) == []
        assert registries.devices.get(found.id) is None
        asked = device.requests
        discover(home, device)
        assert device.requests > asked and shown(home, device)["switch.0"] == "off"


def test_a_disabled_entry_is_left_alone_and_comes_back(home: HomeServer) -> None:
    """Nobody asks the device meanwhile."""
    with listening(shelly(1, "plug")) as device:
        discover(home, device)
        entry = entry_of(home, "shelly", device.inside.mac)
        with home.websocket() as client:
            client.command("config_entries/disable", entry_id=entry.entry_id, disabled_by="user")
            assert home.home.system.ref(f"/bridges/shelly/{device.inside.mac.lower()}") is None
            assert shown(home, device) == {}
            client.command("config_entries/disable", entry_id=entry.entry_id, disabled_by=None)
        until(lambda: shown(home, device).get("switch.0") == "off")


def test_an_actor_that_is_killed_goes_on_with_the_same_entities(home: HomeServer) -> None:
    """Its supervisor starts it again."""
    with listening(shelly(1, "plug")) as device:
        discover(home, device)
        path = f"/bridges/shelly/{device.inside.mac.lower()}"
        before = home.home.entities.owned[entity(device, "switch.0")]
        home.home.system.kill(path)
        until_state(home, entity(device, "switch.0"), "unavailable")
        home.home.system.restart(path)
        until_state(home, entity(device, "switch.0"), "off")
        assert home.home.entities.owned[entity(device, "switch.0")] is before
        assert call(home, "switch.turn_on", entity(device, "switch.0")) == "on"


def test_devices_are_known_after_a_restart_before_they_answer(tmp_path: Path) -> None:
    """Unavailable until they are heard; then as before, under the names that people gave them."""
    settings: dict[str, Any] = {"db_path": tmp_path / "marge.db", "bridges": ("shelly",), "broker": "none"}
    with listening(shelly(2, "plug", password="x")) as device:
        with home_server(**settings) as server:
            discover(server, device, password="x")
            server.home.registries.entities.update(entity(device, "switch.0"), name="My plug")
            call(server, "switch.turn_on", entity(device, "switch.0"))
        device.stop()
        with home_server(**settings, with_users=False) as running:
            server = again(running)
            assert server.state(entity(device, "switch.0")).state == "unavailable"
            assert server.rest("GET", BASE).json()["device_count"] == 1
            device.start()
            until_state(server, entity(device, "switch.0"), "on")
            assert server.state(entity(device, "switch.0")).attributes["friendly_name"] == "My plug"
            assert call(server, "switch.turn_off", entity(device, "switch.0")) == "off"
