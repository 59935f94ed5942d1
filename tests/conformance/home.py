"""A running home like that of the recording, and the recorded rows."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from marge.app import Running
from tests.conformance.configuration import CONFIGURATION, FILES
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

DATA = Path(__file__).parents[1] / "data"
HOUR = 11
"""Of the home's time when it was recorded: the sun was above the horizon."""

def rows(name: str) -> list[dict[str, Any]]:
    """The rows of one recording, in order."""
    return [json.loads(line) for line in _lines(name)]


@cache
def _lines(name: str) -> tuple[str, ...]:
    with gzip.open(DATA / name, "rt") as file:
        return tuple(file)


@contextmanager
def recorded_home(*, with_users: bool = False) -> Iterator[HomeServer]:
    """Without users, because the recording of REST begins with onboarding."""
    with home_server(
        CONFIGURATION, with_users=with_users, files=FILES, bridges=("demo",), frontend="home-assistant",
        prepare=_by_day,
    ) as server:  # fmt: skip
        until(lambda: "weather.demo_weather_north" in server.home.states, what="the simulated devices")
        until(lambda: server.state("sun.sun").state != "unknown", what="the sun, whose times come from a child process")
        yield server


def _by_day(running: Running) -> None:
    """Whatever the time is where the tests run, in the home it is that of the recording, of today."""
    zone = ZoneInfo("America/Denver")
    running.home.clock.set_home(datetime.now(zone).replace(hour=HOUR, minute=0, second=0).timestamp())
