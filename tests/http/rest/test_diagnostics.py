"""`/api/diagnostics/…`: files that help to find a fault, without secrets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marge.registries import ConfigEntry, Device
from tests.support.home import HomeServer, home_server


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    """A home with a device of an integration that has diagnostics."""
    with home_server("homeassistant: {name: Test}", broker="none") as running:
        yield running


@pytest.fixture(scope="module")
def entry(server: HomeServer) -> ConfigEntry:
    return server.home.registries.config_entries.create("tasmota", "Tasmota", "user")


@pytest.fixture(scope="module")
def device(server: HomeServer, entry: ConfigEntry) -> Device:
    registries = server.home.registries
    found = registries.devices.get_or_create(
        identifiers=[("tasmota", "5CCF7F000001")], config_entry_id=entry.entry_id, name="Car", manufacturer="Tasmota"
    )
    belongs = {"config_entry_id": entry.entry_id, "device_id": found.id}
    lock = registries.entities.get_or_create("lock", "tasmota", "car-lock", **belongs)
    registries.entities.update(lock.entity_id, options={"lock": {"default_code": "4711"}})
    place = {"latitude": 52.123456, "longitude": 13.1, "access_token": "very-secret", "battery": 80}
    server.rest("POST", f"/api/states/{lock.entity_id}", {"state": "locked", "attributes": place})
    return found


def test_a_device_tells_of_itself_and_its_entities(server: HomeServer, entry: ConfigEntry, device: Device) -> None:
    """In the frame of its entry's file; codes, tokens and places are not in it."""
    reply = server.rest("GET", f"/api/diagnostics/config_entry/{entry.entry_id}/device/{device.id}")
    assert reply.status_code == 200
    assert f"config_entry-tasmota-car-{device.id}.json" in reply.headers["Content-Disposition"]
    data = reply.json()["data"]
    assert (data["entry"]["domain"], data["device"]["name"]) == ("tasmota", "Car")
    [lock] = data["entities"]
    assert lock["state"]["state"] == "locked"
    assert lock["state"]["attributes"]["battery"] == 80
    assert not [secret for secret in ("4711", "very-secret", "52.12") if secret in reply.text]


def test_what_is_not_there_is_not_found(server: HomeServer, entry: ConfigEntry, device: Device) -> None:
    """An unknown device, one of another entry, another kind of part; and it is for administrators."""
    base = f"/api/diagnostics/config_entry/{entry.entry_id}"
    assert server.rest("GET", f"{base}/device/nope").status_code == 404
    stranger = server.home.registries.devices.get_or_create(identifiers=[("x", "y")], name="Stranger")
    assert server.rest("GET", f"{base}/device/{stranger.id}").status_code == 404
    assert server.rest("GET", f"{base}/room/{device.id}").status_code == 400
    assert server.rest("GET", f"{base}/device/{device.id}", token=server.user_token).status_code == 401


def test_the_list_says_where_devices_have_some(server: HomeServer, device: Device) -> None:
    """`handlers` of `diagnostics/list` and `diagnostics/get`."""
    with server.websocket() as client:
        told = client.command("diagnostics/get", domain="tasmota")["result"]
        assert told == {"domain": "tasmota", "handlers": {"config_entry": True, "device": True}}
        assert told in client.command("diagnostics/list")["result"]
