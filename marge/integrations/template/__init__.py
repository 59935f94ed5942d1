"""Templates: entities whose state and attributes are templates over other states, from the files or made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.errors import InvalidRequest
from marge.integrations.base import Integration
from marge.integrations.host import add_entity
from marge.integrations.template.entities import KINDS
from marge.integrations.template.flow import TYPE_KEY, TemplateFlow, TemplateOptionsFlow
from marge.integrations.template.yaml import TemplateSection

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry


def _setup(home: Home, entry: ConfigEntry) -> None:
    kind = str(entry.options.get(TYPE_KEY))
    if kind not in KINDS:
        raise InvalidRequest(f"there are no template entities of the domain {kind}")
    device_id = entry.options.get("device_id")
    known = device_id if device_id in home.registries.devices else None
    add_entity(home, entry, KINDS[kind](home, entry.options), entry.entry_id, device_id=known)


INTEGRATION = Integration(
    "template", "Template", _setup, flow=TemplateFlow, options_flow=TemplateOptionsFlow, kind="helper",
    start=lambda home: TemplateSection(home).start(), iot_class="local_push",
)  # fmt: skip
