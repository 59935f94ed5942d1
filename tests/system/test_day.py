"""The whole of Marge as a process: the demo home on a real broker plays an ordinary day, and every step is verified."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.broker import free_port
from tests.support.waiting import until

pytestmark = pytest.mark.system

DEMO_HOME = Path(__file__).parents[2] / "etc" / "demo-home"


class Server(NamedTuple):
    """A running demo home."""

    url: str
    mqtt_port: int
    token: str
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, path: str) -> Any:
        request = urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())


@contextmanager
def demo_home(folder: Path, broker: str = "auto") -> Iterator[Server]:
    """The demo home in a copy of its own, on free ports, for the time of a `with` block."""
    home = folder / "demo-home"
    shutil.copytree(DEMO_HOME, home)
    configuration = home / "configuration.yaml"
    text = configuration.read_text(encoding="utf-8")
    assert "  broker: auto " in text
    configuration.write_text(text.replace("  broker: auto ", f"  broker: {broker} "), encoding="utf-8")
    http_port, mqtt_port = free_port(), free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MARGE_")},
        "MARGE_HTTP_HOST": "127.0.0.1",
        "MARGE_HTTP_PORT": str(http_port),
        "MARGE_MQTT_PORT": str(mqtt_port),
        "MARGE_DB_PATH": str(folder / "marge.db"),
    }
    log = folder / "marge.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "marge", "--config", str(home)],
            env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    url = f"http://127.0.0.1:{http_port}"
    try:
        until(lambda: _answers(url, process), timeout_s=60, what=f"an answer from Marge; its log is {log}")
        token = subprocess.run(
            [sys.executable, "-m", "marge", "token", "create", "day", "--config", str(home)],
            env=environment, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        yield Server(url, mqtt_port, token, process, log)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One demo home for the module's tests; each leaves it at rest."""
    with demo_home(tmp_path_factory.mktemp("home")) as running:
        yield running


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, f"Marge ended with {process.returncode}"
    try:
        with urllib.request.urlopen(f"{url}/api/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def play(server: Server, *options: str) -> subprocess.CompletedProcess[str]:
    """`marge simulate --day` against the server."""
    environment = {**os.environ, "MARGE_TOKEN": server.token}
    words = ["simulate", "--day", "--url", server.url, "--port", str(server.mqtt_port), *options]
    return subprocess.run(
        [sys.executable, "-m", "marge", *words], env=environment, capture_output=True, text=True, timeout=300
    )


def test_the_day_plays_through_and_the_home_ends_as_it_began(server: Server) -> None:
    """Every step is verified over real MQTT and REST; the clock is the wall's again afterwards."""
    played = play(server, "--speed", "0")

    assert played.returncode == 0, f"{played.stdout}\n{played.stderr}\n{server.log.read_text()[-6000:]}"
    assert "steps verified" in played.stdout
    assert server.get("/api/health")["sim_time"] == ""


def test_the_day_can_be_played_again_at_a_speed(server: Server) -> None:
    """It leaves nothing behind that would spoil the next one; a clock that runs serves as well as one that jumps."""
    played = play(server, "--speed", "20000")

    assert played.returncode == 0, f"{played.stdout}\n{played.stderr}\n{server.log.read_text()[-6000:]}"


def test_the_day_plays_through_without_any_system_package(tmp_path: Path) -> None:
    """The broker that comes with Marge's own requirements carries it as well as mosquitto."""
    with demo_home(tmp_path, broker="amqtt") as server:
        played = play(server, "--speed", "0")
        assert played.returncode == 0, f"{played.stdout}\n{played.stderr}\n{server.log.read_text()[-6000:]}"


def test_a_wrong_token_is_one_line_and_exit_code_one(server: Server) -> None:
    """Nothing is played, and the home is as before."""
    played = play(server._replace(token="wrong"))

    assert played.returncode == 1
    assert len(played.stderr.strip().splitlines()) == 1
