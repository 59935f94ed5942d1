"""Where somebody comes from: addresses of the home's own network, and networks that need no password."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from marge.auth.models import User
from marge.config.auth_providers import TrustedNetworks

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_LOCAL = tuple(
    ip_network(text)
    for text in (
        "127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8",
        "169.254.0.0/16", "fe80::/10",
    )
)


def parse_address(text: str) -> Address | None:
    """An address as it stands in a socket or a header; an IPv4 address in IPv6 clothes is undressed."""
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped if mapped is not None else found


def is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def is_local(remote: str) -> bool:
    """Whether `remote` is this machine or one of a private network."""
    address = parse_address(remote)
    return address is not None and is_in(address, _LOCAL)


def users_without_password(
    trusted: TrustedNetworks, users: Iterable[User], remote: str, proxies: Iterable[Network] = ()
) -> list[User] | None:
    """Who may come in from `remote` without a password; None when the address is not trusted.

    A proxy's own address is never trusted: everybody comes through it.
    """
    address = parse_address(remote)
    if address is None or not is_in(address, trusted.networks) or is_in(address, proxies):
        return None
    able = [user for user in users if user.is_active and not user.is_system]
    for network, allowed in trusted.users:
        if address.version == network.version and address in network:
            return [user for user in able if user.id in allowed.users or set(user.groups) & allowed.groups]
    return able
