"""The config entry of the Matter server: where it is stands in the files, in the environment, or in the entry.

Not here: the connection and the devices (`marge.bridges.matter`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from marge.config import values
from marge.integrations.base import Imported
from marge.integrations.flow import Abort, CreateEntry, Flow, ShowForm, Step
from marge.integrations.forms import Field, Form, text
from marge.integrations.lan import lan_integration

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

DOMAIN, TITLE = "matter", "Matter"
URL = "url"
DEFAULT_URL = "ws://localhost:5580/ws"
PROBE = "matter_probe"
"""In `home.shared`, put there by the bridge: what asks a URL which network is behind it, and answers None for none."""


def url_of(home: Home, entry: ConfigEntry) -> str | None:
    """Where the server is: as the files or the environment say, else as the entry does; None: nobody says."""
    configured = home.config.marge.matter_url
    if configured is not None:
        return configured
    found = entry.data.get(URL)
    return found if isinstance(found, str) and found else None


class MatterFlow(Flow):
    """Asks for the server's URL and tries it."""

    def step_user(self, user_input: dict[str, Any] | None) -> Step:
        if self.home.registries.config_entries.for_domain(DOMAIN):
            return Abort("single_instance_allowed")
        if user_input is None:
            return _ask(DEFAULT_URL, None)
        wanted = str(user_input[URL]).strip()
        try:
            url = values.websocket_url(wanted)
        except ValueError:
            return _ask(wanted, "invalid_host")
        probe: Callable[[str], str | None] | None = self.home.shared.get(PROBE)
        if probe is None:
            return Abort("not_ready")
        unique_id = probe(url)
        if unique_id is None:
            return _ask(wanted, "cannot_connect")
        self.take_unique_id(unique_id)
        return CreateEntry(TITLE, {URL: url})


def _ask(url: str, problem: str | None) -> Step:
    form = Form([Field(URL, text(), required=True, suggested=url)])
    return ShowForm("user", form, None if problem is None else {"base": problem})


def _imported(home: Home) -> Imported | None:
    return None if home.config.marge.matter_url is None else Imported(TITLE)


INTEGRATION = lan_integration(DOMAIN, TITLE, MatterFlow, "hub", single_instance=True, imported=_imported)
