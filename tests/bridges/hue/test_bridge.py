"""Hue bridges in a whole home: paired with, shown, commanded, lost and found. A simulated bridge, real sockets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from marge.bridges.hue.bridge import HueBridge as HueActor
from marge.bridges.lan import device as lan_device
from marge.simulate.families._hue_bridge import Bridge
from marge.simulate.families._serving import HttpAnswer, HttpDevice, HttpRequest
from marge.simulate.families.hue import HueBridge
from tests.support.home import HomeServer, home_server
from tests.support.lan import again, call, entry_of, issues, listening, until_state, where
from tests.support.waiting import until

BASE = "/api/integrations/hue"
numbers = count(1)


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """What takes seconds takes hundredths."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lan_device, "RETRY_S", 0.02)
        patch.setattr(lan_device, "PAUSES_S", (0.02, 0.05))
        patch.setattr(lan_device, "REFUSED_PAUSE_S", 0.05)
        patch.setattr(lan_device, "CONFIRM_S", 0.05)
        patch.setattr(lan_device, "FORGET_AFTER", 3)
        patch.setattr(HueActor, "poll_s", 0.1)
        yield


@pytest.fixture(scope="module")
def home() -> Iterator[HomeServer]:
    with home_server("homeassistant: {unit_system: metric}", bridges=("hue",), broker="none") as server:
        yield server


def bridge() -> HueBridge:
    number = next(numbers)
    return HueBridge(Bridge(f"001788FFFE{number:06X}", f"Bridge {number}", is_open=True))


def pair(home: HomeServer, device: HueBridge) -> Any:
    reply = home.rest("POST", f"{BASE}/pair", {"ip": where(device)})
    assert reply.status_code == 200, reply.text
    return reply.json()


def entity(device: HueBridge, what: str) -> str:
    """`light.couch` is the bridge's `light.hue_<bridge>_couch`."""
    domain, _, name = what.partition(".")
    return f"{domain}.hue_{device.inside.name.lower().replace(' ', '_')}_{name}"


def shown(home: HomeServer, device: HueBridge) -> dict[str, str]:
    part = f"hue_{device.inside.name.lower().replace(' ', '_')}_"
    return {each.entity_id.replace(part, ""): each.state for each in home.home.states.all() if part in each.entity_id}


def test_pairing_wants_the_button(home: HomeServer) -> None:
    """Until it is pressed the reply says what to do; then the bridge is kept, with its key, which is told once."""
    device = bridge()
    device.inside.is_open = False
    with listening(device):
        told = pair(home, device)
        assert (told["result"], "button" in told["message"]) == ("error", True)
        device.inside.press()
        told = pair(home, device)
        assert told == {
            "result": "ok", "username": next(iter(device.inside.users)),
            "bridge": {"ip": where(device), "name": device.inside.name, "model_id": "BSB002",
                       "sw_version": "1962154010"},
        }  # fmt: skip
        assert next(iter(device.inside.users.values())) == "marge#instance"


def test_a_bridge_brings_all_that_it_has(home: HomeServer) -> None:
    """Right after the reply, under the names that the native API gives them."""
    with listening(bridge()) as device:
        device.inside.lights["1"]["state"]["on"] = True
        assert pair(home, device)["result"] == "ok"
        found = shown(home, device)
        assert found.pop("event.bedside_switch") == found.pop("event.tap") == "unknown"
        assert found == {
            "light.couch": "on", "light.desk": "off", "light.hall": "off", "light.fountain": "off",
            "light.old_strip": "off", "light.room_living_room": "on", "binary_sensor.landing": "off",
            "sensor.landing_temperature": "21.34", "sensor.landing_light": "100.0", "sensor.landing_battery": "83",
            "sensor.bedside_switch_battery": "60",
        }  # fmt: skip
        attributes = home.state(entity(device, "sensor.landing_light")).attributes
        assert (attributes["integration"], attributes["dark"], attributes["unit_of_measurement"]) == ("hue", True, "lx")
        names = [
            home.state(entity(device, each)).attributes["friendly_name"]
            for each in ("light.couch", "binary_sensor.landing", "sensor.landing_temperature", "sensor.landing_battery")
        ]
        assert names == ["Couch", "Landing Motion", "Landing Temperature", "Landing Battery"]


def test_lamps_can_do_what_their_kind_can(home: HomeServer) -> None:
    """Colours, tones of white, brightness, or just on and off."""
    with listening(bridge()) as device:
        pair(home, device)
        modes = {
            name: home.state(entity(device, f"light.{name}")).attributes["supported_color_modes"]
            for name in ("couch", "desk", "hall", "fountain", "old_strip", "room_living_room")
        }
        assert modes == {
            "couch": ["color_temp", "xy"], "desk": ["color_temp"], "hall": ["brightness"], "fountain": ["onoff"],
            "old_strip": ["xy"], "room_living_room": ["color_temp", "xy"],
        }  # fmt: skip
        couch = home.state(entity(device, "light.couch")).attributes
        assert (couch["min_color_temp_kelvin"], couch["max_color_temp_kelvin"]) == (2202, 6535)
        assert (couch["supported_features"], couch["effect_list"]) == (44, ["none", "colorloop"])


def test_a_lamp_is_told_and_shows_it_at_once(home: HomeServer) -> None:
    """Brightness, colour, tone, transition, effect and flash, in the bridge's own units."""
    with listening(bridge()) as device:
        pair(home, device)
        couch, state = entity(device, "light.couch"), device.inside.lights["1"]["state"]
        assert call(home, "light.turn_on", couch, brightness=128, xy_color=[0.2, 0.3], transition=1.5) == "on"
        assert (state["on"], state["bri"], state["xy"]) == (True, 127, [0.2, 0.3])
        attributes = home.state(couch).attributes
        assert (attributes["color_mode"], attributes["xy_color"], attributes["brightness"]) == ("xy", (0.2, 0.3), 128)
        call(home, "light.turn_on", couch, color_temp_kelvin=4000)
        assert (state["ct"], state["colormode"]) == (250, "ct")
        assert home.state(couch).attributes["color_temp_kelvin"] == 4000
        call(home, "light.turn_on", couch, hs_color=[120, 100], effect="colorloop")
        assert (state["effect"], home.state(couch).attributes["effect"]) == ("colorloop", "colorloop")
        call(home, "light.turn_on", couch, flash="long")
        assert state["alert"] == "lselect"
        assert call(home, "light.toggle", couch) == "off"
        assert call(home, "light.turn_on", entity(device, "light.fountain")) == "on"


def test_what_the_bridge_says_counts_and_not_what_it_was_told(home: HomeServer) -> None:
    """It may say that it obeys, and not do it."""
    with listening(bridge()) as device:
        pair(home, device)
        couch, answer = entity(device, "light.couch"), device._handle
        obeys = [{"success": {"/lights/1/state/on": True}}]

        def pretend(request: HttpRequest) -> HttpAnswer:
            return HttpAnswer(body=json.dumps(obeys).encode()) if request.method == "PUT" else answer(request)

        device._handle = pretend
        assert call(home, "light.turn_on", couch) == "on"
        until_state(home, couch, "off")


def test_a_whole_room_is_switched(home: HomeServer) -> None:
    """And its lamps show it."""
    with listening(bridge()) as device:
        pair(home, device)
        assert call(home, "light.turn_on", entity(device, "light.room_living_room"), brightness=255) == "on"
        until_state(home, entity(device, "light.couch"), "on")
        until_state(home, entity(device, "light.desk"), "on")
        assert home.state(entity(device, "light.hall")).state == "off"


def test_many_lamps_at_once_do_not_wait_for_each_other(home: HomeServer) -> None:
    """Commands are sent in a row; the bridge is asked once, after them."""
    with listening(bridge()) as device:
        for number in range(10, 50):
            device.inside.lights[str(number)] = json.loads(json.dumps(device.inside.lights["3"]))
            device.inside.lights[str(number)] |= {"name": f"Spot {number}", "uniqueid": f"spot-{number}"}
        pair(home, device)
        spots = [entity(device, f"light.spot_{number}") for number in range(10, 50)]
        asked = device.requests
        reply = home.rest("POST", "/api/services/light/turn_on", {"entity_id": spots})
        assert reply.status_code == 200
        assert {home.state(each).state for each in spots} == {"on"}
        assert device.requests - asked < 40 + 30


def test_what_happens_at_the_bridge_is_seen(home: HomeServer) -> None:
    """With the next poll: somebody walks by, presses buttons, renames a lamp."""
    with listening(bridge()) as device:
        pair(home, device)
        switch, sensors = entity(device, "event.bedside_switch"), device.inside.sensors
        sensors["2"]["state"]["presence"] = True
        until_state(home, entity(device, "binary_sensor.landing"), "on")
        sensors["5"]["state"] |= {"buttonevent": 4003, "lastupdated": "2026-02-03T04:05:06"}
        until_state(home, switch, "2026-02-03T04:05:06.000+00:00")
        attributes = home.state(switch).attributes
        assert (attributes["event_type"], attributes["button"], attributes["button_event"]) == ("long_release", 4, 4003)
        sensors["6"]["state"] |= {"buttonevent": 18, "lastupdated": "2026-02-03T04:05:07"}
        until(lambda: home.state(entity(device, "event.tap")).attributes.get("button") == 4)
        device.inside.lights["3"]["name"] = "Corridor"
        until(lambda: home.state(entity(device, "light.hall")).attributes["friendly_name"] == "Corridor")


def test_a_lamp_that_the_bridge_cannot_reach_is_unavailable(home: HomeServer) -> None:
    """Somebody uses the wall switch."""
    with listening(bridge()) as device:
        pair(home, device)
        device.inside.lights["1"]["state"]["reachable"] = False
        until_state(home, entity(device, "light.couch"), "unavailable")
        device.inside.lights["1"]["state"]["reachable"] = True
        until_state(home, entity(device, "light.couch"), "off")


def test_a_lamp_that_is_taken_away_goes_with_its_device(home: HomeServer) -> None:
    """And a new one comes by itself."""
    with listening(bridge()) as device:
        pair(home, device)
        hall = home.home.registries.entities.get(entity(device, "light.hall"))
        assert hall is not None and hall.device_id is not None
        device.inside.lights["9"] = {**device.inside.lights.pop("3"), "name": "New", "uniqueid": "new-one"}
        until(lambda: "light.new" in shown(home, device) and "light.hall" not in shown(home, device))
        until(lambda: home.home.registries.devices.get(hall.device_id or "") is None)


def test_the_registries_know_the_bridge_and_what_is_behind_it(home: HomeServer) -> None:
    """Devices of their own, reached through it; sensors in one housing are one device."""
    with listening(bridge()) as device:
        pair(home, device)
        registries = home.home.registries
        found = registries.devices.find(identifiers=[("hue", device.inside.bridge_id.lower())])
        assert found is not None
        assert (found.manufacturer, found.model_id, found.sw_version) == ("Signify", "BSB002", "1962154010")
        registered = registries.entities.get(entity(device, "light.couch"))
        assert registered is not None
        couch = registries.devices.get(registered.device_id or "")
        assert couch is not None
        assert (couch.name, couch.model, couch.model_id) == ("Couch", "Extended color light", "LCA001")
        kinds = (
            "binary_sensor.landing",
            "sensor.landing_temperature",
            "sensor.landing_light",
            "sensor.landing_battery",
        )
        housings = {entry.device_id for each in kinds if (entry := registries.entities.get(entity(device, each)))}
        assert len(housings) == 1


def test_the_list_tells_of_bridges_without_their_keys(home: HomeServer) -> None:
    """Lights and sensors are counted; nothing anywhere shows the key."""
    with listening(bridge()) as device:
        key = pair(home, device)["username"]
        for path in ("", "/status"):
            told = home.rest("GET", BASE + path).json()
            assert told["bridge_count"] == len(told["bridges"])
            assert told["device_count"] == sum(each["device_count"] for each in told["bridges"])
            mine = next(each for each in told["bridges"] if each["name"] == device.inside.name)
            assert (mine["device_count"], mine["online"], mine["model_id"]) == (10, True, "BSB002")
        family = next(each for each in home.rest("GET", "/api/integrations").json() if each["id"] == "hue")
        assert (family["status"], family["device_count"]) == ("active", told["device_count"])
        entry_id = entry_of(home, "hue", device.inside.bridge_id.lower()).entry_id
        seen = home.rest("GET", BASE).text + home.rest("GET", f"/api/diagnostics/config_entry/{entry_id}").text
        seen += home.rest("GET", "/api/error_log").text + home.rest("GET", "/api/health").text
        with home.websocket() as client:
            seen += json.dumps(client.command("config_entries/get")["result"])
        assert key not in seen


def test_a_bridge_that_knows_us_already_is_added_by_its_key(home: HomeServer) -> None:
    """A wrong one is refused, and so is one that would be a path."""
    with listening(bridge()) as device:
        device.inside.users["abcdefghijklmnop"] = "x"

        def add(username: str) -> Any:
            return home.rest("POST", f"{BASE}/add", {"ip": where(device), "username": username}).json()

        assert "pair" in add("wrong")["message"]
        for username in ("../config", "a/b", "a" * 65, "a b"):
            assert add(username)["result"] == "error"
        told = add("abcdefghijklmnop")
        assert (told["result"], told["bridge"]["name"], "username" in told) == ("ok", device.inside.name, False)


def test_a_key_that_was_taken_back_is_a_notice_until_we_pair_again(home: HomeServer) -> None:
    """Lamps are unavailable meanwhile."""
    with listening(bridge()) as device:
        pair(home, device)
        couch = entity(device, "light.couch")
        device.inside.users.clear()
        until_state(home, couch, "unavailable")
        notice = f"login_{entry_of(home, 'hue', device.inside.bridge_id.lower()).entry_id}"
        until(lambda: notice in issues(home, "hue"))
        assert pair(home, device)["result"] == "ok"
        until_state(home, couch, "off")
        assert notice not in issues(home, "hue")


def test_the_notice_is_mended_by_pressing_the_button(home: HomeServer) -> None:
    """In the frontend's dialogue; the lamps stay."""
    with listening(bridge()) as device:
        pair(home, device)
        device.inside.users.clear()
        device.inside.is_open = False
        notice = f"login_{entry_of(home, 'hue', device.inside.bridge_id.lower()).entry_id}"
        until(lambda: notice in issues(home, "hue"))
        started = home.rest("POST", "/api/repairs/issues/fix", {"handler": "hue", "issue_id": notice}).json()
        path = f"/api/repairs/issues/fix/{started['flow_id']}"
        assert (started["step_id"], started["description_placeholders"]["host"]) == ("confirm", where(device))
        assert home.rest("POST", path, {}).json()["errors"] == {"base": "invalid_auth"}
        device.inside.press()
        assert home.rest("POST", path, {}).json()["type"] == "create_entry"
        until_state(home, entity(device, "light.couch"), "off")
        assert notice not in issues(home, "hue")


def test_what_the_bridge_refuses_is_an_error_in_our_words(home: HomeServer) -> None:
    """Whoever called is told why; its own words stay out."""
    with listening(bridge()) as device:
        pair(home, device)
        couch, answer = entity(device, "light.couch"), device._handle
        error = [{"error": {"type": 201, "address": "/secret", "description": "secret"}}]

        def refuse(request: Any) -> HttpAnswer:
            return HttpAnswer(body=json.dumps(error).encode()) if request.method == "PUT" else answer(request)

        device._handle = refuse
        with home.websocket() as client:
            done = client.command("call_service", domain="light", service="turn_on", target={"entity_id": couch})
        assert (done["success"], done["error"]["message"]) == (False, "The Hue bridge refuses: the lamp is off")


def test_a_bridge_without_power_is_unavailable_until_it_is_back(home: HomeServer) -> None:
    """All that is behind it, too."""
    with listening(bridge()) as device:
        pair(home, device)
        device.stop()
        until(lambda: set(shown(home, device).values()) == {"unavailable"})
        device.start()
        until_state(home, entity(device, "light.couch"), "off")
        assert "unavailable" not in shown(home, device).values()


@pytest.mark.parametrize("body", [b"null", b"[]", b"{}", b'{"1": 5}', b"[5]", b'[{"error": 5}]', b"{"])
def test_nonsense_from_a_bridge_ends_nothing(home: HomeServer, body: bytes) -> None:
    """The actor lives on, nothing is forgotten for good."""
    with listening(bridge()) as device:
        pair(home, device)
        answer, asked = device._handle, device.requests
        device._handle = lambda request: HttpAnswer(body=body)
        until(lambda: device.requests > asked + 12)
        device._handle = answer
        until(lambda: shown(home, device).get("light.couch") == "off")
        assert call(home, "light.turn_on", entity(device, "light.couch")) == "on"


def test_what_only_speaks_like_a_hue_bridge_is_taken_for_one(home: HomeServer) -> None:
    """Without groups, without an id."""
    replies: Any = {
        "/api/k/lights": {"1": {"state": {"on": True, "bri": 254}, "name": "Lone"}}, "/api/k/sensors": {},
        "/api/config": {"name": "Little"},
    }  # fmt: skip

    def answer(request: HttpRequest) -> HttpAnswer:
        if request.path == "/api":
            return HttpAnswer(body=b'[{"success": {"username": "k"}}]')
        told = replies.get(request.path)
        return HttpAnswer(404) if told is None else HttpAnswer(body=json.dumps(told).encode())

    with listening(HttpDevice("127.0.0.1", 0, answer)) as device:
        told = home.rest("POST", f"{BASE}/pair", {"ip": where(device)}).json()
        assert (told["result"], told["username"], told["bridge"]["name"]) == ("ok", "k", "Little")
        assert home.state("light.hue_little_lone").state == "on"


def test_a_key_is_not_lost_when_only_pairing_works(home: HomeServer) -> None:
    """The native API calls it partial."""
    with listening(
        HttpDevice("127.0.0.1", 0, lambda request: HttpAnswer(body=b'[{"success": {"username": "k"}}]'))
    ) as device:
        told = home.rest("POST", f"{BASE}/pair", {"ip": where(device)}).json()
        assert (told["result"], told["username"]) == ("partial", "k")


def test_the_frontends_dialogue_pairs(home: HomeServer) -> None:
    """Host, then the button."""

    def step(path: str, body: Any) -> Any:
        reply = home.rest("POST", f"/api/config/config_entries/flow{path}", body)
        assert reply.status_code == 200, reply.text
        return reply.json()

    device = bridge()
    device.inside.is_open = False
    with listening(device):
        path = "/" + step("", {"handler": "hue"})["flow_id"]
        asked = step(path, {"host": where(device)})
        assert (asked["step_id"], asked["errors"]) == ("link", None)
        assert step(path, {})["errors"] == {"base": "register_failed"}
        device.inside.press()
        made = step(path, {})
        assert (made["type"], made["title"], made["result"]["state"]) == ("create_entry", device.inside.name, "loaded")
        until(lambda: "light.couch" in shown(home, device))


def test_a_bridge_is_known_after_a_restart_before_it_answers(tmp_path: Path) -> None:
    """Lamps unavailable until it is heard; a press from before is no news."""
    settings: dict[str, Any] = {"db_path": tmp_path / "marge.db", "bridges": ("hue",), "broker": "none"}
    with listening(bridge()) as device:
        with home_server(**settings) as server:
            pair(server, device)
        device.stop()
        with home_server(**settings, with_users=False) as running:
            server = again(running)
            assert server.state(entity(device, "light.couch")).state == "unavailable"
            assert server.rest("GET", BASE).json()["bridge_count"] == 1
            device.start()
            until_state(server, entity(device, "light.couch"), "off")
            until_state(server, entity(device, "event.bedside_switch"), "unknown")
