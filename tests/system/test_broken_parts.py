"""Modules whose import raises: the home starts without them, says which, and why."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import websocket

from tests.support.server import Server, server_in

pytestmark = pytest.mark.system

DOMAIN, INTEGRATION, BRIDGE = "marge.domains.siren", "marge.integrations.derivative", "marge.bridges.demo"
COMPONENT, COMMANDS = "marge.bridges.mqtt.components.siren", "marge.http.ws.commands.analytics"
ROUTES, TRIGGER = "marge.http.rest.logbook", "marge.automations.triggers.sun"
BROKEN = (DOMAIN, INTEGRATION, BRIDGE, COMPONENT, COMMANDS, ROUTES, TRIGGER)
BREAKS = f"""
import sys


class Breaks:
    def find_spec(self, name, path=None, target=None):
        if name in {BROKEN!r}:
            raise RuntimeError("its author made a mistake")


sys.meta_path.insert(0, Breaks())

import pathlib

import marge.bridges

marge.bridges.__path__.append(str(pathlib.Path(__file__).parent / "bridges"))
"""
CLUMSY = """
from marge.actors import ChildSpec
from marge.bridges.base import Bridge, BridgeKind


class Clumsy(Bridge):
    def __init__(self, home):
        raise TypeError("it cannot be made")


BRIDGE = BridgeKind("clumsy", lambda home: [ChildSpec("clumsy", Clumsy, (home,))], "Clumsy")
"""
AUTOMATIONS = """
- alias: By the sun
  triggers: [{trigger: sun, event: sunset}]
  actions: []
- alias: By an event
  triggers: [{trigger: event, event_type: ring}]
  actions: [{event: rung}]
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("broken")
    (folder / "sitecustomize.py").write_text(BREAKS, "utf-8")
    (folder / "bridges" / "clumsy").mkdir(parents=True)
    (folder / "bridges" / "clumsy" / "__init__.py").write_text(CLUMSY, "utf-8")
    here = str(Path(__file__).parents[2])
    with server_in(folder) as server:
        path = os.pathsep.join(filter(None, (str(folder), here, os.environ.get("PYTHONPATH"))))
        server.environment["PYTHONPATH"] = path
        server.write(configuration="automation: !include automations.yaml\n", automations=AUTOMATIONS)
        server.start()
        server.wait_for(lambda: server.bridge("mqtt").get("status") == "running", what="MQTT")
        server.wait_for(lambda: server.health()["core"]["state"] == "RUNNING", what="the rest")
        yield server


def test_the_rest_of_the_home_lives(server: Server) -> None:
    """It answers, and automations that need none of them are there; one that does is named."""
    assert server.get("/api/health")["core"]["state"] == "RUNNING"
    assert server.state("automation.by_an_event") is not None
    assert any(line.get("automation") == "By the sun" and "sun" in line["problem"] for line in server.log_lines())


def test_health_names_them(server: Server) -> None:
    """By their whole names."""
    named = server.get("/api/health")["core"]["broken_parts"]
    assert set(named) >= {DOMAIN, INTEGRATION, BRIDGE, COMPONENT, COMMANDS, ROUTES, "marge.bridges.clumsy"}


def test_the_log_has_the_reason(server: Server) -> None:
    """One line each, with the stack."""
    lines = [line for line in server.log_lines() if line.get("part") == INTEGRATION]
    assert lines and lines[0]["reason"] == "RuntimeError: its author made a mistake"


def test_a_repair_issue_tells_people(server: Server) -> None:
    """Until a start without them."""
    link = websocket.create_connection(f"ws://127.0.0.1:{server.port}/api/websocket", timeout=60)
    link.recv()
    link.send(json.dumps({"type": "auth", "access_token": server.token}))
    link.recv()
    link.send(json.dumps({"id": 1, "type": "repairs/list_issues"}))
    issues = json.loads(link.recv())["result"]["issues"]
    link.close()

    (issue,) = [each for each in issues if each["issue_id"] == "broken_parts"]
    assert f"{BRIDGE}: RuntimeError: its author made a mistake" in issue["translation_placeholders"]["parts"]
