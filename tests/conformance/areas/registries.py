"""The registries: entities, devices, areas, floors, labels, categories; what is related to what; voice assistants."""

from __future__ import annotations

from tests.conformance.area import Area
from tests.support.home import HomeServer


def _rooms(server: HomeServer) -> None:
    """The onboarding had made them."""
    for name in ("Living Room", "Kitchen", "Bedroom"):
        server.home.registries.areas.get_or_create(name)


_BLUEPRINT = """
blueprint:
  name: Light by motion
  domain: automation
  input: {motion_entity: {}, light_target: {}}
triggers: [{trigger: state, entity_id: !input motion_entity, to: "on"}]
actions: [{action: light.turn_on, target: !input light_target}]
"""


def _named_by(server: HomeServer) -> None:
    """A group, and an automation of a blueprint, that the recording of REST left."""
    file = server.home.config.config_dir / "blueprints/automation/homeassistant/motion_light.yaml"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_BLUEPRINT, "utf-8")
    server.rest("POST", "/api/services/group/set", {"object_id": "g2", "entities": ["light.bed_light"]})
    use = {
        "path": "homeassistant/motion_light.yaml",
        "input": {
            "motion_entity": "binary_sensor.movement_backyard", "light_target": {"entity_id": "light.bed_light"},
        },
    }
    body = {"alias": "bp", "use_blueprint": use}
    reply = server.rest("POST", "/api/config/automation/config/1700000000005", body)
    assert reply.status_code == 200, reply.text


def _telephones(server: HomeServer) -> None:
    """The recorded home's owner is a person, with two telephones."""
    people, owner = server.home.shared["person"], server.auth.owner()
    assert owner is not None
    people.create_for_user(owner)
    for tracker in ("device_tracker.phone", "device_tracker.phone2"):
        people.add_tracker(owner.id, tracker)


def _category(server: HomeServer) -> None:
    """A category that was made to be deleted: rows know it by its id."""
    registries = server.home.registries
    category = registries.categories.create("script", "Tmp", category_id="01M7WZYJVMKK02ZH92ABXTRDRZ")
    registries.entities.update("light.ceiling_lights", categories={"script": category.category_id})


AREA = Area(
    instance={
        "config/device_registry/list": "the devices of the recorded home",
        "config/entity_registry/list": "the entities of the recorded home, in the order in which they were set up",
        "config/entity_registry/list_for_display": "the same",
        "entity/source": "the same",
        "homeassistant/expose_entity/list": "the first five of its entities that are exposed",
        "search/related config_entry": "the recording keeps thirty of them, in no order",
        "search/related config_entry (2)": "the devices and entities of the sun's config entry",
    },
    ws_otherwise={
        "search/related integration": ("ok", "HA fails with an unknown error; Marge answers as for its config entries"),
    },
    before={
        "config/area_registry/list": _rooms,
        "search/related entity": _named_by,
        "search/related person": _telephones,
        "config/category_registry/delete": _category,
    },
)
