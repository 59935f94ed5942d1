"""A time of day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, of_device, with_fields
from marge.domains.time import TimeEntity

if TYPE_CHECKING:
    from marge.home import Home


def items(home: Home) -> Iterator[Item]:
    time = with_fields(TimeEntity(), value=dt.time(12))
    yield of_device("time.time", time, "Time", "time")
