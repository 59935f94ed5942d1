"""A choice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, of_device, with_fields
from marge.domains.select import SelectEntity

if TYPE_CHECKING:
    from marge.home import Home


def items(home: Home) -> Iterator[Item]:
    speed = with_fields(
        SelectEntity(), current_option="ridiculous_speed",
        options=["light_speed", "ridiculous_speed", "ludicrous_speed"],
    )  # fmt: skip
    yield of_device("select.speed", speed, "Speed", "speed", translation_key="speed")
