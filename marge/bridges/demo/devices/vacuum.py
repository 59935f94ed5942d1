"""Vacuum robots, from one that can do everything to one that can do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from marge.bridges.demo.item import Item, with_fields
from marge.bridges.demo.later import SlowEntity
from marge.domains.vacuum import BATTERY, FAN_SPEED, VacuumEntity

if TYPE_CHECKING:
    from marge.home import Home

AREA_A_START = 1.32
WAY_HOME_S = 30.0
_SPEEDS = ["min", "medium", "high", "max"]


class DemoVacuum(SlowEntity, VacuumEntity):
    """`area`: square metres cleaned so far."""

    activity: str | None = "docked"
    area: float = 0

    def start(self) -> None:
        self.hold()
        if self.activity != "cleaning":
            self.activity = "cleaning"
            self.area = round(self.area + AREA_A_START, 2)
            if self.battery_level is not None:
                self.battery_level = max(0, self.battery_level - 1)

    def pause(self) -> None:
        if self.activity == "cleaning":
            self.activity = "paused"

    def stop(self) -> None:
        if self.activity != "docked":
            self.hold()
            self.activity = "idle"

    def clean_spot(self) -> None:
        self.hold()
        super().clean_spot()

    def locate(self) -> None:
        self.hold()
        self.activity = "idle"  # it stops to make itself heard

    def return_to_base(self) -> None:
        if self.activity != "docked":
            self.activity = "returning"
            self.later(WAY_HOME_S, self._arrive)

    def _arrive(self) -> None:
        self.activity = "docked"
        if self.battery_level is not None:
            self.battery_level = 100

    def state_attributes(self) -> dict[str, Any]:
        return {**super().state_attributes(), "cleaned_area": self.area}


# name, features (`marge.domains.vacuum`)
_ROBOTS = (
    ("0_Ground_floor", 16380), ("1_First_floor", 12412), ("2_Second_floor", 12360), ("3_Third_floor", 3),
    ("4_Fourth_floor", 0),
)  # fmt: skip


def items(home: Home) -> Iterator[Item]:
    for name, features in _ROBOTS:
        robot = with_fields(
            DemoVacuum(), supported_features=features,
            battery_level=100 if features & BATTERY else None,
            fan_speed="medium" if features & FAN_SPEED else None,
            fan_speed_list=_SPEEDS if features & FAN_SPEED else [],
        )  # fmt: skip
        robot.home = home
        yield Item(f"vacuum.{name.lower()}", robot, name)
