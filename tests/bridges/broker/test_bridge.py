"""The embedded broker: it answers, comes back, and says what is wrong with its port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from marge.actors import Backoff, ChildSpec
from marge.bridges import broker as kind
from marge.bridges.broker.bridge import BrokerBridge, find_mosquitto, mqtt_answers
from marge.bridges.process import port_in_use
from marge.home import Home
from tests.bridges.mqtt.wire import Device
from tests.support.broker import free_port
from tests.support.waiting import until

MakeHome = Callable[..., Home]
QUICK = Backoff(pauses_s=(0.05,), max_restarts=5)
KINDS = ["amqtt", pytest.param("mosquitto", marks=pytest.mark.skipif(not find_mosquitto(), reason="not installed"))]


def spawn(home: Home) -> None:
    for spec in kind.specs(home):
        home.system.spawn(ChildSpec(spec.name, spec.actor_class, spec.args, backoff=QUICK), "/bridges")


def broker(home: Home) -> BrokerBridge | None:
    actor = home.system.actor("/bridges/broker")
    return actor if isinstance(actor, BrokerBridge) and actor.status == "running" else None


@pytest.mark.parametrize("program", KINDS)
def test_it_carries_messages_and_comes_back_after_kill(make_home: MakeHome, program: str) -> None:
    """Both brokers deliver, keep retained messages, and are started again when somebody kills them."""
    home = make_home(mqtt_port=free_port(), broker=program)
    spawn(home)
    first = until(lambda: broker(home))
    assert first.describe()["program"] == program
    device = Device("127.0.0.1", home.config.marge.mqtt_port)
    device.publish("a/b", "hello", retain=True)
    until(lambda: [message[:2] for message in device.received] == [("a/b", "hello")])
    late = Device("127.0.0.1", home.config.marge.mqtt_port)
    until(lambda: ("a/b", "hello") in [message[:2] for message in late.received])
    pid = first.pid
    os.kill(pid, signal.SIGKILL)
    until(lambda: (now := broker(home)) is not None and now.pid != pid, what="a new broker")
    assert mqtt_answers("127.0.0.1", home.config.marge.mqtt_port)
    device.close()
    late.close()


def test_a_port_of_somebody_else_is_said_plainly(make_home: MakeHome) -> None:
    """The failure names port, host and what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        home = make_home(mqtt_port=other.getsockname()[1])
        spawn(home)

        def deaths() -> Any:
            known = home.system.actor("/bridges").child("broker")  # type: ignore[union-attr]
            return known and known.deaths

        text = until(deaths)[-1]["error"]
        assert f"port {home.config.marge.mqtt_port} on 127.0.0.1 is in use" in text


def test_no_child_for_an_external_broker(make_home: MakeHome) -> None:
    """An external broker is somebody else's process."""
    assert kind.specs(make_home(broker="external", broker_host="192.0.2.1")) == []


def test_a_burst_at_qos_1_is_not_dropped(make_home: MakeHome) -> None:
    """mosquitto with our configuration keeps what its defaults drop silently."""
    if not find_mosquitto():
        pytest.skip("mosquitto is not installed")
    home = make_home(mqtt_port=free_port(), broker="mosquitto")
    spawn(home)
    until(lambda: broker(home))
    device = Device("127.0.0.1", home.config.marge.mqtt_port)
    for number in range(3000):
        device._client.publish("burst", str(number), qos=1)
    until(lambda: len(device.received) >= 3000)
    assert [message[1] for message in device.received] == [str(number) for number in range(3000)]
    device.close()


def test_who_speaks_no_mqtt_is_no_broker() -> None:
    """A port that is open is not enough: somebody must answer in MQTT."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        assert not mqtt_answers("127.0.0.1", port)
    assert not mqtt_answers("127.0.0.1", port)


@pytest.mark.parametrize("program", KINDS)
def test_it_does_not_outlive_a_killed_server(tmp_path: Path, program: str) -> None:
    """kill -9 of the server frees the port, also where mosquitto would become another user."""
    port = free_port()
    code = (
        "import gevent.monkey; gevent.monkey.patch_all()\n"
        "import pathlib, gevent\n"
        "from marge.actors import ChildSpec\n"
        "from marge.bridges.broker import specs\n"
        "from tests.bridges.conftest import build_home\n"
        f"home = build_home(pathlib.Path({str(tmp_path)!r}), mqtt_port={port}, broker={program!r})\n"
        "for spec in specs(home): home.system.spawn(spec, '/bridges')\n"
        "gevent.sleep(600)\n"
    )
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: mqtt_answers("127.0.0.1", port))
    finally:
        server.kill()
        server.wait()
    until(lambda: not port_in_use("127.0.0.1", port), what="a free port")
