"""The calls that both get, one after the other, and the differences in what comes back.

The rules of comparison are those of the recorded rows (`tests/conformance/volatile.py`): times, ids and secrets are
compared by kind, everything else by value.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import requests
import websocket

from tests.conformance.volatile import differences, shape_differences

TEMPLATES = Path(__file__).parents[2] / "tests" / "data" / "templates.jsonl.gz"
TEMPLATE_STEP = 12
"""Every twelfth recorded template is sent to both, without its recorded answer."""
TIMEOUT_S = 20.0


class Call(NamedTuple):
    """One request.

    Attributes:
        kind: "rest" (method, path) or "ws" (command, "").
        only_shape: what comes back lists what one installation has.
    """

    kind: str
    verb: str
    path: str = ""
    body: Any = None
    only_shape: bool = False

    def __str__(self) -> str:
        body = "" if self.body is None else " " + json.dumps(self.body)
        return f"{self.verb} {self.path}{body}"[:110].strip()


def _service(name: str, **data: Any) -> Call:
    return Call("rest", "POST", f"/api/services/{name.replace('.', '/')}", data)


def _ws(command: str, only_shape: bool = False, **fields: Any) -> Call:
    return Call("ws", command, "", fields, only_shape)


def calls() -> Iterator[Call]:
    """All of them, in an order in which later ones see what earlier ones did."""
    yield Call("rest", "GET", "/api/")
    yield Call("rest", "GET", "/api/config", only_shape=True)
    yield Call("rest", "GET", "/api/states", only_shape=True)
    yield Call("rest", "GET", "/api/services", only_shape=True)
    nested = {"a": [1, {"b": None}]}
    bodies: list[Any] = [{"state": "1"}, {"state": "2", "attributes": nested}, {}, [], {"state": "x" * 300}]
    for body in bodies:
        yield Call("rest", "POST", "/api/states/sensor.compared", body)
    yield Call("rest", "GET", "/api/states/sensor.compared")
    yield Call("rest", "DELETE", "/api/states/sensor.compared")
    yield Call("rest", "DELETE", "/api/states/sensor.compared")
    yield Call("rest", "POST", "/api/states/no_dot", {"state": "1"})
    yield Call("rest", "POST", "/api/events/compared", {"a": 1})
    yield Call("rest", "GET", "/api/nothing")
    yield _service("light.turn_on", entity_id="light.bed_light", brightness_pct=40)
    yield _service("light.turn_on", entity_id="light.bed_light", brightness=300)
    yield _service("light.turn_on", entity_id="light.bed_light", color_name="red")
    yield Call("rest", "GET", "/api/states/light.bed_light")
    yield _service("light.turn_off", entity_id="light.bed_light")
    yield _service("light.nothing", entity_id="light.bed_light")
    yield _service("cover.open_cover", entity_id="cover.nothing")
    yield _service("input_number.set_value", entity_id="input_number.target", value=33.5)
    yield _service("input_number.set_value", entity_id="input_number.target", value=333)
    yield _service("input_select.select_next", entity_id="input_select.mode")
    yield _service("counter.increment", entity_id="counter.c")
    yield _service("climate.set_temperature", entity_id="climate.heatpump", temperature=68)
    yield _service("climate.set_temperature", entity_id="climate.heatpump", temperature=680)
    yield _service("fan.set_percentage", entity_id="fan.living_room_fan", percentage=50)
    yield _service("media_player.volume_set", entity_id="media_player.walkman", volume_level=0.3)
    yield _service("alarm_control_panel.alarm_arm_away", entity_id="alarm_control_panel.security", code="1234")
    yield Call("rest", "POST", "/api/services/script/greet?return_response", {"who": "Ann"})
    yield _ws("ping")
    yield _ws("get_config", only_shape=True)
    yield _ws("get_services", only_shape=True)
    yield _ws("get_nothing")
    yield _ws("call_service", domain="light", service="turn_on", target={"entity_id": "light.bed_light"})
    yield _ws("call_service", domain="light", service="turn_on", service_data={"nonsense": 1})
    yield _ws("fire_event", event_type="compared", event_data={"a": 1})
    yield _ws("test_condition", condition={"condition": "state", "entity_id": "light.bed_light", "state": "on"})
    yield _ws("test_condition", condition={"condition": "template", "value_template": "{{ 1 > 2 }}"})
    yield _ws("validate_config", triggers={"trigger": "state", "entity_id": "a.b"}, conditions=[], actions=[])
    yield _ws("execute_script", sequence=[{"stop": "done", "response_variable": "x"}])
    yield _ws("config/area_registry/create", name="Compared", aliases=["c"])
    yield _ws("config/area_registry/create", name="Compared")
    yield _ws("config/area_registry/list", only_shape=True)
    yield _ws("config/label_registry/create", name="Compared", color="red")
    yield _ws("config/floor_registry/create", name="Compared", level=2)
    yield _ws("config/entity_registry/list", only_shape=True)
    yield _ws("config/entity_registry/get", entity_id="light.bed_light")
    yield _ws("config/entity_registry/update", entity_id="light.bed_light", name="Lamp", area_id="compared")
    yield _ws("config/device_registry/list", only_shape=True)
    yield _ws("auth/current_user", only_shape=True)
    yield _ws("input_boolean/create", name="Compared")
    yield _ws("input_boolean/list")
    yield _ws("input_boolean/delete", input_boolean_id="compared")
    yield _ws("input_boolean/delete", input_boolean_id="compared")
    yield _ws("automation/config", entity_id="automation.guest_light")
    yield _ws("manifest/list", integrations=["nothing"])
    for text in _templates():
        yield Call("rest", "POST", "/api/template", {"template": text})


def _templates() -> Iterator[str]:
    with gzip.open(TEMPLATES, "rt") as file:
        rows = [json.loads(line) for line in file]
    # Left out: what prints the moment, a random number or a memory address.
    steady = [row for row in rows if not row.get("unstable") and not row.get("relative_to_now") and not row["setup"]]
    for row in steady[::TEMPLATE_STEP]:
        if isinstance(row["template"], str):
            yield row["template"]


class Client:
    """Sends calls to one of the two."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url, token
        self._session = requests.Session()
        self._socket = websocket.create_connection(url.replace("http", "ws") + "/api/websocket", timeout=TIMEOUT_S)
        self._socket.recv()
        self._socket.send(json.dumps({"type": "auth", "access_token": token}))
        assert json.loads(self._socket.recv())["type"] == "auth_ok"
        self._id = 0

    def __call__(self, call: Call) -> Any:
        """What came back: `{"status", "type", "body"}` over REST, the result message over WebSocket."""
        if call.kind == "ws":
            self._id += 1
            self._socket.send(json.dumps({"id": self._id, "type": call.verb, **(call.body or {})}))
            while True:
                message = json.loads(self._socket.recv())
                if message.get("id") == self._id and message["type"] in ("result", "pong"):
                    return message
        reply = self._session.request(
            call.verb, self._url + call.path, json=call.body, timeout=TIMEOUT_S,
            headers={"Authorization": f"Bearer {self._token}"},
        )  # fmt: skip
        content_type = reply.headers.get("Content-Type")
        body = reply.json() if content_type == "application/json" else reply.text
        return {"status": reply.status_code, "type": content_type, "body": body}

    def close(self) -> None:
        self._socket.close()


def compare(peer: Client, marge: Client) -> tuple[int, dict[str, list[str]]]:
    """How many calls were made, and the differences by call."""
    count = 0
    found: dict[str, list[str]] = {}
    for call in calls():
        count += 1
        theirs, ours = peer(call), marge(call)
        check = shape_differences if call.only_shape else differences
        if isinstance(theirs, dict) and theirs.get("status") == 500:
            continue  # it broke; there is nothing to copy
        differing = check(theirs, ours)
        if differing:
            found[str(call)] = differing
    return count, found
