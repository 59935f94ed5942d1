"""Philips Hue: a config entry a bridge, paired with by its button. Not here: talking to it (`marge.bridges.hue`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marge.integrations.flow import ShowForm, Step
from marge.integrations.forms import Form
from marge.integrations.lan import HOST, LanFlow, lan_integration

PAIR = {"pair": "yes"}


class HueFlow(LanFlow):
    """An address, then the button on the bridge."""

    unasked = PAIR

    def step_link(self, user_input: dict[str, Any] | None) -> Step:
        """Press the button, then go on."""
        return self.try_it(PAIR, self._ask_button)

    def refused(self, secrets: Mapping[str, str]) -> Step:
        return self._ask_button("register_failed" if secrets else None)

    def _ask_button(self, problem: str | None = None) -> Step:
        errors = None if problem is None else {"base": problem}
        return ShowForm("link", Form(()), errors, placeholders={HOST: self.host})


INTEGRATION = lan_integration("hue", "Philips Hue", HueFlow, kind="hub")
