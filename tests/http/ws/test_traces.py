"""Traces of runs, breakpoints, blueprints and device automations, as clients ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from gevent.pywsgi import WSGIServer

from marge.automations.traces import TraceStore, ensure_traces
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

CONFIGURATION = """
input_boolean: {guest: {name: Guest}}
input_text: {note: {name: Note}}
automation:
  - id: guest
    alias: Guest light
    triggers: [{trigger: state, entity_id: input_boolean.guest, to: "on"}]
    actions: [{action: input_text.set_value, target: {entity_id: input_text.note}, data: {value: guest}}]
  - id: loud
    alias: Loud
    triggers: [{trigger: event, event_type: go}]
    conditions: "{{ trigger.event.data.ok | default(true) }}"
    actions:
      - variables: {x: "{{ 1 + 1 }}"}
      - action: script.inner
      - event: hit
  - id: once
    alias: Once
    trace: {stored_traces: 1}
    triggers: [{trigger: event, event_type: once}]
    actions: [{repeat: {count: 50, sequence: [{event: tick}]}}]
  - id: never
    alias: Never
    trace: {stored_traces: 0}
    triggers: [{trigger: event, event_type: once}]
    actions: []
  - id: both
    alias: Both
    triggers: [{trigger: event, event_type: both}]
    actions: [{parallel: [{event: left}, {event: right}]}, {event: after}]
script:
  inner: {sequence: [{event: inner}]}
"""
BLUEPRINT = """blueprint:
  name: Mine
  domain: script
  input: {what: {name: What}}
sequence:
  - event: !input what
"""


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server(CONFIGURATION) as running:
        yield running


def fire(server: HomeServer, event_type: str, data: object = None) -> None:
    assert server.rest("POST", f"/api/events/{event_type}", data or {}).status_code == 200
    server.wait()


def test_a_trace_tells_each_step_its_variables_and_what_it_called(server):
    """HA's paths, the trigger's and the steps' variables, the child's run, the configuration."""
    with server.websocket() as client:
        fire(server, "go", {"a": 1})
        short = client.command("trace/list", domain="automation", item_id="loud")["result"][-1]
        assert {key: short[key] for key in ("state", "script_execution", "last_step", "trigger")} == {
            "state": "stopped", "script_execution": "finished", "last_step": "action/2", "trigger": "event 'go'"
        }

        trace = client.command("trace/get", domain="automation", item_id="loud", run_id=short["run_id"])["result"]

        steps = trace["trace"]
        assert list(steps) == ["trigger/0", "condition/0", "action/0", "action/1", "action/2"]
        assert steps["trigger/0"][0]["changed_variables"]["trigger"]["event"]["data"] == {"a": 1}
        assert steps["action/0"][0]["changed_variables"].keys() == {"context", "x"}
        assert steps["action/1"][0]["child_id"]["item_id"] == "inner"
        assert trace["config"]["alias"] == "Loud"
        assert trace["blueprint_inputs"] is None
        contexts = client.command("trace/contexts", domain="automation", item_id="loud")["result"]
        assert contexts[trace["context"]["id"]]["run_id"] == short["run_id"]
        child = steps["action/1"][0]["child_id"]["run_id"]
        assert client.command("trace/get", domain="script", item_id="inner", run_id=child)["success"]


def test_a_toggle_and_what_it_triggers_are_told_in_order_with_their_causes(server):
    """The call, the change, the automation with the change's context as parent, its call, its changes, its end."""
    heard: list[tuple[str, str | None, str | None]] = []
    contexts: dict[str, str] = {}

    def hear(event: dict[str, Any]) -> None:
        context, data = event["context"], event["data"]
        name = contexts.setdefault(context["id"], f"c{len(contexts)}")
        parent = context["parent_id"]
        what = data.get("entity_id") or data.get("service") or ""
        heard.append((f"{event['event_type']} {what}".strip(), name, None if parent is None else contexts[parent]))

    with server.websocket() as client:
        client.command("call_service", domain="input_boolean", service="turn_off",
                       service_data={"entity_id": "input_boolean.guest"})
        server.wait()
        subscription = client.command("subscribe_events")["id"]
        client.command("call_service", domain="input_boolean", service="turn_on",
                       service_data={"entity_id": "input_boolean.guest"})
        for _ in range(7):
            hear(client.event(subscription))

    assert heard == [
        ("call_service turn_on", "c0", None),
        ("state_changed input_boolean.guest", "c0", None),
        ("automation_triggered automation.guest_light", "c1", "c0"),
        ("state_changed automation.guest_light", "c1", "c0"),
        ("call_service set_value", "c1", "c0"),
        ("state_changed input_text.note", "c1", "c0"),
        ("state_changed automation.guest_light", "c1", "c0"),
    ]


def test_a_run_that_a_condition_refused_leaves_a_trace(server):
    """With the condition's result, and no step after it."""
    with server.websocket() as client:
        fire(server, "go", {"ok": False})

        short = client.command("trace/list", domain="automation", item_id="loud")["result"][-1]

        assert (short["script_execution"], short["last_step"]) == ("failed_conditions", "condition/0")


def test_as_many_traces_are_kept_as_the_automation_says(server):
    """One, none, or five; of a loop the last twenty rounds."""
    with server.websocket() as client:
        for _ in range(7):
            fire(server, "once")
            fire(server, "go")
        found = client.command("trace/list", domain="automation")["result"]

        assert [each["item_id"] for each in found].count("loud") == 5
        assert [each["item_id"] for each in found].count("once") == 1
        assert [each["item_id"] for each in found].count("never") == 0
        run_id = next(each["run_id"] for each in found if each["item_id"] == "once")
        trace = client.command("trace/get", domain="automation", item_id="once", run_id=run_id)["result"]["trace"]
        rounds = trace["action/0/repeat/sequence/0"]
        assert len(rounds) == 20
        assert rounds[-1]["changed_variables"]["repeat"]["index"] == 50


def test_traces_are_there_after_a_restart(server):
    """What was saved is read by the next server, behind what has been since."""
    fire(server, "go")
    store = ensure_traces(server.home)
    store.save()

    fresh = TraceStore(server.home)

    assert [each["run_id"] for each in fresh.list("automation", "loud")] == [
        each["run_id"] for each in store.list("automation", "loud")
    ]
    run_id = fresh.list("automation", "loud")[-1]["run_id"]
    assert fresh.get("automation", "loud", run_id) is not None
    assert fresh.contexts("automation", "loud") == store.contexts("automation", "loud")


def test_traces_and_breakpoints_are_for_administrators(server):
    """A trace shows everything that a run saw."""
    with server.websocket(server.user_token) as client:
        for kind in ("trace/list", "trace/contexts", "trace/debug/breakpoint/list", "blueprint/save"):
            assert client.command(kind, domain="automation")["error"]["code"] == "unauthorized"


def test_a_run_waits_at_a_breakpoint_steps_goes_on_and_is_stopped(server):
    """Subscribed, set, hit; one step; on; and stopped from outside."""
    at = {"domain": "automation", "item_id": "loud"}
    with server.websocket() as client:
        assert client.command("trace/debug/breakpoint/set", **at, node="action/0")["error"]["message"] == (
            "No breakpoint subscription"
        )
        subscription = client.command("trace/debug/breakpoint/subscribe")["id"]
        assert client.command("trace/debug/breakpoint/set", **at, node="action/1")["success"]
        assert client.command("trace/debug/breakpoint/list")["result"] == [{**at, "run_id": "*", "node": "action/1"}]
        fire(server, "go")
        hit = client.event(subscription)
        assert hit["node"] == "action/1"
        run = {**at, "run_id": hit["run_id"]}
        assert client.command("trace/list", **at)["result"][-1]["state"] == "debugged"

        client.command("trace/debug/step", **run)
        assert client.event(subscription)["node"] == "action/2"
        client.command("trace/debug/continue", **run)
        until(lambda: server.home.states.get("automation.loud").attributes["current"] == 0)
        fire(server, "go")
        run["run_id"] = client.event(subscription)["run_id"]
        client.command("trace/debug/stop", **run)
        until(lambda: server.home.states.get("automation.loud").attributes["current"] == 0)
        short = client.command("trace/list", **at)["result"][-1]
        assert (short["run_id"], short["script_execution"]) == (run["run_id"], "cancelled")
        assert client.command("trace/debug/breakpoint/clear", **at, node="action/1")["success"]
        assert client.command("trace/debug/breakpoint/list")["result"] == []


def test_branches_of_a_run_wait_side_by_side_and_go_on_together(server):
    """None of them is forgotten, whoever lets them go on: a client, or the end of the last subscription."""
    item = ("automation", "both")
    nodes = {f"action/0/parallel/{branch}/sequence/0" for branch in (0, 1)}
    for goes in (True, False):
        with server.websocket() as client:
            subscription = client.command("trace/debug/breakpoint/subscribe")["id"]
            for node in nodes:
                client.command("trace/debug/breakpoint/set", domain=item[0], item_id=item[1], node=node)
            server.rest("POST", "/api/events/both", {})
            hits = [client.event(subscription) for _ in nodes]
            assert {hit["node"] for hit in hits} == nodes
            if goes:
                run_id = hits[0]["run_id"]
                client.command("trace/debug/continue", domain=item[0], item_id=item[1], run_id=run_id)
                until(lambda: server.home.states.get("automation.both").attributes["current"] == 0)
        until(lambda: server.home.states.get("automation.both").attributes["current"] == 0)


def test_runs_go_on_when_the_debugging_client_has_gone(server):
    """With the last subscription the breakpoints go."""
    with server.websocket() as client:
        subscription = client.command("trace/debug/breakpoint/subscribe")["id"]
        client.command("trace/debug/breakpoint/set", domain="automation", item_id="loud", node="action/0")
        fire(server, "go")
        client.event(subscription)

    until(lambda: server.home.states.get("automation.loud").attributes["current"] == 0)


def test_blueprints_are_saved_used_listed_and_deleted(server):
    """In use one is not deleted; paths that lead out are refused; what cannot be fetched says so."""
    at = {"domain": "script", "path": "me/mine.yaml"}
    with server.websocket() as client:
        assert client.command("blueprint/save", **at, yaml=BLUEPRINT)["result"] == {"overrides_existing": False}
        assert client.command("blueprint/save", **at, yaml=BLUEPRINT)["error"]["code"] == "already_exists"
        assert client.command("blueprint/save", **at, yaml=BLUEPRINT, allow_override=True)["result"] == {
            "overrides_existing": True
        }
        assert client.command("blueprint/list", domain="script")["result"]["me/mine.yaml"]["metadata"]["name"] == "Mine"
        filled = client.command("blueprint/substitute", **at, input={"what": "bang"})["result"]["substituted_config"]
        assert filled == {"sequence": [{"event": "bang"}]}
        assert client.command("blueprint/substitute", **at, input={})["error"]["message"] == "Missing input what"
        for path in ("../../x.yaml", "/etc/passwd"):
            reply = client.command("blueprint/delete", domain="script", path=path)
            assert reply["error"]["code"] == "invalid_format"
        assert client.command("blueprint/save", domain="light", path="x", yaml=BLUEPRINT)["error"]["message"] == (
            "Unsupported domain"
        )
        assert client.command("blueprint/import", url="file:///etc/passwd")["error"]["code"] == "invalid_format"
        assert client.command("blueprint/delete", **at)["success"]
        assert client.command("blueprint/delete", **at)["error"]["code"] == "unknown_error"


def test_a_client_hears_of_runs_that_begin_end_and_wait(server):
    """Also of attempts that a condition ended; of the items asked for, and of nothing after the end."""
    with server.websocket() as client:
        one = client.command("marge/traces/subscribe", domain="automation", item_id="loud")["id"]
        every = client.command("marge/traces/subscribe", domain="automation")["id"]
        fire(server, "go", {"ok": False})
        assert client.event(one) == {"item_ids": ["loud"], "more": False}
        fire(server, "once")
        heard: set[str] = set()
        while heard != {"loud", "once"}:  # in one message or in several
            heard.update(client.event(every)["item_ids"])
        assert client.command("unsubscribe_events", subscription=every)["success"]

        breakpoints = client.command("trace/debug/breakpoint/subscribe")["id"]
        at = {"domain": "automation", "item_id": "loud"}
        client.command("trace/debug/breakpoint/set", **at, node="action/1")
        server.rest("POST", "/api/events/go", {})
        run_id = client.event(breakpoints)["run_id"]
        assert client.event(one)["item_ids"] == ["loud"]
        shown = client.command("trace/list", **at)["result"][-1]
        assert (shown["run_id"], shown["state"], shown["last_step"]) == (run_id, "debugged", "action/1")
        client.command("trace/debug/continue", **at, run_id=run_id)
        assert client.event(one)["item_ids"] == ["loud"]
        client.command("unsubscribe_events", subscription=breakpoints)
        client.command("unsubscribe_events", subscription=one)


def test_a_devices_automations_are_listed_and_work(server):
    """A light's triggers, conditions and actions by its registry entry; their fields; and an unknown device."""
    registries = server.home.registries
    device = registries.devices.get_or_create(identifiers=[("test", "lamp")], connections=[], name="Lamp")
    entry = registries.entities.get_or_create(
        "light", "test", "lamp", suggested_object_id="lamp", device_id=device.id,
        capabilities={"supported_color_modes": ["brightness"]},
    )
    with server.websocket() as client:
        triggers = client.command("device_automation/trigger/list", device_id=device.id)["result"]
        assert [each["type"] for each in triggers] == ["changed_states", "turned_off", "turned_on"]
        assert triggers[0]["entity_id"] == entry.id
        actions = client.command("device_automation/action/list", device_id=device.id)["result"]
        assert [each["type"] for each in actions] == [
            "turn_off", "turn_on", "toggle", "brightness_increase", "brightness_decrease"
        ]
        fields = client.command("device_automation/trigger/capabilities", trigger=triggers[0])["result"]
        assert fields == {"extra_fields": [{"type": "positive_time_period_dict", "name": "for", "optional": True}]}
        assert client.command("device_automation/condition/list", device_id="no")["error"]["message"] == (
            "Device not found"
        )
        condition = client.command("device_automation/condition/list", device_id=device.id)["result"][1]
        server.rest("POST", "/api/states/light.lamp", {"state": "on"})
        assert client.command("test_condition", condition=condition)["result"] == {"result": True}
        trigger = client.command("subscribe_trigger", trigger=triggers[1])["id"]
        server.rest("POST", "/api/states/light.lamp", {"state": "off"})
        assert client.event(trigger)["variables"]["trigger"]["platform"] == "device"
        assert client.command("validate_config", actions={**actions[0], "type": "explode"})["result"]["actions"] == {
            "valid": False,
            "error": "value must be one of ['brightness_decrease', 'brightness_increase', 'flash', 'toggle',"
            " 'turn_off', 'turn_on'] for dictionary value @ data[0]['type']",
        }


def test_a_blueprint_is_fetched_from_the_web_and_shown(server):
    """What is no blueprint, or too large, says so; nothing is kept before it is saved."""
    pages = {"/me/mine.yaml": BLUEPRINT, "/me/other.yaml": "a: 1", "/me/big.yaml": "#" * 300_000}

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        text = pages.get(environ["PATH_INFO"])
        start_response("200 OK" if text else "404 Not Found", [("Content-Type", "text/plain")])
        return [(text or "").encode()]

    web = WSGIServer(("127.0.0.1", 0), answer, log=None)
    web.start()
    try:
        url = f"http://127.0.0.1:{web.server_port}/me"
        with server.websocket() as client:
            found = client.command("blueprint/import", url=f"{url}/mine.yaml")["result"]
            assert (found["suggested_filename"], found["raw_data"], found["exists"]) == (
                "127.0.0.1/mine", BLUEPRINT, False
            )
            assert found["blueprint"]["metadata"]["source_url"] == f"{url}/mine.yaml"
            assert found["validation_errors"] is None
            for name, code in (("other", "home_assistant_error"), ("big", "unknown_error"), ("none", "unknown_error")):
                reply = client.command("blueprint/import", url=f"{url}/{name}.yaml")
                assert reply["error"]["code"] == code
    finally:
        web.stop()
