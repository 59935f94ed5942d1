"""AppDaemon, unmodified from PyPI, with an app that listens, calls services, reads the past and fires events."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.clients.kit import PROGRAMS, client_environment, venv, write_home
from tests.conformance.configuration import CONFIGURATION, FILES
from tests.support.home import HomeServer, home_server
from tests.support.server import server_in
from tests.support.waiting import until

pytestmark = [pytest.mark.clients, pytest.mark.slow]
PACKAGE = "appdaemon==4.5.13"
CONFIGURATION_OF_APPDAEMON = """
appdaemon:
  latitude: 40.39
  longitude: -111.85
  elevation: 1387
  time_zone: America/Denver
  plugins:
    HASS:
      type: hass
      ha_url: {url}
      token: {token}
      retry_secs: 1
"""
START_S = 120.0


@pytest.fixture(scope="module")
def python() -> Path:
    return venv("appdaemon", PACKAGE)


def apps(folder: Path) -> dict[str, Any]:
    """Each app has a thread of its own, so that one may wait for what the other hears."""
    working = {"class": "Working", "dependencies": ["listening"], "facts": str(folder / "facts.json")}
    both: dict[str, dict[str, Any]] = {"listening": {"class": "Listening"}, "working": working}
    return {name: {"module": "working_app", **more} for name, more in both.items()}


@contextmanager
def appdaemon(python: Path, folder: Path, url: str, token: str) -> Iterator[Callable[[], str]]:
    """AppDaemon with its apps, until the end of the block; gives a function that reads its log."""
    (folder / "apps").mkdir(parents=True)
    (folder / "appdaemon.yaml").write_text(CONFIGURATION_OF_APPDAEMON.format(url=url, token=token), "utf-8")
    shutil.copy(PROGRAMS / "appdaemon" / "working_app.py", folder / "apps")
    (folder / "apps" / "apps.yaml").write_text(json.dumps(apps(folder)), "utf-8")
    log = folder / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(python), "-m", "appdaemon", "-c", str(folder)],
            env=client_environment(), cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        yield lambda: log.read_text("utf-8", "replace")
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait(10)


def facts_of(folder: Path, log: Callable[[], str]) -> dict[str, Any]:
    """What the app wrote down."""
    path = folder / "facts.json"
    try:
        until(path.exists, START_S, "the app's facts")
    except AssertionError:
        raise AssertionError(f"no facts; AppDaemon's log:\n{log()[-6000:]}") from None
    facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
    assert "problem" not in facts, f"{facts['problem']}\n{log()[-6000:]}"
    return facts


@pytest.fixture(scope="module")
def server(python: Path) -> Iterator[HomeServer]:
    with home_server(CONFIGURATION, files=FILES, bridges=("demo",)) as server:
        until(lambda: "weather.demo_weather_north" in server.home.states, what="the simulated devices")
        yield server


def test_an_app_listens_calls_asks_and_fires(python: Path, server: HomeServer, tmp_path: Path) -> None:
    """States, services with and without an answer, the past, templates, calendars, helpers, conversation, events."""
    states = len(server.home.states)
    folder = tmp_path / "appdaemon"
    with appdaemon(python, folder, server.url, server.admin_token) as log:
        facts = facts_of(folder, log)

    assert states <= facts["states"] <= states + 20 and facts["config"] == "Home"
    assert (facts["brightness"], facts["service"]) == (60, True)
    assert facts["heard"] == [["input_boolean.guest", "off", "on"]]
    assert facts["refused"] is False and facts["rang"] == [3]
    assert (facts["counted"], facts["template"], facts["history"][-2:]) == ("W", 43, ["41", "42"])
    assert facts["logbook"][-1] == "on"
    assert facts["forecast"] == 7 and facts["calendar"]
    assert facts["helpers"] == ["away", "30.0", "by AppDaemon"]
    assert facts["conversation"] == "action_done" and server.state("light.bed_light").state == "off"
    assert facts["exists"] == [True, False] and facts["integration"] > 50
    assert server.rest("GET", "/api/notifications").json()


def test_apps_work_again_after_the_server_was_killed(python: Path, tmp_path: Path) -> None:
    """AppDaemon connects anew, reads all states and starts its apps a second time."""
    folder = tmp_path / "appdaemon"
    (tmp_path / "server").mkdir()
    with server_in(tmp_path / "server", {"MARGE_LOG_LEVEL": "warning"}) as server:
        write_home(server)
        server.start()
        with appdaemon(python, folder, server.url, server.token) as log:
            first = facts_of(folder, log)
            (folder / "facts.json").unlink()
            server.kill()
            server.start()
            second = facts_of(folder, log)

    same = ("heard", "rang", "template", "forecast", "helpers", "conversation", "integration", "exists")
    assert [second[fact] for fact in same] == [first[fact] for fact in same]
