"""The whole program as a process: how it starts, what it says, how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.support.broker import free_port
from tests.support.waiting import until

pytestmark = pytest.mark.system

START_S = 60.0


class Program:
    """`marge` with arguments, on free ports; its standard error goes to a file."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.port = free_port()
        self.log = folder / "marge.log"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MARGE_")}
        self.env = clean | {
            "MARGE_HTTP_HOST": "127.0.0.1",
            "MARGE_HTTP_PORT": str(self.port),
            "MARGE_MQTT_PORT": str(free_port()),
        }
        self.command = [sys.executable, "-m", "marge", *arguments]
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> subprocess.Popen[str]:
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                self.command, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True
            )
        return self.process

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/health", timeout=2).close()
        except (urllib.error.URLError, OSError):
            return False
        return True


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Iterator[Program]:
    program = Program(tmp_path, "--config", str(home))
    yield program
    if program.process is not None:
        program.process.kill()
        program.process.communicate(timeout=30)


def test_a_new_home_starts_and_ends_on_sigterm(program: Program, home: Path) -> None:
    """From an empty directory; exit code 0; the log is JSON where nobody sits at a terminal."""
    process = program.start()
    until(program.answers, START_S)
    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=30) == 0
    assert (home / "configuration.yaml").exists()
    lines = [orjson.loads(line) for line in program.log.read_text().splitlines()]
    assert {"made a new home", "ready"} <= {line["event"] for line in lines}
    assert not [line for line in lines if line["level"] in ("error", "critical")]


def test_a_port_in_use_is_one_line_and_exit_code_1(program: Program) -> None:
    """And no traceback."""
    with socket.create_server(("127.0.0.1", program.port)):
        process = program.start()
        assert process.wait(timeout=30) == 1
    errors = [line for line in program.log.read_text().splitlines() if '"level":"error"' in line]
    assert len(errors) == 1 and str(program.port) in errors[0]
    assert "Traceback" not in program.log.read_text()


def test_the_rest_of_a_home_with_mistakes_starts(program: Program, home: Path) -> None:
    """An unknown key and a broken file are named with file and line."""
    home.mkdir()
    (home / "configuration.yaml").write_text(
        "automation: !include automations.yaml\nscene: !include scenes.yaml\nmarge:\n  http_prt: 1\n"
    )
    (home / "automations.yaml").write_text("- alias: [\n")
    (home / "scenes.yaml").write_text("- name: Evening\n  entities:\n    light.a: 'on'\n")
    program.start()
    until(program.answers, START_S)

    lines = [orjson.loads(line) for line in program.log.read_text().splitlines()]
    places = {line.get("where", "").split(":")[0]: line for line in lines if line["level"] == "error"}
    assert places["configuration.yaml"]["where"] == "configuration.yaml:4"
    assert "http_port" in places["configuration.yaml"]["hint"]
    assert "automations.yaml" in places


def test_a_token_made_beside_the_running_server_works_at_once(program: Program, home: Path) -> None:
    """And so does the one that `marge actors` makes itself."""
    program.start()
    until(program.answers, START_S)
    done = subprocess.run(
        [sys.executable, "-m", "marge", "token", "create", "script", "--config", str(home)],
        env=program.env, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    request = urllib.request.Request(
        f"http://127.0.0.1:{program.port}/api/", headers={"Authorization": f"Bearer {done.stdout.strip()}"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200

    for arguments in (["tree"], ["restart", "bridges/broker"]):
        seen = subprocess.run(
            [sys.executable, "-m", "marge", "actors", "--config", str(home), *arguments],
            env=program.env, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (seen.returncode, seen.stderr) == (0, "")
        assert "broker" in seen.stdout


def test_the_demo_says_where_to_look_when_it_answers(tmp_path: Path, home: Path) -> None:
    """One line on standard output with address, user name and password."""
    program = Program(tmp_path, "--config", str(home), "--demo")
    process = program.start()
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert program.answers()
    finally:
        process.terminate()
        code = process.wait(timeout=40)
        process.communicate()

    assert f"http://localhost:{program.port}" in line and 'log in as "demo" with the password "' in line
    assert code == 0
