"""Reloads while the files cannot be read: all goes on as it was, somebody is told, and the next good reload heals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

CONFIGURATION = """automation: !include_dir_merge_list automations
script: !include scripts.yaml
scene: !include scenes.yaml
template: !include templates.yaml
light: [{platform: group, name: Lights, entities: [light.a]}]
group: {all: {entities: [light.a]}}
input_boolean: {a: {}}
input_button: {a: {}}
input_number: {a: {min: 0, max: 10}}
input_text: {a: {}}
input_datetime: {a: {has_time: true}}
input_select: {a: {options: [x, y]}}
timer: {a: {duration: "00:10:00"}}
counter: {a: {}}
schedule: {a: {monday: [{from: "07:00:00", to: "08:00:00"}]}}
zone: [{name: Work, latitude: 50, longitude: 10}]
person: [{name: Anna, id: anna}]
"""
FILES = {
    "automations/one.yaml": "- {id: one, alias: One, triggers: [{trigger: event, event_type: go}],"
    " actions: [{delay: 600}]}\n",
    "automations/two.yaml": "- {id: two, alias: Two, triggers: [{trigger: event, event_type: go}],"
    " actions: [{delay: 600}]}\n",
    "scripts.yaml": "waits: {sequence: [{delay: 600}]}\n",
    "scenes.yaml": "- {id: s, name: Cosy, entities: {light.a: 'on'}}\n",
    "templates.yaml": "- sensor: [{name: Sum, state: '{{ 1 }}'}]\n"
    "- {triggers: [{trigger: event, event_type: t}], sensor: [{name: Shot, state: '{{ trigger.event.data.n }}'}]}\n",
}
DOMAINS = (
    "automation", "script", "scene", "template", "group", "input_boolean", "input_button", "input_number", "input_text",
    "input_datetime", "input_select", "timer", "schedule", "zone", "person",
)  # fmt: skip
BROKEN = "a: [\n"


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server(CONFIGURATION, files=FILES) as running:
        running.wait()
        call = running.rest
        call("POST", "/api/states/light.a", {"state": "on"})
        call("POST", "/api/events/go", {})
        call("POST", "/api/events/t", {"n": 7})
        call("POST", "/api/services/script/turn_on", {"entity_id": "script.waits"})
        call("POST", "/api/services/timer/start", {"entity_id": "timer.a"})
        call("POST", "/api/services/counter/increment", {"entity_id": "counter.a"})
        call("POST", "/api/services/scene/turn_on", {"entity_id": "scene.cosy"})
        call("POST", "/api/services/input_button/press", {"entity_id": "input_button.a"})
        for domain, data in (
            ("number", {"value": 3}), ("text", {"value": "hello"}), ("datetime", {"time": "12:00:00"}),
        ):  # fmt: skip
            service = "set_datetime" if domain == "datetime" else "set_value"
            call("POST", f"/api/services/input_{domain}/{service}", {"entity_id": f"input_{domain}.a", **data})
        call("POST", "/api/services/input_select/select_option", {"entity_id": "input_select.a", "option": "y"})
        until(lambda: running.state("automation.one").attributes["current"] == 1)
        until(lambda: running.state("sensor.shot").state == "7")
        yield running


def shown(server):
    """All that the files made: state, attributes and when that was last changed."""
    kept = (*DOMAINS, "sensor", "light")
    states = [each for each in server.home.states.all() if each.domain in kept and "sun_" not in each.entity_id]
    return {each.entity_id: (each.state, dict(each.attributes), each.last_changed) for each in states}


def runs(server):
    return sorted(path for path in server.home.system.paths() if "/run-" in path)


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_reload_leaves_alone_what_is_as_it_was(server, domain):
    """Runs, timers, values and states of what did not change."""
    before, running, entities = shown(server), runs(server), dict(server.home.entities.owned)
    assert len(running) == 3

    assert server.rest("POST", f"/api/services/{domain}/reload", {}).status_code == 200
    server.wait()

    assert shown(server) == before
    assert runs(server) == running
    assert {key: each for key, each in server.home.entities.owned.items() if entities.get(key) is not each} == {}


@pytest.mark.parametrize("file", ["configuration.yaml", "automations/two.yaml", "scripts.yaml"])
@pytest.mark.parametrize("domain", [*DOMAINS, "all"])
def test_a_broken_file_changes_nothing(server, domain, file):
    """Whichever file it is: the caller gets an error that names it, and all that was there goes on."""
    path = server.home.config.config_dir / file
    text = path.read_text()
    before, running = shown(server), runs(server)
    path.write_text(text + BROKEN)
    try:
        service = "homeassistant/reload_all" if domain == "all" else f"{domain}/reload"
        reply = server.rest("POST", f"/api/services/{service}", {})
        with server.websocket() as client:
            one, two = service.split("/")
            error = client.command("call_service", domain=one, service=two, service_data={})["error"]
    finally:
        path.write_text(text)
    server.wait()

    assert reply.status_code in (400, 500)
    assert error["code"] == "home_assistant_error"
    assert f"{file}:" in error["message"]
    assert shown(server) == before
    assert runs(server) == running


def test_the_next_good_reload_heals(server):
    """And the people of the home were told: a repair issue while it is broken, none afterwards."""
    path = server.home.config.config_dir / "scripts.yaml"
    text = path.read_text()
    path.write_text(BROKEN)
    server.rest("POST", "/api/services/script/reload", {})
    with server.websocket() as client:
        issues = client.command("repairs/list_issues")["result"]["issues"]
        assert any(each["issue_id"] == "files_not_read" for each in issues), issues
        path.write_text(text.replace("600", "700") + "more: {sequence: []}\n")
        assert server.rest("POST", "/api/services/script/reload", {}).status_code == 200
        assert not [
            each for each in client.command("repairs/list_issues")["result"]["issues"]
            if each["issue_id"] == "files_not_read"
        ]  # fmt: skip

    until(lambda: server.home.states.get("script.more") is not None)
    assert not [each for each in runs(server) if "/scripts/" in each]
    assert len([each for each in runs(server) if "/automations/" in each]) == 2
