"""The same MQTT devices to both, through one mosquitto, in turns: how fast each makes entities and takes states.

A thousand sensors, each picking one value out of a JSON object with a value template. Each side has a discovery prefix
of its own, and its devices say the same words as the other one's. While one has its turn, the other one's process is
stopped. A last sensor counts along: a WebSocket client that hears its state knows that all before it is digested; what
the others show is compared at the end.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import requests
import websocket

from loadtests.bench_devices import Device, packet
from loadtests.compare.peer import NoPeer, running
from loadtests.compare.speed import Rates, Side, asleep, pin, pin_generator
from tests.support.broker import mosquitto_path, start_broker, stop_broker
from tests.support.server import Server, server_in

STATES, DISCOVERIES = "MQTT states", "MQTT discoveries"
SENSORS = 1_000
CHUNK, AHEAD = 250, 4_000
"""Messages between two words of the counting sensor; so many may be on their way, so that the broker drops none."""
PATIENCE_S = 60.0
STATE_BODY = {"battery": 87, "humidity": 41.5, "linkquality": 120, "pressure": 1013, "voltage": 2995}

_HOME = "homeassistant:\n  name: Home\n  unit_system: metric\n  time_zone: UTC\nrecorder:\nhistory:\n"
PEER_CONFIGURATION = _HOME + "api:\nwebsocket_api:\nconfig:\n"


class Home:
    """One of the two with its devices.

    Args:
        prefix: of its discovery topics, and the first level of its devices' topics.
    """

    def __init__(self, side: Side, prefix: str, device: Device) -> None:
        self.side = side
        self.prefix = prefix
        self._device = device
        self._url = f"http://127.0.0.1:{side.port}"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {side.token}"
        self._round = 0

    # -- setting up ----------------------------------------------------------------------------------------------

    def connect(self, port: int) -> None:
        """Tell it, as a user would in the frontend, where the broker is and where devices announce themselves."""
        if not self._get("/api/config/config_entries/entry?domain=mqtt"):
            self._fill("flow", {"handler": "mqtt"}, {"broker": "127.0.0.1", "port": port})
        [entry] = self._get("/api/config/config_entries/entry?domain=mqtt")
        options = {"discovery": True, "discovery_prefix": self.prefix, "birth_enable": False, "will_enable": False}
        self._fill("options/flow", {"handler": entry["entry_id"]}, options)

        def is_there() -> bool:
            [found] = self._get("/api/config/config_entries/entry?domain=mqtt")
            return bool(found["state"] == "loaded")

        _until(is_there, "the connection")
        with self._listening("state_changed") as hear:
            # Discovery is subscribed to some time after the entry is there: what is retained finds it.
            self._announce("probe", 1)
            _until(lambda: any(each.endswith(self._count_id("probe")) for each in hear()), "a first entity")
        self._withdraw("probe", 1)

    def _fill(self, kind: str, start: dict[str, Any], answers: dict[str, Any]) -> None:
        path = f"{self._url}/api/config/config_entries/{kind}"
        step = self._session.post(path, json={**start, "show_advanced_options": False}, timeout=120).json()
        done = self._session.post(f"{path}/{step['flow_id']}", json=answers, timeout=120).json()
        if done.get("type") != "create_entry":
            raise NoPeer(f"{self.side.name} does not take {answers}: {done}")

    def _get(self, path: str) -> Any:
        reply = self._session.get(self._url + path, timeout=30)
        reply.raise_for_status()
        return reply.json()

    # -- a turn --------------------------------------------------------------------------------------------------

    def turn(self, messages: int) -> tuple[float, float, float, float, int]:
        """Discoveries and states a second, the processor seconds of each, and how many sensors show something wrong."""
        self._round += 1
        name = f"r{self._round}"
        cpu = self._cpu_s()
        began = time.perf_counter()
        self._announce_and_wait(name)
        discovered = time.perf_counter() - began
        discovered_cpu = self._cpu_s() - cpu
        self._warm_up(name)
        cpu = self._cpu_s()
        took = self._flood(name, messages)
        flood_cpu = self._cpu_s() - cpu
        wrong = self._wrong(name, messages)
        self._withdraw(name, SENSORS)
        return (
            (SENSORS + 1) / discovered, messages / took, discovered_cpu / (SENSORS + 1), flood_cpu / messages, wrong,
        )  # fmt: skip

    def _announce_and_wait(self, name: str) -> None:
        with self._listening("state_changed") as hear:
            self._announce(name, SENSORS)
            self._until_heard_of_all(name, SENSORS, hear, "the entities")

    def _announce(self, name: str, sensors: int) -> None:
        packets = []
        for number in range(sensors):
            config = {
                "name": f"{name} {number}", "unique_id": f"{name}_{number}", "object_id": f"{name}_{number}",
                "state_topic": f"{self.prefix}-devices/{name}/{number}", "unit_of_measurement": "°C",
                "device_class": "temperature", "state_class": "measurement",
                "value_template": "{{ value_json.temperature }}",
            }  # fmt: skip
            packets.append(self._config(f"{name}_{number}", json.dumps(config).encode()))
        count = {"name": f"{name} count", "unique_id": f"{name}_count", "object_id": f"{name}_count",
                 "state_topic": f"{self.prefix}-devices/{name}/count"}  # fmt: skip
        packets.append(self._config(f"{name}_count", json.dumps(count).encode()))
        self._device.send(b"".join(packets))

    def _withdraw(self, name: str, sensors: int) -> None:
        with self._listening("state_changed") as hear:
            numbers = [*map(str, range(sensors)), "count"]
            self._device.send(b"".join(self._config(f"{name}_{each}", b"") for each in numbers))
            self._until_heard_of_all(name, sensors, hear, "the end of the entities")

    def _until_heard_of_all(self, name: str, sensors: int, hear: Callable[[], list[str]], what: str) -> None:
        left = {f"sensor.{name}_{number}" for number in range(sensors)} | {self._count_id(name)}
        deadline = time.monotonic() + PATIENCE_S
        while left:
            left.difference_update(hear())
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.side.name}: not within {PATIENCE_S:g} s: {what}; {len(left)} are left")

    def _config(self, object_id: str, payload: bytes) -> bytes:
        return packet(f"{self.prefix}/sensor/{object_id}/config", payload, retain=True)

    @staticmethod
    def _count_id(name: str) -> str:
        return f"sensor.{name}_count"

    def _warm_up(self, name: str) -> None:
        """Speak until each sensor has heard something: subscriptions come a moment after entities."""

        def have_all() -> bool:
            self._device.send(b"".join(self._says(name, number, 0) for number in range(SENSORS)))
            self._device.send(packet(f"{self.prefix}-devices/{name}/count", b"0"))
            time.sleep(0.3)
            return self._wrong(name, 0) == 0

        _until(have_all, "a first state of all")

    def _says(self, name: str, number: int, value: int) -> bytes:
        body = {**STATE_BODY, "temperature": value / 10}
        return packet(f"{self.prefix}-devices/{name}/{number}", json.dumps(body).encode())

    def _flood(self, name: str, messages: int) -> float:
        """Seconds until all of them are digested."""
        chunks = []
        for start in range(0, messages, CHUNK):
            said = [self._says(name, each % SENSORS, each + 1) for each in range(start, min(start + CHUNK, messages))]
            counted = packet(f"{self.prefix}-devices/{name}/count", str(start + CHUNK).encode())
            chunks.append(b"".join(said) + counted)
        sent = seen = 0
        with self._listening_to(self._count_id(name)) as next_count:
            began = time.perf_counter()
            while seen < len(chunks) * CHUNK:
                while sent < len(chunks) and sent * CHUNK - seen < AHEAD:
                    self._device.send(chunks[sent])
                    sent += 1
                seen = next_count()
            return time.perf_counter() - began

    def _wrong(self, name: str, messages: int) -> int:
        """Sensors that do not show the last thing said to them."""
        shown = {each["entity_id"]: each["state"] for each in self._get("/api/states")}
        wrong = 0
        for number in range(SENSORS):
            last = 0 if messages == 0 else messages - (messages - 1 - number) % SENSORS
            wrong += shown.get(f"sensor.{name}_{number}") != str(last / 10)
        return wrong

    def _cpu_s(self) -> float:
        return float(sum(psutil.Process(self.side.pid).cpu_times()[:2]))

    # -- listening -----------------------------------------------------------------------------------------------

    @contextmanager
    def _command(self, **command: Any) -> Iterator[websocket.WebSocket]:
        client = websocket.create_connection(f"ws://127.0.0.1:{self.side.port}/api/websocket", timeout=PATIENCE_S)
        try:
            client.recv()
            client.send(json.dumps({"type": "auth", "access_token": self.side.token}))
            client.recv()
            client.send(json.dumps({"id": 1, **command}))
            answer = json.loads(client.recv())
            if not answer.get("success"):
                raise RuntimeError(f"{self.side.name} answers {answer}")
            yield client
        finally:
            client.close()

    @contextmanager
    def _listening(self, event_type: str) -> Iterator[Callable[[], list[str]]]:
        """Gives a function that waits, and then says of which entities an event came."""
        with self._command(type="subscribe_events", event_type=event_type) as client:

            def hear() -> list[str]:
                message = json.loads(client.recv())
                events = message if isinstance(message, list) else [message]
                return [each["event"]["data"]["entity_id"] for each in events]

            yield hear

    @contextmanager
    def _listening_to(self, entity_id: str) -> Iterator[Callable[[], int]]:
        """Gives a function that waits for the sensor's next number."""
        with self._command(type="subscribe_entities", entity_ids=[entity_id]) as client:

            def next_number() -> int:
                while True:
                    message = json.loads(client.recv())
                    for each in message if isinstance(message, list) else [message]:
                        state = each["event"].get("c", {}).get(entity_id, {}).get("+", {}).get("s")
                        if state is not None:
                            return int(state)

            yield next_number


def _until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"not within {PATIENCE_S:g} s: {what}")


def compare_mqtt(program: Path, messages: int, rounds: int) -> tuple[dict[str, Rates], dict[str, int]]:
    """Rates by case, and by side how many sensors showed something wrong after a flood, in all rounds.

    Raises:
        NoPeer: no Home Assistant, or no mosquitto.
    """
    if mosquitto_path() is None:
        raise NoPeer("mosquitto is not installed")
    _host, port, broker = start_broker("mosquitto")
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            server_in(Path(folder)) as marge,
            running(program, Path(folder), PEER_CONFIGURATION, {}) as peer,
        ):
            _start(marge, port)
            device = Device(port)
            homes = (
                Home(Side("Home Assistant", peer.port, peer.token, peer.pid), "peer", device),
                Home(Side("Marge", marge.port, marge.token, marge.pid), "marge-side", device),
            )
            for each in homes:
                each.connect(port)
                pin(each.side)
            psutil.Process(broker.pid).cpu_affinity(psutil.Process().cpu_affinity()[-1:])
            pin_generator()
            found = _in_turns(*homes, messages, rounds)
            device.close()
            return found
    finally:
        stop_broker(broker)


def _start(marge: Server, port: int) -> None:
    broker = f"marge:\n  broker: {{kind: external, host: 127.0.0.1, port: {port}}}\n"
    marge.write(configuration=_HOME + broker)
    made = marge.cli("token", "create", "compare", "--config", str(marge.home))
    marge.token = made.stdout.strip()
    marge.start()
    marge.wait_for(lambda: marge.bridge("mqtt").get("status") == "running", PATIENCE_S, "the MQTT bridge")


def _in_turns(peer: Home, marge: Home, messages: int, rounds: int) -> tuple[dict[str, Rates], dict[str, int]]:
    rows: dict[str, list[tuple[float, ...]]] = {DISCOVERIES: [], STATES: []}
    wrong = {peer.side.name: 0, marge.side.name: 0}
    for _ in range(rounds):
        with asleep(marge.side):
            theirs = peer.turn(messages)
        with asleep(peer.side):
            ours = marge.turn(messages)
        for case, rate, cpu in ((DISCOVERIES, 0, 2), (STATES, 1, 3)):
            rows[case].append((theirs[rate], ours[rate], ours[rate] / theirs[rate], theirs[cpu] * 1e6, ours[cpu] * 1e6))
        wrong[peer.side.name] += int(theirs[4])
        wrong[marge.side.name] += int(ours[4])
    rates = {case: Rates(*(statistics.median(row[i] for row in seen) for i in range(5))) for case, seen in rows.items()}
    return rates, wrong
