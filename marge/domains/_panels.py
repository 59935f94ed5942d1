"""The pages that a front end may offer in its sidebar. On the hub only; nothing here waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

PANELS_UPDATED = "panels_updated"


@dataclass(frozen=True, slots=True)
class Panel:
    """One page.

    Attributes:
        component: which of the front end's pages it is.
        title, icon: in the sidebar; without a title it is not shown there.
        config: for the page.
    """

    url_path: str
    component: str
    title: str | None = None
    icon: str | None = None
    config: Mapping[str, Any] | None = None
    require_admin: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "component_name": self.component,
            "icon": self.icon,
            "title": self.title,
            "config": self.config,
            "url_path": self.url_path,
            "require_admin": self.require_admin,
            "config_panel_domain": None,
        }


_ALWAYS = (
    Panel("config", "config", "config", "hass:cog", require_admin=True),
    Panel("lovelace", "lovelace", config={"mode": "storage"}),
    Panel("profile", "profile"),
    Panel("developer-tools", "developer-tools", "developer_tools", "hass:hammer", require_admin=True),
    Panel("logbook", "logbook", "logbook", "hass:format-list-bulleted-type"),
    Panel("media-browser", "media-browser", "media_browser", "hass:play-box-multiple"),
    Panel("history", "history", "history", "hass:chart-box"),
    Panel("_my_redirect", "my"),
    Panel("energy", "energy", "energy", "mdi:lightning-bolt"),
    Panel("calendar", "calendar", "calendar", "hass:calendar"),
    Panel("todo", "todo", "todo", "mdi:clipboard-list"),
)


class Panels:
    """Panels by their path.

    Args:
        changed: called after each change.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._panels = {panel.url_path: panel for panel in _ALWAYS}

    def __contains__(self, url_path: object) -> bool:
        return url_path in self._panels

    def put(self, panel: Panel) -> None:
        """Add the panel, or replace the one at its path."""
        if self._panels.get(panel.url_path) != panel:
            self._panels[panel.url_path] = panel
            self._changed()

    def remove(self, url_path: str) -> None:
        """Take the panel at this path away, if there is one."""
        if self._panels.pop(url_path, None) is not None:
            self._changed()

    def shown_to(self, is_admin: bool) -> dict[str, dict[str, Any]]:
        """Those that somebody may see, by path."""
        return {path: panel.as_dict() for path, panel in self._panels.items() if is_admin or not panel.require_admin}
