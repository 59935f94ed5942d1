"""`ha-mcp`, a Model Context Protocol server for Home Assistant, unmodified from PyPI, spoken to as assistants do."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import gevent
import pytest

from tests.clients.kit import client_environment, python_from, venv
from tests.conformance.configuration import CONFIGURATION, FILES
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

pytestmark = [pytest.mark.clients, pytest.mark.slow]
PACKAGE = "ha-mcp==8.7.0"
PYTHON = (3, 13)
ANSWER_S = 60.0


class Refused(AssertionError):
    """A tool ended with an error: what it says."""


class Assistant:
    """The other end of its standard input and output: JSON-RPC, a message a line."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process = process
        self._log = log
        self._numbers = itertools.count(1)

    def ask(self, method: str, /, **parameters: Any) -> Any:
        """The result of one request; what the server says beside it is passed over."""
        number = next(self._numbers)
        self._send({"id": number, "method": method, "params": parameters})
        assert self._process.stdout is not None
        with gevent.Timeout(ANSWER_S, AssertionError(f"{method} was not answered: {self._tail()}")):
            for line in self._process.stdout:
                message = json.loads(line)
                if message.get("id") == number:
                    assert "error" not in message, message
                    return message["result"]
        raise AssertionError(f"ha-mcp ended: {self._tail()}")

    def begin(self) -> Self:
        """Shake hands."""
        about = {"name": "tests", "version": "1"}
        self.server = self.ask("initialize", protocolVersion="2025-03-26", capabilities={}, clientInfo=about)
        self._send({"method": "notifications/initialized"})
        return self

    def tool(self, name: str, /, **arguments: Any) -> Any:
        """What a tool answers, as JSON where it is.

        Raises:
            Refused: the tool failed.
        """
        result = self.ask("tools/call", name=name, arguments=arguments)
        text = result["content"][0]["text"]
        if result.get("isError"):
            raise Refused(f"{name}: {text}")
        try:
            answer = json.loads(text)
        except ValueError:
            return text
        return answer.get("data", answer) if set(answer) <= {"data", "metadata"} else answer

    def key(self) -> str:
        """What it wants to hear before it changes anything: that its guide was read."""
        found = re.search(r"Acknowledgment key: (\S+)", json.dumps(self.tool("ha_get_skill_guide")))
        assert found is not None
        return found[1]

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self._process.stdin.flush()

    def _tail(self) -> str:
        return self._log.read_text("utf-8", "replace")[-4_000:]


@contextmanager
def assistant(python: Path, folder: Path, server: HomeServer) -> Iterator[Assistant]:
    """ha-mcp on its standard input and output, until the end of the block."""
    log = folder / "log.txt"
    environment = {"HOMEASSISTANT_URL": server.url, "HOMEASSISTANT_TOKEN": server.admin_token, "HOME": str(folder)}
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [str(python.parent / "ha-mcp")], env=client_environment(environment), cwd=folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
    try:
        yield Assistant(process, log).begin()
    finally:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.close()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        process.stdout.close()


@pytest.fixture(scope="module")
def python() -> Path:
    found = python_from(*PYTHON)
    if found is None:
        pytest.skip(f"{PACKAGE} needs Python {PYTHON[0]}.{PYTHON[1]} or newer, and there is none on this machine")
    return venv("ha-mcp", PACKAGE, python=found)


@pytest.fixture(scope="module")
def server(python: Path) -> Iterator[HomeServer]:
    with home_server(CONFIGURATION, files=FILES, bridges=("demo",)) as server:
        until(lambda: "weather.demo_weather_north" in server.home.states, what="the simulated devices")
        yield server


@pytest.fixture(scope="module")
def mcp(python: Path, server: HomeServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with assistant(python, tmp_path_factory.mktemp("ha-mcp"), server) as mcp:
        yield mcp


def test_it_offers_its_tools(mcp: Assistant) -> None:
    """It finds the home and offers all that it has."""
    tools = {tool["name"] for tool in mcp.ask("tools/list")["tools"]}

    assert mcp.server["serverInfo"]["name"] == "ha-mcp"
    assert {"ha_search", "ha_get_state", "ha_call_service", "ha_config_get_automation"} <= tools


def test_it_looks_at_the_home(mcp: Assistant, server: HomeServer) -> None:
    """Overview, search, states, services, templates, the past, logs, devices, integrations, health, updates."""
    overview = mcp.tool("ha_get_overview")
    found = mcp.tool("ha_search", query="guest", include_config=True)
    light = mcp.tool("ha_get_state", entity_id="light.bed_light")
    logs = [mcp.tool("ha_get_logs", source=source) for source in ("logbook", "system", "error_log", "logger")]
    health = mcp.tool("ha_get_system_health")["health_info"]["data"]

    assert overview["system_summary"]["total_entities"] == len(server.home.states)
    assert "input_boolean.guest" in [entity["entity_id"] for entity in found["entities"]]
    assert [item["entity_id"] for item in found["automations"]] == ["automation.guest_light"]
    assert light["state"] == "off" and light["attributes"]["supported_color_modes"] == ["color_temp", "hs"]
    assert "light.turn_on" in mcp.tool("ha_list_services", domain="light")["services"]
    assert mcp.tool("ha_eval_template", template="{{ states('light.bed_light') }}")["result"] == "off"
    assert mcp.tool("ha_get_history", entity_ids="light.bed_light")["entities"][0]["states"]
    assert all(log["success"] for log in logs) and health["homeassistant"]["info"]["version"]
    assert mcp.tool("ha_get_device", entity_id="light.bed_light")["device"]["name"] == "Bed Light"
    assert {"demo", "sun"} <= {entry["domain"] for entry in mcp.tool("ha_get_integration")["entries"]}
    assert mcp.tool("ha_manage_updates", action="list")["updates_available"] > 0
    assert "JPEG" in mcp.tool("ha_get_camera_image", entity_id="camera.demo_camera")


def test_it_switches_things(mcp: Assistant, server: HomeServer) -> None:
    """Services with and without an answer, several at once, and a sentence."""
    mcp.tool("ha_call_service", domain="light", service="turn_on", entity_id="light.bed_light", data={"brightness": 9})
    assert server.state("light.bed_light").attributes["brightness"] == 9
    operations = [{"entity_id": name, "action": "off"} for name in ("light.bed_light", "switch.decorative_lights")]
    assert mcp.tool("ha_bulk_control", operations=operations)["successful_commands"] == 2
    until(lambda: server.state("switch.decorative_lights").state == "off")
    forecast = mcp.tool(
        "ha_call_service", domain="weather", service="get_forecasts", entity_id="weather.demo_weather_north",
        data={"type": "daily"}, return_response=True,
    )  # fmt: skip
    assert len(forecast["service_response"]["weather.demo_weather_north"]["forecast"]) == 7
    said = mcp.tool("ha_manage_pipeline", action="process", sentence="turn on the bed light")
    assert said["response_type"] == "action_done" and server.state("light.bed_light").state == "on"
    with pytest.raises(Refused, match="400"):
        mcp.tool(
            "ha_call_service", domain="light", service="turn_on", entity_id="light.bed_light", data={"brightness": "x"}
        )


def test_it_writes_automations_scripts_and_scenes(mcp: Assistant, server: HomeServer) -> None:
    """Made, run, traced, and removed again."""
    key = mcp.key()
    action = {"action": "light.turn_off", "target": {"entity_id": "light.bed_light"}}
    config = {"alias": "By MCP", "triggers": [{"trigger": "event", "event_type": "go"}], "actions": [action]}
    made = mcp.tool("ha_config_set_automation", config=config, BestPracticeKey=key)
    assert made["entity_id"] == "automation.by_mcp"
    mcp.tool("ha_call_service", domain="light", service="turn_on", entity_id="light.bed_light")
    mcp.tool("ha_call_event", event_type="go")
    until(lambda: server.state("light.bed_light").state == "off", what="the automation's run")
    assert mcp.tool("ha_get_automation_traces", automation_id="automation.by_mcp")["trace_count"] == 1
    assert mcp.tool("ha_config_get_automation", identifier="automation.by_mcp")["config"]["alias"] == "By MCP"

    script = {"alias": "By MCP", "sequence": [action]}
    mcp.tool("ha_config_set_script", script_id="by_mcp", config=script, BestPracticeKey=key)
    scene = {"name": "By MCP", "entities": {"light.bed_light": {"state": "on"}}}
    mcp.tool("ha_config_set_scene", scene_id="by_mcp", config=scene, activate=True, BestPracticeKey=key)
    assert server.state("light.bed_light").state == "on"

    mcp.tool("ha_config_remove_automation", identifier="automation.by_mcp")
    mcp.tool("ha_config_remove_script", script_id="by_mcp")
    mcp.tool("ha_config_remove_scene", scene_id="by_mcp")
    until(lambda: not [state for state in server.home.states.ids() if "by_mcp" in state], what="all is gone")


def test_it_furnishes_the_home(mcp: Assistant, server: HomeServer) -> None:
    """Floors, areas, labels, categories, zones, helpers of both kinds, groups, dashboards, entities."""
    key = mcp.key()
    floor = mcp.tool("ha_set_area_or_floor", kind="floor", name="First", level=1)["floor_id"]
    area = mcp.tool("ha_set_area_or_floor", kind="area", name="Attic", floor_id=floor)["area_id"]
    mcp.tool("ha_set_entity", entity_id="light.ceiling_lights", area_id=area, name="Lamp")
    assert mcp.tool("ha_get_entity", entity_id="light.ceiling_lights")["entity_entry"]["area_id"] == "attic"
    assert server.state("light.ceiling_lights").name == "Lamp"
    assert mcp.tool("ha_list_floors_areas")["floors"][0]["areas"][0]["name"] == "Attic"
    assert mcp.tool("ha_config_set_label", name="Fragile", color="red")["label_id"] == "fragile"
    assert mcp.tool("ha_config_set_category", name="Lights", scope="automation")["category_id"]
    assert mcp.tool("ha_set_zone", name="Work", latitude=1, longitude=2, radius=100)["zone_id"] == "work"
    made = [
        mcp.tool("ha_config_set_helper", helper_type=kind, name=name, config=config, BestPracticeKey=key)
        for kind, name, config in (
            ("input_boolean", "Party", {}),
            ("timer", "Egg", {"duration": "00:05:00"}),
            ("template", "Twice", {"next_step_id": "sensor", "state": "{{ 2 }}"}),
            ("group", "Lamps", {"group_type": "light", "entities": ["light.bed_light"]}),
        )
    ]
    ids = ("input_boolean.party", "timer.egg", "sensor.twice", "light.lamps")
    assert [item.get("entity_id") or item["entity_ids"][0] for item in made] == list(ids)
    until(lambda: server.state("sensor.twice").state == "2", what="the template's value")
    mcp.tool("ha_remove_helpers_integrations", target="input_boolean.party", helper_type="input_boolean", confirm=True)
    assert "input_boolean.party" not in server.home.states
    views = {"views": [{"title": "A", "path": "a", "cards": [{"type": "light", "entity": "light.bed_light"}]}]}
    mcp.tool("ha_config_set_dashboard", url_path="by-mcp", title="MCP", config=views, BestPracticeKey=key)
    assert mcp.tool("ha_config_get_dashboard", url_path="by-mcp")["config"] == views
    mcp.tool("ha_config_delete_dashboard", url_path="by-mcp")
