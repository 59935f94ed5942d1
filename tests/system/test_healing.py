"""What is killed by hand is healed by its supervisor, while the REST API keeps answering. Real server, both brokers."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gevent
import pytest

from tests.support.broker import mosquitto_path
from tests.support.server import Server, server_in
from tests.support.waiting import until

pytestmark = pytest.mark.system

BROKER = "mosquitto" if mosquitto_path() is not None else "amqtt"
OTHER = [] if BROKER == "amqtt" else ["amqtt"]
on_every_broker = pytest.mark.parametrize("server", [BROKER, *OTHER], indirect=True)
on_one_broker = pytest.mark.parametrize(
    "server", [BROKER, *(pytest.param(other, marks=pytest.mark.slow) for other in OTHER)], indirect=True
)
"""What has little to do with the broker; on the other one only among the slow tests."""
LIGHT, OTHER_LIGHT, VIRTUAL = "light.porch", "light.kitchen", "sensor.poller"
OBEYED = 88
BRIGHTNESS = 77
HEALED_S = 45.0
"""The first pause of a bridge's back-off is 5 s; the rest is for a busy machine."""
POLL_PAUSE_S = 0.01


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One demo home a kind of broker; every test leaves it healed."""
    with server_in(tmp_path_factory.mktemp(request.param)) as server:
        server.use_demo_home(broker=request.param)
        server.start()
        _wait_until_whole(server)
        yield server


class Poller:
    """Asks and writes over REST all the time; every answer but 200 is a failure."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.failures: list[str] = []
        self.answers: Counter[str] = Counter()
        self.slowest_s = 0.0
        self._greenlets = [gevent.spawn(self._poll, *request) for request in self._requests()]

    def stop(self) -> None:
        """Once each request has been answered twice more."""
        before = self.answers.copy()
        try:
            until(lambda: all(self.answers[request] > before[request] + 1 for request in before), what="answers")
        finally:
            gevent.killall(self._greenlets, block=True, timeout=5)

    def _requests(self) -> list[tuple[str, str, str | None]]:
        return [
            ("GET", "/api/health", None),
            ("GET", "/api/states/sun.sun", None),
            ("GET", "/api/states", None),
            ("POST", f"/api/states/{VIRTUAL}", "write"),
        ]

    def _poll(self, method: str, path: str, write: str | None) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        headers = {"Authorization": f"Bearer {self.server.token}", "Content-Type": "application/json"}
        number = 0
        while True:
            number += 1
            body = json.dumps({"state": str(number)}) if write else None
            began = time.monotonic()
            try:
                connection.request(method, path, body, headers)
                reply = connection.getresponse()
                answer = reply.read()
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(f"{method} {path}: {error!r}")
                connection.close()
                continue
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
            self.answers[f"{method} {path}"] += 1
            if reply.status not in (200, 201):
                self.failures.append(f"{method} {path}: {reply.status} {answer[:200]!r}")
            elif write and json.loads(answer)["state"] != str(number):
                self.failures.append(f"{method} {path}: {answer!r} is not {number}")
            gevent.sleep(POLL_PAUSE_S)


@contextmanager
def answering(server: Server) -> Iterator[Poller]:
    """The API answers every request from the begin to the end of the block."""
    poller = Poller(server)
    until(lambda: len(poller.answers) == 4 or poller.failures, what="first answers")
    try:
        yield poller
    finally:
        poller.stop()
    print(f"{poller.answers.total()} answers, the slowest in {poller.slowest_s * 1000:.0f} ms")
    assert not poller.failures, f"{len(poller.failures)} failures: {poller.failures[:5]}"


def _wait_until_whole(server: Server) -> None:
    """All bridges run, and every device has a state."""

    def whole() -> bool:
        bridges = server.health()["integrations"]
        devices = [server.state(entity_id) for entity_id in (LIGHT, OTHER_LIGHT)]
        running = [bridges.get(name, {}).get("status") == "running" for name in ("broker", "mqtt", "simulator")]
        return all(running) and all(device is not None and device["state"] in ("on", "off") for device in devices)

    server.wait_for(whole, HEALED_S, "a whole home")


def _turn(server: Server, entity_id: str, how: str, **data: Any) -> None:
    """Command a light, and wait until the device has said that it did it."""
    server.post(f"/api/services/light/turn_{how}", {"entity_id": entity_id, **data})
    server.wait_for(lambda: _is(server, entity_id, how, **data), what=f"{entity_id} {how}")


def _is(server: Server, entity_id: str, expected: str, **attributes: Any) -> bool:
    state = server.state(entity_id)
    return (
        state is not None
        and state["state"] == expected
        and all(state["attributes"].get(name) == value for name, value in attributes.items())
    )


def _light_up(server: Server) -> None:
    """A state that no device has by itself, to be found again after the healing."""
    _turn(server, LIGHT, "off")
    _turn(server, LIGHT, "on", brightness=BRIGHTNESS)


def _wait_until_obeyed(server: Server) -> None:
    """The gateway has found the broker again, too: until then nobody hears a command, as in any house."""

    def obeyed() -> bool:
        server.post("/api/services/light/turn_on", {"entity_id": LIGHT, "brightness": OBEYED})
        ends = time.monotonic() + 1
        while time.monotonic() < ends:
            if _is(server, LIGHT, "on", brightness=OBEYED):
                return True
            gevent.sleep(0.05)
        return False

    server.wait_for(obeyed, HEALED_S, "a gateway that obeys")


def _check_commands(server: Server) -> None:
    _turn(server, LIGHT, "off")
    _turn(server, OTHER_LIGHT, "on", brightness=BRIGHTNESS)
    _turn(server, OTHER_LIGHT, "off")


@on_every_broker
def test_a_killed_broker_comes_back(server: Server) -> None:
    """Devices are unavailable meanwhile and come back with their states; health tells what happened."""
    _light_up(server)
    before = server.bridge("broker")
    with answering(server):
        os.kill(before["pid"], signal.SIGKILL)
        server.wait_for(lambda: _is(server, LIGHT, "unavailable"), what="unavailable lights")
        assert server.bridge("mqtt")["status"] != "running"
        server.wait_for(lambda: _is(server, LIGHT, "on", brightness=BRIGHTNESS), HEALED_S, "the light's state")
        _wait_until_whole(server)

    after = server.bridge("broker")
    assert after["restarts"] == before["restarts"] + 1
    assert "signal 9" in after["last_error"]
    assert after["pid"] != before["pid"]
    _wait_until_obeyed(server)
    _check_commands(server)


@on_one_broker
def test_a_killed_mqtt_bridge_comes_back(server: Server) -> None:
    """Its devices are unavailable meanwhile, and what they show afterwards comes from the devices."""
    _light_up(server)
    before = server.bridge("mqtt")
    with answering(server):
        server.post("/api/actors/bridges/mqtt/kill")
        server.wait_for(lambda: _is(server, LIGHT, "unavailable"), what="unavailable lights")
        assert server.bridge("mqtt")["status"] == "restarting"
        server.wait_for(lambda: _is(server, LIGHT, "on", brightness=BRIGHTNESS), HEALED_S, "the light's state")
        _wait_until_whole(server)

    after = server.bridge("mqtt")
    assert after["restarts"] == before["restarts"] + 1
    assert after["last_error"]
    assert after["entities"] == before["entities"]
    _check_commands(server)


@on_one_broker
def test_a_killed_entity_actor_comes_back_with_its_state(server: Server) -> None:
    """At once; its neighbours do not notice, and its device obeys as before."""
    _light_up(server)
    neighbour = server.state(OTHER_LIGHT)
    restarts = server.get(f"/api/actors/entities/{LIGHT}")["restarts"]
    with answering(server):
        server.post(f"/api/actors/entities/{LIGHT}/kill")
        server.wait_for(
            lambda: server.get(f"/api/actors/entities/{LIGHT}")["restarts"] == restarts + 1, what="a restart"
        )
        server.wait_for(lambda: _is(server, LIGHT, "on", brightness=BRIGHTNESS), what="the light's state")
        assert server.state(OTHER_LIGHT) == neighbour
        _check_commands(server)


@on_one_broker
def test_a_killed_virtual_entity_actor_keeps_its_state(server: Server) -> None:
    """The state is not the actor's to lose."""
    entity_id = "sensor.written_by_hand"
    server.post(f"/api/states/{entity_id}", {"state": "42", "attributes": {"unit_of_measurement": "W"}})
    before = server.state(entity_id)
    with answering(server):
        server.post(f"/api/actors/entities/{entity_id}/kill")
        assert server.state(entity_id) == before
        server.post(f"/api/states/{entity_id}", {"state": "43"})
        assert _is(server, entity_id, "43")


@on_one_broker
def test_a_killed_simulator_comes_back(server: Server) -> None:
    """The house says good-bye by its last will; its devices remember what they were told."""
    _light_up(server)
    remembered = server.home / ".marge" / "simulated-house.json"

    def remembers() -> bool:
        porch = json.loads(remembered.read_bytes())["Porch"]
        return (porch["state"], porch["brightness"]) == ("ON", BRIGHTNESS)

    server.wait_for(remembers, what="the house's memory")
    before = server.bridge("simulator")
    with answering(server):
        os.kill(before["pid"], signal.SIGKILL)
        server.wait_for(lambda: _is(server, LIGHT, "unavailable"), what="unavailable lights")
        server.wait_for(lambda: _is(server, LIGHT, "on", brightness=BRIGHTNESS), HEALED_S, "the light's state")
        _wait_until_whole(server)

    after = server.bridge("simulator")
    assert after["restarts"] == before["restarts"] + 1
    assert "signal 9" in after["last_error"]
    _check_commands(server)


def test_a_bridge_that_hangs_in_its_start_delays_nobody(tmp_path: Path) -> None:
    """A broker that takes connections and never says a word: the home works, and the bridge is shown as it is."""
    with socket.create_server(("127.0.0.1", 0)) as silent, server_in(tmp_path) as server:
        port = silent.getsockname()[1]
        server.write(
            configuration="marge:\n  broker: external\n"
            f"  broker_host: 127.0.0.1\n  broker_port: {port}\n"
            "  virtual_entities:\n    light.virtual:\n      state: 'off'\n"
        )
        server.start()
        server.wait_for(lambda: _is(server, "light.virtual", "off"), what="the virtual light")
        server.wait_for(lambda: "sun.sun" in [each["entity_id"] for each in server.get("/api/states")], what="the sun")
        with answering(server):
            server.post("/api/services/light/turn_on", {"entity_id": "light.virtual"})
            assert _is(server, "light.virtual", "on")
            waits = ("starting", "restarting")
            server.wait_for(lambda: server.bridge("mqtt").get("status") in waits, what="the bridge as it is")
            gevent.sleep(0.5)
        code, _ = server.terminate()
        assert code == 0
