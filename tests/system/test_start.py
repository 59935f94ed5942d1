"""How the whole program starts and ends: signals, a broken home, two homes, one database, what is restored."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support.server import Server, lives, port_is_free, server_in

pytestmark = pytest.mark.system

LIGHT = "light.porch"
VIRTUAL_HOME = """
marge:
  broker: external
  broker_host: 127.0.0.1
  broker_port: {broker_port}
  virtual_entities:
    light.lamp:
      state: "off"
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with server_in(tmp_path) as server:
        yield server


def _errors(server: Server) -> list[dict[str, Any]]:
    return [line for line in server.log_lines() if line["level"] in ("error", "critical")]


def test_a_port_in_use_is_one_clear_line(server: Server) -> None:
    """Exit code 1, no traceback, and the line names the port."""
    with socket.create_server(("127.0.0.1", server.port)):
        server.start(wait=False)
        assert server.process is not None
        assert server.process.wait(60) == 1
    (error,) = _errors(server)
    assert error["port"] == server.port
    assert "Traceback" not in server.log_tail()


def test_an_empty_directory_becomes_a_home(server: Server) -> None:
    """It starts without an error, and health answers before anybody has logged in."""
    server.home.mkdir()
    server.start()

    assert (server.home / "configuration.yaml").exists()
    answer = requests.get(f"{server.url}/api/health", timeout=60)
    assert answer.status_code == 200 and {"core", "integrations", "system"} <= set(answer.json())
    assert requests.get(f"{server.url}/api/states", timeout=60).status_code == 401
    server.wait_for(lambda: server.bridge("mqtt").get("status") == "running", what="the MQTT bridge")
    assert not _errors(server)


def test_nothing_big_is_loaded_that_the_home_does_not_use(server: Server) -> None:
    """Its memory has no numpy (the sun is a child's), no driver of another database, no picture library."""
    server.use_demo_home()
    server.start()
    server.wait_for(lambda: (server.state("sun.sun") or {}).get("state") in ("above_horizon", "below_horizon"))
    mapped = Path(f"/proc/{server.pid}/maps").read_text("utf-8")

    assert [name for name in ("numpy", "psycopg", "PIL", "av.libs") if f"/{name}" in mapped] == []


def test_mistakes_are_named_and_the_rest_starts(server: Server) -> None:
    """A broken file: file and line. An unknown key: file, line and the nearest one. A bad script: left out."""
    server.write(
        configuration="automation: !include automations.yaml\nscript: !include scripts.yaml\n"
        "input_boolean:\n  guests:\n    name: Guests\n"
        "marge:\n  broker: external\n  broker_host: 127.0.0.1\n  brokr_port: 9\n  broker_port: 1\n",
        automations="- alias: Broken\n  trigger: [\n",
        scripts="hello:\n  sequence:\n    - event: hello\nwrong:\n  sequence:\n    - servce: light.turn_on\n",
    )
    server.start()
    server.wait_for(lambda: server.state("input_boolean.guests") and server.state("script.hello"), what="the rest")

    told = {line.get("where", ""): line for line in server.log_lines() if line["level"] in ("warning", "error")}
    assert "broker_port" in told["configuration.yaml:9"]["hint"]
    assert any(where.startswith("automations.yaml:") for where in told)
    assert "Traceback" not in server.log_tail()
    assert "wrong" in server.log_tail() and server.state("script.wrong") is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_nothing_is_lost(server: Server, number: int) -> None:
    """Exit code 0 within seconds; a state written just before is there after the next start, as it was."""
    server.use_demo_home()
    server.start()
    server.wait_for(lambda: server.bridge("broker").get("status") == "running", what="the broker")
    for count in range(200):
        server.post(f"/api/states/sensor.last_{count % 20}", {"state": str(count), "attributes": {"copy": count}})
    before = {state["entity_id"]: state for state in server.get("/api/states")}

    code, _seconds = server.terminate(number)

    assert code == 0
    assert not server.children()
    assert not _errors(server)
    server.start()
    for count in range(180, 200):
        entity_id = f"sensor.last_{count % 20}"
        assert server.state(entity_id) == before[entity_id]


def test_a_signal_at_the_first_answer_ends_it_too(server: Server) -> None:
    """Bridges that are in the middle of their start go along; nothing of them is left."""
    server.use_demo_home()
    for _ in range(3):
        server.start()
        children = server.children()
        code, _seconds = server.terminate()
        assert code == 0
        assert not [child for child in children if lives(child)]
        assert port_is_free(server.mqtt_port)


def test_owned_entities_wait_for_their_owner_after_a_restart(server: Server) -> None:
    """They are unavailable and `restored` until the bridge is back, and then as their device says."""
    server.use_demo_home()
    server.start()
    _wait_for_light(server)
    server.post("/api/services/light/turn_on", {"entity_id": LIGHT, "brightness": 99})
    server.wait_for(lambda: _attribute(server, LIGHT, "brightness") == 99, what="the light on")
    assert server.terminate()[0] == 0

    configuration = server.home / "configuration.yaml"
    text = configuration.read_text("utf-8")
    configuration.write_text(text.replace("  simulator: true ", "  simulator: false "), "utf-8")
    server.start()
    state = server.state(LIGHT)
    assert state is not None and state["state"] == "unavailable" and state["attributes"]["restored"] is True
    assert server.terminate()[0] == 0

    configuration.write_text(text, "utf-8")
    server.start()
    server.wait_for(lambda: _attribute(server, LIGHT, "brightness") == 99, 40, "the light as it was")
    state = server.state(LIGHT)
    assert state is not None and state["state"] == "on" and "restored" not in state["attributes"]


def _wait_for_light(server: Server) -> None:
    server.wait_for(lambda: (server.state(LIGHT) or {}).get("state") in ("on", "off"), 40, "the light")


def _attribute(server: Server, entity_id: str, name: str) -> Any:
    return ((server.state(entity_id) or {}).get("attributes") or {}).get(name)


def test_two_homes_live_side_by_side(tmp_path: Path) -> None:
    """Each with ports, a broker and a database of its own; what happens in one is not seen in the other."""
    with ExitStack() as stack:
        homes = [stack.enter_context(server_in(tmp_path / name)) for name in ("one", "two")]
        for home in homes:
            home.folder.mkdir()
            home.use_demo_home()
            home.start()
            _wait_for_light(home)
        one, two = homes
        one.post("/api/states/sensor.only_here", {"state": "1"})
        brightness = _attribute(two, LIGHT, "brightness")
        one.post("/api/services/light/turn_on", {"entity_id": LIGHT, "brightness": 33})
        one.wait_for(lambda: _attribute(one, LIGHT, "brightness") == 33, what="the light of the first home")

        assert two.state("sensor.only_here") is None
        assert _attribute(two, LIGHT, "brightness") == brightness
        assert not _errors(one) and not _errors(two)


def test_a_second_server_on_the_same_home_is_refused(server: Server, tmp_path: Path) -> None:
    """Somebody starts the same home twice, on another port: one clear line, exit code 1, and the first goes on."""
    server.write(configuration=VIRTUAL_HOME.format(broker_port=1))
    server.start()
    second = Server(tmp_path)
    try:
        second.start(wait=False)
        assert second.process is not None
        assert second.process.wait(60) == 1
    finally:
        second.end()
    server.post("/api/states/sensor.first", {"state": "49"})
    assert server.terminate()[0] == 0
    server.start()
    state = server.state("sensor.first")
    assert state is not None and state["state"] == "49"


def test_tokens_are_made_with_and_without_a_running_server(server: Server) -> None:
    """Both work, and a wrong one does not."""
    server.write(configuration=VIRTUAL_HOME.format(broker_port=1))
    cold = _make_token(server, "before the start")
    server.start()
    warm = _make_token(server, "beside it")
    for token, status in ((cold, 200), (warm, 200), (warm[:-1], 401)):
        answer = requests.get(f"{server.url}/api/", headers={"Authorization": f"Bearer {token}"}, timeout=60)
        assert answer.status_code == status


def _make_token(server: Server, name: str) -> str:
    done = server.cli("token", "create", name, "--config", str(server.home))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_tree_of_actors_can_be_seen_from_a_terminal(server: Server) -> None:
    """With bridges, the recorder and the entities in it."""
    server.write(configuration=VIRTUAL_HOME.format(broker_port=1))
    server.start()
    server.wait_for(lambda: server.state("light.lamp"), what="the lamp")
    done = server.cli("actors", "tree", "--config", str(server.home))
    assert done.returncode == 0, done.stderr
    for word in ("recorder", "entities", "light.lamp", "bridges", "mqtt"):
        assert word in done.stdout
