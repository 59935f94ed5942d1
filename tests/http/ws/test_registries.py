"""What changing a registry does beyond the reply: the living entity follows, subscribers hear of it."""

from __future__ import annotations

from marge.domains.light import LightEntity
from marge.domains.sensor import SensorEntity
from tests.support.home import HomeServer


def add_lamp(server: HomeServer, object_id: str) -> str:
    """A lamp with a device, as a bridge would make it."""
    registries = server.home.registries
    device = registries.devices.get_or_create(identifiers=[("test", object_id)], name="Ceiling")
    entry = registries.entities.get_or_create(
        "light", "test", object_id, suggested_object_id=object_id, device_id=device.id, has_entity_name=True,
        original_name="Lamp",
    )  # fmt: skip
    lamp = LightEntity()
    lamp.name = "Ceiling Lamp"
    server.home.entities.add(lamp, entry.entity_id, "test")
    server.wait()
    return entry.entity_id


def test_a_users_name_and_icon_reach_the_living_entity(server: HomeServer) -> None:
    """The state shows the user's choice at once, and the platform's again when the choice is taken back."""
    entity_id = add_lamp(server, "named")
    with server.websocket() as client:
        client.command("config/entity_registry/update", entity_id=entity_id, name="Reading light", icon="mdi:book")
        server.wait()
        chosen = server.rest("GET", f"/api/states/{entity_id}").json()["attributes"]
        client.command("config/entity_registry/update", entity_id=entity_id, name=None, icon=None)
        server.wait()
        own = server.rest("GET", f"/api/states/{entity_id}").json()["attributes"]

    assert (chosen["friendly_name"], chosen["icon"]) == ("Reading light", "mdi:book")
    assert own["friendly_name"] == "Ceiling Lamp"
    assert "icon" not in own


def test_everybody_hears_of_changes(server: HomeServer) -> None:
    """Registry events reach users who are no administrators, with the old values."""
    entity_id = add_lamp(server, "heard")
    with server.websocket() as admin, server.websocket(server.user_token) as user:
        user.command("subscribe_events", event_type="entity_registry_updated")
        admin.command("config/entity_registry/update", entity_id=entity_id, name="Other")
        event = user.event(1)

    assert event["data"] == {"action": "update", "entity_id": entity_id, "changes": {"name": None}}


def test_an_area_gathers_services_targets(server: HomeServer) -> None:
    """A lamp put into a room is meant by a call that names the room, and not after the room is gone."""
    entity_id = add_lamp(server, "roomy")
    with server.websocket() as client:
        area = client.command("config/area_registry/create", name="Study")["result"]["area_id"]
        client.command("config/entity_registry/update", entity_id=entity_id, area_id=area)
        client.command("call_service", domain="light", service="turn_on", target={"area_id": area})
        assert server.rest("GET", f"/api/states/{entity_id}").json()["state"] == "on"
        assert client.command("config/area_registry/delete", area_id=area)["result"] == "success"
        entry = client.command("config/entity_registry/get", entity_id=entity_id)["result"]

    assert entry["area_id"] is None


def test_a_removed_entity_is_gone_everywhere(server: HomeServer) -> None:
    """Neither registry nor states know it any longer."""
    entity_id = add_lamp(server, "removed")
    with server.websocket() as client:
        assert client.command("config/entity_registry/remove", entity_id=entity_id)["success"]
        assert client.command("config/entity_registry/get", entity_id=entity_id)["error"]["code"] == "not_found"
    server.wait()

    assert server.rest("GET", f"/api/states/{entity_id}").status_code == 404


def test_a_renamed_entity_is_there_under_its_new_id_at_once(server: HomeServer) -> None:
    """The old state is removed, the new one added; name, area and labels stay; the reply comes when that is done."""
    entity_id = add_lamp(server, "before")
    with server.websocket() as client:
        client.command("config/entity_registry/update", entity_id=entity_id, name="Mine", labels=["x"])
        client.command("subscribe_events", event_type="state_changed")
        reply = client.command("config/entity_registry/update", entity_id=entity_id, new_entity_id="light.after")
        removed, added = client.event(2)["data"], client.event(2)["data"]

    assert reply["result"]["entity_entry"]["entity_id"] == "light.after"
    assert reply["result"]["entity_entry"]["labels"] == ["x"]
    assert (removed["entity_id"], removed["new_state"]) == (entity_id, None)
    assert (added["entity_id"], added["old_state"]) == ("light.after", None)
    assert server.rest("GET", f"/api/states/{entity_id}").status_code == 404
    assert server.rest("GET", "/api/states/light.after").json()["attributes"]["friendly_name"] == "Mine"


def test_a_disabled_entity_has_no_state_until_it_is_enabled(server: HomeServer) -> None:
    """What its owner reports meanwhile counts once it is back."""
    entity_id = add_lamp(server, "switched")
    with server.websocket() as client:
        client.command("config/entity_registry/update", entity_id=entity_id, disabled_by="user")
        gone = server.rest("GET", f"/api/states/{entity_id}").status_code
        server.home.entities.report(entity_id, is_on=True)
        reply = client.command("config/entity_registry/update", entity_id=entity_id, disabled_by=None)

    assert gone == 404
    assert reply["result"]["entity_entry"]["disabled_by"] is None
    assert server.rest("GET", f"/api/states/{entity_id}").json()["state"] == "on"


def test_disabling_a_device_disables_its_entities(server: HomeServer) -> None:
    """Enabling it brings those back that it took away, and no others; until then they cannot be enabled."""
    entity_id = add_lamp(server, "part")
    registry = server.home.registries
    entry = registry.entities.get(entity_id)
    assert entry is not None
    with server.websocket() as client:
        client.command("subscribe_events", event_type="entity_registry_updated")
        client.command("config/device_registry/update", device_id=entry.device_id, disabled_by="user")
        event = client.event(1)
        refused = client.command("config/entity_registry/update", entity_id=entity_id, disabled_by=None)
        gone = server.rest("GET", f"/api/states/{entity_id}").status_code
        client.command("config/device_registry/update", device_id=entry.device_id, disabled_by=None)

    assert event["data"] == {"action": "update", "entity_id": entity_id, "changes": {"disabled_by": None}}
    assert refused["error"] == {"code": "invalid_info", "message": "Device is disabled"}
    assert gone == 404
    assert server.rest("GET", f"/api/states/{entity_id}").status_code == 200


def test_a_sensor_is_shown_in_the_unit_that_the_user_chose(server: HomeServer) -> None:
    """At once, converted; taken back at once; a unit of another kind changes nothing."""
    thermometer = SensorEntity()
    thermometer.unique_id, thermometer.device_class = "t1", "temperature"
    thermometer.native_value, thermometer.native_unit = 20.0, "°C"
    server.home.entities.add(thermometer, "sensor.thermometer", "test")
    server.wait()
    shown = []
    with server.websocket() as client:
        for options in ({"unit_of_measurement": "°F"}, {"unit_of_measurement": "kWh"}, None):
            client.command(
                "config/entity_registry/update", entity_id="sensor.thermometer", options_domain="sensor",
                options=options,
            )
            state = server.rest("GET", "/api/states/sensor.thermometer").json()
            shown.append((state["state"], state["attributes"]["unit_of_measurement"]))

    assert shown == [("68.0", "°F"), ("20.0", "°C"), ("20.0", "°C")]


def test_a_config_entry_is_taken_off_a_device_where_its_integration_allows_that(server: HomeServer) -> None:
    """The device and what the entry had made of it go, states too; elsewhere it is refused."""
    registries = server.home.registries
    entry = registries.config_entries.create("test", "Test", supports_remove_device=True)
    other = registries.config_entries.create("test", "Other")
    device = registries.devices.get_or_create(identifiers=[("test", "box")], config_entry_id=entry.entry_id)
    registries.entities.get_or_create(
        "light", "test", "in_box", suggested_object_id="in_box", device_id=device.id, config_entry_id=entry.entry_id
    )
    lamp = LightEntity()
    lamp.unique_id = "in_box"
    server.home.entities.add(lamp, "light.in_box", "test")
    server.wait()
    command = "config/device_registry/remove_config_entry"
    with server.websocket() as client:
        refused = client.command(command, device_id=device.id, config_entry_id=other.entry_id)
        done = client.command(command, device_id=device.id, config_entry_id=entry.entry_id)
    server.wait()

    assert refused["error"]["message"] == "Config entry does not support device removal"
    assert (done["success"], done["result"]) == (True, None)
    assert device.id not in registries.devices
    assert server.rest("GET", "/api/states/light.in_box").status_code == 404


def test_an_entity_whose_id_somebody_has_already_gets_the_next_one(server: HomeServer) -> None:
    """As for any new entity; the one that was there keeps its id and gets no entry of another."""
    first, second = LightEntity(), LightEntity()
    second.unique_id = "second"
    server.home.entities.add(first, "light.both", "test")
    server.home.entities.add(second, "light.both", "test")
    server.wait()

    assert (first.entity_id, second.entity_id) == ("light.both", "light.both_2")
    assert server.home.registries.entities.get("light.both") is None
    assert server.rest("GET", "/api/states/light.both_2").status_code == 200
