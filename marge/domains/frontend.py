"""What a front end asks the server for: panels, themes, scripts to load. Not here: serving a front end's files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.actors import native
from marge.config import load_home
from marge.domains._catalog import fields_of
from marge.domains._helpers import report_problem
from marge.domains._panels import PANELS_UPDATED, Panels
from marge.domains._validators import string
from marge.entities import Domain
from marge.model import Context, Event
from marge.util.schema import ensure_list

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

log = structlog.get_logger("marge.domains.frontend")

THEMES_UPDATED = "themes_updated"
DEFAULT, NO_THEME = "default", "none"
_SAVED_THEME = "frontend/theme"
_COLORS = {str: string}
_MODES = {vol.Optional("light"): _COLORS, vol.Optional("dark"): _COLORS}
_THEME = vol.Schema({vol.Optional("modes"): _MODES, str: string})
_SET_THEME = {vol.Required("name"): string, vol.Optional("mode", default="light"): vol.In(("dark", "light"))}


class Frontend:
    """What front ends are told, in `home.shared["frontend"]`.

    Attributes:
        panels: the pages in the sidebar.
        themes: those of the configuration, by name.
        extra_modules: addresses of scripts that the configuration adds to every page.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self.panels = Panels(lambda: self._fire(PANELS_UPDATED, {}))
        self.themes: dict[str, Mapping[str, Any]] = {}
        self.extra_modules: list[str] = []
        self._chosen: dict[str, str | None] = {"light": DEFAULT, "dark": None}

    def load(self, section: Any) -> None:
        """Take the configuration's part; what is wrong with one theme costs that theme."""
        conf = section if isinstance(section, Mapping) else {}
        self.themes = {}
        themes = conf.get("themes") or {}
        if not isinstance(themes, Mapping):
            report_problem(self._home, "frontend", "themes", vol.Invalid("expected a mapping"), section, ("themes",))
            themes = {}
        for name, theme in themes.items():
            try:
                self.themes[str(name)] = _THEME({} if theme is None else theme)
            except vol.Invalid as exc:
                report_problem(self._home, "frontend", name, exc, themes, (name, *exc.path))
        self.extra_modules = [str(each) for each in ensure_list(conf.get("extra_module_url"))]

    def restore(self) -> None:
        """Take up the themes that were chosen before the restart. Waits for the database."""
        saved = self._home.storage.load(_SAVED_THEME)
        if isinstance(saved, dict):
            self._chosen.update({mode: saved.get(mode) for mode in ("light", "dark") if mode in saved})

    def describe_themes(self) -> dict[str, Any]:
        """As `frontend/get_themes` answers. A chosen theme that is gone does not count."""
        light, dark = self._chosen["light"], self._chosen["dark"]
        return {
            "themes": self.themes,
            "default_theme": light if light in self.themes else DEFAULT,
            "default_dark_theme": dark if dark in self.themes or dark == DEFAULT else None,
        }

    def set_theme(self, name: str, mode: str) -> None:
        """Choose what clients that choose none show. Unknown names are logged, as HA does."""
        if name in (DEFAULT, NO_THEME):
            self._chosen[mode] = DEFAULT if mode == "light" or name == DEFAULT else None
        elif name in self.themes:
            self._chosen[mode] = name
        else:
            log.warning("there is no such theme", theme=name)
            return
        self._home.storage.save_soon({_SAVED_THEME: dict(self._chosen)})
        self.fire_themes()

    def fire_themes(self) -> None:
        self._fire(THEMES_UPDATED, {})

    def _fire(self, event_type: str, data: dict[str, Any]) -> None:
        self._home.bus.publish(Event(event_type, data, Context.new(), self._home.clock.now()))


def _setup(home: Home, section: Any) -> None:
    frontend = home.shared["frontend"] = Frontend(home)
    frontend.load(section)
    frontend.restore()

    def set_theme(call: ServiceCall) -> None:
        frontend.set_theme(call.data["name"], call.data["mode"])

    def reload_themes(_call: ServiceCall) -> None:
        config = native.run(load_home, home.config.config_dir)
        frontend.load(config.sections.get("frontend"))
        frontend.fire_themes()

    home.services.register(
        "frontend", "set_theme", set_theme, schema=_SET_THEME, name="Set theme",
        description="Chooses the theme of clients that choose none themselves.",
        fields=fields_of("frontend", "set_theme"),
    )  # fmt: skip
    home.services.register(
        "frontend", "reload_themes", reload_themes, schema={}, name="Reload themes",
        description="Reads the themes from the configuration again.",
    )  # fmt: skip


DOMAIN = Domain("frontend", setup=_setup)
