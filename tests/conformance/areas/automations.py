"""Automations, scripts and scenes: editors, traces, blueprints, device automations."""

from __future__ import annotations

from typing import Any

import yaml

from tests.conformance.area import Area
from tests.conformance.home import rows
from tests.support.home import HomeServer

MOTION_LIGHT = "homeassistant/motion_light.yaml"


def _blueprints(server: HomeServer) -> None:
    """The blueprints that the recorded home has, as far as their recorded metadata says."""
    for row in rows("ws.jsonl.gz"):
        if row["name"] not in ("blueprint/list automation", "blueprint/list script"):
            continue
        for path, found in row["receive"][0]["result"].items():
            domain = found["metadata"]["domain"]
            body: dict[str, Any] = {"triggers": [], "actions": []} if domain == "automation" else {"sequence": []}
            file = server.home.config.config_dir / "blueprints" / domain / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(yaml.safe_dump({"blueprint": found["metadata"], **body}), "utf-8")


def _with_blueprint_in_use(server: HomeServer) -> None:
    given = {"motion_entity": "binary_sensor.m", "light_target": {"entity_id": "light.l"}}
    use = {"path": MOTION_LIGHT, "input": given}
    reply = server.rest("POST", "/api/config/automation/config/bp", {"alias": "bp", "use_blueprint": use})
    assert reply.status_code == 200, reply.text


def _five_runs(server: HomeServer) -> None:
    """Five traces of the automation and of the script."""
    for _ in range(5):
        for service in ("turn_off", "turn_on"):
            server.rest("POST", f"/api/services/input_boolean/{service}", {"entity_id": "input_boolean.guest"})
        server.rest("POST", "/api/services/script/greet", {"who": "x"})


AREA = Area(
    rest_otherwise={"automation config POST list": (400, "HA fails with 500")},
    before={
        "automation config POST blueprint": _blueprints,
        "blueprint/list automation": _blueprints,
        "blueprint/delete in use": _with_blueprint_in_use,
        "trace/list automation": _five_runs,
    },
    not_replayed={
        "whole event sequence of a toggle that triggers an automation (new_state cut to state and context)":
            "service calls stand among its commands; tests/http/ws/test_traces.py plays it",
        "trace/contexts": "its keys are the recorded contexts; tests/http/ws/test_traces.py looks at it",
        "trace/contexts all": "its keys are the recorded contexts; tests/http/ws/test_traces.py looks at it",
    },
    facts={"trace/get": frozenset({"run_id", "timestamp"}), "trace/get script": frozenset({"run_id", "timestamp"})},
)
