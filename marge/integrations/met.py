"""The config entry of the weather at home: while it is loaded, the forecast is fetched (`marge.bridges.weather`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from marge.integrations.base import Imported, Integration
from marge.integrations.flow import Abort, CreateEntry, Flow, ShowForm, Step
from marge.integrations.forms import Form

if TYPE_CHECKING:
    from marge.actors import ChildSpec
    from marge.home import Home
    from marge.registries import ConfigEntry

DOMAIN, TITLE = "met", "Meteorologisk institutt (Met.no)"
BRIDGES, PATH = "/bridges", "/bridges/weather"
KINDS, KIND = "bridge_kinds", "weather"
"""The first in `home.shared`: name to what makes a bridge's children."""


class MetFlow(Flow):
    """Nothing to say: the forecast is for where the home is."""

    def step_user(self, user_input: dict[str, Any] | None) -> Step:
        if self.home.registries.config_entries.for_domain(DOMAIN):
            return Abort("single_instance_allowed")
        if user_input is None:
            return ShowForm("user", Form([]))
        return CreateEntry("Home")


def _imported(home: Home) -> Imported | None:
    return Imported("Home") if home.config.marge.weather else None


def _setup(home: Home, _entry: ConfigEntry) -> None:
    """Start fetching; at the home's start the bridge comes later, with the other bridges."""
    kinds: dict[str, Callable[[Home], list[ChildSpec]]] = home.shared.get(KINDS, {})
    if KIND in kinds and home.system.ref(PATH) is None:
        for spec in kinds[KIND](home):
            home.system.spawn(spec, BRIDGES)


def _unload(home: Home, _entry: ConfigEntry) -> None:
    home.system.remove(PATH)


INTEGRATION = Integration(
    DOMAIN, TITLE, _setup, unload=_unload, flow=MetFlow, single_instance=True, imported=_imported, kind="service",
    iot_class="cloud_polling",
)  # fmt: skip
