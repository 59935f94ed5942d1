"""One home for the tests of this package that need one, with an automation that follows a door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.home import HomeServer, home_server

CONFIGURATION = """
homeassistant: {name: Test, latitude: 50, longitude: 8, elevation: 100, time_zone: Europe/Berlin}
input_boolean: {guest: {name: Guest}, lamp: {name: Lamp}, late: {name: Late}}
automation:
  - id: evening
    alias: Evening
    triggers: [{trigger: state, entity_id: binary_sensor.door, to: "on"}]
    actions:
      - action: input_boolean.turn_on
        target: {entity_id: input_boolean.lamp}
  - id: chained
    alias: Chained
    triggers: [{trigger: event, event_type: go}]
    actions: [{action: script.inner}]
script:
  inner: {alias: Inner, sequence: [{action: input_boolean.turn_on, target: {entity_id: input_boolean.late}}]}
"""


@pytest.fixture(scope="package")
def server() -> Iterator[HomeServer]:
    with home_server(CONFIGURATION) as running:
        yield running
