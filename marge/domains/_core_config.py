"""The home's place and units, as people change them at run time. What the files say wins at the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog

from marge.model import Context, Event

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.domains.homeassistant")

KEY = "core_config"
ELEVATIONS_M = (-1_000, 10_000)
"""As in the files."""
SHARED = "core_config"
UPDATED = "core_config_updated"


class CoreConfig:
    """Keeps what was changed, in `home.shared["core_config"]`.

    Attributes:
        source: `yaml` until something was changed, then `storage`, as `config_source` of `GET /api/config`.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stored: dict[str, Any] = home.storage.load(KEY) or {}
        settings = home.config.of_files
        taken = {name: value for name, value in self._stored.items() if name not in settings}
        self.source = "yaml" if settings or not taken else "storage"
        try:
            home.config.amend(**{name: _native(name, value) for name, value in taken.items()})
        except (ValueError, TypeError, OSError) as exc:
            log.error("the saved place of the home is unreadable and was skipped", problem=repr(exc))

    def update(self, changes: dict[str, Any]) -> None:
        """Make changes, save them, and tell everybody. Waits for the database.

        Args:
            changes: fields of `HomeConfig`, checked; the time zone by name.
        """
        if not changes:
            return
        self._stored = {**self._stored, **changes}
        self._home.storage.save(KEY, self._stored)
        self._home.config.amend(**{name: _native(name, value) for name, value in changes.items()})
        self.source = "storage"
        now = self._home.clock.now()
        self._home.bus.publish(Event(UPDATED, changes, Context.new(), now))


def _native(name: str, value: Any) -> Any:
    return ZoneInfo(value) if name == "time_zone" else value
