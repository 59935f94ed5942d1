"""The broker's configuration: where it listens, and limits that lose nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from marge.bridges.broker.config import Files, Listening, listeners, mosquitto_config, probe_host

EXAMPLE = Path(__file__).parents[3] / "etc" / "mosquitto.conf"


FILES = Files(Path("/h/.marge/mqtt-passwords"), Path("/h/.marge/mqtt-acl"), Path("/dev/shm/marge-1"))


def config(host: str, port: int = 1883, websocket_port: int | None = None, anonymous: bool = True) -> str:
    return mosquitto_config(Listening(host, port, websocket_port), anonymous, FILES)


def settings(text: str) -> dict[str, str]:
    lines = [line.strip() for line in text.splitlines()]
    return dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))


def test_queues_are_bounded_by_bytes_and_not_by_number() -> None:
    """mosquitto's default of 1,000 messages drops QoS 1 silently; without limits of what is on its way none hold."""
    found = settings(config("127.0.0.1"))
    assert found["max_queued_messages"] == "0"
    assert int(found["max_inflight_messages"]) > 100
    assert int(found["max_inflight_bytes"]) >= 1 << 20
    assert int(found["max_queued_bytes"]) > 1 << 20


def test_anonymous_access_is_said() -> None:
    """mosquitto 2 without the line would let nobody in, or with another default everybody."""
    assert settings(config("localhost"))["allow_anonymous"] == "true"
    assert settings(config("0.0.0.0", anonymous=False))["allow_anonymous"] == "false"
    assert "listener 1884 127.0.0.1" in config("localhost", 1884)
    assert listeners("0.0.0.0", 1) == (("0.0.0.0", 1),)


def test_websockets_have_a_port_of_their_own() -> None:
    """Only when there is one."""
    assert "websockets" not in config("127.0.0.1")
    assert "listener 9001 127.0.0.1\nprotocol websockets" in config("127.0.0.1", 1883, 9001)


def test_it_is_reached_over_the_loopback() -> None:
    """A listener on every address is probed on this machine."""
    assert probe_host("0.0.0.0") == "127.0.0.1"
    assert probe_host("::") == "::1"
    assert probe_host("192.0.2.7") == "192.0.2.7"


def test_a_host_cannot_smuggle_lines_in() -> None:
    """The host is one word of the file."""
    with pytest.raises(ValueError, match="control characters"):
        config("127.0.0.1\nallow_anonymous true")


def test_the_example_for_other_machines_has_the_same_limits() -> None:
    """`etc/mosquitto.conf` is what Marge itself would use, for a broker that runs elsewhere."""
    ours, example = settings(config("127.0.0.1")), settings(EXAMPLE.read_text())
    for key in ("max_queued_messages", "max_queued_bytes", "max_inflight_messages", "max_inflight_bytes",
                "max_packet_size"):  # fmt: skip
        assert ours[key] == example[key]
