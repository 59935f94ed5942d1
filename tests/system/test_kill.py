"""`kill -9` of the running server under load: it is up again, and nothing older than the commit interval is lost."""

from __future__ import annotations

import http.client
import json
import random
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import gevent
import paho.mqtt.client as mqtt
import pytest

from tests.support.server import Server, port_is_free, server_in
from tests.support.waiting import until

pytestmark = pytest.mark.system

COMMIT_INTERVAL_S = 1.0
SLACK_S = 0.5
"""For a busy machine: the commit itself takes time, and so does the reply's way to the writer."""
WRITERS = 4
ENTITIES_A_WRITER = 75
MQTT_ENTITIES = 20
MQTT_PAUSE_S = 0.005
LOAD_S = (1.3, 2.3)
UP_AGAIN_S = 30.0
"""Generous on purpose: the figure is the benchmark's business."""


class Known(NamedTuple):
    """A value that a client knows the server to have."""

    at: float
    value: int


class Load:
    """Writers over REST and a device over MQTT, all at once, as fast as the server answers. Remembers what was seen.

    Attributes:
        known: by entity, every value that was acknowledged (REST) or read back (MQTT), oldest first.
        sent: by entity, the last value that was sent.
    """

    def __init__(self, server: Server, begin: int) -> None:
        self.server = server
        self.begin = begin
        self.known: dict[str, list[Known]] = {}
        self.sent: dict[str, int] = {}
        self._clients = [gevent.spawn(self._write, number) for number in range(WRITERS)]
        self._device = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._device.connect("127.0.0.1", server.mqtt_port)
        self._device.loop_start()
        self._clients += [gevent.spawn(self._publish), gevent.spawn(self._read_back)]

    def stop(self) -> None:
        gevent.killall(self._clients, block=True, timeout=5)
        self._device.loop_stop()
        self._device.disconnect()

    def last_known(self, entity_id: str, before: float) -> int | None:
        """The newest value that the server was known to have at the time `before`."""
        old = [known.value for known in self.known[entity_id] if known.at <= before]
        return old[-1] if old else None

    def _write(self, writer: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=5)
        headers = {"Authorization": f"Bearer {self.server.token}", "Content-Type": "application/json"}
        value = self.begin
        try:
            while True:
                value += 1
                entity_id = f"sensor.kill_{writer}_{value % ENTITIES_A_WRITER}"
                body = json.dumps({"state": str(value), "attributes": {"copy": value, "unit_of_measurement": "W"}})
                self.sent[entity_id] = value
                connection.request("POST", f"/api/states/{entity_id}", body, headers)
                reply = connection.getresponse()
                reply.read()
                assert reply.status in (200, 201), reply.status
                self._note(entity_id, value)
        except (OSError, http.client.HTTPException):
            return  # the kill

    def _publish(self) -> None:
        for number in range(MQTT_ENTITIES):
            config = {"state_topic": f"kill/{number}", "unique_id": f"kill_{number}", "name": f"Kill mqtt {number}"}
            config["default_entity_id"] = f"sensor.kill_mqtt_{number}"
            # Retained: the bridge may be connected and not subscribed yet.
            self._device.publish(f"homeassistant/sensor/kill_{number}/config", json.dumps(config), qos=1, retain=True)
        value = self.begin
        while True:
            value += 1
            number = value % MQTT_ENTITIES
            self.sent[f"sensor.kill_mqtt_{number}"] = value
            self._device.publish(f"kill/{number}", str(value))
            gevent.sleep(MQTT_PAUSE_S)

    def _read_back(self) -> None:
        try:
            while True:
                for state in self.server.get("/api/states"):
                    if state["entity_id"].startswith("sensor.kill_mqtt_") and state["state"].isdigit():
                        self._note(state["entity_id"], int(state["state"]))
                gevent.sleep(0.1)
        except OSError:
            return  # the kill

    def _note(self, entity_id: str, value: int) -> None:
        self.known.setdefault(entity_id, []).append(Known(time.monotonic(), value))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with server_in(tmp_path) as server:
        server.use_demo_home()
        yield server


@pytest.mark.parametrize("kills", [20])
def test_a_killed_server_comes_back_with_what_was_committed(server: Server, tmp_path: Path, kills: int) -> None:
    """Each time: up again, the database intact, no orphans, no port held, no acknowledged state older than 1 s lost."""
    chance = random.Random(kills)
    server.start()
    starts, losses = [], []
    for kill in range(kills):
        load = _load_until_all_is_known(server, begin=kill * 1_000_000)
        gevent.sleep(chance.uniform(*LOAD_S))
        killed_at = time.monotonic()
        server.kill()
        load.stop()

        until(lambda: not server.orphans(), 10, f"the end of the children {server.orphans()}")
        until(lambda: port_is_free(server.port) and port_is_free(server.mqtt_port), 10, "free ports")
        stored = _stored(server.database, tmp_path / f"copy-{kill}")
        starts.append(server.start())
        assert starts[-1] < UP_AGAIN_S

        shown = {state["entity_id"]: state for state in server.get("/api/states")}
        losses.append(_check(load, stored, shown, killed_at))
    print(f"{kills} kills: up again in {max(starts):.2f} s at most; oldest loss {max(losses):.2f} s before its kill")


def _load_until_all_is_known(server: Server, begin: int) -> Load:
    server.wait_for(lambda: server.bridge("mqtt").get("status") == "running", 60, "the MQTT bridge")
    load = Load(server, begin)
    everything = WRITERS * ENTITIES_A_WRITER + MQTT_ENTITIES
    server.wait_for(lambda: len(load.known) == everything, 30, "every entity under load")
    return load


def _check(load: Load, stored: dict[str, str], shown: dict[str, dict[str, Any]], killed_at: float) -> float:
    """Compare; how old the oldest lost write was when the server was killed, in s."""
    oldest_loss = 0.0
    for entity_id, history in load.known.items():
        least = load.last_known(entity_id, killed_at - COMMIT_INTERVAL_S - SLACK_S)
        value = int(stored[entity_id])
        assert least is None or value >= least, f"{entity_id}: {value} is older than {least}, which was acknowledged"
        assert value <= load.sent[entity_id], entity_id
        lost = [killed_at - known.at for known in history if known.value > value]
        oldest_loss = max([oldest_loss, *lost])
        _check_restored(shown[entity_id], value)
    return oldest_loss


def _check_restored(state: dict[str, Any], value: int) -> None:
    if state["entity_id"].startswith("sensor.kill_mqtt_"):  # owned, and its owner is not back
        assert state["state"] == "unavailable" and state["attributes"]["restored"] is True, state
    else:
        assert (state["state"], state["attributes"]["copy"]) == (str(value), value), state


def _stored(database: Path, folder: Path) -> dict[str, str]:
    """The last known states in the database as the kill left it; read from a copy, so that its WAL stays as it is."""
    folder.mkdir()
    for file in database.parent.glob(f"{database.name}*"):
        shutil.copy(file, folder / file.name)
    connection = sqlite3.connect(folder / database.name)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = connection.execute(
            "SELECT entities.entity_id, current.state FROM current JOIN entities ON entities.id = current.entity"
        )
        return dict(rows.fetchall())
    finally:
        connection.close()
        shutil.rmtree(folder)

