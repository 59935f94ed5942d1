"""A home with the MQTT bridge on the broker that these tests share, which keeps nothing of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from marge.home import Home
from tests.bridges.mqtt.wire import Bench


@pytest.fixture
def bench(make_home: Callable[..., Home], broker: tuple[str, int]) -> Iterator[Bench]:
    host, port = broker
    bench = Bench(make_home(mqtt_host=host, mqtt_port=port), host, port)
    yield bench
    for topic in {message[0] for message in bench.device.received} | bench.device.retained:
        bench.device.publish(topic, b"", retain=True)
    bench.close()
