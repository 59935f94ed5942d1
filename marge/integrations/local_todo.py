"""To-do lists, as many as the home wants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from marge.integrations._lists import KeptList, restored
from marge.integrations.base import Integration
from marge.integrations.flow import AbortFlow, CreateEntry, Flow, ShowForm, Step
from marge.integrations.forms import Field, Form, string
from marge.integrations.host import add_entity
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

log = structlog.get_logger("marge.integrations")

_FORM = Form([Field("todo_list_name", string(), required=True)])


class ListFlow(Flow):
    """Asks for a name."""

    def step_user(self, user_input: dict[str, Any] | None) -> Step:
        if user_input is None:
            return ShowForm("user", _FORM, errors={})
        name = user_input["todo_list_name"]
        key = slugify(name)
        for entry in self.home.registries.config_entries.for_domain(self.domain):
            if entry.data.get("storage_key") == key:
                raise AbortFlow("already_configured")
        return CreateEntry(name, {"todo_list_name": name, "storage_key": key})


def _key(entry: ConfigEntry) -> str:
    return f"local_todo/{entry.entry_id}"


def _setup(home: Home, entry: ConfigEntry) -> None:
    items = []
    for document in home.storage.load(_key(entry)) or []:
        try:
            items.append(restored(document))
        except (KeyError, TypeError, ValueError) as exc:
            log.warning("a saved item cannot be read and is left out", list=entry.title, problem=str(exc))
    add_entity(home, entry, KeptList(home, _key(entry), entry.title, items), entry.entry_id, has_entity_name=True)


def _removed(home: Home, entry: ConfigEntry) -> None:
    home.storage.save(_key(entry), None)


INTEGRATION = Integration(
    "local_todo", "Local To-do", setup=_setup, removed=_removed, flow=ListFlow, kind="service",
    iot_class="local_polling",
)  # fmt: skip
