"""A broker of each file's own, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bridges.mqtt_devices.zigbee import Address, Client
from tests.support.broker import start_broker, stop_broker


@pytest.fixture(scope="module")
def broker() -> Iterator[Address]:
    host, port, process = start_broker()
    yield host, port
    stop_broker(process)


@pytest.fixture(scope="module")
def client(broker: Address) -> Iterator[Client]:
    client = Client(broker)
    yield client
    client.close()
