"""Discovery messages: long keys, full topics, what changed; and nothing but its own error for any bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.mqtt.abbreviations import ABBREVIATIONS
from marge.bridges.mqtt.discovery import (
    MAX_PAYLOAD_BYTES,
    Announced,
    Discovery,
    DiscoveryError,
    DiscoveryKey,
    Withdrawn,
)

TOPIC = "homeassistant/light/lamp/config"


def feed(discovery: Discovery, payload: Any, topic: str = TOPIC) -> list[Any]:
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return list(discovery.feed(topic, data))


def test_a_new_announcement() -> None:
    """Component, ids and a configuration with long keys."""
    [announced] = feed(Discovery(), {"name": "L", "cmd_t": "x/set", "dev": {"ids": ["1"], "mf": "M"}, "o": {"sw": "1"}})
    assert announced == Announced(
        DiscoveryKey("light", "lamp"),
        TOPIC,
        "lamp",
        {
            "name": "L", "command_topic": "x/set", "device": {"identifiers": ["1"], "manufacturer": "M"},
            "origin": {"sw_version": "1"},
        },
        False,
    )  # fmt: skip


def test_a_node_is_part_of_the_identity() -> None:
    """The same object id under two nodes are two things."""
    discovery = Discovery()
    [one] = feed(discovery, {"name": "A"}, "homeassistant/sensor/n1/t/config")
    [two] = feed(discovery, {"name": "A"}, "homeassistant/sensor/n2/t/config")
    assert one.key != two.key
    assert one.object_id == two.object_id == "t"


def test_an_equal_repetition_is_not_parsed() -> None:
    """38,000 repetitions in a home of 180 devices: recognised by their hash, counted, and nothing else."""
    discovery = Discovery()
    payload = json.dumps({"name": "L"}).encode()
    feed(discovery, payload)
    for _ in range(1000):
        assert feed(discovery, payload) == []
    assert discovery.figures.repeated == 1000
    assert discovery.topics == 1


def test_a_change_is_an_update() -> None:
    """Same topic, other payload."""
    discovery = Discovery()
    feed(discovery, {"name": "L"})
    [changed] = feed(discovery, {"name": "M"})
    assert changed.is_update
    assert changed.config == {"name": "M"}


def test_an_empty_payload_withdraws_once() -> None:
    """A second removal is harmless, and the same payload may come again."""
    discovery = Discovery()
    feed(discovery, {"name": "L"})
    assert feed(discovery, b"") == [Withdrawn(DiscoveryKey("light", "lamp"))]
    assert feed(discovery, b"") == []
    [again] = feed(discovery, {"name": "L"})
    assert not again.is_update


def test_a_malformed_update_changes_nothing() -> None:
    """The last good announcement stands."""
    discovery = Discovery()
    feed(discovery, {"name": "L"})
    for bad in (b"{", b"[1]", b'"x"', b"\xff\xfe", b"{" + b" " * MAX_PAYLOAD_BYTES + b"}"):
        with pytest.raises(DiscoveryError):
            feed(discovery, bad)
    assert discovery.figures.malformed == 5
    assert feed(discovery, {"name": "L"}) == []


def test_the_base_topic_stands_for_tilde_at_both_ends() -> None:
    """Only in topics, only at their ends."""
    [announced] = feed(
        Discovery(),
        {"~": "base/tp", "cmd_t": "~/set", "stat_t": "pre/~", "pl_on": "~x", "avty": [{"t": "~/av"}], "t": "a/~/b"},
    )
    assert announced.config == {
        "command_topic": "base/tp/set", "state_topic": "pre/base/tp", "payload_on": "~x",
        "availability": [{"topic": "base/tp/av"}], "topic": "a/~/b",
    }  # fmt: skip


def test_topics_that_are_no_announcements_are_ignored() -> None:
    """Other levels, other endings, characters that ids cannot have."""
    discovery = Discovery()
    for topic in ("homeassistant/sensor/x/state", "homeassistant/sensor/config", "x/light/a/config",
                  "homeassistant/light/a b/config", "homeassistant/light/a/b/c/config"):
        assert feed(discovery, {"name": "x"}, topic) == []


def test_a_device_announces_its_components() -> None:
    """Shared keys go to each; one that is named without a configuration goes."""
    discovery = Discovery()
    topic = "homeassistant/device/dev1/config"
    device: dict[str, Any] = {"dev": {"ids": "1"}, "o": {"name": "x"}, "stat_t": "s", "qos": 2}
    components = {"a": {"p": "sensor", "name": "A"}, "b": {"p": "switch", "cmd_t": "c"}}
    both = feed(discovery, {**device, "cmps": components}, topic)
    assert [each.key for each in both] == [DiscoveryKey("sensor", "dev1 a"), DiscoveryKey("switch", "dev1 b")]
    assert both[0].config == {
        "name": "A", "state_topic": "s", "qos": 2, "device": {"identifiers": "1"}, "origin": {"name": "x"},
    }  # fmt: skip
    gone, kept = feed(discovery, {**device, "cmps": {"a": {"p": "sensor"}, "b": {"p": "switch", "cmd_t": "d"}}}, topic)
    assert gone == Withdrawn(DiscoveryKey("sensor", "dev1 a"))
    assert kept.is_update
    assert feed(discovery, b"", topic) == [Withdrawn(DiscoveryKey("switch", "dev1 b"))]


@pytest.mark.parametrize(
    "payload",
    [
        {"dev": {"ids": "1"}, "cmps": {}},
        {"o": {}, "dev": {"ids": "1"}, "cmps": []},
        {"o": {}, "dev": {"ids": "1"}, "cmps": {"a": {"name": "x"}}},
        {"o": {}, "dev": {"ids": "1"}, "cmps": {"a": 5}},
    ],
)
def test_a_malformed_device_announces_nothing(payload: Any) -> None:
    """Origin, device and components are required, and each component names its platform."""
    with pytest.raises(DiscoveryError):
        feed(Discovery(), payload, "homeassistant/device/d/config")


def test_migration_leaves_the_identity() -> None:
    """`migrate_discovery` lets go of the topic, for a device-based announcement to take over."""
    discovery = Discovery()
    feed(discovery, {"name": "L"})
    assert feed(discovery, {"migrate_discovery": True}) == [Withdrawn(DiscoveryKey("light", "lamp"), migrate=True)]


@given(st.binary(max_size=200))
def test_any_bytes_raise_nothing_else(payload: bytes) -> None:
    """Arbitrary payloads are announcements or `DiscoveryError`s."""
    for topic in (TOPIC, "homeassistant/device/d/config"):
        try:
            Discovery().feed(topic, payload)
        except DiscoveryError:
            pass


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["~", "dev", "o", "cmps", "avty", "p", "t", "stat_t", "x"]), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["~", "dev", "o", "cmps", "avty", "stat_t", "migr_discvry"]), JSON))
def test_any_json_raises_nothing_else(payload: dict[str, Any]) -> None:
    """Shapes that nobody expects neither."""
    for topic in (TOPIC, "homeassistant/device/d/config"):
        try:
            feed(Discovery(), payload, topic)
        except DiscoveryError:
            pass


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("stat_t", "state_topic"), ("cmd_t", "command_topic"), ("bri_scl", "brightness_scale"),
        ("temp_hi_stat_tpl", "temperature_high_state_template"), ("uniq_id", "unique_id"), ("avty", "availability"),
        ("json_attr_t", "json_attributes_topic"), ("clr_temp_cmd_t", "color_temp_command_topic"),
        ("pl_arm_custom_b", "payload_arm_custom_bypass"), ("exp_aft", "expire_after"),
        ("whit_cmd_t", "white_command_topic"),
        ("pr_mode_val_tpl", "preset_mode_value_template"), ("sup_clrm", "supported_color_modes"),
    ],
)  # fmt: skip
def test_short_keys(short: str, long: str) -> None:
    """A sample of the table."""
    assert ABBREVIATIONS[short] == long
