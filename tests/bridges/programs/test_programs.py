"""Bridges that are programs: examples as shipped, and programs that misbehave, with a real broker."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from marge.actors import Backoff, ChildSpec
from marge.bridges import broker as broker_kind
from marge.bridges import mqtt as mqtt_kind
from marge.bridges import programs as programs_kind
from marge.bridges.mqtt.bridge import MqttBridge
from marge.bridges.programs.bridge import ProgramBridge, Said
from marge.config.mqtt_values import BridgeProgram, bridge_programs
from marge.home import Home
from tests.bridges.conftest import build_home
from tests.support.broker import free_port
from tests.support.mqtt_client import Client
from tests.support.waiting import until

EXAMPLES = Path(__file__).parents[3] / "etc" / "examples"
QUICK = Backoff(pauses_s=(0.1,), max_restarts=1_000)
KIT = "from marge.bridge_kit import Bridge\nbridge = Bridge()\n"
LIAR = KIT + """
bridge.entity("sensor", "good", name="Good", state_class="measurement").say(1)
bridge.entity("lock", "stolen", name="Stolen", command_topic="zigbee2mqtt/front/set")
bridge.entity("sensor", "spy", name="Spy", state_topic="zigbee2mqtt/front")
bridge.start()
import time
while not bridge.client.is_connected():
    time.sleep(0.01)
bridge.publish("marge/bridge/liar/done", "yes", retain=True)
for topic in ("zigbee2mqtt/front/set", "homeassistant/lock/x/config", "marge/bridge/attic/sensor/temperature/state",
              "marge/system/status", "marge/integration/attic/status"):
    bridge.publish(topic, "forged", retain=True)
bridge.run()
"""
NOISY = KIT + """
import os, sys
print("the password is", os.environ["MARGE_MQTT_PASSWORD"], sorted(os.environ))
bridge.start()
while bridge.wait(0):
    sys.stdout.write("x" * 200 + "\\n")
"""
HUNGRY = KIT + """
bridge.start()
eaten = []
while bridge.wait(0.01):
    eaten.append(bytearray(10 << 20))
"""
FILES = KIT + """
import os
bridge.start()
held = []
try:
    while True:
        held.append(os.open("/dev/null", os.O_RDONLY))
except OSError as exc:
    print("no more", len(held), flush=True)
    for each in held:
        os.close(each)
bridge.run()
"""


def python(name: str, code: str, **more: Any) -> dict[str, Any]:
    return {name: {"command": [sys.executable, "-u", "-c", code], **more}}


@pytest.fixture(scope="module")
def home(tmp_path_factory: Any) -> Iterator[Home]:
    """A broker, the MQTT bridge, and all the programs of this file."""
    os.environ["MARGE_SECRET_OF_OURS"] = "x"
    shell = {"load": {"command": ["sh", str(EXAMPLES / "bridge_load.sh")], "environment": {"EVERY": "1"}}}
    node = {
        "machine": {
            "command": ["node", str(EXAMPLES / "bridge_load.js")], "environment": {"EVERY": "1"}, "memory_mb": 1024,
        }
    }  # fmt: skip
    programs: tuple[BridgeProgram, ...] = bridge_programs(
        {
            "attic": {"command": [sys.executable, str(EXAMPLES / "bridge_thermostat.py")]},
            **(shell if shutil.which("mosquitto_pub") else {}),
            **(node if shutil.which("node") else {}),
            **python("liar", LIAR), **python("noisy", NOISY, log_mb=1), **python("hungry", HUNGRY, memory_mb=120),
            **python("files", FILES, descriptors=40), "missing": {"command": ["/no/such/program"]},
            **python("silent", "import time; time.sleep(600)"),
        }
    )  # fmt: skip
    home = build_home(
        tmp_path_factory.mktemp("programs"), broker="auto", mqtt_port=free_port(), bridges=programs,
        mqtt_anonymous=True,
    )  # fmt: skip
    for kind in (broker_kind, mqtt_kind, programs_kind):
        for spec in kind.specs(home):
            home.system.spawn(ChildSpec(spec.name, spec.actor_class, spec.args, backoff=QUICK), "/bridges")
    until(lambda: (found := home.system.actor("/bridges/mqtt")) is not None and found.connected)  # type: ignore[attr-defined]
    yield home
    home.system.shutdown()
    del os.environ["MARGE_SECRET_OF_OURS"]


def program(home: Home, name: str) -> ProgramBridge:
    """The actor; a new one after each failure."""

    def look() -> ProgramBridge | None:
        actor = home.system.actor(f"/bridges/{name}")
        return actor if isinstance(actor, ProgramBridge) else None

    found: ProgramBridge = until(look, 20, name)
    return found


def shown(home: Home, entity_id: str) -> str | None:
    state = home.states.get(entity_id)
    return None if state is None else state.state


def number(home: Home, entity_id: str) -> float:
    """-1 while it shows none."""
    try:
        return float(shown(home, entity_id) or -1)
    except ValueError:
        return -1.0


def listener(home: Home, *filters: str) -> Client:
    credential = home.shared["mqtt_accounts"].marge
    return Client(home.config.marge.mqtt_port, *credential).subscribe(*filters)


def test_the_example_in_python_is_a_thermostat(home: Home) -> None:
    """Its entities are there, its commands arrive, its status is in the health."""
    until(lambda: shown(home, "switch.attic_heating") == "off")
    until(lambda: program(home, "attic").status == "running")
    home.services.call("number", "set_value", {"entity_id": "number.attic_target", "value": 24})
    until(lambda: number(home, "number.attic_target") == 24 and shown(home, "switch.attic_heating") == "on")
    described = program(home, "attic").describe()
    assert (described["status"], described["said"], described["last_error"]) == ("running", "online", None)
    device = home.registries.devices.all()
    assert "Attic" in {each.name for each in device}


@pytest.mark.skipif(not shutil.which("node"), reason="no node")
def test_the_example_in_javascript_needs_no_library(home: Home) -> None:
    """The page is enough: environment, topics, status, commands."""
    until(lambda: program(home, "machine").status == "running", what="its word")
    until(lambda: number(home, "sensor.this_machine_load") >= 0)
    home.services.call("switch", "turn_off", {"entity_id": "switch.this_machine_measures"})
    until(lambda: shown(home, "switch.this_machine_measures") == "off")


@pytest.mark.skipif(not shutil.which("mosquitto_pub"), reason="no mosquitto_pub")
def test_the_example_in_shell_needs_nothing_of_marge(home: Home) -> None:
    """The page is enough: environment, topics, status."""
    until(lambda: program(home, "load").status == "running", what="the shell's word")
    until(lambda: home.registries.entities.by_unique_id("sensor", "mqtt", "load_one_minute"))


def test_a_killed_program_takes_its_entities_along_and_brings_them_back(home: Home) -> None:
    """The last will is the entities' availability; the supervisor starts another."""
    until(lambda: shown(home, "sensor.attic_temperature") not in (None, "unavailable"))
    first = program(home, "attic")
    until(lambda: first.status == "running")
    watching = listener(home, "marge/integration/attic/status")
    until(lambda: watching.got("marge/integration/attic/status") == ["online"])
    assert first.pid is not None
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: shown(home, "switch.attic_heating") == "unavailable", what="the last will")
    until(lambda: program(home, "attic") is not first and program(home, "attic").status == "running")
    until(lambda: shown(home, "switch.attic_heating") in ("on", "off"))
    assert watching.got("marge/integration/attic/status")[:2] == ["online", "offline"]
    watching.close()


def test_a_stopped_program_leaves_in_order(home: Home) -> None:
    """SIGTERM: it says `offline` itself; nothing of it is left."""
    first = program(home, "attic")
    until(lambda: program(home, "attic").status == "running")
    first = program(home, "attic")
    pid = first.pid
    home.system.restart("/bridges/attic")
    until(lambda: program(home, "attic") is not first and program(home, "attic").status == "running")
    assert pid is not None and not psutil.pid_exists(pid)


def test_what_is_outside_its_topics_does_not_come_through(home: Home) -> None:
    """Neither by itself nor through Marge: entities for others' topics are refused, its good one is there."""
    watching = listener(home, "#")
    until(lambda: watching.got("marge/bridge/liar/done"))
    until(lambda: shown(home, "sensor.liar_good"))
    bridge = home.system.actor("/bridges/mqtt")
    assert isinstance(bridge, MqttBridge)
    until(lambda: bridge.failed_messages >= 2)
    assert "forged" not in {payload for _topic, payload, _retain in watching.received}
    assert (shown(home, "lock.liar_stolen"), shown(home, "sensor.liar_spy")) == (None, None)
    watching.close()


def test_one_that_eats_memory_ends_alone(home: Home) -> None:
    """The kernel says no at its limit; the reason is shown; others go on."""

    def reasons() -> str:
        known = home.system.actor("/bridges").child("hungry")  # type: ignore[union-attr]
        return " ".join(each["error"] for each in known.deaths) if known and known.deaths else ""

    until(lambda: "MemoryError" in reasons())
    assert program(home, "attic").pid is not None


def test_one_that_floods_its_log_fills_no_disk_and_keeps_nobody_waiting(home: Home) -> None:
    """Two files of the size that was set; what is too much is counted; its password is not in them."""
    actor = program(home, "noisy")
    file = actor.log_file.path
    until(lambda: file.with_name(f"{file.name}.1").exists() or actor._dropped_lines > 1_000, 60, "a full log")
    until(lambda: "the password is ***" in file.read_text() or file.with_name(f"{file.name}.1").exists())
    sizes = [each.stat().st_size for each in file.parent.glob("bridge-noisy*")]
    assert sum(sizes) <= 2 << 20
    text = "".join(each.read_text() for each in file.parent.glob("bridge-noisy*"))
    assert home.shared["mqtt_accounts"].account("noisy", *_topics("noisy")).password not in text
    assert "MARGE_SECRET_OF_OURS" not in text
    assert oct(file.stat().st_mode & 0o777) == "0o600"


def _topics(name: str) -> tuple[Any, Any]:
    from marge.bridges.endpoint import program_topics

    topics = program_topics(name)
    return topics.publish, topics.subscribe


def test_descriptors_are_limited(home: Home) -> None:
    """It gets an error, not ours."""
    actor = program(home, "files")
    until(lambda: any("no more" in line for line in actor.describe()["log"]))
    count = int(next(line for line in actor.describe()["log"] if "no more" in line).split()[-1])
    assert count < 40


def test_a_program_that_is_missing_is_offline_and_says_why(home: Home) -> None:
    """Also to those who listen to its status: Marge says it in its place."""
    known = home.system.actor("/bridges").child("missing")  # type: ignore[union-attr]
    until(lambda: known is not None and known.deaths)
    assert "/no/such/program" in known.deaths[-1]["error"]
    watching = listener(home, "marge/integration/missing/status")
    until(lambda: watching.got("marge/integration/missing/status")[:1] == ["offline"])
    watching.close()


def test_one_that_says_nothing_is_degraded(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs, and nobody knows whether it works; what Marge said in its place while it started is not its word."""
    home.system.tell("/bridges/silent", Said("offline"))
    monkeypatch.setattr("marge.bridges.programs.bridge.PATIENCE_S", 0.0)
    until(lambda: program(home, "silent").status == "degraded")
    until(lambda: "has not said `online`" in str(program(home, "silent").describe()["last_error"]), what="the reason")


def test_a_name_of_ours_is_not_taken(tmp_path: Path) -> None:
    """`hue` is Marge's; the program is left out and the log names it."""
    home = build_home(tmp_path, broker="auto", bridges=bridge_programs({"hue": {"command": "x"}}))
    broker_kind.specs(home)
    assert programs_kind.specs(home) == []
    home.system.shutdown()
