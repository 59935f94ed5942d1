"""A date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, of_device, with_fields
from marge.domains.date import DateEntity

if TYPE_CHECKING:
    from marge.home import Home


def items(home: Home) -> Iterator[Item]:
    date = with_fields(DateEntity(), value=dt.date(2020, 1, 1), icon="mdi:calendar")
    yield of_device("date.date", date, "Date", "date")
