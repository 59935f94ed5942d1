"""Users of the broker, bridges that are programs, and what of them is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.config.marge_block import takes_anonymous
from marge.config.mqtt_values import bridge_programs, mirror, mqtt_users
from tests.config.conftest import Load, found


def test_a_user_is_a_password_or_a_block(load: Load) -> None:
    """Both spellings; the block names topics, too."""
    text = """
marge:
  mqtt:
    users:
      zigbee: 123456
      hall: {password: secret, publish: [hall/#], subscribe: hall/set}
"""
    home = load({"configuration.yaml": text})

    first, second = home.marge.mqtt_users
    assert (first.name, first.password, first.publish) == ("zigbee", "123456", None)
    assert (second.publish, second.subscribe) == (("hall/#",), ("hall/set",))
    assert home.problems == ()
    assert "secret" not in repr(home.marge)


@pytest.mark.parametrize(
    "users",
    [["a"], {"marge": "x"}, {"marge-x": "x"}, {"a b": "x"}, {"a": ""}, {"a": None}, {"a": {"passwort": "x"}},
     {"a:b": "x"}, {"a\nuser b": "x"}, {"a": {"password": "x", "publish": ["a/#/b"]}},
     {"a": {"password": "x", "publish": ["a\nuser b"]}}],
)  # fmt: skip
def test_a_wrong_user_is_refused(users: object) -> None:
    """Nothing that could become a line of its own in the broker's files, and no account of Marge's."""
    with pytest.raises(ValueError, match=r"."):
        mqtt_users(users)


def test_a_bridge_needs_a_command(load: Load) -> None:
    """The finding names the bridge and the file's line; nothing of it is started."""
    home = load({"configuration.yaml": "marge:\n  bridges:\n    doorbell: {memory_mb: 64}\n"})

    assert home.marge.bridges == ()
    assert found(home) == [("error", "configuration.yaml", 2)]
    assert "doorbell" in str(home.problems[0])


def test_a_bridge_as_documented() -> None:
    """All its keys."""
    (bridge,) = bridge_programs(
        {
            "doorbell": {
                "command": ["python3", "bell.py", 1], "environment": {"BELL": 5, "LOUD": True}, "memory_mb": 64,
                "descriptors": 32, "log_mb": 1, "publish": ["bell/#"], "subscribe": ["bell/+"], "directory": "/srv",
            }
        }
    )  # fmt: skip

    assert bridge.command == ("python3", "bell.py", "1")
    assert dict(bridge.environment) == {"BELL": "5", "LOUD": "true"}
    assert (bridge.memory_mb, bridge.descriptors, bridge.log_mb, bridge.directory) == (64, 32, 1, "/srv")


@pytest.mark.parametrize(
    "bridges",
    [[], {"mqtt": {"command": "x"}}, {"A b": {"command": "x"}}, {"a": {"command": [True]}}, {"a": {"command": []}},
     {"a": {"command": "x", "memory_mb": 1}}, {"a": {"command": "x", "memory_mb": True}},
     {"a": {"command": "x", "environment": {"MARGE_MQTT_PASSWORD": "x"}}}, {"a": {"command": "x", "shell": True}},
     {"a": {"command": ["x\0y"]}}],
)  # fmt: skip
def test_a_wrong_bridge_is_refused(bridges: object) -> None:
    """Names that are taken, limits out of range, keys that do not exist."""
    if bridges == []:
        with pytest.raises(ValueError, match="mapping"):
            bridge_programs(bridges)
        return
    with pytest.raises(ValueError, match=r"."):
        bridge_programs(bridges)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))  # fmt: skip  # noqa: E501
def test_whatever_the_file_holds_is_read_or_refused(value: object) -> None:
    """Never another error."""
    for reader in (mqtt_users, bridge_programs, mirror):
        try:
            reader(value)
        except ValueError:
            continue


def test_nobody_comes_in_unknown_beyond_this_machine(load: Load) -> None:
    """Anonymous access elsewhere has to be said; without it and without users a warning tells."""
    here = load({})
    away = load({"configuration.yaml": "marge: {mqtt: {host: 0.0.0.0}}\n"})
    said = load({"configuration.yaml": "marge: {mqtt: {host: 0.0.0.0, anonymous: true}}\n"})

    assert [takes_anonymous(home.marge) for home in (here, away, said)] == [True, False, True]
    assert [problem.severity for problem in away.problems] == ["warning"]
    assert said.problems == ()


def test_a_certificate_needs_its_key(load: Load) -> None:
    """And files that exist."""
    home = load({"configuration.yaml": "marge: {broker: {kind: external, host: b, certificate: c.pem}}\n"})

    assert [problem.severity for problem in home.problems] == ["fatal", "error"]
