"""Entities."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marge.errors import InvalidRequest, NotFound
from marge.model import valid_entity_id
from marge.registries import Registries


def test_entity_ids_are_stable_and_unique(rig, registries):
    """The same entity has the same id each time; another with the same name gets `_2`; virtual entities are avoided."""
    make = registries.entities.get_or_create
    rig.taken.add("light.lamp_3")
    first = make("light", "mqtt", "u1", suggested_object_id="Lamp")
    assert first.entity_id == "light.lamp"
    assert make("light", "mqtt", "u2", suggested_object_id="Lamp").entity_id == "light.lamp_2"
    assert make("light", "mqtt", "u3", suggested_object_id="Lamp").entity_id == "light.lamp_4"
    assert make("switch", "mqtt", "u1", suggested_object_id="Lamp").entity_id == "switch.lamp"
    assert make("light", "mqtt", "u1", suggested_object_id="Something else") is first
    assert make("light", "demo", "x 1").entity_id == "light.demo_x_1"


def test_an_entry_looks_as_home_assistant_shows_it(registries):
    """The keys are those of HA 2025.4's list, and of its `get`."""
    entry = registries.entities.get_or_create("light", "mqtt", "u1", suggested_object_id="lamp", original_name="Lamp")
    short = {
        "area_id", "categories", "config_entry_id", "config_subentry_id", "created_at", "device_id", "disabled_by",
        "entity_category", "entity_id", "has_entity_name", "hidden_by", "icon", "id", "labels", "modified_at", "name",
        "options", "original_name", "platform", "translation_key", "unique_id",
    }
    assert set(entry.as_dict()) == short
    assert set(entry.as_extended_dict()) - short == {
        "aliases", "capabilities", "device_class", "original_device_class", "original_icon"
    }


def test_facts_are_brought_up_to_date_and_settings_are_kept(rig, registries):
    """What a platform tells anew replaces what it told; what the user has set, and first suggestions, stay."""
    make = registries.entities.get_or_create
    entity_id = make("light", "mqtt", "u1", suggested_object_id="lamp", original_name="A", icon="mdi:a").entity_id
    registries.entities.update(entity_id, name="Mine", icon="mdi:mine")
    rig.events()
    entry = make("light", "mqtt", "u1", original_name="B", icon="mdi:b", supported_features=4)
    assert (entry.name, entry.icon, entry.original_name, entry.supported_features) == ("Mine", "mdi:mine", "B", 4)
    changes = {"original_name": "A", "supported_features": 0}
    assert rig.events() == [
        ("entity_registry_updated", {"action": "update", "entity_id": entity_id, "changes": changes})
    ]


def test_renaming(rig, registries):
    """A renamed entity keeps its identity; the event holds the old id, in HA's form."""
    make = registries.entities.get_or_create
    device = registries.devices.get_or_create(identifiers=[("mqtt", "d")])
    old = make("light", "mqtt", "u1", suggested_object_id="kitchen_lights", device_id=device.id)
    rig.events()
    new = registries.entities.update("light.kitchen_lights", new_entity_id="light.kitchen_renamed")
    assert rig.events() == [
        (
            "entity_registry_updated",
            {
                "action": "update", "entity_id": "light.kitchen_renamed",
                "changes": {"entity_id": "light.kitchen_lights"}, "old_entity_id": "light.kitchen_lights",
            },
        )
    ]
    assert new.id == old.id
    assert registries.entities.get("light.kitchen_lights") is None
    assert make("light", "mqtt", "u1", suggested_object_id="kitchen_lights") is new
    assert registries.entities.by_registry_id(old.id) is new
    assert registries.entities.for_device(device.id) == [new]


@pytest.mark.parametrize(
    "new_id, message",
    [
        ("light.bed_light", "Entity with this ID is already registered"),
        ("light.virtual", "Entity with this ID is already registered"),
        ("switch.kitchen", "New entity ID should be same domain"),
        ("nope", "Invalid entity ID"),
    ],
)
def test_bad_new_ids(rig, registries, new_id, message):
    """HA's messages for ids that cannot be taken; the entry stays as it was."""
    rig.taken.add("light.virtual")
    for name in ("kitchen_lights", "bed_light"):
        registries.entities.get_or_create("light", "mqtt", name, suggested_object_id=name)
    with pytest.raises(InvalidRequest, match=f"^{message}$"):
        registries.entities.update("light.kitchen_lights", new_entity_id=new_id)
    assert "light.kitchen_lights" in registries.entities


def test_options_by_domain(registries):
    """Options of one domain are set and removed without touching those of others."""
    entity_id = registries.entities.get_or_create("sensor", "mqtt", "u1", suggested_object_id="t").entity_id
    registries.entities.update_options(entity_id, "conversation", {"should_expose": True})
    entry = registries.entities.update_options(entity_id, "sensor", {"display_precision": 2})
    assert entry.options == {"conversation": {"should_expose": True}, "sensor": {"display_precision": 2}}
    entry = registries.entities.update_options(entity_id, "sensor", None)
    assert entry.options == {"conversation": {"should_expose": True}}


def test_removal(rig, registries):
    """A removed entity is gone from every index; an unknown one is not found."""
    registries.entities.get_or_create("light", "mqtt", "u1", suggested_object_id="a", area_id="x")
    rig.events()
    registries.entities.remove("light.a")
    assert rig.events() == [("entity_registry_updated", {"action": "remove", "entity_id": "light.a"})]
    assert registries.entities.in_area("x") == []
    assert registries.entities.by_unique_id("light", "mqtt", "u1") is None
    with pytest.raises(NotFound, match="^Entity not found$"):
        registries.entities.remove("light.a")
    with pytest.raises(NotFound, match="^Entity not found$"):
        registries.entities.update("light.a", name="x")


@settings(max_examples=100)
@given(names=st.lists(st.text(max_size=300), max_size=5), domain=st.sampled_from(["light", "sensor"]))
def test_any_name_makes_a_valid_id(names, domain):
    """Whatever a device calls its entity, the id is valid and nobody else's."""

    class Nothing:
        def __getattr__(self, name):
            return lambda *args, **kwargs: 0.0

    nothing: Any = Nothing()
    entities = Registries(nothing, nothing, nothing).entities
    made = [entities.get_or_create(domain, "mqtt", str(n), suggested_object_id=name) for n, name in enumerate(names)]
    assert all(valid_entity_id(each.entity_id) for each in made)
    assert len({each.entity_id for each in made}) == len(names)
