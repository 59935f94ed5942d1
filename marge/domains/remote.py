"""Remote controls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._on_off import OnOffEntity
from marge.domains._validators import list_of, positive_float, positive_int, string
from marge.domains._virtual import Rule, to, virtual
from marge.entities import Domain
from marge.model import State


class RemoteEntity(OnOffEntity):
    """A remote that somebody owns. Owners override `turn_on(activity=None)`, `turn_off()`,
    `send_command(command, …)` with a list of commands."""

    domain = "remote"
    supported_features: int = 0

    def send_command(self, command: list[str], **params: Any) -> Any:
        """Send it; the owner's part."""


def _virtual_command(state: State | None, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    changes = {"last_command": data["command"]} if "command" in data else {}
    return ("on" if state is None else state.state), changes


_ACTIVITY = {vol.Optional("activity"): string}

DOMAIN = Domain(
    "remote",
    services={
        "turn_on": service("remote", "turn_on", "turn_on", "Turns on what a remote controls.", _ACTIVITY),
        "turn_off": service("remote", "turn_off", "turn_off", "Turns off what a remote controls.", _ACTIVITY),
        "toggle": service("remote", "toggle", "toggle", "Turns what a remote controls to its other side.", _ACTIVITY),
        "send_command": service(
            "remote", "send_command", "send_command", "Sends commands.",
            {
                vol.Required("command"): list_of(string),
                vol.Optional("device"): string,
                vol.Optional("num_repeats"): positive_int,
                vol.Optional("delay_secs"): positive_float,
                vol.Optional("hold_secs"): positive_float,
            },
        ),
    },
    entity=RemoteEntity,
    virtual=virtual({"turn_on": to("on"), "turn_off": to("off"), "send_command": Rule(compute=_virtual_command)}),
)  # fmt: skip
