"""Updates of firmware and software: installed, newest, skipped."""

from __future__ import annotations

import re
from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._validators import boolean, string
from marge.domains._virtual import to, virtual
from marge.entities import Domain, Entity
from marge.errors import HomeError

INSTALL, SPECIFIC_VERSION, PROGRESS, BACKUP, RELEASE_NOTES = 1, 2, 4, 8, 16
_MAX_SUMMARY = 255
_MAX_DIGITS = 18


_VERSION = re.compile(r"[vV]?(\d+(?:\.\d+)*)(?:[-.]?(dev|a|alpha|b|beta|rc)[-.]?(\d*))?")
_STAGES = ("dev", "a", "b", "rc")


def is_newer(latest: str, installed: str) -> bool:
    """Whether a version comes after another. Of versions that cannot be ordered any other one counts as newer."""
    first, second = _VERSION.fullmatch(latest.strip()), _VERSION.fullmatch(installed.strip())
    if first is None or second is None:
        return latest != installed
    return _order(first) > _order(second)


def _order(version: re.Match[str]) -> tuple[tuple[int, ...], int, int]:
    numbers = [int(part[:_MAX_DIGITS]) for part in version[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    word = version[2]
    stage = len(_STAGES) if word is None else _STAGES.index({"alpha": "a", "beta": "b"}.get(word, word))
    return tuple(numbers), stage, int((version[3] or "0")[:_MAX_DIGITS])


class UpdateEntity(Entity):
    """One that somebody owns. Owners override `install(version=None, backup=False)` and `release_notes()`.

    Attributes:
        in_progress: True while it installs; update_percentage: 0-100 then, if known.
        supported_features: the constants of this module.
    """

    domain = "update"
    installed_version: str | None = None
    latest_version: str | None = None
    skipped_version: str | None = None
    title: str | None = None
    release_summary: str | None = None
    release_url: str | None = None
    auto_update: bool = False
    in_progress: bool = False
    update_percentage: float | None = None
    display_precision: int = 0
    supported_features: int = 0

    def install(self, version: str | None = None, backup: bool = False) -> Any:
        """Do it; the owner's part."""

    def release_notes(self) -> str | None:
        """Markdown; the owner's part. Called in the asker's greenlet, outside the actor: it may wait, and only reads
        what is replaced as a whole."""
        return None

    def handle_install(self, version: str | None = None, backup: bool = False) -> Any:
        features = self.supported_features
        if version is not None and not features & SPECIFIC_VERSION:
            raise HomeError(f"Installing a specific version is not supported for {self.entity_id}")
        if backup and not features & BACKUP:
            raise HomeError(f"Backup is not supported for {self.entity_id}")
        if version is None and (self.installed_version == self.latest_version or self.latest_version is None):
            raise HomeError(f"No update available for {self.entity_id}")
        if self.in_progress:
            raise HomeError(f"Update installation already in progress for {self.entity_id}")
        return self.install(version=version, backup=backup)

    def handle_skip(self) -> None:
        if self.auto_update:
            raise HomeError(f"Skipping update is not supported for {self.entity_id}")
        if self.latest_version is None or self.installed_version == self.latest_version:
            raise HomeError(f"No update available to skip for {self.entity_id}")
        self.skipped_version = self.latest_version

    def handle_clear_skipped(self) -> None:
        if self.auto_update:
            raise HomeError(f"Clearing skipped update is not supported for {self.entity_id}")
        self.skipped_version = None

    def state_value(self) -> str | None:
        if self.installed_version is None or self.latest_version is None:
            return None
        if self.latest_version in (self.skipped_version, self.installed_version):
            return "off"
        return "on" if is_newer(self.latest_version, self.installed_version) else "off"

    def state_attributes(self) -> dict[str, Any]:
        if self.skipped_version is not None and self.skipped_version != self.latest_version:
            self.skipped_version = None  # there is a newer one than what somebody did not want
        summary = self.release_summary
        return {
            "auto_update": self.auto_update,
            "display_precision": self.display_precision,
            "installed_version": self.installed_version,
            "in_progress": self.in_progress,
            "latest_version": self.latest_version,
            "release_summary": summary if summary is None else summary[:_MAX_SUMMARY],
            "release_url": self.release_url,
            "skipped_version": self.skipped_version,
            "title": self.title,
            "update_percentage": self.update_percentage if self.in_progress else None,
        }


DOMAIN = Domain(
    "update",
    services={
        "install": service(
            "update", "install", "handle_install", "Installs updates.",
            {vol.Optional("version"): string, vol.Optional("backup", default=False): boolean}, INSTALL,
        ),
        "skip": service("update", "skip", "handle_skip", "Marks the newest version as not wanted."),
        "clear_skipped": service("update", "clear_skipped", "handle_clear_skipped", "Takes that mark away."),
    },
    entity=UpdateEntity,
    virtual=virtual({"install": to("installing"), "skip": to("skipped"), "clear_skipped": to("on")}),
)  # fmt: skip
