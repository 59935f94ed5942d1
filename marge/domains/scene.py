"""Scenes: their services. What a scene is stands in `marge.automations.scenes`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.automations import fields, scenes
from marge.automations.editing import SCENE, reload
from marge.automations.entities import SceneEntity
from marge.domains._catalog import fields_of
from marge.entities import Domain
from marge.services import TARGET_FIELDS, ServiceCall, resolve
from marge.services.targets import require_target

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.automations")

_SLUG = re.compile(r"^[a-z0-9_]+\Z")
_TRANSITION = vol.All(vol.Coerce(float), vol.Range(min=0, max=6553))


def _scene_id(value: Any) -> str:
    text = fields.string(value)
    if not _SLUG.match(text):
        raise vol.Invalid(f"invalid slug {text}")
    return text


_TURN_ON = vol.Schema(vol.All({vol.Optional("transition"): _TRANSITION, **TARGET_FIELDS}, require_target))
_APPLY = vol.Schema(
    {vol.Required("entities"): scenes.wanted_states, vol.Optional("transition"): _TRANSITION}
)
_CREATE = vol.Schema(
    vol.All(
        {
            vol.Required("scene_id"): _scene_id,
            vol.Optional("entities", default=dict): scenes.wanted_states,
            vol.Optional("snapshot_entities", default=list): fields.entity_ids,
        },
    )
)


def _something(data: Any) -> Any:
    if isinstance(data, dict) and "entities" not in data and "snapshot_entities" not in data:
        raise vol.Invalid("must contain at least one of entities, snapshot_entities.")
    return data


def _turn_on(home: Home, call: ServiceCall) -> None:
    targets = resolve(call.data, "scene", home.states, home.registries)
    if targets.missing:
        log.warning("a service names entities that do not exist", service="scene.turn_on", missing=targets.missing)
    for entity_id in targets.entity_ids:
        scenes.activate(home, entity_id, call.data.get("transition"), call.context)


def _delete(home: Home, call: ServiceCall) -> None:
    for entity_id in fields.entity_ids(call.data.get("entity_id")):
        scenes.delete(home, entity_id, call.context)


def _setup(home: Home, _conf: Any) -> None:
    def register(
        name: str, handler: Any, schema: Any, description: str, target: Mapping[str, Any] | None = None
    ) -> None:
        home.services.register(
            "scene", name, handler, schema, description=description, fields=fields_of("scene", name),
            target=None if target is None else {"entity": [dict(target)]},
        )

    register("turn_on", lambda call: _turn_on(home, call), _TURN_ON, "Activates scenes.",
             target={"domain": ["scene"]})
    register(
        "apply",
        lambda call: scenes.apply(home, call.data["entities"], call.data.get("transition"), call.context),
        _APPLY,
        "Brings entities into states without a scene.",
    )
    register(
        "create",
        lambda call: scenes.create(
            home, call.data["scene_id"], call.data["entities"], call.data["snapshot_entities"]
        ),
        vol.All(_something, _CREATE),
        "Makes a scene until the next restart.",
    )
    register("delete", lambda call: _delete(home, call), vol.Schema(vol.All(TARGET_FIELDS, require_target)),
             "Deletes a scene that `scene.create` made.", target={"integration": "homeassistant", "domain": ["scene"]})
    anything = vol.Schema({}, extra=vol.REMOVE_EXTRA)
    register("reload", lambda call: (reload(home, SCENE, call.context), None)[1], anything,
             "Reads the scenes' files anew.")
    scenes.load_scenes(home)


DOMAIN = Domain("scene", entity=SceneEntity, setup=_setup)
