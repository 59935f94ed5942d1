"""The embedded broker: which one, its files, its child process. Not here: MQTT clients."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

from marge.actors import native
from marge.bridges.broker.config import mosquitto_config, probe_host
from marge.bridges.process import PROBE_TIMEOUT_S, Command, ProcessBridge, port_in_use
from marge.errors import BridgeError

# MQTT 3.1.1, sections 3.1, 3.2 and 3.14: clean session, keep-alive 10 s, no client id.
_CONNECT = b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x0a\x00\x00"
_CONNACK = b"\x20"
_DISCONNECT = b"\xe0\x00"

_SBIN = "/usr/sbin:/usr/local/sbin"
"""Debian puts mosquitto where an ordinary user's PATH does not look."""


def find_mosquitto() -> str | None:
    """The path of mosquitto, or None when it is not installed."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path=_SBIN)


class BrokerBridge(ProcessBridge):
    """The broker that Marge starts: mosquitto, or amqtt where that is not installed.

    Owns the process and its configuration file. Fails when the port belongs to somebody else, or the process ends.
    """

    kind = "broker"

    def __init__(self, home: Any) -> None:
        super().__init__(home)
        settings = home.config.marge
        self.host: str = settings.mqtt_host
        self.port: int = settings.mqtt_port
        self.program = ""

    def command(self) -> Command:
        if port_in_use(self.host if self.host != "localhost" else "127.0.0.1", self.port):
            raise BridgeError(
                f"port {self.port} on {self.host} is in use by another program (another MQTT broker?);"
                " stop it, set `marge: mqtt: port`, or use it with `broker: external`"
            )
        wanted = self.home.config.marge.broker
        mosquitto = find_mosquitto() if wanted in ("auto", "mosquitto") else None
        if mosquitto is None and wanted == "mosquitto":
            raise BridgeError("`broker: mosquitto` is configured, but mosquitto is not installed")
        if mosquitto is not None:
            self.program = "mosquitto"
            file = native.run(_write_config, Path(self.home.config.config_dir), self.host, self.port)
            return Command((mosquitto, "-c", str(file)), memory_bytes=1 << 30, descriptors=8192)
        self.program = "amqtt"
        return Command(
            (sys.executable, "-m", "marge.bridges.broker.amqtt_child", "--host", self.host, "--port", str(self.port)),
            memory_bytes=1 << 30,
            descriptors=8192,
        )

    def is_ready(self) -> bool:
        return mqtt_answers(probe_host(self.host), self.port)

    def waits_for(self) -> str:
        return f"{self.program} on {self.host}:{self.port}"

    def process_figures(self) -> dict[str, Any]:
        return {"program": self.program, "host": self.host, "port": self.port}


def mqtt_answers(host: str, port: int) -> bool:
    """Whether a broker answers there: it says hello to a nameless client, which then leaves."""
    try:
        with socket.create_connection((host, port), PROBE_TIMEOUT_S) as probe:
            probe.settimeout(PROBE_TIMEOUT_S)
            probe.sendall(_CONNECT)
            answer = probe.recv(4)
            probe.sendall(_DISCONNECT)
    except OSError:
        return False
    return answer[:1] == _CONNACK


def _write_config(config_dir: Path, host: str, port: int) -> Path:
    """Write the broker's configuration below the home's directory; its path."""
    directory = config_dir / ".marge"
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / "mosquitto.conf"
    # Started by root mosquitto becomes another user, and the kernel forgets the death signal at that: after a kill -9
    # of Marge it would keep the port. Whoever does not want a broker as root runs Marge as a user, as the unit does.
    file.write_text(mosquitto_config(host, port, "user root" if os.geteuid() == 0 else ""), "utf-8")
    return file
