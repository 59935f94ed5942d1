"""Node-RED with `node-red-contrib-home-assistant-websocket`, both unmodified from npm, runs a flow on Marge."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gevent
import pytest

from tests.clients.kit import client_environment, node_modules, node_version, write_home
from tests.support.broker import free_port
from tests.support.home import WebSocketClient
from tests.support.server import Server, server_in
from tests.support.waiting import until

pytestmark = [pytest.mark.clients, pytest.mark.slow]
PACKAGES = ("node-red@4.1.15", "node-red-contrib-home-assistant-websocket@0.80.3")
START_S = 120.0
SETTINGS = """
module.exports = {
  uiHost: "127.0.0.1", uiPort: %d, flowFile: "flows.json", credentialSecret: false, userDir: __dirname,
  nodesDir: [], coreNodesDir: undefined, editorTheme: { tours: false, projects: { enabled: false } },
  telemetry: { enabled: false, updateNotification: false }, logging: { console: { level: "info" } },
};
"""


@pytest.fixture(scope="module")
def modules() -> Path:
    if node_version() and node_version() < (18, 5):
        pytest.skip(f"Node-RED 4 needs Node.js 18.5 or newer; this is {'.'.join(map(str, node_version()))}")
    return node_modules("node-red", *PACKAGES)


def result(name: str, value: str) -> dict[str, Any]:
    """The node that reports a result: it fires an event that the test listens to."""
    return {"type": "ha-fire-event", "event": "node_red", "dataType": "jsonata", "data": f'{{"{name}": {value}}}'}


def chain(name: str, *nodes: dict[str, Any]) -> list[dict[str, Any]]:
    """Nodes one after the other."""
    made = []
    for number, node in enumerate(nodes):
        last = number == len(nodes) - 1
        more = {"id": f"{name}_{number}", "z": "tab", "server": "marge", "name": f"{name} {number}", "x": 0, "y": 0}
        outputs = node.get("outputs", 1)
        wires = [[]] * outputs if last else [[f"{name}_{number + 1}"]] + [[]] * (outputs - 1)
        made.append({**more, "version": node.pop("v", 0), "wires": wires, **node})
    return made


def payload(kind: str) -> list[dict[str, str]]:
    """Where a node of the package puts its result."""
    return [{"property": "payload", "propertyType": "msg", "value": "", "valueType": kind}]


def api(protocol: str, **fields: Any) -> dict[str, Any]:
    """A node that calls the API itself."""
    return {
        "type": "ha-api", "v": 1, "protocol": protocol, "method": "get", "path": "", "data": "", "dataType": "json",
        "responseType": "json", "outputProperties": payload("results"), **fields,
    }  # fmt: skip


def action(name: str, entity_id: str, data: str, results: bool = False) -> dict[str, Any]:
    """A node that performs an action."""
    return {
        "type": "api-call-service", "v": 7, "action": name, "entityId": [entity_id], "areaId": [], "deviceId": [],
        "floorId": [], "labelId": [], "data": data, "dataType": "json", "mergeContext": "", "queue": "none",
        "blockInputOverrides": True, "outputProperties": payload("results") if results else [],
    }  # fmt: skip


def flow() -> list[dict[str, Any]]:
    """A state that triggers an action, and one chain for each kind of question, all begun by the event `begin`."""
    begin = {
        "type": "server-events", "v": 3, "eventType": "begin", "eventData": "", "exposeAsEntityConfig": "",
        "waitForRunning": True, "outputProperties": payload("eventData"),
    }  # fmt: skip
    trigger = {
        "type": "trigger-state", "v": 5, "inputs": 0, "outputs": 2, "exposeAsEntityConfig": "", "enableInput": False,
        "entities": {"entity": ["input_boolean.guest"], "substring": [], "regex": []}, "debugEnabled": False,
        "constraints": [{
            "targetType": "this_entity", "targetValue": "", "propertyType": "current_state",
            "propertyValue": "new_state.state", "comparatorType": "is", "comparatorValueDatatype": "str",
            "comparatorValue": "on",
        }],
        "customOutputs": [], "outputInitially": False, "stateType": "str",
    }  # fmt: skip
    changed = {
        "type": "server-state-changed", "v": 6, "outputs": 1, "exposeAsEntityConfig": "", "stateType": "str",
        "entities": {"entity": [], "substring": ["bed_light"], "regex": []}, "ifState": "", "ifStateType": "str",
        "ifStateOperator": "is", "outputInitially": False, "outputOnlyOnStateChange": True, "for": "0",
        "forType": "num", "forUnits": "minutes", "ignorePrevStateNull": False, "ignorePrevStateUnknown": False,
        "ignorePrevStateUnavailable": False, "ignoreCurrentStateUnknown": False,
        "ignoreCurrentStateUnavailable": False, "outputProperties": payload("entityState"),
    }  # fmt: skip
    current = {
        "type": "api-current-state", "v": 3, "outputs": 1, "halt_if": "", "halt_if_type": "str",
        "halt_if_compare": "is", "entity_id": "light.bed_light", "state_type": "str", "blockInputOverrides": True,
        "outputProperties": payload("entity"), "for": "0", "forType": "num", "forUnits": "minutes",
    }  # fmt: skip
    template = {
        "type": "api-render-template", "template": "{{ 6 * 7 }} in {{ states('input_text.note') }}",
        "resultsLocation": "payload", "resultsLocationType": "msg", "templateLocation": "template",
        "templateLocationType": "none",
    }  # fmt: skip
    past = {
        "type": "api-get-history", "v": 1, "startDate": "", "endDate": "", "entityId": "light.ceiling_lights",
        "entityIdType": "equals", "useRelativeTime": True, "relativeTime": "1 hour", "flatten": True,
        "outputType": "array", "outputLocationType": "msg", "outputLocation": "payload",
    }  # fmt: skip
    weather = "weather.demo_weather_north"
    registry = '{"type": "config/entity_registry/list"}'
    return [
        {"id": "tab", "type": "tab", "label": "Marge", "disabled": False, "info": ""},
        {
            "id": "marge", "type": "server", "name": "Marge", "version": 6, "addon": False,
            "rejectUnauthorizedCerts": True, "ha_boolean": ["y", "yes", "true", "on", "home", "open"],
            "connectionDelay": False, "cacheJson": True, "heartbeat": True, "heartbeatInterval": 10,
            "areaSelector": "friendlyName", "deviceSelector": "friendlyName", "entitySelector": "friendlyName",
            "statusSeparator": "at: ", "enableGlobalContextStore": True,
        },
        *chain(
            "trigger", trigger, action("light.turn_on", "light.bed_light", '{"brightness": 55}'), current,
            result("light", "payload.attributes.brightness"),
        ),
        *chain("changed", changed, result("changed", "payload")),
        *chain("registry", dict(begin), api("websocket", data=registry), result("registry", "$count(payload)")),
        *chain("config", dict(begin), api("http", path="/api/config"), result("config", "payload.location_name")),
        *chain(
            "post", dict(begin), api("http", method="post", path="/api/states/sensor.flow", data='{"state": "7"}'),
            result("post", "payload.entity_id"),
        ),
        *chain("template", dict(begin), template, result("template", "payload")),
        *chain("past", dict(begin), past, result("past", "payload.state")),
        *chain(
            "weather", dict(begin), action("weather.get_forecasts", weather, '{"type": "daily"}', True),
            result("weather", f'$count($lookup(payload, "{weather}").forecast)'),
        ),
    ]  # fmt: skip


@contextmanager
def node_red(modules: Path, folder: Path, server: Server) -> Iterator[Path]:
    """Node-RED with the flow, until the end of the block; gives its log."""
    (folder / "settings.js").write_text(SETTINGS % free_port(), "utf-8")
    (folder / "package.json").write_text('{"name": "flows", "private": true}', "utf-8")
    (folder / "node_modules").symlink_to(modules)
    (folder / "flows.json").write_text(json.dumps(flow()), "utf-8")
    credentials = {"marge": {"host": server.url, "access_token": server.token}}
    (folder / "flows_cred.json").write_text(json.dumps(credentials), "utf-8")
    log = folder / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["node", str(modules / "node-red" / "red.js"), "--settings", str(folder / "settings.js")],
            env=client_environment(), cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        yield log
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


@contextmanager
def connected(server: Server) -> Iterator[WebSocketClient]:
    """A WebSocket that is logged in."""
    with WebSocketClient(server.port) as client:
        client.receive()
        client.send({"type": "auth", "access_token": server.token})
        assert client.receive()["type"] == "auth_ok"
        yield client


def is_heard(server: Server) -> bool:
    """Whether Node-RED listens to the event that begins all chains."""
    return any(each["event"] == "begin" and each["listener_count"] for each in server.get("/api/events"))


def begins_again(server: Server) -> bool:
    """Whether the flow answers the event; its nodes pass over events that come before they know that the home runs."""
    server.post("/api/events/begin")
    gevent.sleep(0.2)
    return server.state("sensor.flow") is not None


def test_a_flow_triggers_acts_asks_and_comes_back(modules: Path, tmp_path: Path) -> None:
    """Its nodes follow, perform actions, render, read the past, use both APIs; also after the server was killed."""
    facts: dict[str, Any] = {}
    folder, place = tmp_path / "node-red", tmp_path / "server"
    folder.mkdir()
    place.mkdir()
    with server_in(place, {"MARGE_LOG_LEVEL": "warning"}) as server:
        write_home(server)
        server.start()
        with node_red(modules, folder, server) as log:
            try:
                until(lambda: is_heard(server), START_S, "the flow's subscription")
                server.post("/api/services/light/turn_off", {"entity_id": "light.ceiling_lights"})
                server.post("/api/services/input_text/set_value", {"entity_id": "input_text.note", "value": "a home"})
                with connected(server) as client:
                    reports = client.command("subscribe_events", event_type="node_red")
                    server.post("/api/events/begin")
                    while len(facts) < 6:
                        facts |= client.event(reports["id"])["data"]
                    server.post("/api/services/input_boolean/turn_on", {"entity_id": "input_boolean.guest"})
                    while len(facts) < 8:
                        facts |= client.event(reports["id"])["data"]
                server.request("DELETE", "/api/states/sensor.flow")
                server.kill()
                server.start()
                until(lambda: begins_again(server), START_S, "the flow's work after the restart")
            except Exception as problem:
                raise AssertionError(f"{facts}\n{log.read_text('utf-8')[-6000:]}") from problem

    assert facts.pop("registry") > 50
    assert facts == {
        "config": "Home", "post": "sensor.flow", "template": "42 in a home", "past": ["on", "off"], "weather": 7,
        "light": 55, "changed": "on",
    }  # fmt: skip
