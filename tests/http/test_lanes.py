"""Both lanes answer the same, and as recorded from HA: `marge.http.dispatch`, `flask_lane`, `errors`."""

import json
from pathlib import Path

import pytest
import voluptuous as vol

from marge import errors
from marge.http.dispatch import Lanes, accepts_gzip
from marge.http.errors import HttpError
from marge.http.message import Reply, json_reply
from marge.http.routing import Route
from tests.http.lanes import assert_same, make_request, through_both, through_flask_lane
from tests.http.support import ADMIN, ROUTES, TOKEN, authenticate

CAST = "https://cast.home-assistant.io"
RECORDED = Path(__file__).parent.parent / "data" / "http" / "recorded.jsonl"


@pytest.fixture(scope="module")
def lanes():
    return Lanes({}, ROUTES, authenticate)


@pytest.mark.parametrize(
    ("method", "target", "headers", "body", "status"),
    [
        ("GET", "/api/", TOKEN, None, 200),
        ("GET", "/api/", {}, None, 401),
        ("GET", "/api/", {"Authorization": "bearer good"}, None, 401),
        ("GET", "/api/", {**TOKEN, "Origin": CAST}, None, 200),
        ("GET", "/api/", {**TOKEN, "Origin": "https://example.com"}, None, 200),
        ("GET", "/api/things/sun%2Esun", TOKEN, None, 200),
        ("GET", "/api/things/%C3%BC?a=1&b=%26&a=2", TOKEN, None, 200),
        ("GET", "/api/things/x?" + "&".join(["a=1"] * 1_001), TOKEN, None, 400),
        ("POST", "/api/things/x", TOKEN, {"state": "on"}, 201),
        ("POST", "/api/things/x%0d%0aEvil:%201", TOKEN, {"state": "on"}, 201),
        ("POST", "/api/things/ü", TOKEN, {"state": "grün ☀"}, 201),
        ("POST", "/api/things/x", TOKEN, b"{bad", 400),
        ("POST", "/api/things/x", TOKEN, None, 400),
        ("POST", "/api/echo", {}, b"\x00\xff" * 10, 200),
        ("POST", "/api/echo", {"Accept-Encoding": "gzip"}, b"x" * 100_000, 200),
        ("GET", "/api/broken/hot", {}, None, 500),
    ],
)
def test_hot_routes_answer_the_same_through_both_lanes(lanes, method, target, headers, body, status):
    answer = assert_same(lanes, method, target, headers=headers, body=body)
    assert answer.status == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert "evil" not in answer.headers


def test_every_hot_route_of_the_tests_is_compared(lanes):
    """None is forgotten: whatever is hot is answered by both lanes without a token, too."""
    for item in (item for item in ROUTES if item.hot and item.path != "/api/slow"):
        assert_same(lanes, item.method, item.path.replace("<thing>", "x"), body=b"{}")


def _recorded():
    return [json.loads(line) for line in RECORDED.read_text().splitlines()]


@pytest.mark.parametrize("case", _recorded(), ids=lambda case: case["name"])
def test_refusals_are_as_recorded(case):
    """Unknown paths, wrong methods, HEAD, OPTIONS, CORS and missing tokens: status, type, body and headers are HA's."""

    def handler(_home, _request):
        return json_reply({"message": "API running."})

    routes = [Route(method, path, handler, False, access) for method, path, access in case["routes"]]
    known = authenticate(make_request("GET", "/", headers=TOKEN))
    lanes = Lanes({}, routes, lambda asked: known if asked.headers.get("authorization") == "Bearer <token>" else None)
    request, expected = case["request"], case["response"]
    answer = through_flask_lane(
        lanes, make_request(request["method"], request["path"], headers=request["headers"], body=request["body"])
    )
    assert answer.status == expected["status"]
    assert answer.headers.get("content-type") == expected["content_type"]
    if request["method"] != "HEAD":
        body = answer.body.decode()
        assert (json.loads(body) if expected["content_type"] == "application/json" else body) == expected["body"]
    for name, value in expected["headers"].items():
        assert answer.headers[name.lower()] == value
    recorded = {name.lower() for name in expected["headers"]} | {"content-type", "server"}
    assert set(answer.headers) <= recorded


@pytest.mark.parametrize(("headers", "status"), [({}, 401), (TOKEN, 401), (ADMIN, 200)])
def test_admin_routes_want_an_administrator(lanes, headers, status):
    assert through_flask_lane(lanes, make_request("GET", "/api/admin", headers=headers)).status == status


def test_websocket_path_without_upgrade_is_400(lanes):
    assert through_flask_lane(lanes, make_request("GET", "/api/websocket")).status == 400


def test_cors_origins_are_configurable():
    route = Route("GET", "/x", lambda _home, _request: Reply(), True, "open")
    for origins in (["https://mine.example"], ["*"]):
        lanes = Lanes({}, [route], authenticate, cors_origins=origins)
        answer = assert_same(lanes, "GET", "/x", headers={"Origin": "https://mine.example"})
        assert answer.headers["access-control-allow-origin"] == "https://mine.example"


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (HttpError(404, "Entity not found."), 404, b'{"message":"Entity not found."}'),
        (HttpError(400), 400, b"400: Bad Request"),
        (errors.Unauthorized("x"), 401, b"401: Unauthorized"),
        (errors.NotFound("Nothing here"), 404, b'{"message":"Nothing here"}'),
        (errors.InvalidRequest("Bad"), 400, b'{"message":"Bad"}'),
        (errors.ServiceNotFound("light", "dance"), 400, b"400: Bad Request"),
        (vol.Invalid("extra keys"), 400, b"400: Bad Request"),
        (errors.Overloaded("The mailbox is full"), 503, b'{"message":"The mailbox is full"}'),
        (errors.HomeError("no"), 500, b"500 Internal Server Error\n\nServer got itself in trouble"),
        (ZeroDivisionError("secret"), 500, b"500 Internal Server Error\n\nServer got itself in trouble"),
    ],
)
def test_errors_become_replies_in_both_lanes(error, status, body):
    def handler(_home, _request):
        raise error

    lanes = Lanes({}, [Route("GET", "/x", handler, True, "open")], authenticate)
    answer = assert_same(lanes, "GET", "/x")
    assert (answer.status, answer.body) == (status, body)


def test_cold_routes_are_left_to_flask(lanes):
    hot, flask = through_both(lanes, "PUT", "/api/echo", body=b"x")
    assert hot is None and flask.body == b"x"


@pytest.mark.parametrize(
    ("header", "accepts"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip ; q=0.0", False),
        ("x-gzip-not", False),
    ],
)
def test_accept_encoding(header, accepts):
    assert accepts_gzip(header) is accepts


def test_every_hot_route_of_marge_is_refused_the_same_without_a_token():
    """All of them, found as the server finds them; with tokens they are compared by the tests of their resources."""
    from marge.http import rest, ws
    from marge.http.routing import collect

    routes = collect(rest, ws)
    lanes = Lanes(None, routes, lambda request: None)
    guarded = [item for item in routes if item.hot and item.access != "open"]
    assert guarded
    for item in guarded:
        target = item.path.replace("<", "").replace(">", "")
        assert assert_same(lanes, item.method, target, body=b"{}").body == b"401: Unauthorized"
