"""The broker's configuration as text: pure, no I/O but reading the template of this package."""

from __future__ import annotations

import string
from importlib import resources

LOOPBACK = ("127.0.0.1", "::1")


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


def mosquitto_config(host: str, port: int, extra: str = "") -> str:
    """A complete configuration for mosquitto 2.

    Args:
        host: address to listen on. Clients need no password, so beyond the loopback it is the user's decision.
        extra: more lines, as they are.
    """
    for text in (host, extra.replace("\n", "")):
        if any(char < " " for char in text):
            raise ValueError("control characters cannot stand in mosquitto's configuration")
    template = (resources.files(__package__) / "mosquitto.conf").read_text("utf-8")
    lines = []
    for address, at in listeners(host, port):
        lines += [f"listener {at} {address}", "allow_anonymous true"]
    return string.Template(template).substitute(listeners="\n".join(lines), extra=extra)
