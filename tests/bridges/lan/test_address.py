"""Addresses of devices: what people type, and what must not pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.lan.address import Address, parse_address
from marge.errors import InvalidRequest


@pytest.mark.parametrize(
    ("text", "address", "url"),
    [
        ("192.168.1.20", Address("192.168.1.20"), "http://192.168.1.20:80"),
        (" 192.168.1.20:8080 ", Address("192.168.1.20", 8080), "http://192.168.1.20:8080"),
        ("Plug-1.lan", Address("plug-1.lan"), "http://plug-1.lan:80"),
        ("shelly_plug.local.:81", Address("shelly_plug.local", 81), "http://shelly_plug.local:81"),
        ("fe80::1", Address("fe80::1"), "http://[fe80::1]:80"),
        ("[fe80::1]", Address("fe80::1"), "http://[fe80::1]:80"),
        ("[FE80::1]:8080", Address("fe80::1", 8080), "http://[fe80::1]:8080"),
    ],
)
def test_hosts_and_addresses_with_and_without_a_port(text: str, address: Address, url: str) -> None:
    """As a device's label, a router's list or a person's memory has them."""
    assert (parse_address(text), parse_address(text).url()) == (address, url)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "http://192.168.1.20", "192.168.1.20/status", "192.168.1.20?x", "user@192.168.1.20", "a b", "a\nb",
        "192.168.1.20:0", "192.168.1.20:70000", "192.168.1.20:x", "a:", "-a", "a-", "a..b", "256.1.1.1", "1.2.3",
        "2130706433", "0x7f000001", "0x7f.1", "127.1", "224.0.0.1", "0.0.0.0", "::", "255.255.255.255", "ff02::1",
        "fe80::1%eth0", "[fe80::1", "fe80::1]:80", "plug#1", "plug%2e", "ä.lan", "a" * 64, ".".join(["a" * 60] * 5),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    """URLs, user names, paths, numbers in disguise, addresses of nobody."""
    with pytest.raises(InvalidRequest):
        parse_address(text)


@given(st.text(max_size=80))
def test_any_text_is_an_address_that_reads_the_same_again_or_is_refused(text: str) -> None:
    """No other error, and nothing in the URL that was not meant."""
    try:
        address = parse_address(text)
    except InvalidRequest:
        return
    assert parse_address(str(address)) == address
    assert not set(address.host) & set("/?#@\\% \t\r\n")
