"""Which broker a home uses: what the files say, then the entry, then Marge's own; and what a client shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from marge.bridges.endpoint import Endpoint, Tls, endpoint_of, of_entry, program_topics, uses_own_broker
from marge.home import Home

MakeHome = Callable[..., Home]
ENTRY = {"broker": "b.example", "port": 8883, "username": "u", "password": "secret"}


def with_entry(home: Home, data: dict[str, Any]) -> Home:
    home.registries.config_entries.create("mqtt", "MQTT", data=data)
    return home


def test_without_a_word_it_is_marges_own(make_home: MakeHome) -> None:
    """An entry without a broker, as the files make it, changes nothing."""
    home = with_entry(make_home(mqtt_host="0.0.0.0", mqtt_port=1999), {})
    endpoint = endpoint_of(home)
    assert endpoint is not None
    assert (endpoint.host, endpoint.port, endpoint.is_own, endpoint.session_expiry_s) == ("127.0.0.1", 1999, True, 0)
    assert uses_own_broker(home)


def test_the_entry_names_another(make_home: MakeHome) -> None:
    """Set up in the frontend."""
    home = with_entry(make_home(), ENTRY)
    endpoint = endpoint_of(home)
    assert endpoint is not None
    assert (endpoint.address, endpoint.is_own, endpoint.session_expiry_s) == ("b.example:8883", False, 86_400)
    assert not uses_own_broker(home)


@pytest.mark.parametrize(
    ("settings", "address"),
    [({"broker": "external", "broker_host": "files.example"}, "files.example:1883"), ({"broker": "none"}, None),
     ({"broker": "external"}, None), ({"broker": "amqtt"}, "127.0.0.1:1883")],
)  # fmt: skip
def test_the_files_win(make_home: MakeHome, settings: dict[str, Any], address: str | None) -> None:
    """Whatever the entry says."""
    endpoint = endpoint_of(with_entry(make_home(**settings), ENTRY))
    assert (None if endpoint is None else endpoint.address) == address


def test_certificates_alone_mean_encryption(make_home: MakeHome) -> None:
    """And `tls: false` says that it is not meant."""
    home = make_home(broker="external", broker_host="b", broker_ca=Path("/ca.pem"))
    plain = make_home(broker="external", broker_host="b")
    wanted = make_home(broker="external", broker_host="b", broker_tls=True, broker_persistent_session=False)
    found = [endpoint_of(each) for each in (home, plain, wanted)]
    assert [None if each is None else each.tls for each in found] == [Tls("/ca.pem"), None, Tls()]
    assert [0 if each is None else each.session_expiry_s for each in found] == [86_400, 86_400, 0]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ({}, {"tls": None, "protocol": "3.1.1", "transport": "tcp", "keepalive_s": 60}),
        ({"certificate": "auto"}, {"tls": Tls()}),
        ({"certificate": "-----BEGIN X", "tls_insecure": True}, {"tls": Tls("-----BEGIN X", insecure=True)}),
        ({"client_cert": "c", "client_key": "k"}, {"tls": Tls(None, "c", "k")}),
        ({"protocol": "5", "transport": "websockets", "ws_path": "/mqtt", "ws_headers": {"a": "b"}},
         {"protocol": "5", "transport": "websockets", "ws_path": "/mqtt", "ws_headers": {"a": "b"}}),
        ({"protocol": "3.1"}, {"protocol": "3.1.1"}),
        ({"client_id": "me", "keepalive": 20}, {"client_id": "me", "keepalive_s": 20}),
    ],
)  # fmt: skip
def test_entry_data_of_home_assistant_is_understood(data: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Its keys, and its defaults for those that are absent."""
    endpoint = of_entry({**ENTRY, **data})
    assert {name: getattr(endpoint, name) for name in wanted} == wanted


def test_no_secret_is_shown() -> None:
    """Endpoints appear in the actors' tree and in failures."""
    shown = repr(Endpoint("h", 1, "u", "secret", Tls("ca", "cert secret", "key secret"), ws_headers={"a": "secret"}))
    assert "secret" not in shown


def test_a_programs_topics_hold_its_name_only() -> None:
    """Nothing of another program, nothing of Marge's but what all may hear."""
    topics = program_topics("bell")
    assert all("/bell/" in f"{topic}/" for topic in topics.publish)
    assert topics.status in topics.publish
