"""The registries together: persistence, what a change of one does to others, and the targets of services."""

import gevent
import pytest

from marge.errors import InvalidRequest, NotFound


@pytest.fixture
def house(registries):
    """Two rooms on a floor and one that is on none; ids are the names below."""
    registries.floors.create("Ground")
    for name, floor in (("Kitchen", "ground"), ("Hall", "ground"), ("Shed", None)):
        registries.areas.create(name, floor_id=floor)
    registries.labels.create("Fun")
    lamp = registries.devices.get_or_create(identifiers=[("t", "lamp")], area_id="kitchen")
    make = registries.entities.get_or_create
    make("light", "t", "own", suggested_object_id="own", area_id="hall")
    make("light", "t", "lamp", suggested_object_id="lamp", device_id=lamp.id)
    make("switch", "t", "moved", suggested_object_id="moved", device_id=lamp.id, area_id="shed")
    make("sensor", "t", "rssi", suggested_object_id="rssi", device_id=lamp.id, entity_category="diagnostic")
    make("switch", "t", "hidden", suggested_object_id="hidden", device_id=lamp.id, hidden_by="user")
    make("light", "t", "free", suggested_object_id="free")
    return lamp


def test_device_means_its_entities_wherever_they_are(registries, house):
    """All entities of the device, also one with an area of its own; no hidden or diagnostic ones."""
    assert registries.expand(device_ids=[house.id]) == {"light.lamp", "switch.moved"}


def test_area_means_what_stands_there(registries, house):
    """An area's own entities, and its devices' entities unless they have an area of their own."""
    assert registries.expand(area_ids=["kitchen"]) == {"light.lamp"}
    assert registries.expand(area_ids=["hall"]) == {"light.own"}
    assert registries.expand(area_ids=["shed"]) == {"switch.moved"}


def test_floor_means_its_areas(registries, house):
    """The entities of all areas on the floor."""
    assert registries.expand(floor_ids=["ground"]) == {"light.lamp", "light.own"}


def test_label_means_entities_devices_and_areas_that_carry_it(registries, house):
    """Each of the three kinds; not the entity that is hidden."""
    registries.entities.update("light.free", labels=["fun"])
    assert registries.expand(label_ids=["fun"]) == {"light.free"}
    registries.areas.update("hall", labels=["fun"])
    assert registries.expand(label_ids=["fun"]) == {"light.free", "light.own"}
    registries.devices.update(house.id, labels=["fun"])
    assert registries.expand(label_ids=["fun"]) == {"light.free", "light.own", "light.lamp", "switch.moved"}
    registries.entities.update("light.free", hidden_by="user")
    assert "light.free" not in registries.expand(label_ids=["fun"])


def test_unknown_targets_mean_nothing(registries, house):
    """No error, no entity."""
    assert registries.expand(["nope"], ["nope"], ["nope"], ["nope"]) == set()


def test_area_of_an_entity(registries, house):
    """Its own, else its device's, else none."""
    ids = ("light.own", "light.lamp", "switch.moved", "light.free", "light.nope")
    assert [registries.area_of(each) for each in ids] == ["hall", "kitchen", "shed", None, None]


def test_deleting_clears_what_referred_to_it(rig, registries, house):
    """Entities, devices and areas lose what is deleted; their update events come before its removal."""
    registries.entities.update("light.own", labels=["fun"])
    registries.areas.update("hall", labels=["fun"])
    registries.devices.update(house.id, labels=["fun"])
    rig.events()
    registries.delete_label("fun")
    assert [(kind, data["action"]) for kind, data in rig.events()] == [
        ("area_registry_updated", "update"), ("device_registry_updated", "update"),
        ("entity_registry_updated", "update"), ("label_registry_updated", "remove"),
    ]
    registries.delete_area("hall")
    registries.delete_area("kitchen")
    registries.delete_floor("ground")
    assert registries.entities.get("light.own").area_id is None
    assert registries.entities.get("light.own").labels == ()
    assert registries.devices.get(house.id).area_id is None
    registries.remove_device(house.id)
    assert registries.entities.get("light.lamp").device_id is None


def test_everything_is_there_after_a_restart(rig, registries, house):
    """Saved and loaded, all entries and their order are as they were, and so are the look-ups."""
    registries.entities.update("light.own", labels=["fun"], options={"x": {"y": [1, 2]}}, aliases=["a"])
    registries.entities.remove("light.free")
    registries.flush()
    again = rig.reloaded()
    for name in ("entities", "devices", "areas", "floors", "labels"):
        assert getattr(again, name).all() == getattr(registries, name).all(), name
    assert again.expand(label_ids=["fun"]) == {"light.own"}
    assert again.devices.find([("t", "lamp")]) == registries.devices.get(house.id)
    assert again.entities.get_or_create("light", "t", "lamp").entity_id == "light.lamp"


def test_changes_are_saved_by_themselves(rig, registries):
    """A second after a change it is on disk; a change during the saving is not lost."""
    registries.areas.create("Kitchen")
    rig.clock.advance(1.1)
    registries.areas.create("Hall")
    rig.clock.advance(1.1)
    with gevent.Timeout(5):
        while len(rig.reloaded().areas) < 2:
            gevent.sleep(0.01)
    assert registries.describe()["unsaved"] == 0


def test_what_could_not_be_saved_is_tried_again(rig, registries):
    """When the database takes nothing for a while, changes wait and are saved later."""
    limit, rig.database._worker.limit = rig.database._worker.limit, 0
    registries.areas.create("Kitchen")
    rig.clock.advance(1.1)
    assert registries.describe()["unsaved"] == 1
    rig.database._worker.limit = limit
    rig.clock.advance(11)
    with gevent.Timeout(5):
        while not rig.store.load_all("registry/area/"):
            gevent.sleep(0.01)


def test_an_unreadable_entry_is_skipped(rig, registries):
    """One damaged entry does not cost the others."""
    registries.areas.create("Kitchen")
    registries.flush()
    rig.store.save_many({"registry/area/bad": {"no": "name"}, "registry/area/worse": [1], "registry/entity/x": {}})
    again = rig.reloaded()
    assert [area.area_id for area in again.areas] == ["kitchen"]
    assert len(again.entities) == 0


def test_version_grows_with_every_change(registries):
    """Readers that keep indexes can see that they are old."""
    seen = [registries.reader.version]
    registries.areas.create("Kitchen")
    seen.append(registries.reader.version)
    registries.areas.update("kitchen", icon="mdi:x")
    seen.append(registries.reader.version)
    registries.delete_area("kitchen")
    seen.append(registries.reader.version)
    assert seen == sorted(set(seen))


def test_former_ids_outlive_a_restart_and_end_when_somebody_takes_them(rig, registries):
    """What a renamed entity was called still means it, until another entry gets that id."""
    registries.entities.get_or_create("light", "test", "1", suggested_object_id="old")
    registries.entities.update("light.old", new_entity_id="light.new")
    registries.entities.update("light.new", new_entity_id="light.newest")
    registries.flush()
    again = rig.reloaded()
    assert again.entities.former == {"light.old": "light.newest", "light.new": "light.newest"}
    assert again.reader.entity("light.old").entity_id == "light.newest"

    again.entities.get_or_create("light", "test", "2", suggested_object_id="old")
    assert again.entities.former == {"light.new": "light.newest"}
    again.entities.remove("light.newest")
    assert again.entities.former == {}


def test_the_same_entity_found_again_keeps_its_new_id(rig, registries):
    """A platform that announces it anew gets the entry under the id that the user gave it."""
    registries.entities.get_or_create("light", "test", "1", suggested_object_id="old")
    registries.entities.update("light.old", new_entity_id="light.new")
    registries.flush()
    entry = rig.reloaded().entities.get_or_create("light", "test", "1", suggested_object_id="old")
    assert entry.entity_id == "light.new"


def test_only_so_many_former_ids_are_kept(registries):
    """A client that renames in a loop fills nothing."""
    registries.entities.get_or_create("light", "test", "1", suggested_object_id="n0")
    for number in range(40):
        registries.entities.update(f"light.n{number}", new_entity_id=f"light.n{number + 1}")
    assert list(registries.entities.former) == [f"light.n{number}" for number in range(24, 40)]


def test_categories_live_in_scopes_and_leave_entities_when_deleted(rig, registries):
    """One name may stand in two scopes; whoever carried a deleted one carries none; they outlive a restart."""
    registries.entities.get_or_create("light", "test", "1", suggested_object_id="a")
    lights = registries.categories.create("automation", "Lights")
    registries.categories.create("script", "Lights")
    with pytest.raises(InvalidRequest, match="The name 'LIGHTS' is already in use"):
        registries.categories.create("automation", "LIGHTS")
    registries.entities.update("light.a", categories={"automation": lights.category_id, "helpers": "x"})
    registries.flush()
    again = rig.reloaded()
    assert [each.name for each in again.categories.in_scope("automation")] == ["Lights"]
    rig.events()
    registries.delete_category("automation", lights.category_id)

    assert registries.entities.get("light.a").categories == {"helpers": "x"}
    kinds = [kind for kind, _data in rig.events()]
    assert kinds == ["entity_registry_updated", "category_registry_updated"]
    with pytest.raises(NotFound):
        registries.delete_category("automation", lights.category_id)


def test_entities_of_a_disabled_device_begin_disabled(registries):
    """A device that was switched off as a whole does not come back in parts."""
    device = registries.devices.get_or_create(identifiers=[("test", "d")])
    registries.update_device(device.id, disabled_by="user")
    entry = registries.entities.get_or_create("light", "test", "1", device_id=device.id)
    assert entry.disabled_by == "device"
    registries.update_device(device.id, disabled_by=None)
    assert registries.entities.get(entry.entity_id).disabled_by is None


def test_a_config_entry_is_taken_off_its_device(registries):
    """The entities of that entry go; the device goes with its last entry."""
    first = registries.config_entries.create("test", "One")
    second = registries.config_entries.create("test", "Two")
    for entry in (first, second):
        device = registries.devices.get_or_create(identifiers=[("test", "d")], config_entry_id=entry.entry_id)
        registries.entities.get_or_create(
            "light", "test", entry.entry_id, device_id=device.id, config_entry_id=entry.entry_id
        )
    left = registries.remove_config_entry_from_device(device.id, first.entry_id)
    assert (left.config_entries, left.primary_config_entry) == ((second.entry_id,), None)
    assert [each.unique_id for each in registries.entities.for_device(device.id)] == [second.entry_id]
    assert registries.remove_config_entry_from_device(device.id, second.entry_id) is None
    assert len(registries.entities) == 0


def test_new_entities_say_whether_assistants_see_them(registries):
    """By kind; people change it, entity by entity and for new ones; entities without an entry are remembered apart."""
    entities, exposure = registries.entities, registries.exposure
    entities.get_or_create("light", "test", "1", suggested_object_id="a")
    entities.get_or_create("sensor", "test", "2", suggested_object_id="b", original_device_class="temperature")
    entities.get_or_create("sensor", "test", "3", suggested_object_id="c")
    exposed = [entry.entity_id for entry in entities if exposure.is_exposed("conversation", entry.entity_id)]
    assert exposed == ["light.a", "sensor.b"]
    exposure.expose(["conversation"], ["light.a", "light.without_entry"], False)
    exposure.set_exposes_new("conversation", False)
    entities.get_or_create("light", "test", "4", suggested_object_id="d")
    for each in ("light.a", "light.d", "light.without_entry", "light.unknown"):
        assert not exposure.is_exposed("conversation", each)


def test_exposure_outlives_a_restart(rig, registries):
    """Settings of entities without an entry, and of new entities."""
    registries.exposure.expose(["cloud.alexa"], ["light.x"], True)
    registries.exposure.set_exposes_new("conversation", False)
    registries.flush()
    again = rig.reloaded().exposure
    assert again.is_exposed("cloud.alexa", "light.x")
    assert not again.exposes_new("conversation")


def test_templates_see_config_entries_issues_and_entities_by_former_ids(registries):
    """The view that templates read asks the registries themselves."""
    entry = registries.config_entries.create("test", "Test")
    registries.issues.raise_issue("test", "leak")
    registries.entities.get_or_create("light", "test", "1", suggested_object_id="old", config_entry_id=entry.entry_id)
    registries.entities.update("light.old", new_entity_id="light.new")
    view = registries.reader
    assert view.config_entry(entry.entry_id).title == "Test"
    assert [each.entry_id for each in view.config_entries()] == [entry.entry_id]
    assert list(view.issues()) == [("test", "leak")]
    assert view.entity("light.old").entity_id == "light.new"


def test_assignments_of_entities_without_an_entry_are_bounded(registries, monkeypatch):
    """A client that assigns ids it makes up fills no memory without end; those that are there can still change."""
    monkeypatch.setattr("marge.registries.entities.MAX_VIRTUAL", 3)
    for number in range(3):
        registries.entities.assignable(f"sensor.n{number}")
    with pytest.raises(InvalidRequest, match="3 entities"):
        registries.entities.assignable("sensor.n3")
    assert registries.entities.assignable("sensor.n1").unique_id == "sensor.n1"


def test_an_entity_with_an_entry_of_its_own_takes_over_what_was_assigned(registries):
    """The area and the labels that a client gave to an id stay when a platform brings the entity."""
    registries.entities.assignable("sensor.early")
    registries.entities.update("sensor.early", area_id="hall", labels=["x"])
    entry = registries.entities.get_or_create("sensor", "test", "1", suggested_object_id="early")
    assert (entry.entity_id, entry.platform, entry.area_id, entry.labels) == ("sensor.early", "test", "hall", ("x",))
