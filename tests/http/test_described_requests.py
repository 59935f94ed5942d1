"""Requests made from the server's own description, valid and nearly valid: what comes back is what it tells.

Schemathesis makes them. A few a path in `make test`, many more with the marker `slow`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
import requests
import schemathesis
import structlog
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis.core.errors import UnsupportedSchema

from tests.support.home import TIMEOUT_S, HomeServer, home_server

METHODS = ("get", "put", "post", "delete", "head")
LEFT_OUT = (
    "/api/actors/{path}", "/api/users", "/api/auth/users", "/api/auth/tokens", "/api/sim/time", "/api/restore",
    "/api/stream", "/api/camera_proxy_stream", "/api/websocket", "/api/services/homeassistant/stop",
    "/api/services/homeassistant/restart", "/api/services/{domain}", "/api/integrations",
)  # fmt: skip
"""What ends the server or the log-in of the test, what has no end, what looks for devices in the network."""
LAST = ("/auth/", "/api/auth/", "/api/onboarding")
"""Failed log-ins from one address close the door for it."""
CONFIGURATION = """
default_config:
input_boolean: {guest: {name: Guest}}
input_number: {level: {min: 0, max: 10}}
light: []
demo:
"""


@pytest.fixture(scope="module")
def home() -> Iterator[HomeServer]:
    """A home with a device of each kind."""
    with home_server(CONFIGURATION, bridges=("demo",)) as server:
        yield server


def operations(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Path and method of each operation that may be tried, those about logging in behind the others."""
    found = [
        (path, method)
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item and not path.startswith(LEFT_OUT)
    ]
    return sorted(found, key=lambda each: (each[0].startswith(LAST), each))


def problems_of(path: str, reply: requests.Response, operation: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """What a reply has that the description does not tell."""
    told = operation["responses"].get(str(reply.status_code), operation["responses"]["default"])
    if "$ref" in told:
        told = document["components"]["responses"][told["$ref"].rpartition("/")[2]]
    kinds = told.get("content", {})
    found = []
    if reply.status_code >= 500 and str(reply.status_code) not in operation["responses"]:
        found.append(f"a {reply.status_code}")
    if "Traceback" in reply.text:
        found.append("a traceback")
    sent = reply.headers.get("Content-Type", "").partition(";")[0]
    fits = any(kind in (sent, "*/*") or kind == sent.partition("/")[0] + "/*" for kind in kinds)
    if reply.content and not fits:
        found.append(f"{reply.status_code} with {sent or 'no type'}: {reply.text[:80]!r}; told: {sorted(kinds)}")
    if reply.status_code == 200 and sent == "application/json" and sent in kinds:
        found += [str(each) for each in schema_problems(reply.json(), kinds[sent]["schema"], document)]
    return found


def schema_problems(value: Any, schema: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """What JSON Schema has against a body: the first three things."""
    whole = {**schema, "components": document["components"]}
    found = Draft202012Validator(whole).iter_errors(value)
    return [f"{list(each.absolute_path)}: {each.message[:120]}" for each in islice(found, 3)]


class Trial:
    """Tries operations, and keeps what was wrong."""

    def __init__(self, home: HomeServer, examples: int) -> None:
        self.home, self.examples = home, examples
        self.document: dict[str, Any] = home.rest("GET", "/api/openapi.json").json()
        self.described = schemathesis.openapi.from_dict(self.document)
        self.session = requests.Session()
        self.wrong: dict[str, list[str]] = {}
        self.statuses: Counter[int] = Counter()
        self.not_tried: list[str] = []

    def run(self) -> None:
        for path, method in operations(self.document):
            with structlog.testing.capture_logs() as lines:
                try:
                    self.try_one(path, method)
                except UnsupportedSchema:
                    self.not_tried.append(f"{method} {path}")
            raised = [line for line in lines if line["log_level"] == "error" and "exc_info" in line]
            if raised:
                self.wrong.setdefault(f"{method} {path}", []).append(repr(raised[0])[:300])

    def try_one(self, path: str, method: str) -> None:
        operation = self.document["paths"][path][method]

        @settings(
            max_examples=self.examples, database=None, derandomize=True, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=self.described[path][method.upper()].as_strategy())
        def attempt(case: Any) -> None:
            sent = case.as_transport_kwargs(base_url=self.home.url)
            sent["headers"] = {**(sent.get("headers") or {}), "Authorization": f"Bearer {self.home.admin_token}"}
            try:
                reply = self.session.request(**sent, timeout=TIMEOUT_S, allow_redirects=False)
            except (UnicodeError, requests.exceptions.InvalidHeader):
                return  # not to be said in HTTP
            self.statuses[reply.status_code] += 1
            found = problems_of(path, reply, operation, self.document)
            if found:
                self.wrong.setdefault(f"{method} {path}", []).extend(found[:2])

        attempt()


def try_all(home: HomeServer, examples: int) -> None:
    """So many requests of each operation; all that is wrong is told together."""
    trial = Trial(home, examples)
    trial.run()

    assert trial.wrong == {}
    assert home.rest("GET", "/api/").status_code == 200
    assert len(trial.not_tried) < 5, trial.not_tried
    assert {200, 400} <= trial.statuses.keys()


def test_replies_are_as_they_are_described(home: HomeServer) -> None:
    """A few requests of each path: no fault, and only the types and shapes that are told."""
    try_all(home, 3)


@pytest.mark.slow
def test_many_replies_are_as_they_are_described(home: HomeServer) -> None:
    """As above, a hundred of each."""
    try_all(home, 100)
