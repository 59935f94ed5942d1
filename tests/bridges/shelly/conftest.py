"""One home for the tests of this package, in which devices are polled often."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marge.bridges.lan import device as lan_device
from marge.bridges.shelly import device as shelly_device
from marge.bridges.shelly.device import ShellyDevice
from marge.simulate.families import _shelly_parts
from tests.support.home import HomeServer, home_server


@pytest.fixture(scope="package", autouse=True)
def quick() -> Iterator[None]:
    """What takes seconds takes hundredths."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lan_device, "RETRY_S", 0.02)
        patch.setattr(lan_device, "PAUSES_S", (0.02, 0.05))
        patch.setattr(lan_device, "FORGET_AFTER", 3)
        patch.setattr(lan_device, "REFUSED_PAUSE_S", 0.05)
        patch.setattr(ShellyDevice, "poll_s", 0.1)
        patch.setattr(shelly_device, "MOVING_POLL_S", 0.05)
        patch.setattr(_shelly_parts, "FULL_WAY_S", 1.0)
        yield


@pytest.fixture(scope="package")
def home() -> Iterator[HomeServer]:
    with home_server(bridges=("shelly",), broker="none") as server:
        yield server
