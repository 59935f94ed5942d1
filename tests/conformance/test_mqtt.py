"""The recorded MQTT cases: same entities, same states, same registries, same topics and payloads sent."""

from __future__ import annotations

import pytest

from tests.conformance.run import run_mqtt

LEVEL = 0.95


def test_recorded_devices_are_read_and_commanded_as_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    """Nearly every recorded case goes as it went with Home Assistant; the rest is explained."""
    outcome = run_mqtt()
    with capsys.disabled():
        print("\n" + outcome.table())

    assert outcome.unexplained == {}
    assert outcome.outdated == set()
    assert outcome.level >= LEVEL


@pytest.mark.slow
def test_more_configurations_go_as_observed() -> None:
    """Options that the recording does not have: what Home Assistant did with them, Marge does."""
    outcome = run_mqtt(recording="mqtt-observed.jsonl.gz")

    assert outcome.failed == {}
