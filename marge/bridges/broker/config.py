"""The broker's configuration as text: pure, no I/O but reading the template of this package."""

from __future__ import annotations

import string
from importlib import resources
from pathlib import Path
from typing import NamedTuple

LOOPBACK = ("127.0.0.1", "::1")


class Listening(NamedTuple):
    """Where the broker listens. `websocket_port`: for MQTT over WebSocket; None: nowhere."""

    host: str
    port: int
    websocket_port: int | None = None


class Files(NamedTuple):
    """The files of one broker. `state_dir`: where it keeps what is retained."""

    passwords: Path
    acl: Path
    state_dir: Path


def listeners(host: str, port: int) -> tuple[tuple[str, int], ...]:
    """Where the broker listens for this host: `localhost` means both loopback addresses."""
    if host == "localhost":
        return tuple((address, port) for address in LOOPBACK)
    return ((host, port),)


def probe_host(host: str) -> str:
    """Which address reaches a broker that listens on `host` from this machine."""
    if host in ("0.0.0.0", "localhost", ""):
        return "127.0.0.1"
    return "::1" if host == "::" else host


def mosquitto_config(listening: Listening, anonymous: bool, files: Files, extra: str = "") -> str:
    """A complete configuration for mosquitto 2.

    Args:
        anonymous: clients may come without a password.
        extra: more lines, as they are.
    """
    host, port, websocket_port = listening
    for text in (host, *map(str, files), extra.replace("\n", "")):
        if any(char < " " for char in text):
            raise ValueError("control characters cannot stand in mosquitto's configuration")
    template = (resources.files(__package__) / "mosquitto.conf").read_text("utf-8")
    lines = [f"listener {at} {address}" for address, at in listeners(host, port)]
    if websocket_port is not None:
        for address, at in listeners(host, websocket_port):
            lines += [f"listener {at} {address}", "protocol websockets"]
    return string.Template(template).substitute(
        listeners="\n".join(lines), anonymous=str(anonymous).lower(), password_file=files.passwords,
        acl_file=files.acl, state_dir=files.state_dir, extra=extra,
    )  # fmt: skip
