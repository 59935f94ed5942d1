"""The simulated house as a process on a real broker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import orjson
import pytest

from tests.simulate.conftest import Address, Listener, start_house
from tests.support.broker import start_broker, stop_broker
from tests.support.waiting import until


def test_a_late_listener_finds_the_whole_house_retained(house: subprocess.Popen[bytes], broker: Address) -> None:
    """Discovery configs, bridge topics, availability and states are all kept by the broker."""
    first = Listener(broker)
    first.until("zigbee2mqtt/Current", bool)  # the last thing announced
    late = Listener(broker)
    late.until("zigbee2mqtt/bridge/devices", bool)
    until(lambda: sum(message.topic.endswith("/config") for message in late.messages) == 37)
    until(lambda: sum(message.topic.endswith("/availability") for message in late.messages) == 37)
    until(lambda: late.last("zigbee2mqtt/Current") is not None)

    assert all(message.retain for message in late.messages)
    assert all(isinstance(orjson.loads(message.payload), dict | list) for message in late.messages)
    assert late.last("zigbee2mqtt/bridge/state") == {"state": "online"}
    first.close()
    late.close()


def test_commands_are_echoed_and_nonsense_is_survived(house: subprocess.Popen[bytes], listener: Listener) -> None:
    """Between two good commands a bad one is complained about and changes nothing."""
    listener.until("zigbee2mqtt/Bedroom", bool)
    listener.send("zigbee2mqtt/Bedroom/set", {"state": "ON", "brightness": 51})
    listener.until("zigbee2mqtt/Bedroom", lambda state: state["brightness"] == 51)
    listener.send("zigbee2mqtt/Bedroom/set", b"\xff{]")
    listener.until("zigbee2mqtt/bridge/logging", lambda line: "Bedroom" in line["message"])
    listener.send("zigbee2mqtt/Bedroom/set", "OFF")
    state = listener.until("zigbee2mqtt/Bedroom", lambda state: state["state"] == "OFF")

    assert state["brightness"] == 51
    assert house.poll() is None


def test_many_commands_at_once_end_in_the_last_one(house: subprocess.Popen[bytes], listener: Listener) -> None:
    """A slider that is dragged sends a stream; the lamp ends where the slider does."""
    listener.until("zigbee2mqtt/Kitchen", bool)
    for level in range(1, 101):
        listener.client.publish("zigbee2mqtt/Kitchen/set", orjson.dumps({"brightness": level}), qos=1)
    echoes = lambda: [m for m in listener.messages if m.topic == "zigbee2mqtt/Kitchen" and not m.retain]  # noqa: E731
    until(lambda: len(echoes()) >= 100)

    assert listener.last("zigbee2mqtt/Kitchen")["brightness"] == 100


def test_power_cut_over_the_wire(house: subprocess.Popen[bytes], listener: Listener) -> None:
    """All fourteen mains devices go offline and come back."""
    listener.until("zigbee2mqtt/Current", bool)
    listener.send("zigbee2mqtt/simulator/power", {"state": "off"})
    listener.until("zigbee2mqtt/Current/availability", lambda value: value["state"] == "offline")
    offline = {m.topic for m in listener.messages if orjson.loads(m.payload) == {"state": "offline"}}
    assert len(offline) == 14
    listener.send("zigbee2mqtt/simulator/power", {"state": "on"})
    for topic in offline:
        listener.until(topic, lambda value: value["state"] == "online")


def test_sensors_drift(broker: Address, listener: Listener) -> None:
    """With an interval, readings move without anybody asking."""
    process = start_house(broker, "--drift", "0.05", "--base-topic", "drifting", "--discovery-prefix", "elsewhere")
    try:
        listener.until("drifting/Power Consumption", bool)
        until(lambda: len({m.payload for m in listener.messages if m.topic == "drifting/Power Consumption"}) > 2)
    finally:
        process.terminate()
        assert process.wait(60) == 0


@pytest.mark.parametrize("module", ["marge.simulate", "marge"])
def test_an_orderly_end_says_goodbye(broker: Address, listener: Listener, module: str) -> None:
    """SIGTERM: the bridge reports offline and the process ends with 0, by itself and as a command of `marge`."""
    words = [] if module == "marge.simulate" else ["simulate"]
    address = ["--host", broker[0], "--port", str(broker[1]), "--base-topic", f"leaving_{module}"]
    process = subprocess.Popen([sys.executable, "-m", module, *words, *address], stderr=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL)  # fmt: skip
    listener.until(f"leaving_{module}/bridge/state", lambda value: value["state"] == "online")
    process.send_signal(signal.SIGTERM)

    assert process.wait(60) == 0
    listener.until(f"leaving_{module}/bridge/state", lambda value: value["state"] == "offline")


def test_a_killed_house_is_reported_offline_by_its_will(broker: Address, listener: Listener) -> None:
    """`kill -9`: the broker publishes the last will, retained."""
    process = start_house(broker, "--base-topic", "killed", "--discovery-prefix", "elsewhere")
    listener.until("killed/bridge/state", lambda value: value["state"] == "online")
    process.kill()
    process.wait(60)

    listener.until("killed/bridge/state", lambda value: value["state"] == "offline")


def test_the_house_waits_for_a_broker_and_comes_back_with_it() -> None:
    """Started without a broker it waits; when the broker restarts it announces everything again."""
    host, port, process = start_broker()
    stop_broker(process)
    house = start_house((host, port))
    try:
        for _ in range(2):
            _, _, process = start_broker(port=port)
            listener = Listener((host, port))
            listener.until("zigbee2mqtt/Current", bool)
            assert listener.last("zigbee2mqtt/bridge/state") == {"state": "online"}
            listener.close()
            stop_broker(process)
    finally:
        house.terminate()
        assert house.wait(60) == 0
        stop_broker(process)


def test_a_house_without_its_parent_ends(broker: Address, listener: Listener) -> None:
    """With --exit-with-parent no orphan keeps talking after its supervisor was killed."""
    program = (
        "import subprocess, sys\n"
        "print(subprocess.Popen([sys.executable, '-m', 'marge.simulate', *sys.argv[1:]]).pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    address = ["--host", broker[0], "--port", str(broker[1]), "--base-topic", "orphan", "--exit-with-parent"]
    parent = subprocess.Popen(
        [sys.executable, "-c", program, *address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    try:
        listener.until("orphan/bridge/state", lambda value: value["state"] == "online")
        parent.kill()
        parent.wait(60)
        listener.until("orphan/bridge/state", lambda value: value["state"] == "offline")
    finally:
        parent.kill()
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
