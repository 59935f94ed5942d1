"""Firmware of simulated devices: which release is installed, which is the latest, and updating it step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

STEPS = 10
"""In so many steps an update is told."""


@dataclass
class Firmware:
    """A device's firmware. `progress`: percent while it is updating; None otherwise."""

    installed: int = 16_777_216
    latest: int = 16_842_752
    state: str = "idle"
    progress: float | None = None
    remaining_s: float = 0.0
    checked: bool = False

    @property
    def build(self) -> str:
        """As the device calls its release."""
        number = self.installed
        return f"{number >> 24 & 255}.{number >> 16 & 255}.{number & 65535}"

    def check(self) -> bool:
        """Look whether there is a newer one."""
        self.checked = True
        available = self.installed < self.latest
        if self.state in ("idle", "available"):
            self.state = "available" if available else "idle"
        return available

    def step(self, step: int, whole_s: float) -> bool:
        """Take one of `STEPS` steps. True: it was the last one."""
        self.state = "updating"
        self.progress = round(100.0 * step / STEPS, 2)
        self.remaining_s = whole_s * (STEPS - step) / STEPS
        if step < STEPS:
            return False
        self.installed, self.state, self.progress = self.latest, "idle", None
        return True

    def report(self) -> dict[str, Any]:
        """The `update` part of the device's state."""
        known = self.checked or self.state != "idle"
        shown: dict[str, Any] = {
            "state": self.state, "installed_version": self.installed if known else -1,
            "latest_version": self.latest if known else -1,
        }  # fmt: skip
        if self.progress is not None:
            shown |= {"progress": self.progress, "remaining": round(self.remaining_s)}
        return shown
