"""A moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, of_device, with_fields
from marge.domains.datetime import DateTimeEntity

if TYPE_CHECKING:
    from marge.home import Home


def items(home: Home) -> Iterator[Item]:
    moment = with_fields(
        DateTimeEntity(home), value=dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC), icon="mdi:calendar-clock"
    )
    yield of_device("datetime.date_and_time", moment, "Date and Time", "datetime")
