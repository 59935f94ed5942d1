"""Helpers that people make, and the entity registry."""

from __future__ import annotations

import pytest

from tests.support.home import HomeServer, home_server


@pytest.fixture(scope="module")
def server():
    with home_server("input_boolean: {guest: {name: Guest}}\nschedule: {s: {name: S}}\n") as running:
        yield running


def entry(server: HomeServer, domain, item_id):
    return server.home.registries.entities.by_unique_id(domain, domain, item_id)


def test_helpers_are_in_the_entity_registry(server: HomeServer):
    """Those of the files and those that people made, under their domain and id."""
    with server.websocket() as client:
        client.command("counter/create", name="Steps taken", icon="mdi:walk")
        found = entry(server, "counter", "steps_taken")
        assert (found.entity_id, found.original_name, found.original_icon) == (
            "counter.steps_taken", "Steps taken", "mdi:walk",
        )  # fmt: skip
        assert entry(server, "input_boolean", "guest").entity_id == "input_boolean.guest"
        client.command("counter/delete", counter_id="steps_taken")
        assert entry(server, "counter", "steps_taken") is None


def test_a_renamed_helper_goes_on_under_its_new_id(server: HomeServer):
    """A timer that runs ends; changes and the end of its item reach it."""
    with server.websocket() as client:
        client.command("timer/create", name="Tea", duration=60)
        server.home.services.call("timer", "start", {"entity_id": "timer.tea"})
        renamed = client.command(
            "config/entity_registry/update", entity_id="timer.tea", new_entity_id="timer.coffee", name="Mine"
        )
        assert renamed["success"], renamed
        server.wait()
        assert server.home.states.get("timer.tea") is None
        assert server.state("timer.coffee").state == "active"
        server.home.services.call("timer", "finish", {"entity_id": "timer.coffee"})
        client.command("timer/update", timer_id="tea", name="Tea 2", duration=90)
        shown = server.state("timer.coffee")
        assert (shown.state, shown.attributes["duration"], shown.attributes["friendly_name"]) == (
            "idle", "0:01:30", "Mine",
        )  # fmt: skip
        client.command("timer/delete", timer_id="tea")
        server.wait()
        assert server.home.states.get("timer.coffee") is None


def test_a_disabled_helper_has_no_state_until_it_is_enabled(server: HomeServer):
    """What was changed meanwhile holds then; a person follows trackers again."""
    with server.websocket() as client:
        def set_disabled(entity_id, value):
            reply = client.command("config/entity_registry/update", entity_id=entity_id, disabled_by=value)
            assert reply["success"], reply
            server.wait()

        client.command("input_number/create", name="Level", min=0, max=10, initial=3)
        client.command("person/create", name="Eve", device_trackers=["device_tracker.eve"])
        for entity_id in ("input_number.level", "person.eve"):
            set_disabled(entity_id, "user")
            assert server.home.states.get(entity_id) is None
        client.command("input_number/update", input_number_id="level", name="Level", min=5, max=10)
        for entity_id in ("input_number.level", "person.eve"):
            set_disabled(entity_id, None)
        assert server.state("input_number.level").state == "5.0"
        server.home.services.call("device_tracker", "see", {"dev_id": "eve", "location_name": "office"})
        server.wait()
        assert server.state("person.eve").state == "office"
        client.command("input_number/delete", input_number_id="level")
        client.command("person/delete", person_id="eve")


def test_a_reload_of_the_files_keeps_what_people_made(server: HomeServer):
    """Helpers of the files come and go; the others stay as they are."""
    with server.websocket() as client:
        client.command("input_boolean/create", name="Mine", initial=True)
        (server.home.config.config_dir / "configuration.yaml").write_text("input_boolean: {other: {}}\n")
        server.home.services.call("input_boolean", "reload")
        server.wait()
        assert server.home.states.get("input_boolean.guest") is None
        assert entry(server, "input_boolean", "guest") is None
        assert server.state("input_boolean.other").state == "off"
        assert server.state("input_boolean.mine").state == "on"
        client.command("input_boolean/delete", input_boolean_id="mine")


def test_helpers_keep_their_values_and_ids_over_a_restart(tmp_path):
    """Also one that was renamed, or disabled; one whose item is broken costs only itself."""
    database = tmp_path / "home.db"
    with home_server(db_path=database) as server, server.websocket() as client:
        client.command("input_text/create", name="Note")
        client.command("input_select/create", name="Mode", options=["a", "b"])
        client.command("config/entity_registry/update", entity_id="input_text.note", new_entity_id="input_text.memo")
        client.command("person/create", name="Eve", device_trackers=["device_tracker.eve"])
        client.command("config/entity_registry/update", entity_id="person.eve", disabled_by="user")
        server.wait()
        server.home.services.call("input_text", "set_value", {"entity_id": "input_text.memo", "value": "milk"})
        server.home.services.call("input_select", "select_last", {"entity_id": "input_select.mode"})
        server.home.storage.save("collection/input_select/broken", {"id": "broken", "name": "Broken"})
    with home_server(db_path=database, with_users=False) as server:
        server.wait()
        assert server.state("input_text.memo").state == "milk"
        assert server.state("input_select.mode").state == "b"
        assert server.home.states.get("input_select.broken") is None
        assert server.home.states.get("person.eve") is None
        server.home.registries.entities.update("person.eve", disabled_by=None)
        server.home.services.call("device_tracker", "see", {"dev_id": "eve", "location_name": "office"})
        server.wait()
        assert server.state("person.eve").state == "office"
