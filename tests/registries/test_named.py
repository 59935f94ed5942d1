"""Areas, floors and labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.errors import InvalidRequest, NotFound
from marge.registries.named import plain_name


def test_areas_look_as_home_assistant_shows_them(rig, registries):
    """Keys and values as HA 2025.4 lists an area; the id is the slug of the name."""
    area = registries.areas.create(
        "Living Room 2", aliases=["lounge"], floor_id="ground_floor", icon="mdi:sofa", labels=["x", "x"],
        picture="/x.png",
    )
    now = rig.clock.now()
    assert area.as_dict() == {
        "aliases": ("lounge",), "area_id": "living_room_2", "floor_id": "ground_floor", "humidity_entity_id": None,
        "icon": "mdi:sofa", "labels": ("x",), "name": "Living Room 2", "picture": "/x.png",
        "temperature_entity_id": None, "created_at": now, "modified_at": now,
    }
    assert rig.events() == [("area_registry_updated", {"action": "create", "area_id": "living_room_2"})]


def test_names_are_unique_whatever_their_case_and_blanks(registries):
    """HA's message for a name that is in use, on creation and on renaming; the own name may be kept."""
    registries.floors.create("Ground floor")
    registries.floors.create("Attic")
    text = r"^The name ground FLOOR \(groundfloor\) is already in use$"
    with pytest.raises(InvalidRequest, match=text):
        registries.floors.create("ground FLOOR")
    with pytest.raises(InvalidRequest, match=text):
        registries.floors.update("attic", name="ground FLOOR")
    assert registries.floors.update("attic", name="ATTIC").name == "ATTIC"
    with pytest.raises(InvalidRequest):
        registries.floors.create("  ")


def test_renaming_keeps_the_id_and_frees_the_name(rig, registries):
    """The id stays the slug of the first name; the old name can be used again and gets an id with a number."""
    registries.areas.create("Kitchen")
    rig.clock.advance(5)
    area = registries.areas.update("kitchen", name="Cuisine")
    assert (area.area_id, area.name, area.modified_at - area.created_at) == ("kitchen", "Cuisine", 5)
    assert registries.areas.get_by_name("KITCHEN") is None
    assert registries.areas.create("Kitchen").area_id == "kitchen_2"


def test_an_update_without_a_change_is_silent(rig, registries):
    """Nothing changed: no event, no new time."""
    before = registries.labels.create("Holiday", color="red")
    rig.events()
    assert registries.labels.update("holiday", color="red") is before
    assert rig.events() == []


def test_ids_may_be_chosen(registries):
    """A client may bring its own id; one that is in use is refused."""
    assert registries.areas.create("Den", new_id="my_den").area_id == "my_den"
    with pytest.raises(InvalidRequest):
        registries.areas.create("Other", new_id="my_den")


@pytest.mark.parametrize("kind, title", [("areas", "Area"), ("floors", "Floor"), ("labels", "Label")])
def test_unknown_ids_are_not_found(registries, kind, title):
    """HA's message for an id that does not exist."""
    registry = getattr(registries, kind)
    with pytest.raises(NotFound, match=f"^{title} ID doesn't exist$"):
        registry.update("nope", name="x")
    with pytest.raises(NotFound, match=f"^{title} ID doesn't exist$"):
        getattr(registries, f"delete_{kind[:-1]}")("nope")


@given(st.text(max_size=30))
def test_plain_names_do_not_change_again(name):
    """Normalising twice is normalising once."""
    assert plain_name(plain_name(name)) == plain_name(name) or not name.isascii()


def test_areas_stand_in_the_order_that_somebody_gave_them(rig, registries):
    """Also after a restart; one that is not named, and one that is new, come behind; one event tells it."""
    for name in ("Attic", "Bath", "Cellar", "Den"):
        registries.areas.create(name)
    rig.events()
    registries.areas.reorder(["den", "bath"])
    assert rig.events() == [("area_registry_updated", {"action": "reorder", "area_id": None})]
    registries.areas.create("Aisle")
    order = ["den", "bath", "attic", "cellar", "aisle"]
    assert [area.area_id for area in registries.areas] == order
    registries.flush()
    assert [area.area_id for area in rig.reloaded().areas] == order
    with pytest.raises(NotFound):
        registries.areas.reorder(["nowhere"])
