"""`marge simulate cast`, `sonos` and `matter` as the processes that people start."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
import pytest
from websockets.sync.client import connect

from tests.support.loopback import free_address
from tests.support.waiting import until

PORTS = {"cast": (8008, 8009), "sonos": (1400, 1401), "matter": (5580,)}


@contextmanager
def simulated(family: str, *options: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The process, listening; where it listens."""
    host = free_address(*PORTS[family])
    command = [sys.executable, "-m", "marge.simulate", family, "--host", host, *options]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: all(answers(host, port) for port in PORTS[family]), what=f"{family} listens")
        yield host, process
    finally:
        process.terminate()
        process.wait(60)


def answers(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def test_a_cast_device_says_who_it_is_and_ends_when_told() -> None:
    """Over HTTP; with the exit code of a good end."""
    with simulated("cast", "--name", "Attic", "--audio") as (host, process):
        with urllib.request.urlopen(f"http://{host}:8008/setup/eureka_info", timeout=60) as reply:
            info = orjson.loads(reply.read())
        assert (info["name"], info["device_info"]["capabilities"]["display_supported"]) == ("Attic", False)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_each_room_describes_itself_and_refuses_what_it_does_not_know() -> None:
    """With the errors of UPnP."""
    with simulated("sonos", "--room", "Attic", "--room", "Hall & Stairs") as (host, _process):
        with urllib.request.urlopen(f"http://{host}:1401/xml/device_description.xml", timeout=60) as reply:
            assert b"<roomName>Hall &amp; Stairs</roomName>" in reply.read()
        with urllib.request.urlopen(f"http://{host}:1400/xml/AVTransport1.xml", timeout=60) as reply:
            assert b"<name>GetTransportInfo</name>" in reply.read()
        action = {"SOAPACTION": '"urn:schemas-upnp-org:service:AVTransport:1#Explode"'}
        request = urllib.request.Request(
            f"http://{host}:1400/MediaRenderer/AVTransport/Control", b"<x/>", action, method="POST"
        )
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(request, timeout=60)
        assert refusal.value.code == 500 and b"<errorCode>401</errorCode>" in refusal.value.read()


def test_a_matter_server_greets_tells_and_refuses() -> None:
    """A door opens; what nobody knows is an error; what is no message ends the connection."""
    with simulated("matter") as (host, _process), connect(f"ws://{host}:5580/ws", compression=None) as client:
        assert orjson.loads(client.recv(10))["schema_version"] == 11

        def ask(command: str, **arguments: object) -> None:
            client.send(orjson.dumps({"message_id": "1", "command": command, "args": arguments}).decode())

        ask("start_listening")
        assert len(orjson.loads(client.recv(10))["result"]) == 11
        ask("simulate", node_id=6, attributes={"1/69/0": False})
        assert orjson.loads(client.recv(10)) == {"event": "attribute_updated", "data": [6, "1/69/0", False]}
        assert orjson.loads(client.recv(10)) == {"message_id": "1", "result": None}
        ask("device_command", node_id=4, endpoint_id=1, cluster_id=257, command_name="LockDoor", payload={})
        assert "NeedsTimedInteraction" in orjson.loads(client.recv(10))["details"]
        ask("explode")
        assert orjson.loads(client.recv(10))["error_code"] == 9


def test_an_address_that_is_taken_is_told() -> None:
    """In one line, with what to do."""
    with simulated("matter") as (host, _process):
        command = [sys.executable, "-m", "marge.simulate", "matter", "--host", host]
        second = subprocess.run(command, capture_output=True, text=True, timeout=30)
        assert second.returncode != 0 and "Choose another" in second.stderr
