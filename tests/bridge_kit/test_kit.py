"""The kit for bridges: what it reads, what it announces, and that it needs nothing of Marge."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import marge.bridge_kit
from marge.bridge_kit import Bridge, Environment, EnvironmentProblem
from tests.support.broker import start_broker, stop_broker
from tests.support.mqtt_client import Client
from tests.support.waiting import until


@pytest.fixture(scope="module")
def broker() -> Iterator[int]:
    _host, port, process = start_broker()
    yield port
    stop_broker(process)


def test_it_needs_paho_and_nothing_of_marge() -> None:
    """A program of somebody else must not load a server."""
    for file in Path(marge.bridge_kit.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.split(".")[0] != "gevent"
                assert not name.startswith("marge") or name.startswith("marge.bridge_kit")
    code = "import sys, marge.bridge_kit; print([name for name in ('gevent', 'pykka') if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"


@pytest.mark.parametrize(
    "env", [{}, {"MARGE_BRIDGE_NAME": "x", "MARGE_MQTT_HOST": "h"},
            {"MARGE_BRIDGE_NAME": "x", "MARGE_MQTT_HOST": "h", "MARGE_MQTT_PORT": "many"}],
)  # fmt: skip
def test_without_marges_environment_it_says_what_is_missing(env: dict[str, str]) -> None:
    """Started by hand, say."""
    with pytest.raises(EnvironmentProblem, match="MARGE_"):
        Environment.read(env)


def test_a_password_is_not_shown() -> None:
    """Not even in a traceback's locals."""
    env = {"MARGE_BRIDGE_NAME": "x", "MARGE_MQTT_HOST": "h", "MARGE_MQTT_PORT": "1", "MARGE_MQTT_PASSWORD": "secret"}
    assert "secret" not in repr(Environment.read(env))


def test_it_announces_says_hears_and_leaves(broker: int) -> None:
    """All of it below its own prefix, retained; the status last, so that who reads it finds the rest."""
    house = Client(broker).subscribe("#")
    bridge = Bridge(Environment("bell", "127.0.0.1", broker))
    lamp = bridge.entity("light", "porch", name="Porch", brightness=True)
    button = bridge.entity("button", "ring", name="Ring")
    heard: list[str] = []

    @lamp.on_command
    def switch(payload: str) -> None:
        heard.append(payload)
        if payload == "broken":
            raise ValueError("a mistake of mine")
        lamp.say({"state": payload})

    lamp.say("OFF")
    bridge.start()
    until(lambda: house.got("marge/integration/bell/status") == ["online"])
    announced = json.loads(house.got("marge/bridge/bell/light/porch/config")[-1])
    assert (announced["state_topic"], announced["command_topic"]) == ("~/state", "~/set")
    assert "state_topic" not in button.config
    assert house.got("marge/bridge/bell/light/porch/state")[-1] == "OFF"
    house.publish("marge/bridge/bell/light/porch/set", "broken")
    house.publish("marge/bridge/bell/light/porch/set", "ON")
    until(lambda: heard == ["broken", "ON"])
    until(lambda: house.got("marge/bridge/bell/light/porch/state")[-1] == '{"state": "ON"}')
    lamp.remove()
    until(lambda: house.got("marge/bridge/bell/light/porch/config")[-1] == "")
    bridge.stop()
    until(lambda: house.got("marge/integration/bell/status") == ["online", "offline"])
    assert not bridge.wait(0)
    house.close()
