"""Scripts: their services. What runs stands in `marge.automations`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.automations import fields
from marge.automations.editing import SCRIPT, reload
from marge.automations.entities import ScriptEntity
from marge.automations.loading_scripts import load_scripts
from marge.domains._catalog import service
from marge.entities import Domain
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home


def _setup(home: Home, _conf: Any) -> None:
    home.services.register(
        "script",
        "reload",
        lambda call: (reload(home, SCRIPT, call.context), None)[1],
        vol.Schema({}, extra=vol.REMOVE_EXTRA),
        description="Reads the scripts' files anew; those that did not change go on undisturbed.",
    )
    load_scripts(home)


_VARIABLES: dict[Any, Any] = {vol.Optional("variables"): fields.variables}

def _virtual(_service: str, state: State | None, _data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """What only looks like a script runs nothing, so it stays as it is."""
    return "off" if state is None else state.state, {}


DOMAIN = Domain(
    "script",
    virtual=_virtual,
    services={
        "turn_on": service("script", "turn_on", "turn_on", "Starts scripts without waiting for their end.", _VARIABLES),
        "turn_off": service("script", "turn_off", "turn_off", "Stops all runs of scripts."),
        "toggle": service("script", "toggle", "toggle", "Starts scripts that do not run, stops those that do.",
                          _VARIABLES),
    },
    entity=ScriptEntity,
    setup=_setup,
)
