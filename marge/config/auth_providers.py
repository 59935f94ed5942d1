"""HA's `homeassistant: auth_providers:` and `auth_mfa_modules:`: how one can log in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

Network = IPv4Network | IPv6Network

_LOCAL, _TRUSTED = "homeassistant", "trusted_networks"
_TRUSTED_KEYS = {"type", "id", "name", "trusted_networks", "trusted_users", "allow_bypass_login"}


@dataclass(frozen=True, slots=True)
class AllowedUsers:
    """Who may come in from one network: users by id, and groups by id."""

    users: frozenset[str]
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class TrustedNetworks:
    """Networks from which no password is asked.

    Attributes:
        users: for single networks, who may choose to come in; a network that is not here lets everybody choose.
        allow_bypass: do not even ask who it is when only one user may come in.
    """

    networks: tuple[Network, ...]
    users: tuple[tuple[Network, AllowedUsers], ...] = ()
    allow_bypass: bool = False


@dataclass(frozen=True, slots=True)
class AuthProviders:
    """The ways to log in, in their order.

    Attributes:
        types: `homeassistant` (user name and password), `trusted_networks`.
        trusted: set when the second one is among them.
    """

    types: tuple[str, ...] = (_LOCAL,)
    trusted: TrustedNetworks | None = None


def networks(value: object) -> tuple[Network, ...]:
    """A list of addresses and networks in CIDR notation."""
    items = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if not isinstance(items, list) or not items:
        raise ValueError("a list of addresses or networks")
    return tuple(_network(item) for item in items)


def _network(value: object) -> Network:
    try:
        return ip_network(str(value).strip())
    except ValueError as exc:
        raise ValueError(f"addresses or networks such as 192.168.1.0/24, which {str(value)[:60]!r} is not") from exc


def auth_providers(value: object) -> AuthProviders:
    """The list below `auth_providers:`."""
    if not isinstance(value, list) or not value:
        raise ValueError("a list of log-ins, each with its `type`")
    types: list[str] = []
    trusted = None
    for item in value:
        if not isinstance(item, dict):
            raise ValueError("a list of log-ins, each with its `type`")
        kind = item.get("type")
        if kind in types:
            raise ValueError(f"each type once; {kind} stands twice")
        if kind == _TRUSTED:
            trusted = _trusted(item)
        elif kind != _LOCAL:
            raise ValueError(f"types {_LOCAL} or {_TRUSTED}, not {str(kind)[:40]!r}")
        elif unknown := set(item) - {"type", "id", "name"}:
            raise ValueError(f"no {sorted(map(str, unknown))[0]!r} below the type {_LOCAL}")
        types.append(str(kind))
    return AuthProviders(tuple(types), trusted)


def _trusted(item: dict[Any, Any]) -> TrustedNetworks:
    if unknown := set(item) - _TRUSTED_KEYS:
        raise ValueError(f"no {sorted(map(str, unknown))[0]!r} below the type {_TRUSTED}")
    bypass = item.get("allow_bypass_login", False)
    if not isinstance(bypass, bool):
        raise ValueError("true or false as `allow_bypass_login`")
    by_network = item.get("trusted_users") or {}
    if not isinstance(by_network, dict):
        raise ValueError("networks with their users as `trusted_users`")
    users = tuple((_network(network), _allowed(allowed)) for network, allowed in by_network.items())
    return TrustedNetworks(networks(item.get("trusted_networks")), users, bypass)


def _allowed(value: object) -> AllowedUsers:
    users: set[str] = set()
    groups: set[str] = set()
    items: Iterable[object] = value if isinstance(value, list) else [value]
    for item in items:
        if isinstance(item, str) and item:
            users.add(item)
        elif isinstance(item, dict) and set(item) == {"group"} and isinstance(item["group"], str):
            groups.add(item["group"])
        else:
            raise ValueError("user ids, or `group:` and a group's id, as `trusted_users`")
    return AllowedUsers(frozenset(users), frozenset(groups))


def mfa_modules(value: object) -> tuple[str, ...]:
    """The list below `auth_mfa_modules:`; Marge knows one kind, `totp`."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError("a list of second factors, each with its `type`")
    for item in value:
        if item.get("type") != "totp":
            raise ValueError(f"the type totp, not {str(item.get('type'))[:40]!r}")
    return tuple(dict.fromkeys("totp" for _ in value))
