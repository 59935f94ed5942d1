"""Updates: none, some, one that shows how far it is. Installing one takes half a second, or five."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from marge.actors import Future
from marge.bridges.demo.item import Item, of_device, with_fields
from marge.bridges.demo.later import SlowEntity
from marge.domains.update import BACKUP, INSTALL, PROGRESS, RELEASE_NOTES, SPECIFIC_VERSION, UpdateEntity

if TYPE_CHECKING:
    from marge.home import Home

STEP_S = 0.5
STEPS = 10
PICTURE = "https://brands.home-assistant.io/_/demo/icon.png"
_USUAL = INSTALL | SPECIFIC_VERSION | BACKUP
_ALL = _USUAL | PROGRESS | RELEASE_NOTES


class DemoUpdate(SlowEntity, UpdateEntity):
    """`wanted`: the version that is being installed."""

    entity_picture: str | None = PICTURE
    wanted: str | None = None

    def install(self, version: str | None = None, backup: bool = False) -> Future:
        self.wanted = version or self.latest_version
        self.in_progress = True
        if not self.supported_features & PROGRESS:
            return self.slowly(STEP_S, self._installed)
        self.update_percentage = 0
        return self.slowly(STEP_S, lambda: self._go_on(1))

    def _go_on(self, step: int) -> None:
        if step == STEPS:
            self._installed()
            return
        # A fraction where the device shows digits behind the point.
        self.update_percentage = 100 * step / STEPS + (0.55 if self.display_precision else 0)
        if not self.display_precision:
            self.update_percentage = int(self.update_percentage)
        self.later(STEP_S, lambda: self._go_on(step + 1))

    def interrupted(self) -> None:
        self.in_progress, self.update_percentage, self.wanted = False, None, None

    def _installed(self) -> None:
        self.installed_version = self.wanted
        self.write()
        self.in_progress, self.update_percentage, self.wanted = False, None, None

    def release_notes(self) -> str:
        return f"Long release notes.\n\n**With** markdown support!\n\n***\n\n{self.release_summary}"


_BULB: dict[str, Any] = {
    "title": "Philips Lamps Firmware", "installed_version": "1.93.3", "latest_version": "1.94.2",
    "release_summary": "Added support for effects", "release_url": "https://www.example.com/release/1.93.3",
    "device_class": "firmware",
}  # fmt: skip
_NEWS: dict[str, Any] = {
    "installed_version": "1.0.0", "latest_version": "1.0.1", "release_summary": "Awesome update, fixing everything!",
    "release_url": "https://www.example.com/release/1.0.1",
}  # fmt: skip

# object id, name, unique id, features, what it shows
_UPDATES: tuple[tuple[str, str, str, int, dict[str, Any]], ...] = (
    ("demo_update_no_install", "Demo Update No Install", "update_no_install", 0,
     {**_NEWS, "title": "Awesomesoft Inc."}),
    ("demo_no_update", "Demo No Update", "update_2_date", _USUAL,
     {"title": "AdGuard Home", "installed_version": "1.0.0", "latest_version": "1.0.0"}),
    ("demo_add_on", "Demo add-on", "update_addon", _USUAL, {**_NEWS, "title": "AdGuard Home"}),
    ("demo_living_room_bulb_update", "Demo Living Room Bulb Update", "update_light_bulb", _USUAL, _BULB),
    ("demo_update_with_progress", "Demo Update with Progress", "update_support_progress", _ALL, _BULB),
    ("demo_update_with_decimal_progress", "Demo Update with Decimal Progress", "update_support_decimal_progress", _ALL,
     {**_BULB, "display_precision": 2}),
)  # fmt: skip


def items(home: Home) -> Iterator[Item]:
    for object_id, name, unique_id, features, shown in _UPDATES:
        update = with_fields(DemoUpdate(), supported_features=features, **shown)
        update.home = home
        category = "config" if features else "diagnostic"
        yield of_device(f"update.{object_id}", update, name, unique_id, entity_category=category)
