"""The machine's network: adapters, which of them are meant, and the home's addresses."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import psutil
import voluptuous as vol

from marge.actors import native
from marge.home import Home
from marge.http.ws.registry import command
from marge.http.ws.session import Session

KEY = "network"


def _configured(home: Home) -> list[str]:
    return list((home.storage.load(KEY) or {}).get("configured_adapters", []))


def _read_adapters() -> list[dict[str, Any]]:
    """The adapters that are up, with their addresses. Blocking; in a native thread."""
    numbers = {name: number for number, name in socket.if_nameindex()}
    up = {name for name, each in psutil.net_if_stats().items() if each.isup}
    found = []
    for name, addresses in psutil.net_if_addrs().items():
        if name not in up:
            continue
        four: list[dict[str, Any]] = []
        six: list[dict[str, Any]] = []
        for each in addresses:
            if each.family == socket.AF_INET:
                four.append({"address": each.address, "network_prefix": _prefix(each.netmask, 32)})
            elif each.family == socket.AF_INET6:
                address, _percent, scope = each.address.partition("%")
                six.append(
                    {
                        "address": address, "flowinfo": 0, "scope_id": numbers.get(scope, 0),
                        "network_prefix": _prefix(each.netmask, 128),
                    }
                )  # fmt: skip
        if four or six:
            found.append({"name": name, "index": numbers.get(name, 0), "ipv4": four, "ipv6": six})
    return found


def _prefix(netmask: str | None, full: int) -> int:
    if netmask is None:
        return full
    try:
        value = int(ipaddress.ip_address(netmask.partition("/")[0]))
    except ValueError:
        return full
    return bin(value).count("1")


def _source_address() -> str | None:
    """The address that this machine has for others; nothing is sent to find it. Blocking."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return None


def adapters(home: Home) -> list[dict[str, Any]]:
    """The adapters as `network` shows them. Waits."""
    configured = _configured(home)
    source = _source_address()
    shown = []
    for each in native.run(_read_adapters):
        is_default = any(address["address"] == source for address in each["ipv4"])
        auto = is_default
        shown.append(
            {
                "name": each["name"], "index": each["index"],
                "enabled": each["name"] in configured if configured else auto,
                "auto": auto, "default": is_default, "ipv4": each["ipv4"], "ipv6": each["ipv6"],
            }
        )  # fmt: skip
    return shown


@command("network", admin=True, waits=True)
def network(session: Session, message: dict[str, Any]) -> None:
    """The adapters, and which were chosen."""
    home = session.home
    session.result(message["id"], {"adapters": adapters(home), "configured_adapters": _configured(home)})


@command(
    "network/configure",
    {vol.Required("config", default={}): {vol.Required("configured_adapters", default=list): [str]}},
    admin=True,
    waits=True,
)
def configure(session: Session, message: dict[str, Any]) -> None:
    """Choose adapters; none: those that have a way to others."""
    chosen = list(dict.fromkeys(message["config"]["configured_adapters"]))
    session.home.storage.save(KEY, {"configured_adapters": chosen})
    session.result(message["id"], {"configured_adapters": chosen})


@command("network/url", admin=True, waits=True)
def url(session: Session, message: dict[str, Any]) -> None:
    """Where the home is reached, from inside and outside."""
    config = session.home.config
    internal = config.internal_url
    if internal is None:
        run = session.home.shared.get("run")
        port = run.server.port if run is not None and run.server is not None else 8123
        internal = f"http://{_source_address() or 'localhost'}:{port}"
    session.result(message["id"], {"internal": internal, "external": config.external_url, "cloud": None})
