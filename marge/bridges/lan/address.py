"""The address of a device, as people type it: a host or an IP address, and perhaps a port. No URL, no tricks."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

from marge.errors import InvalidRequest

MAX_LENGTH = 260
_WITH_PORT = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^\[\]:]+))(?::(?P<port>[0-9]{1,5}))?")
_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?")
_LIKE_A_NUMBER = re.compile(r"(?:0[xX][0-9A-Fa-f]*|[0-9]+)\.?")
HINT = "an address is a host name or an IP address, with a port if need be: 192.168.1.20, plug.lan, 192.168.1.20:8080"


class Address(NamedTuple):
    """Where a device is. `host`: without brackets; `port`: None is the family's own."""

    host: str
    port: int | None = None

    def at(self, default_port: int) -> tuple[str, int]:
        """For a socket."""
        return self.host, self.port or default_port

    def url(self, default_port: int = 80, scheme: str = "http") -> str:
        """`http://host:port`, without a path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port or default_port}"

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host and self.port else self.host
        return f"{host}:{self.port}" if self.port else host


def parse_address(text: str) -> Address:
    """The address in a text.

    Raises:
        InvalidRequest: it is none, or one at which no single device can be.
    """
    text = text.strip()
    if not text or len(text) > MAX_LENGTH:
        raise InvalidRequest(f"This is no address: {HINT}")
    alone = _number(text)
    if alone is not None:
        return Address(_checked(alone))
    match = _WITH_PORT.fullmatch(text)
    if match is None:
        raise InvalidRequest(f"This is no address: {HINT}")
    port = None if match["port"] is None else int(match["port"])
    if port is not None and not 1 <= port <= 65_535:
        raise InvalidRequest("A port is a number from 1 to 65535")
    host = match["six"] or match["host"]
    number = _number(host)
    if number is not None:
        return Address(_checked(number), port)
    # `2130706433`, `0x7f.1`: resolvers read them as addresses that nobody would recognize.
    if match["six"] or _NAME.fullmatch(host) is None or _LIKE_A_NUMBER.fullmatch(host.rpartition(".")[2]):
        raise InvalidRequest(f"This is no address: {HINT}")
    return Address(host.lower().rstrip("."), port)


def _number(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address in numbers; None when the text is something else."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _checked(found: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    if found.is_multicast or found.is_unspecified or str(found) == "255.255.255.255":
        raise InvalidRequest(f"No device has the address {found}")
    if isinstance(found, ipaddress.IPv6Address) and found.scope_id is not None:
        raise InvalidRequest("An address with a zone (%) is of use on one machine only")
    return str(found)
