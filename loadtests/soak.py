"""Everything at once for N minutes, with things killed meanwhile: does anything grow, and what goes wrong?

Run: python -m loadtests.soak [--minutes 8] [--load 1.0] [--json FILE] [--keep FOLDER] [--seed 1]

The demo home; its simulated house drifts every second. Load, `--load` times so much: 200 writes/s to 500 virtual
entities, entities that come and go, 20 WebSocket clients that subscribe to all entities and reconnect every 20 s (half
of them without a goodbye), two that never read, streams of history, logbook, templates and a camera, helpers, config
entries, registry entries and backups made and removed, service calls on MQTT lights, an automation with a delay
triggered every second, a script in restart mode, templates ordinary and hostile, the console's requests. Every 10 s one
actor is killed, every two minutes the broker. Ends with a table, growth after the warm-up, dead letters, errors of the
log and who held the hub.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import http.client  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import random  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import struct  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections import Counter  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
import websocket  # noqa: E402

from loadtests.soak_clients import Clients  # noqa: E402
from tests.support.server import Server  # noqa: E402

WRITES_A_SECOND = 200
WRITERS = 4
ENTITIES = 500
CLIENTS, DEAF = 20, 2
RECONNECT_S = 20.0
KILL_EVERY_S = 10.0
BROKER_KILL_EVERY_S = 120.0
LIGHTS = ("light.porch", "light.kitchen", "light.bedroom", "light.living_room_main")
SPARED = ("/",)
"""A killed root is the end of the process, as it should be."""
COLUMNS = (
    "t", "rss_mb", "malloc_used_mb", "malloc_free_mb", "small_objects",
    "fds", "threads", "greenlets", "objects", "actors", "timers", "subscriptions", "websockets",
    "dead_letters", "db_mb", "slow_turns", "held",
)  # fmt: skip
WARM_UP = 0.25
"""This part of the time does not count when growth is computed."""

AUTOMATION = """
- alias: "Soak"
  mode: parallel
  max: 10
  triggers:
    - trigger: event
      event_type: soak_tick
  actions:
    - delay: "00:00:02"
    - action: input_number.set_value
      target: {entity_id: input_number.evening_brightness}
      data: {value: "{{ (range(0, 50) | random) * 5 }}"}
"""
DEMO = "\ndemo:\n"
"""For its camera."""
SCRIPT = """
soak:
  alias: "Soak"
  mode: restart
  sequence:
    - delay: "00:00:05"
    - action: light.toggle
      target: {entity_id: light.porch}
"""
TEMPLATES = (
    "{{ states | count }}",
    "{{ states.sensor | map(attribute='state') | list | length }}",
    "{{ now().isoformat() }} {{ state_attr('sun.sun', 'elevation') }}",
    "{% for i in range(10000000000) %}{% for j in range(10000000000) %}x{% endfor %}{% endfor %}",
    "{{ 'x' * 10000000000 }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ 9 ** 9 ** 9 }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% if",
    "{{ states | map('round', 10) | list }}",
    "{{ range(100000) | map('string') | join | length }}",
)


class SoakServer(Server):
    """The server with the probe in it."""

    figures: Path

    def start(self, *options: str, wait: bool = True) -> float:
        began = time.monotonic()
        self.figures = self.folder / "figures.jsonl"
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "loadtests.soak_inside", str(self.home), str(self.figures)],
                env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        self.wait_for(self.answers, 60, "an answer")
        return time.monotonic() - began

    def samples(self) -> list[dict[str, Any]]:
        lines = self.figures.read_text("utf-8").splitlines() if self.figures.exists() else []
        return [json.loads(line) for line in lines]


class Soak:
    """The clients. `outcomes` counts what they saw; each runs until `ends`."""

    def __init__(self, server: Server, minutes: float, seed: int, load: float = 1.0) -> None:
        self.server = server
        self.load = load
        self.ends = time.monotonic() + minutes * 60
        self.outcomes: Counter[str] = Counter()
        self.killed: Counter[str] = Counter()
        self.latencies: list[float] = []
        self.random = random.Random(seed)

    def run(self) -> None:
        clients = max(1, round(CLIENTS * self.load))
        jobs: list[Callable[[], None]] = [self.write] * WRITERS + [self.client] * clients + [self.deaf] * DEAF
        jobs += [self.come_and_go, self.services, self.events, self.templates, self.console, self.killer, self.broker]
        newer = Clients(
            self.server.port, self.server.token, self.connect, Rest(self, timeout=20).send, self.outcomes,
            lambda: self.goes_on,
        )  # fmt: skip
        running = [gevent.spawn(job) for job in (*jobs, *newer.jobs())]
        gevent.joinall(running, raise_error=True)

    @property
    def goes_on(self) -> bool:
        return time.monotonic() < self.ends

    # -- REST --------------------------------------------------------------------------------------------------------

    def write(self) -> None:
        session, number, pause = Rest(self), 0, WRITERS / WRITES_A_SECOND / self.load
        due = time.monotonic()
        while self.goes_on:
            number += 1
            entity_id = f"sensor.soak_{self.random.randrange(ENTITIES)}"
            began = time.monotonic()
            session.send("POST", f"/api/states/{entity_id}", {"state": str(number), "attributes": {"n": number % 50}})
            self.latencies.append(time.monotonic() - began)
            due += pause
            gevent.sleep(max(0.0, due - time.monotonic()))

    def come_and_go(self) -> None:
        session, number = Rest(self), 0
        while self.goes_on:
            number += 1
            session.send("POST", f"/api/states/sensor.visitor_{number}", {"state": "here"})
            session.send("DELETE", f"/api/states/sensor.visitor_{number}")
            gevent.sleep(0.2 / self.load)

    def services(self) -> None:
        session = Rest(self, timeout=20)
        while self.goes_on:
            light = self.random.choice(LIGHTS)
            session.send("POST", "/api/services/light/toggle", {"entity_id": light})
            session.send("POST", "/api/services/script/turn_on", {"entity_id": "script.soak"})
            gevent.sleep(0.5 / self.load)

    def events(self) -> None:
        session = Rest(self)
        while self.goes_on:
            session.send("POST", "/api/events/soak_tick", {})
            gevent.sleep(1.0)

    def templates(self) -> None:
        session = Rest(self, timeout=20)
        while self.goes_on:
            for template in TEMPLATES:
                session.send("POST", "/api/template", {"template": template}, expect=(200, 400))
                gevent.sleep(0.5 / self.load)

    def console(self) -> None:
        session = Rest(self)
        while self.goes_on:
            for path in ("/api/actors", "/api/states", "/metrics", "/api/health", "/api/actors?sort=busy_ms&limit=20"):
                session.send("GET", path)
                gevent.sleep(0.4 / self.load)

    # -- harm --------------------------------------------------------------------------------------------------------

    def killer(self) -> None:
        session = Rest(self)
        while self.goes_on:
            gevent.sleep(KILL_EVERY_S)
            tree = session.send("GET", "/api/actors?depth=4&limit=2000")
            paths = [path for path in _paths(json.loads(tree)) if path not in SPARED] if tree else []
            # Few kinds and many entities: first a place, then one of those that live there.
            place = self.random.choice(sorted({path.rpartition("/")[0] for path in paths}) or [""])
            there = [path for path in paths if path.rpartition("/")[0] == place]
            if there:
                path = self.random.choice(there)
                self.killed[path] += 1
                session.send("POST", f"/api/actors{path}/kill", expect=(200, 404))

    def broker(self) -> None:
        while self.goes_on:
            gevent.sleep(min(BROKER_KILL_EVERY_S, max(0.0, self.ends - time.monotonic())))
            try:
                pid = self.server.bridge("broker").get("pid")
                if pid and self.goes_on:
                    os.kill(pid, signal.SIGKILL)
                    self.killed["the broker's process"] += 1
            except (OSError, ProcessLookupError) as error:
                self.outcomes[f"broker: {error!r}"] += 1

    # -- WebSocket ---------------------------------------------------------------------------------------------------

    def connect(self, receive_buffer: int | None = None) -> websocket.WebSocket:
        options = [(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)] if receive_buffer else []
        link = websocket.create_connection(
            f"ws://127.0.0.1:{self.server.port}/api/websocket", timeout=20, sockopt=options, skip_utf8_validation=True
        )
        link.recv()
        link.send(json.dumps({"type": "auth", "access_token": self.server.token}))
        link.recv()
        link.send(json.dumps({"id": 1, "type": "subscribe_entities"}))
        return link

    def client(self) -> None:
        gevent.sleep(self.random.random() * RECONNECT_S)
        while self.goes_on:
            try:
                link = self.connect()
                until = time.monotonic() + RECONNECT_S
                while self.goes_on and time.monotonic() < until:
                    link.recv()
                    self.outcomes["websocket messages"] += 1
                self._leave(link)
            except (OSError, websocket.WebSocketException) as error:
                # A connection whose actor is killed ends so.
                self.outcomes[f"websocket: {type(error).__name__} {error}"[:80]] += 1
                gevent.sleep(0.5)

    def _leave(self, link: websocket.WebSocket) -> None:
        how = self.random.randrange(4)
        self.outcomes["websocket connections"] += 1
        if how == 0 and link.sock is not None:  # a reset
            link.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if how <= 1:
            link.shutdown()
        else:
            link.close(timeout=2)

    def deaf(self) -> None:
        """Never reads; once a minute it comes again, because the server drops those."""
        while self.goes_on:
            try:
                link = self.connect(receive_buffer=4096)
                gevent.sleep(min(60.0, max(0.0, self.ends - time.monotonic())))
                link.shutdown()
            except (OSError, websocket.WebSocketException) as error:
                self.outcomes[f"deaf: {type(error).__name__} {error}"[:80]] += 1
                gevent.sleep(1)


class Rest:
    """One client's connection; failures are counted, not raised."""

    def __init__(self, soak: Soak, timeout: float = 10.0) -> None:
        self._soak = soak
        self._timeout = timeout
        self._link: http.client.HTTPConnection | None = None

    def send(self, method: str, path: str, body: Any = None, expect: tuple[int, ...] = (200, 201)) -> bytes:
        """The answer; empty when it was none of `expect`."""
        kind = f"{method} {'/'.join(path.partition('?')[0].split('/')[:3])}"
        try:
            if self._link is None:
                self._link = http.client.HTTPConnection("127.0.0.1", self._soak.server.port, timeout=self._timeout)
                self._link.connect()
                self._link.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._link.request(
                method, path, None if body is None else json.dumps(body),
                {"Authorization": f"Bearer {self._soak.server.token}", "Content-Type": "application/json"},
            )  # fmt: skip
            reply = self._link.getresponse()
            answer = reply.read()
        except (OSError, http.client.HTTPException) as error:
            self._soak.outcomes[f"{kind}: {type(error).__name__}"] += 1
            self._link = None
            gevent.sleep(0.1)
            return b""
        if reply.status in expect:
            self._soak.outcomes[f"{kind}: good"] += 1
            return answer
        self._soak.outcomes[f"{kind}: {reply.status} {answer[:60]!r}"] += 1
        return b""


def _paths(node: dict[str, Any]) -> list[str]:
    return [node["path"], *(path for child in node.get("children", ()) for path in _paths(child))]


def prepare(server: Server) -> None:
    """The demo home, an automation and a script; its house is a process of our own, which drifts faster."""
    server.use_demo_home(simulator=False)
    for name, more in (("automations", AUTOMATION), ("scripts", SCRIPT), ("configuration", DEMO)):
        file = server.home / f"{name}.yaml"
        file.write_text(file.read_text("utf-8") + more, "utf-8")


def report(server: SoakServer, soak: Soak, seconds: float) -> dict[str, Any]:
    """Print the tables; returns what goes into the JSON file."""
    samples = server.samples()
    last = samples.pop() if samples and samples[-1].get("last") else {}
    print("".join(f"{column:>14}" for column in COLUMNS))
    step = max(1, len(samples) // 24)
    for sample in samples[::step]:
        print("".join(f"{sample[column]:>14}" for column in COLUMNS))
    counted = [sample for sample in samples if sample["t"] >= seconds * WARM_UP]
    growth = _growth(counted)
    print("\nGrowth from the first to the last third after the warm-up, and after a full collection:")
    for column in COLUMNS[1:]:
        print(f"  {column:14} {growth.get(column, '')!s:>10}   at the end {last.get(column, '')}")
    print("\nObjects that became more (by type):", _type_growth(counted))
    print("\nCycles that the last collection found:", last.get("cycles"))
    print("\nDead letters:", last.get("dead_by_reason"))
    print("\nKilled:", dict(soak.killed.most_common()))
    print("\nWhat clients saw:")
    for outcome, count in sorted(soak.outcomes.items()):
        print(f"  {count:>9}  {outcome}")
    times = sorted(soak.latencies)
    if times:
        picked = ", ".join(f"p{part} {times[len(times) * part // 100] * 1000:.1f} ms" for part in (50, 99))
        print(f"\nWrites: {len(times)}, {picked}, slowest {times[-1] * 1000:.0f} ms")
    print("\nThe log's warnings and errors:")
    problems = _problems(server)
    for text, count in problems.most_common(40):
        print(f"  {count:>6}  {text}")
    print("\nWho held the hub (the probe itself left out):")
    for hold in last.get("holds", ())[-25:]:
        print(f"  {hold['ms']:>5} ms  {hold['actor']}  {' < '.join(_short(line) for line in reversed(hold['stack']))}")
    return {
        "seconds": seconds, "samples": samples, "last": last, "growth": growth, "outcomes": dict(soak.outcomes),
        "killed": dict(soak.killed), "problems": dict(problems),
    }  # fmt: skip


def _growth(samples: list[dict[str, Any]]) -> dict[str, float]:
    third = max(1, len(samples) // 3)

    def mean(part: list[dict[str, Any]], column: str) -> float:
        return sum(sample[column] for sample in part) / len(part)

    if len(samples) < 2:
        return {}
    return {name: round(mean(samples[-third:], name) - mean(samples[:third], name), 2) for name in COLUMNS[1:]}


def _type_growth(samples: list[dict[str, Any]]) -> dict[str, int]:
    if len(samples) < 2:
        return {}
    before, after = samples[0]["types"], samples[-1]["types"]
    grown = Counter({name: count - before.get(name, 0) for name, count in after.items()})
    return {name: count for name, count in grown.most_common(25) if count > 50}


def _problems(server: Server) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in server.log_lines():
        if line.get("level") in ("warning", "error", "critical"):
            about = line.get("actor") or line.get("reason") or line.get("path") or ""
            about = "".join("#" if each.isdigit() else each for each in str(about))
            raised = str(line.get("exception", "")).strip().splitlines()
            found[f"{line['level']}: {line.get('event')} {about} {raised[-1] if raised else ''}"[:200]] += 1
    for text in server.log.read_text("utf-8", "replace").splitlines():
        if text.startswith(("Traceback", "marge: the hub")):
            found[f"not in the log's form: {text}"] += 1
    return found


def _short(line: str) -> str:
    return line.rpartition("/")[2]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=8.0)
    parser.add_argument("--load", type=float, default=1.0, help="times the usual rates; 0.2 on a shared machine")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write all figures there")
    parser.add_argument("--keep", type=Path, help="work in this folder and leave home, database and log there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        server = SoakServer(folder)
        try:
            figures = soak(server, options.minutes, options.seed, options.load)
        finally:
            server.end()
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), "utf-8")


def soak(server: SoakServer, minutes: float, seed: int, load: float = 1.0) -> dict[str, Any]:
    """One soak of a server that is not started yet."""
    prepare(server)
    server.start()
    words = ["simulate", "--port", str(server.mqtt_port), "--drift", "1"]
    with (server.folder / "simulate.log").open("wb") as out:
        house = subprocess.Popen(
            [sys.executable, "-m", "marge", *words], env=server.environment, stdin=subprocess.DEVNULL, stdout=out,
            stderr=out,
        )  # fmt: skip
    began = time.monotonic()
    try:
        server.wait_for(lambda: server.state(LIGHTS[0]), 40, "the simulated house")
        clients = Soak(server, minutes, seed, load)
        clients.run()
        gevent.sleep(5)  # connections end
        assert server.process is not None
        server.process.send_signal(signal.SIGUSR1)
        server.wait_for(lambda: any(each.get("last") for each in server.samples()), 60, "the last figures")
        figures = report(server, clients, time.monotonic() - began)
        code, took = server.terminate()
        print(f"\nStopped with exit code {code} in {took:.1f} s")
    finally:
        house.terminate()
        house.wait(10)
    return figures


__all__ = ["Soak", "SoakServer", "soak"]

if __name__ == "__main__":
    main()
