"""Groups of entities of one domain, made by hand: one entity that stands for several and passes commands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from marge.errors import InvalidRequest
from marge.integrations import forms
from marge.integrations._helper_flow import Fields, HelperForm, helper_flows
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.group import others
from marge.integrations.group.base import MemberGroup
from marge.integrations.group.files import PLATFORMS as YAML_PLATFORMS
from marge.integrations.group.files import start_notifiers
from marge.integrations.group.lights import LightGroup
from marge.integrations.host import add_entity

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

TYPE_KEY = "group_type"
HIDDEN_BY = "integration"

KINDS: Mapping[str, type[MemberGroup]] = {
    "binary_sensor": others.BinarySensorGroup,
    "button": others.ButtonGroup,
    "cover": others.CoverGroup,
    "event": others.EventGroup,
    "fan": others.FanGroup,
    "light": LightGroup,
    "lock": others.LockGroup,
    "media_player": others.MediaPlayerGroup,
    "notify": others.NotifyGroup,
    "sensor": others.SensorGroup,
    "switch": others.SwitchGroup,
}


def _form(kind: str) -> HelperForm:
    def make(own: tuple[str, ...]) -> Sequence[Field]:
        fields = [
            Field("name", forms.text(), required=True, once=True),
            Field(
                "entities",
                forms.entity(KINDS[kind].member_domains, multiple=True, exclude=own),
                required=True,
            ),
            Field("hide_members", forms.boolean(), required=True, default=False),
        ]
        if kind == "binary_sensor":
            fields.append(Field("all", forms.boolean(), required=True, default=False))
        elif kind in ("light", "switch"):
            fields.append(Field("all", forms.boolean(), required=True, default=False, later=True, advanced=True))
        elif kind == "sensor":
            fields.append(Field("ignore_non_numeric", forms.boolean(), default=False, later=True))
            fields.append(Field("type", forms.select(others.SENSOR_KINDS, translation_key="type"), required=True))
        return fields

    asked: Fields = make
    return HelperForm(asked, preview="group")


FORMS = {kind: _form(kind) for kind in KINDS}
GroupFlow, GroupOptionsFlow = helper_flows(FORMS, TYPE_KEY)


def _setup(home: Home, entry: ConfigEntry) -> None:
    kind = str(entry.options.get(TYPE_KEY))
    if kind not in KINDS:
        raise InvalidRequest(f"there are no groups of the domain {kind}")
    group = KINDS[kind](home, entry.options)
    add_entity(home, entry, group, entry.entry_id)
    _hide(home, group.members, bool(entry.options.get("hide_members")))


def _removed(home: Home, entry: ConfigEntry) -> None:
    if entry.options.get("hide_members"):
        _hide(home, tuple(entry.options.get("entities", ())), False)


def _hide(home: Home, members: Sequence[str], hidden: bool) -> None:
    entities = home.registries.entities
    for member in members:
        entry = entities.get(home.states.current_id(member)) or entities.by_registry_id(member)
        if entry is None:
            continue
        if hidden and entry.hidden_by is None:
            entities.update(entry.entity_id, hidden_by=HIDDEN_BY)
        elif not hidden and entry.hidden_by == HIDDEN_BY:
            entities.update(entry.entity_id, hidden_by=None)


INTEGRATION = Integration(
    "group", "Group", _setup, removed=_removed, flow=GroupFlow, options_flow=GroupOptionsFlow, kind="helper",
    start=start_notifiers,
)  # fmt: skip

__all__ = ["INTEGRATION", "KINDS", "YAML_PLATFORMS"]
