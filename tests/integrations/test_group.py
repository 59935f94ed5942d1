"""Groups made by hand: they show what their members show, and pass commands on."""

from __future__ import annotations

import pytest

from tests.support.waiting import until


@pytest.fixture
def members(server):
    """Two virtual entities of each kind that the tests group."""
    for entity_id, state, attributes in (
        ("light.one", "off", {"supported_color_modes": ["brightness"], "color_mode": None}),
        ("light.two", "on", {"supported_color_modes": ["brightness"], "color_mode": "brightness", "brightness": 100}),
        ("switch.one", "off", {}),
        ("switch.two", "off", {}),
        ("lock.one", "locked", {}),
        ("lock.two", "unlocked", {}),
        ("cover.one", "closed", {"supported_features": 15, "current_position": 0}),
        ("cover.two", "open", {"supported_features": 15, "current_position": 50}),
        ("sensor.one", "1", {"unit_of_measurement": "W", "device_class": "power"}),
        ("sensor.two", "3", {"unit_of_measurement": "W", "device_class": "power"}),
        ("media_player.one", "off", {"supported_features": 384}),
        ("media_player.two", "playing", {"supported_features": 384, "volume_level": 0.5}),
        ("binary_sensor.one", "on", {}),
        ("binary_sensor.two", "off", {}),
        ("fan.one", "on", {"supported_features": 49, "percentage": 40, "percentage_step": 10.0}),
        ("fan.two", "off", {"supported_features": 49, "percentage": 0, "percentage_step": 10.0}),
        ("event.one", "2026-01-01T00:00:00.000+00:00", {"event_types": ["a"], "event_type": "a"}),
        ("event.two", "2026-01-02T00:00:00.000+00:00", {"event_types": ["b"], "event_type": "b", "more": 1}),
    ):
        server.rest("POST", f"/api/states/{entity_id}", {"state": state, "attributes": attributes})
    server.wait()


def test_a_light_group_is_on_with_one_of_its_lights(flows, members):
    """Brightness is the mean of those that are on; commands reach all."""
    entry_id = flows.make(
        "group", {"name": "L", "entities": ["light.one", "light.two"], "hide_members": False}, "light"
    )
    shown = flows.state("light.l")

    assert shown["state"] == "on"
    assert shown["attributes"]["entity_id"] == ["light.one", "light.two"]
    assert (shown["attributes"]["brightness"], shown["attributes"]["icon"]) == (100, "mdi:lightbulb-group")
    flows.call("light.turn_off", entity_id="light.l")
    until(lambda: flows.state("light.l")["state"] == "off")
    assert flows.state("light.two")["state"] == "off"
    flows.remove(entry_id)
    assert flows.state("light.l") == {"message": "Entity not found."}


def test_the_options_of_a_group_change_its_members(flows, members):
    """The own entity is excluded; the present members are suggested; an extra key is refused."""
    entry_id = flows.make("group", {"name": "S", "entities": ["switch.one"], "hide_members": False}, "switch")
    form = flows.start(entry_id, "options/flow")

    assert form["step_id"] == "switch"
    assert form["data_schema"][0] == {
        "selector": {"entity": {"domain": ["switch"], "multiple": True, "exclude_entities": ["switch.s"]}},
        "name": "entities", "description": {"suggested_value": ["switch.one"]}, "required": True,
    }
    refused = flows.server.rest(
        "POST", f"/api/config/config_entries/options/flow/{form['flow_id']}",
        {"entities": ["switch.one"], "hide_members": False, "all": False},
    )
    assert (refused.status_code, refused.json()) == (
        400, {"errors": {"base": ["extra keys not allowed @ data['all']"]}},
    )
    done = flows.send(form, {"entities": ["switch.one", "switch.two"], "hide_members": False}, "options/flow")
    assert done["type"] == "create_entry"
    assert flows.state("switch.s")["attributes"]["entity_id"] == ["switch.one", "switch.two"]
    flows.call("switch.turn_on", entity_id="switch.s")
    until(lambda: flows.state("switch.s")["state"] == "on")
    flows.remove(entry_id)


@pytest.mark.parametrize(
    ("kind", "more", "state", "attributes"),
    [
        ("lock", {}, "unlocked", {}),
        ("cover", {}, "open", {"current_position": 25, "supported_features": 15}),
        ("sensor", {"type": "mean"}, "2.0", {"unit_of_measurement": "W", "device_class": "power"}),
        ("sensor", {"type": "max"}, "3.0", {"max_entity_id": "sensor.two"}),
        ("media_player", {}, "on", {"supported_features": 384}),
        ("binary_sensor", {"all": False}, "on", {}),
        ("fan", {}, "on", {"percentage": 20}),
        ("event", {}, "2026-01-02T00:00:00.000+00:00", {"event_type": "b", "event_types": ["a", "b"], "more": 1}),
    ],
)
def test_a_group_sums_its_members_up(flows, members, kind, more, state, attributes):
    """Each kind by its own rule."""
    values = {"name": "G", "entities": [f"{kind}.one", f"{kind}.two"], "hide_members": False, **more}
    entry_id = flows.make("group", values, kind)
    shown = flows.state(f"{kind}.g")

    assert shown["state"] == state
    assert shown["attributes"] | attributes == shown["attributes"]
    flows.remove(entry_id)


def test_previews_follow_what_they_show(flows, members, server):
    """A group's and a template's; what is wrong is named by field."""
    group = flows.send(flows.start("group"), {"next_step_id": "light"})
    template = flows.send(flows.start("template"), {"next_step_id": "sensor"})
    with server.websocket() as client:
        done = client.command(
            "group/start_preview", flow_id=group["flow_id"], flow_type="config_flow",
            user_input={"name": "P", "entities": ["light.one"], "hide_members": False},
        )
        assert done["result"] is None
        first = client.event(done["id"])
        assert (first["state"], first["attributes"]["friendly_name"]) == ("off", "P")
        server.rest("POST", "/api/states/light.one", {"state": "on"})
        assert client.event(done["id"])["state"] == "on"
        done = client.command(
            "template/start_preview", flow_id=template["flow_id"], flow_type="config_flow",
            user_input={"name": "T", "state": "{{ states('sensor.one') }}"},
        )
        assert client.event(done["id"]) == {
            "attributes": {"friendly_name": "T"}, "state": "1",
            "listeners": {"all": False, "entities": ["sensor.one"], "domains": [], "time": False},
        }
        server.rest("POST", "/api/states/sensor.one", {"state": "7"})
        assert client.event(done["id"])["state"] == "7"
        wrong = client.command(
            "template/start_preview", flow_id=template["flow_id"], flow_type="config_flow",
            user_input={"name": "T", "state": "{{ 1 +"},
        )
        assert wrong["error"] == {
            "code": "invalid_user_input",
            "message": {"state": "invalid template (TemplateSyntaxError: unexpected 'end of template')"},
        }
