"""Bodies, queries and paths of any bytes: an answer that blames the asker, never a 500, and the server lives on."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marge.http import rest
from marge.http.routing import collect
from marge.recorder import Flush, restore
from tests.support.home import CLIENT_ID, TIMEOUT_S, HomeServer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
LIKELY_KEYS = st.sampled_from(
    ["state", "attributes", "entity_id", "template", "variables", "client_id", "handler", "redirect_uri", "username",
     "password", "name", "language", "brightness", "target", "force_update", "time", "speed", "type", "data"]
)  # fmt: skip
BODIES = st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()) | st.dictionaries(
    LIKELY_KEYS, JSON, max_size=5
).map(lambda value: json.dumps(value).encode())
TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=30)
ENDLESS = ("/api/stream", "/api/camera_proxy_stream")
DANGEROUS = ("/kill", "/restart", "api/users", "auth/users", "auth/tokens", "sim/time")


def targets() -> list[tuple[str, str]]:
    """Every route by method and path. Not those that would end parts of the server when they do as told, nor those
    whose replies never end."""
    return sorted(
        {
            (route.method, route.path)
            for route in collect(rest)
            if not route.is_websocket and "actors/<" not in route.path
            and not any(each in route.path for each in (*DANGEROUS, *ENDLESS))
        }
    )


@pytest.mark.parametrize("method, path", targets())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES, parts=st.lists(TEXTS, min_size=3, max_size=3), query=TEXTS)
def test_no_body_breaks_a_route(
    server: HomeServer, method: str, path: str, body: bytes, parts: list[str], query: str
) -> None:
    """Whatever stands in the body, the path's arguments and the query."""
    filled = path
    for part in parts:
        before, bracket, after = filled.partition("<")
        if bracket:
            filled = before + requests.utils.quote(part, safe="") + after.partition(">")[2]
    reply = requests.request(
        method,
        f"{server.url}{filled}?{requests.utils.quote(query)}",
        data=body,
        headers={"Authorization": f"Bearer {server.admin_token}", "Content-Type": "application/json"},
        timeout=TIMEOUT_S,
        allow_redirects=False,
    )

    assert reply.status_code < 500, reply.text
    assert "Traceback" not in reply.text


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.binary(min_size=1, max_size=100))
def test_no_authorization_header_breaks_the_log_in(server: HomeServer, token: bytes) -> None:
    """Any bytes that may stand in a header are a wrong token, no more."""
    header = bytes(each for each in token if each >= 0x20 and each != 0x7F)
    reply = requests.get(
        f"{server.url}/api/", headers={"Authorization": b"Bearer " + header}, timeout=TIMEOUT_S
    )

    assert reply.status_code in (400, 401)


@pytest.mark.parametrize("body", [{}, {"username": "a"}, {"username": 1, "password": 2}, [], "x", None])
def test_half_a_log_in_is_a_bad_request(server: HomeServer, body: Any) -> None:
    """The short log-in says what is missing."""
    assert server.rest("POST", "/api/auth/login", body, token=None).status_code == 400


def test_a_flow_cannot_be_used_by_another_client(server: HomeServer) -> None:
    """The flow of one client is unknown to another."""
    begin = {"client_id": CLIENT_ID, "handler": ["homeassistant", None], "redirect_uri": CLIENT_ID}
    flow = server.rest("POST", "/auth/login_flow", begin, token=None).json()["flow_id"]
    step = {"client_id": "http://other.example/", "username": "user", "password": "x"}

    assert server.rest("POST", f"/auth/login_flow/{flow}", step, token=None).status_code == 404


def test_deep_json_is_refused(server: HomeServer) -> None:
    """A hundred thousand brackets do not reach the stack's end."""
    body = b"[" * 100_000 + b"]" * 100_000

    assert server.rest("POST", "/api/states/sensor.x", body).status_code == 400
    assert server.rest("POST", "/api/services/light/turn_on", b'{"entity_id":' + body + b"}").status_code == 400


ENTITIES = ["input_boolean.guest", "light.virtual", "climate.virtual", "lock.virtual", "all", "none", "nope", "sun.sun"]
SERVICE_DATA = st.fixed_dictionaries(
    {}, optional={"entity_id": st.sampled_from(ENTITIES) | st.lists(st.sampled_from(ENTITIES), max_size=3) | JSON}
).flatmap(lambda data: st.dictionaries(TEXTS | LIKELY_KEYS, JSON, max_size=3).map(lambda more: {**more, **data}))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), body=SERVICE_DATA)
def test_no_service_data_raises(server: HomeServer, data: st.DataObject, body: dict[str, Any]) -> None:
    """Any data for any service: done, refused, or failed for a reason that the service gives; never a traceback."""
    for entity_id in ("light.virtual", "climate.virtual", "lock.virtual"):
        server.home.entities.ensure_virtual(entity_id)
    names = [
        (domain, name)
        for domain, services in server.home.services.describe().items()
        for name in services
        if (domain, name) not in (("homeassistant", "stop"), ("homeassistant", "restart"))
    ]
    domain, name = data.draw(st.sampled_from(sorted(names)))
    with structlog.testing.capture_logs() as lines:
        reply = server.rest("POST", f"/api/services/{domain}/{name}", body)

    assert reply.status_code in (200, 400, 500)
    assert [line for line in lines if line["log_level"] == "error" and "exc_info" in line] == []
    assert server.rest("GET", "/api/").status_code == 200


def nested(depth: int) -> str:
    return "[" * depth + "1" + "]" * depth


@pytest.mark.parametrize("depth", [70, 260, 1000])
def test_deep_nesting_is_refused_and_hides_nothing(server: HomeServer, depth: int) -> None:
    """orjson reads 1,024 levels and writes 254: what lies between must not become a state."""
    headers = {"Authorization": f"Bearer {server.admin_token}"}
    body = f'{{"state": "1", "attributes": {{"x": {nested(depth)}}}}}'
    reply = requests.post(f"{server.url}/api/states/sensor.deep", data=body, headers=headers, timeout=TIMEOUT_S)
    assert reply.status_code == 400
    fired = f'{{"x": {nested(depth)}}}'
    reply = requests.post(f"{server.url}/api/events/deep", data=fired, headers=headers, timeout=TIMEOUT_S)
    assert reply.status_code == 400

    assert requests.get(f"{server.url}/api/states", headers=headers, timeout=TIMEOUT_S).status_code == 200


@pytest.mark.parametrize(
    "data",
    [{}, {"entity_id": 5, "new_state": None}, {"entity_id": "sensor.kept", "new_state": None}, {"new_state": "x"}],
)
def test_a_forged_state_change_changes_nothing(server: HomeServer, data: dict[str, Any]) -> None:
    """HA takes such events; nobody inside acts on them, and the entity stays as it is."""
    headers = {"Authorization": f"Bearer {server.admin_token}"}
    url = f"{server.url}/api/states/sensor.kept"
    requests.post(url, json={"state": "1"}, headers=headers, timeout=TIMEOUT_S)
    for kind in ("state_changed", "state_reported"):
        reply = requests.post(f"{server.url}/api/events/{kind}", json=data, headers=headers, timeout=TIMEOUT_S)
        assert reply.status_code == 200
    server.running.home.system.ask("/recorder", Flush())
    stored = restore(server.running.database)

    assert requests.get(url, headers=headers, timeout=TIMEOUT_S).json()["state"] == "1"
    assert stored["sensor.kept"][0].state == "1"
    assert server.home.system.inspect("/recorder")["restarts"] == 0
