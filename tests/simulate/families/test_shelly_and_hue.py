"""`marge simulate shelly` and `marge simulate hue`: as processes, over real sockets."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner

from marge.simulate.command import simulate
from marge.simulate.families._hue_bridge import Bridge
from marge.simulate.families._serving import HttpRequest
from marge.simulate.families._shelly_parts import Blind
from tests.support.broker import free_port
from tests.support.waiting import until

DEADLINE_S = 60.0


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen([sys.executable, "-m", "marge", "simulate", *arguments], stderr=subprocess.DEVNULL)
    try:
        yield child
        child.send_signal(signal.SIGTERM)
        assert child.wait(DEADLINE_S) == 0
    finally:
        child.kill()


def fetch(port: int, path: str, body: Any = None) -> Any:
    """The JSON there, once somebody listens."""
    data = None if body is None else json.dumps(body).encode()
    replies: list[bytes] = []

    def asked() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data, 5) as reply:
                replies.append(reply.read())
        except OSError:
            return False
        return True

    until(asked, DEADLINE_S, path)
    return json.loads(replies[0] or b"null")


def two_free_ports() -> int:
    """The first of two ports in a row."""
    while True:
        port = free_port()
        try:
            with socket.create_server(("127.0.0.1", port + 1)):
                return port
        except OSError:
            continue  # somebody has it


def test_shellys_listen_on_ports_in_a_row_until_they_are_told_to_stop() -> None:
    """Each with an identity of its own."""
    port = two_free_ports()
    with process("shelly", "--gen", "1", "--devices", "2", "--port", str(port)):
        first, second = fetch(port, "/shelly"), fetch(port + 1, "/shelly")
        assert (first["type"], second["type"]) == ("SHPLG-S", "SHSW-25")
        assert first["mac"] != second["mac"]
        assert fetch(port, "/relay/0?turn=on")["ison"] is True
        assert fetch(port, "/status")["meters"][0]["power"] == 12.5


def test_a_hue_bridge_pairs_after_its_button_was_pressed() -> None:
    """Which is a request here."""
    port = free_port()
    with process("hue", "--port", str(port)):
        wanted = {"devicetype": "test#one"}
        assert fetch(port, "/api", wanted)[0]["error"]["type"] == 101
        fetch(port, "/simulate/button", {})
        key = fetch(port, "/api", wanted)[0]["success"]["username"]
        assert len(fetch(port, f"/api/{key}/lights")) == 5
        assert fetch(port, "/api/other/lights")[0]["error"]["type"] == 1


@pytest.mark.parametrize(
    "arguments",
    [["shelly", "--gen", "3"], ["shelly", "--model", "nothing"], ["shelly", "--devices", "0"], ["hue", "--id", "xyz"]],
)
def test_wrong_options_are_named(arguments: list[str]) -> None:
    """Before anything listens."""
    done = CliRunner().invoke(simulate, arguments)
    assert done.exit_code == 2 and "Error: Invalid value" in done.output


def test_a_blind_takes_its_time_and_stops_where_it_is() -> None:
    """Ten seconds from end to end."""
    now = 0.0
    blind = Blind(clock=lambda: now)
    blind.go(100)
    now = 4.0
    assert (blind.position, blind.moves) == (40, "open")
    blind.stop()
    now = 9.0
    assert (blind.position, blind.moves) == (40, None)
    blind.go(0)
    now = 14.0
    assert (blind.position, blind.moves, blind.last_way) == (0, None, "close")


@pytest.mark.parametrize(
    ("body", "errors"),
    [({"bri": 10}, [201]), ({"on": True, "bri": 255}, [7]), ({"on": True, "nothing": 1}, [6]), ({"on": 1}, [7])],
)
def test_the_bridge_refuses_what_a_real_one_refuses(body: Any, errors: list[int]) -> None:
    """With its numbers for the reasons."""
    bridge = Bridge(is_open=True)
    bridge.users["me"] = "test"
    request = HttpRequest("PUT", "/api/me/lights/1/state", {}, {}, json.dumps(body).encode())
    told = json.loads(bridge.handle(request).body)
    assert [each["error"]["type"] for each in told if "error" in each] == errors


def test_nothing_of_the_server_is_needed() -> None:
    """The simulator's package alone answers."""
    code = "import sys, marge.simulate.families.shelly, marge.simulate.families.hue; print('gevent' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=True)
    assert done.stdout.strip() == "False"
