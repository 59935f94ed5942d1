"""The config entry of the simulated devices. The devices themselves are a bridge's, which follows this entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.integrations.base import Imported, Integration
from marge.integrations.flow import CreateEntry, Flow, ShowForm, Step
from marge.integrations.forms import Field, Form, boolean

if TYPE_CHECKING:
    from marge.home import Home

DOMAIN = "demo"
COUNTING = "counting"


class DemoOptions(Flow):
    """Asks whether the simulated meters count; a still home is easier to compare."""

    def step_init(self, user_input: dict[str, Any] | None) -> Step:
        assert self.entry is not None
        if user_input is None:
            present = self.entry.options.get(COUNTING, True)
            form = Form([Field(COUNTING, boolean(), required=True, default=present)])
            return ShowForm("init", form, last_step=True)
        return CreateEntry("", user_input)


def _imported(home: Home) -> Imported | None:
    """An entry while the files have `demo:`."""
    return Imported("Demo") if DOMAIN in home.config.sections else None


INTEGRATION = Integration(
    DOMAIN, "Demo", options_flow=DemoOptions, single_instance=True, imported=_imported, kind="hub"
)
