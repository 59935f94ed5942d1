"""What counts as the home's own network, and who may come from where without a password."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from marge.auth.models import ADMIN, USER, User
from marge.auth.networks import is_local, parse_address, users_without_password
from marge.config.auth_providers import AllowedUsers, TrustedNetworks

ANN = User("a", "Ann", (ADMIN,))
BOB = User("b", "Bob", (USER,))
GONE = User("c", "Gone", (USER,), is_active=False)
MACHINE = User("d", "Machine", (ADMIN,), is_system=True)


@pytest.mark.parametrize(
    "address, local",
    [("127.0.0.1", True), ("::1", True), ("192.168.3.4", True), ("10.1.2.3", True), ("172.31.0.1", True),
     ("fd00::1", True), ("fe80::1%eth0", True), ("::ffff:192.168.3.4", True), ("172.32.0.1", False),
     ("8.8.8.8", False), ("2001:db8::1", False), ("::ffff:8.8.8.8", False), ("", False), ("nonsense", False)],
)
def test_the_homes_own_network(address: str, local: bool) -> None:
    """Private addresses, this machine's, and those of one wire."""
    assert is_local(address) is local


def test_an_ipv4_address_is_the_same_in_ipv6_clothes() -> None:
    """As sockets show them that take both."""
    assert str(parse_address("::ffff:192.0.2.1")) == "192.0.2.1"


def test_people_of_a_trusted_network_choose_who_they_are() -> None:
    """Those who may log in at all; from anywhere else nobody."""
    trusted = TrustedNetworks((ip_network("192.168.1.0/24"),))
    users = [ANN, BOB, GONE, MACHINE]

    assert users_without_password(trusted, users, "192.168.1.9") == [ANN, BOB]
    assert users_without_password(trusted, users, "192.168.2.9") is None
    assert users_without_password(trusted, users, "") is None


def test_single_networks_may_be_for_some_users_only() -> None:
    """By user, or by group."""
    networks = tuple(ip_network(text) for text in ("192.168.1.0/24", "192.168.2.0/24", "192.168.3.0/24"))
    allowed = (
        (networks[0], AllowedUsers(frozenset({"b"}), frozenset())),
        (networks[1], AllowedUsers(frozenset(), frozenset({ADMIN}))),
    )
    trusted = TrustedNetworks(networks, allowed)

    assert users_without_password(trusted, [ANN, BOB], "192.168.1.9") == [BOB]
    assert users_without_password(trusted, [ANN, BOB], "192.168.2.9") == [ANN]
    assert users_without_password(trusted, [ANN, BOB], "192.168.3.9") == [ANN, BOB]


def test_a_reverse_proxy_is_nobody() -> None:
    """Everybody comes through it."""
    trusted = TrustedNetworks((ip_network("192.168.1.0/24"),))
    proxies = (ip_network("192.168.1.2/32"),)

    assert users_without_password(trusted, [ANN], "192.168.1.2", proxies) is None
    assert users_without_password(trusted, [ANN], "192.168.1.3", proxies) == [ANN]
