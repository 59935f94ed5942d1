"""One home for the tests of this package: starting one costs half a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.home import HomeServer, home_server

CONFIGURATION = """
homeassistant: {name: Test, latitude: 50, longitude: 8, elevation: 100, unit_system: metric, time_zone: Europe/Berlin}
input_boolean: {guest: {name: Guest}}
"""


@pytest.fixture(scope="package")
def server() -> Iterator[HomeServer]:
    with home_server(CONFIGURATION) as running:
        yield running
