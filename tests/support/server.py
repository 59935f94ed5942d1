"""The real server as a process, for tests and load tests: free ports, a home of its own, waited for, ended for sure.

Not here: what is tested with it. Works with and without gevent's patches.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.support.broker import free_port
from tests.support.waiting import Patience

DEMO_HOME = Path(__file__).parents[2] / "etc" / "demo-home"
START_DEADLINE_S = 90.0
STOP_DEADLINE_S = 60.0
POLL_S = 0.01
TOKEN = "a-fixed-token-of-a-test-home-0123456789"
"""`MARGE_AUTH_TOKEN`: saves each test a second `marge token create` process."""


class HttpFailure(AssertionError):
    """The server refused: `status` and `body`."""

    def __init__(self, method: str, path: str, status: int, body: bytes) -> None:
        super().__init__(f"{method} {path}: {status} {body[:300]!r}")
        self.status = status
        self.body = body


class Server:
    """`marge --config home` on free ports of the loopback. `start`, `kill`, `terminate` may follow each other.

    Attributes:
        home: its directory; the database lies beside it.
        token: an administrator's.
        process: the latest one.
        log: standard error of all its lives, one after the other; standard output is in there, too.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.database = folder / "marge.db"
        self.log = folder / "marge.log"
        self.port, self.mqtt_port = free_port(), free_port()
        self.token = TOKEN
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MARGE_")},
            "MARGE_HTTP_HOST": "127.0.0.1",
            "MARGE_HTTP_PORT": str(self.port),
            "MARGE_MQTT_PORT": str(self.mqtt_port),
            "MARGE_DB_PATH": str(self.database),
            "MARGE_AUTH_TOKEN": TOKEN,
            "MARGE_FRONTEND": "basic",
            **(environment or {}),
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._orphans: list[psutil.Process] = []

    # -- its home ----------------------------------------------------------------------------------------------------

    def use_demo_home(self, broker: str = "auto", simulator: bool = True) -> None:
        """A copy of the demo home as it is shipped, but for the broker's kind and the simulated house."""
        shutil.copytree(DEMO_HOME, self.home)
        file = self.home / "configuration.yaml"
        text = file.read_text("utf-8")
        wanted = str(simulator).lower()
        changes = {"  broker: auto ": f"  broker: {broker} ", "  simulator: true ": f"  simulator: {wanted} "}
        for old, new in changes.items():
            assert old in text, old
            text = text.replace(old, new)
        file.write_text(text, "utf-8")

    def write(self, **files: str) -> None:
        """Files of the home: `configuration` is `configuration.yaml`."""
        self.home.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (self.home / f"{name}.yaml").write_text(text, "utf-8")

    # -- its life ----------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process is not None, "not started"
        return self.process.pid

    def start(self, *options: str, wait: bool = True) -> float:
        """Start the process; the seconds until it answered.

        Raises:
            AssertionError: it ended, or does not answer.
        """
        began = time.monotonic()
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "marge", "--config", str(self.home), *options],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # so that the whole group can be killed, and a Ctrl-C of the tests is ours
            )
        if wait:
            self.wait_for(self.answers, START_DEADLINE_S, "an answer")
        return time.monotonic() - began

    def answers(self) -> bool:
        """Whether `/api/health` answers 200."""
        try:
            with urllib.request.urlopen(f"{self.url}/api/health", timeout=20) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """`kill -9` of the main process alone: its children have to notice by themselves."""
        assert self.process is not None
        self._orphans += self.children()
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(60)

    def orphans(self) -> list[psutil.Process]:
        """Children of killed servers that still run. Zombies do not count: reaping them is the init process's work."""
        return [child for child in self._orphans if lives(child)]

    def terminate(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Ask it to end: the exit code and the seconds that it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(STOP_DEADLINE_S)
        return code, time.monotonic() - began

    def end(self) -> None:
        """However it stands: nothing of it is left."""
        if self.process is None:
            return
        children = self._orphans + (self.children() if self.process.poll() is None else [])
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait(60)
        for child in children:
            try:
                child.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(children, timeout=60)

    def children(self) -> list[psutil.Process]:
        """Its child processes: broker, simulator."""
        try:
            return list(psutil.Process(self.pid).children(recursive=True))
        except psutil.NoSuchProcess:
            return []

    def wait_for(self, condition: Callable[[], Any], timeout_s: float = 60.0, what: str = "") -> Any:
        """The first true value of `condition()`; fails with the end of the log, also when the process ended."""
        patience = Patience(timeout_s)
        while True:
            value = condition()
            if value:
                return value
            assert self.process is not None and self.process.poll() is None, f"Marge ended: {self.log_tail()}"
            assert not patience.is_over(), f"not within {timeout_s:g} s: {what}; log: {self.log_tail()}"
            time.sleep(POLL_S)

    # -- its log -----------------------------------------------------------------------------------------------------

    def log_tail(self) -> str:
        return self.log.read_text("utf-8", "replace")[-4_000:]

    def log_lines(self) -> list[dict[str, Any]]:
        """The lines of the log that are JSON: all but the standard output's."""
        lines = []
        for line in self.log.read_text("utf-8", "replace").splitlines():
            if line.startswith("{"):
                lines.append(json.loads(line))
        return lines

    # -- its API -----------------------------------------------------------------------------------------------------

    def request(self, method: str, path: str, body: Any = None, timeout: float = 60.0) -> Any:
        """One request as an administrator; its JSON.

        Raises:
            HttpFailure: another status than 200 or 201.
            OSError: no answer.
        """
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        request.add_header("Authorization", f"Bearer {self.token}")
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise HttpFailure(method, path, error.code, error.read()) from error
        return json.loads(text) if text.strip() else None

    def get(self, path: str) -> Any:
        return self.request("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self.request("POST", path, {} if body is None else body)

    def state(self, entity_id: str) -> dict[str, Any] | None:
        """The entity's state object; None when there is none."""
        try:
            found: dict[str, Any] = self.get(f"/api/states/{entity_id}")
        except HttpFailure as failure:
            if failure.status == 404:
                return None
            raise
        return found

    def health(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.get("/api/health")
        return answer

    def bridge(self, name: str) -> dict[str, Any]:
        """One bridge's block of `/api/health`; empty while it is not there."""
        found: dict[str, Any] = self.health()["integrations"].get(name, {})
        return found

    def cli(self, *words: str, timeout: float = 180.0) -> subprocess.CompletedProcess[str]:
        """`marge …` with this server's environment."""
        return subprocess.run(
            [sys.executable, "-m", "marge", *words],
            env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout,
        )  # fmt: skip


@contextmanager
def server_in(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server that is not started yet; whatever runs of it at the end of the block is killed."""
    server = Server(folder, environment)
    try:
        yield server
    finally:
        server.end()


def lives(process: psutil.Process) -> bool:
    """Whether it runs: not gone, not a zombie."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def port_is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
