"""Template entities: of the files, and made by hand."""

from __future__ import annotations

from tests.support.waiting import until


def test_a_sensor_of_the_files_follows_what_its_template_reads(flows):
    """The state is the template's, with the unit and classes of the file."""
    flows.call("input_number.set_value", entity_id="input_number.target", value=21)

    shown = until(lambda: (found := flows.state("sensor.tmpl"))["state"] == "21.0" and found)

    assert shown["attributes"] == {
        "state_class": "measurement", "unit_of_measurement": "W", "device_class": "power", "friendly_name": "Tmpl",
    }


def test_a_binary_sensor_with_a_unique_id_is_registered(flows, server):
    """It has the id of its name, and its icon is a template too."""
    flows.call("input_boolean.turn_on", entity_id="input_boolean.guest")
    shown = until(lambda: (found := flows.state("binary_sensor.dark"))["state"] == "on" and found)
    flows.call("input_boolean.turn_off", entity_id="input_boolean.guest")

    assert shown["attributes"]["icon"] == "mdi:eye"
    assert server.home.registries.entities.by_unique_id("binary_sensor", "template", "dark1") is not None


def test_what_is_not_supported_is_named_and_left_out(server):
    """A domain without template entities is a problem of the configuration."""
    problems = [str(each) for each in server.home.shared["config_problems"]]

    assert any("no template entities of this domain" in each for each in problems)
    issue = server.home.registries.issues.find("homeassistant", "config_problems")
    assert "no template entities of this domain" in issue.translation_placeholders["problems"]


def test_triggers_render_their_entities(flows, server):
    """With variables, conditions and actions; a failing template makes its entity unavailable only."""
    assert flows.state("sensor.triggered")["state"] == "unknown"
    server.rest("POST", "/api/events/te", {"v": 1, "k": "z"})

    shown = until(lambda: (found := flows.state("sensor.triggered"))["state"] == "3" and found)
    assert shown["attributes"]["k"] == "z"
    assert flows.state("sensor.failing")["state"] == "1.0"
    until(lambda: flows.state("binary_sensor.pulse")["state"] == "off", what="auto_off")
    server.rest("POST", "/api/events/te", {"v": 0})
    server.rest("POST", "/api/events/te", {"v": "abc"})
    until(lambda: flows.state("sensor.failing")["state"] == "unavailable")
    assert flows.state("sensor.triggered")["state"] == "abcabcabc"


def test_the_section_is_read_again(flows, server):
    """`template.reload` changes, adds and removes."""
    file = server.home.config.config_dir / "configuration.yaml"
    before = file.read_text("utf-8")
    try:
        file.write_text(before.replace("name: Dark", "name: Darker").replace("vv * 3", "vv * 4"), "utf-8")
        flows.call("template.reload")
        until(lambda: flows.state("binary_sensor.dark").get("attributes", {}).get("friendly_name") == "Darker")
        server.rest("POST", "/api/events/te", {"v": 2})
        until(lambda: flows.state("sensor.triggered")["state"] == "8")
    finally:
        file.write_text(before, "utf-8")
        flows.call("template.reload")


def test_a_sensor_is_made_changed_and_removed_by_hand(flows):
    """Menu, form, entry, options, removal."""
    entry_id = flows.make("template", {"name": "Double", "state": "{{ 2 * 21 }}"}, "sensor")
    assert flows.state("sensor.double")["state"] == "42"

    done = flows.options(entry_id, {"state": "{{ 2 * 4 }}", "unit_of_measurement": "kWh"})

    assert done["type"] == "create_entry"
    shown = until(lambda: (found := flows.state("sensor.double"))["state"] == "8" and found)
    assert shown["attributes"] == {"unit_of_measurement": "kWh", "friendly_name": "Double"}
    flows.remove(entry_id)
    assert flows.state("sensor.double") == {"message": "Entity not found."}


def test_a_switch_runs_its_actions(flows):
    """Without a state template it shows what was asked for."""
    action = [{"action": "input_boolean.turn_on", "target": {"entity_id": "input_boolean.other"}}]
    entry_id = flows.make("template", {"name": "Sw", "turn_on": action}, "switch")

    flows.call("switch.turn_on", entity_id="switch.sw")

    assert flows.state("switch.sw")["state"] == "on"
    assert flows.state("input_boolean.other")["state"] == "on"
    flows.remove(entry_id)


def test_a_number_and_a_select_pass_on_what_is_chosen(flows):
    """The actions see `value` and `option`."""
    put = {"action": "input_number.set_value", "target": {"entity_id": "input_number.target"}}
    number = flows.make(
        "template",
        {
            "name": "Num", "state": "{{ states('input_number.target') }}", "min": 0, "max": 50, "step": 1,
            "set_value": [{**put, "data": {"value": "{{ value }}"}}],
        },
        "number",
    )
    select = flows.make(
        "template",
        {
            "name": "Sel", "state": "{{ states('input_number.target') | int }}", "options": "{{ ['5', '7'] }}",
            "select_option": [{**put, "data": {"value": "{{ option }}"}}],
        },
        "select",
    )

    flows.call("number.set_value", entity_id="number.num", value=7)
    until(lambda: flows.state("number.num")["state"] == "7.0")
    until(lambda: flows.state("select.sel")["state"] == "7")
    flows.call("select.select_option", entity_id="select.sel", option="5")
    until(lambda: flows.state("number.num")["state"] == "5.0")
    flows.remove(number)
    flows.remove(select)


def test_a_form_names_what_is_wrong_by_field(flows, server):
    """400 with the errors; a wrong template says why."""
    flow = flows.send(flows.start("template"), {"next_step_id": "sensor"})
    path = f"/api/config/config_entries/flow/{flow['flow_id']}"

    missing = server.rest("POST", path, {"name": "x"})
    wrong = server.rest("POST", path, {"name": "x", "state": "{{ 1 +", "more": 1})

    assert (missing.status_code, missing.json()) == (400, {"errors": {"state": "required key not provided"}})
    assert wrong.json()["errors"]["state"].startswith("invalid template (TemplateSyntaxError: ")
    assert wrong.json()["errors"]["base"] == ["extra keys not allowed @ data['more']"]
    assert server.rest("DELETE", path).json() == {"message": "Flow aborted"}
    assert server.rest("GET", path).status_code == 404


def test_a_template_over_all_states_is_not_rendered_in_a_turn(flows, server, monkeypatch):
    """In a big home it comes a moment later, from a greenlet, and follows what it read all the same."""
    from marge.integrations.template import watch

    monkeypatch.setattr(watch, "MANY_STATES", 1)
    entry_id = flows.make(
        "template",
        {"name": "Many", "state": "{{ states.input_boolean | selectattr('state', 'eq', 'on') | list | count }}"},
        "sensor",
    )
    flows.call("input_boolean.turn_off", entity_id=["input_boolean.guest", "input_boolean.other"])
    until(lambda: flows.state("sensor.many")["state"] == "0")

    flows.call("input_boolean.turn_on", entity_id="input_boolean.guest")

    until(lambda: flows.state("sensor.many")["state"] == "1")
    flows.remove(entry_id)


def test_a_button_presses_and_an_alarm_panel_arms(flows, server):
    """Their actions run; a panel without a state template shows what was asked for."""
    on = [{"action": "input_boolean.turn_on", "target": {"entity_id": "input_boolean.other"}}]
    off = [{"action": "input_boolean.turn_off", "target": {"entity_id": "input_boolean.other"}}]
    button = flows.make("template", {"name": "Press", "press": on}, "button")
    panel = flows.make(
        "template", {"name": "Panel", "arm_away": on, "disarm": off, "code_arm_required": False}, "alarm_control_panel"
    )
    flows.call("input_boolean.turn_off", entity_id="input_boolean.other")

    flows.call("button.press", entity_id="button.press")
    assert flows.state("input_boolean.other")["state"] == "on"
    assert flows.state("button.press")["state"].startswith("20")
    flows.call("alarm_control_panel.alarm_disarm", entity_id="alarm_control_panel.panel")
    assert flows.state("input_boolean.other")["state"] == "off"
    until(lambda: flows.state("alarm_control_panel.panel")["state"] == "disarmed")
    flows.call("alarm_control_panel.alarm_arm_away", entity_id="alarm_control_panel.panel")
    until(lambda: flows.state("alarm_control_panel.panel")["state"] == "armed_away")
    flows.remove(button)
    flows.remove(panel)


def test_an_image_is_fetched_from_its_address(flows, server):
    """When somebody looks at it; what is no picture is not shown."""
    url = f"{server.url}/static/nothing.png"
    entry_id = flows.make("template", {"name": "Pic", "url": url}, "image")

    shown = flows.state("image.pic")
    assert shown["state"].startswith("20")
    reply = server.rest("GET", shown["attributes"]["entity_picture"], token=None)
    assert reply.status_code >= 400
    flows.remove(entry_id)
