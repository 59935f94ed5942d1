"""The core: log-in, messages, states, services, events, templates; and what was done to the home in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.conformance.area import Area, Stimulus
from tests.support.home import HomeServer


def _write(entity_id: str, *bodies: dict[str, Any], remove: bool = False) -> Callable[[HomeServer], None]:
    def run(server: HomeServer) -> None:
        for body in bodies:
            assert server.rest("POST", f"/api/states/{entity_id}", body).status_code in (200, 201)
        if remove:
            assert server.rest("DELETE", f"/api/states/{entity_id}").status_code == 200

    return run


def _call(*calls: tuple[str, dict[str, Any]]) -> Callable[[HomeServer], None]:
    def run(server: HomeServer) -> None:
        for service, data in calls:
            assert server.rest("POST", f"/api/services/{service.replace('.', '/')}", data).status_code == 200

    return run


def _fire(event_type: str, data: dict[str, Any], *then: Callable[[HomeServer], None]) -> Callable[[HomeServer], None]:
    def run(server: HomeServer) -> None:
        server.rest("POST", f"/api/events/{event_type}", data)
        for each in then:
            each(server)

    return run


def _target(value: float) -> tuple[str, dict[str, Any]]:
    return "input_number.set_value", {"entity_id": "input_number.target", "value": value}


def _guest(service: str) -> tuple[str, dict[str, Any]]:
    return f"input_boolean.{service}", {"entity_id": "input_boolean.guest"}


_COMP: list[dict[str, Any]] = [
    {"state": "1", "attributes": {"a": 1, "b": 2}},
    {"state": "2", "attributes": {"a": 1, "b": 2}},
    {"state": "2", "attributes": {"a": 1, "b": 3, "c": 4}},
    {"state": "2", "attributes": {"a": 1, "c": 4}},
    {"state": "3", "attributes": {"a": 2}},
    {"state": "3", "attributes": {"a": 2}, "force_update": True},
    {"state": "3", "attributes": {"a": {"nested": [1, 2]}}},
]

_EVT: list[dict[str, Any]] = [{"state": "1", "attributes": {"a": 1}}, {"state": "2", "attributes": {"a": 1}}]

STIMULI: dict[str, Stimulus] = {
    "GET /api/stream?restrict=my_event,other_event (first bytes; SSE; 'ping' first and every 50 s)": Stimulus(
        _fire("my_event", {"a": 1}, lambda server: _fire("other_event", {"a": 2})(server))
    ),
    "subscribe_events my_event": Stimulus(_fire("my_event", {"a": 1})),
    "subscribe_events state_changed: new, changed, removed": Stimulus(
        _write("sensor.evt", *_EVT, remove=True)
    ),
    "subscribe_events service call: call_service + state_changed": Stimulus(_call(_guest("toggle"))),
    "subscribe_entities with entity_ids: initial add (entity absent -> empty a), add, state change, "
    "attribute add/change, attribute removal, force_update, remove": Stimulus(
        _write("sensor.comp", *_COMP, remove=True), after=2
    ),
    "subscribe_entities: a light turned on and off (attributes set to null are changes, not removals)": Stimulus(
        _call(
            ("light.turn_on", {"entity_id": "light.bed_light", "brightness": 10}),
            ("light.turn_off", {"entity_id": "light.bed_light"}),
        ),
        after=2,
    ),
    "subscribe_trigger state": Stimulus(_call(_guest("toggle"))),
    "subscribe_trigger list with new-style keys, variables, id": Stimulus(
        _fire("trg", {"k": "v"}, _call(_target(10), _target(60)))
    ),
    "subscribe_trigger template": Stimulus(_call(_guest("turn_off"), _guest("turn_on"))),
    "render_template: listeners (entities) and re-render": Stimulus(_call(_target(11)), after=2),
    "render_template: re-render only when the result changes": Stimulus(_call(_target(12), _target(1)), after=2),
    "render_template: goes into error later": Stimulus(_call(_target(0)), after=2),
    "subscribe_events automation_triggered + context chain": Stimulus(_call(_guest("turn_off"), _guest("turn_on"))),
    "subscribe_events call_service event type": Stimulus(_call(("light.toggle", {"entity_id": "light.bed_light"}))),
    "subscribe_events timer": Stimulus(_call(("timer.start", {"entity_id": "timer.t", "duration": "00:00:01"}))),
    "state_changed is not fired for an identical write; force_update fires it": Stimulus(
        _write("sensor.same", {"state": "1"}, {"state": "1"}, {"state": "1", "force_update": True})
    ),
}


def _registry(*commands: dict[str, Any]) -> Callable[[HomeServer], None]:
    def run(server: HomeServer) -> None:
        with server.websocket() as client:
            for each in commands:
                kind = each["type"]
                reply = client.command(kind, **{name: value for name, value in each.items() if name != "type"})
                assert reply["success"], reply

    return run


_UPDATE = {"type": "config/entity_registry/update", "entity_id": "light.ceiling_lights"}
BEFORE: dict[str, Callable[[HomeServer], None]] = {
    "subscribe_events service call: call_service + state_changed": _call(
        _guest("turn_on"),
        _target(43),
        ("counter.increment", {"entity_id": "counter.c"}),
        ("input_button.press", {"entity_id": "input_button.press"}),
        ("input_text.set_value", {"entity_id": "input_text.note", "value": "guest"}),
        ("input_datetime.set_datetime", {"entity_id": "input_datetime.wake", "time": "06:30:00"}),
    ),
    "subscribe_entities: a light turned on and off (attributes set to null are changes, not removals)": _call(
        ("light.turn_on", {"entity_id": "light.bed_light", "color_temp_kelvin": 4166}),
        ("light.turn_off", {"entity_id": "light.bed_light"}),
    ),
    "render_template: listeners (entities) and re-render": _call(_target(60)),
    "render_template: goes into error later": _call(_target(1)),
    "subscribe_events automation_triggered + context chain": _call(_guest("turn_on")),
    "config/floor_registry/delete (areas lose floor_id)": _registry(
        {"type": "config/floor_registry/create", "name": "Tmp floor"},
        {"type": "config/area_registry/create", "name": "Tmp area", "floor_id": "tmp_floor"},
        {"type": "config/label_registry/create", "name": "Tmp label"},
        {**_UPDATE, "area_id": "tmp_area", "labels": ["tmp_label"], "categories": {}},
    ),
}
"""What the recording program had done by then."""


_AN_INSTALLATION = "what one installation has"
AREA = Area(
    rest_otherwise={
        "GET /api/config as non-admin": (200, "recorded as a list of keys; test_rest.py compares them"),
        "raw JSON formatting of GET /api/config (compact, no spaces)": (200, "a note; test_rest.py looks at the bytes"),
        "login_flow: unknown handler": (404, "HA fails with 500"),
        "login_flow/{id}: GET": (405, "HA fails with 500"),
        "fire event, 70 character type": (400, "HA fails with 500"),
        "POST state list body": (400, "HA fails with 500"),
        "POST state string body": (400, "HA fails with 500"),
        "POST state attributes list": (400, "HA fails with 500"),
        "POST state attributes string": (400, "HA fails with 500"),
        "template missing key": (400, "HA fails with 500"),
        "template non-string": (400, "HA fails with 500"),
    },
    instance={
        "GET /api/components": _AN_INSTALLATION,
        "GET /api/events": "which events somebody listens to",
        "GET /api/states (subset of the entities kept)": "every entity; compared one by one in the next rows",
        "gzip reply when asked (states list)": "every entity",
        "raw JSON formatting of GET /api/states (compact, no spaces)": "every entity",
        "GET /api/services": "the texts of all services; test_rest.py compares the structure",
        "get_states": "every entity; the same list as over REST (test_ws.py)",
        "subscribe_entities: all (first message has every entity)": "every entity",
    },
    misses={
        "GET /api/error_log": "HA sends its log file; here it is text, and says so",
        "template malformed JSON": "the JSON parser's own words; a newer version says more",
    },
    not_replayed={
        "auth: client says nothing": "takes ten seconds; tests/http/ws/test_connection.py shortens them",
        "signed path: after it expired": "takes as long as the signature lives; tests/auth/test_signing.py",
    },
    before=BEFORE,
    stimuli=STIMULI,
)
