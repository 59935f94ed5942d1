"""Shellys in a whole home: passwords, lost and found again, added and forgotten. Simulated devices, real sockets."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any

import gevent
import pytest

from marge.bridges.shelly import BRIDGE
from marge.bridges.shelly.device import ShellyDevice
from marge.simulate.families._serving import HttpAnswer, HttpDevice
from tests.bridges.shelly.helpers import BASE, discover, entity, shelly, shown
from tests.support.home import HomeServer, home_server
from tests.support.lan import again, call, entry_of, issues, listening, until_state, where
from tests.support.waiting import until

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
        hanging._handle = lambda request: release.wait(120) and answer(request) or HttpAnswer(500)
        asked = hanging.requests
        until(lambda: hanging.requests > asked)
        began = time.monotonic()
        assert call(home, "switch.turn_on", entity(other, "switch.0")) == "on"
        assert time.monotonic() - began < 100
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


def test_adding_says_what_is_wrong(home: HomeServer) -> None:
    """Status 200 and a reason; a stranger's words are not repeated."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        told = discover(home, address)
        assert time.monotonic() - began < 55
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
