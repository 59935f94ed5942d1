"""Sirens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, with_fields
from marge.domains.siren import DURATION, TONES, TURN_OFF, TURN_ON, VOLUME_SET, SirenEntity

if TYPE_CHECKING:
    from marge.home import Home


def items(home: Home) -> Iterator[Item]:
    plain = with_fields(SirenEntity(), is_on=True, supported_features=TURN_ON | TURN_OFF)
    yield Item("siren.siren", plain, "Siren")
    able = with_fields(
        SirenEntity(), is_on=True, available_tones=["fire", "alarm"],
        supported_features=TURN_ON | TURN_OFF | TONES | VOLUME_SET | DURATION,
    )  # fmt: skip
    yield Item("siren.siren_with_all_features", able, "Siren with all features")
