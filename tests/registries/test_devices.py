"""Devices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.errors import InvalidRequest, NotFound
from marge.registries import normalize_mac


@pytest.mark.parametrize(
    "text", ["AA:BB:CC:DD:EE:FF", "aa-bb-cc-dd-ee-ff", "aabb.ccdd.eeff", "AABBCCDDEEFF", " aa:bb:cc:dd:ee:ff "]
)
def test_hardware_addresses_are_normalised(text):
    """All usual spellings of one address are one address."""
    assert normalize_mac(text) == "aa:bb:cc:dd:ee:ff"


@given(st.text(max_size=30))
def test_any_text_is_taken_for_an_address(text):
    """Nothing raises, and normalising twice is normalising once."""
    once = normalize_mac(text)
    assert normalize_mac(once) in (once, once.strip().lower())


def test_a_device_looks_as_home_assistant_shows_it(registries):
    """The keys are those of HA 2025.4's list."""
    device = registries.devices.get_or_create(
        identifiers=[("mqtt", "recdev1")], connections=[("mac", "02-5B-26-A8-DC-12")], config_entry_id="entry",
    )
    shown = device.as_dict()
    assert set(shown) == {
        "area_id", "configuration_url", "config_entries", "config_entries_subentries", "connections", "created_at",
        "disabled_by", "entry_type", "hw_version", "id", "identifiers", "labels", "manufacturer", "model", "model_id",
        "modified_at", "name_by_user", "name", "primary_config_entry", "serial_number", "sw_version", "via_device_id",
    }
    assert shown["connections"] == (("mac", "02:5b:26:a8:dc:12"),)
    assert shown["config_entries_subentries"] == {"entry": [None]}
    assert len(device.id) == 32


def test_reports_of_one_device_are_merged(rig, registries):
    """A second report with one identifier or connection in common adds what is new and leaves what it does not say."""
    first = registries.devices.get_or_create(identifiers=[("a", "1")], connections=[("mac", "AABBCCDDEEFF")], model="M")
    rig.events()
    wires = [("mac", "aa:bb:cc:dd:ee:ff")]
    second = registries.devices.get_or_create(identifiers=[("b", "2")], connections=wires, name="N")
    assert second.id == first.id
    assert (second.model, second.name) == ("M", "N")
    assert second.identifiers == (("a", "1"), ("b", "2"))
    assert rig.events() == [
        (
            "device_registry_updated",
            {"action": "update", "device_id": first.id, "changes": {"name": None, "identifiers": (("a", "1"),)}},
        )
    ]
    assert registries.devices.find([("b", "2")]).id == first.id
    assert len(registries.devices) == 1


def test_two_devices_never_share_an_identifier(registries):
    """A report that names identifiers of two devices is the first one's, and the second keeps its own."""
    one = registries.devices.get_or_create(identifiers=[("a", "1")])
    two = registries.devices.get_or_create(identifiers=[("a", "2")])
    merged = registries.devices.get_or_create(identifiers=[("a", "1"), ("a", "2")])
    assert merged.id == one.id
    assert registries.devices.find([("a", "2")]).id == two.id


def test_the_users_choices_survive_reports(registries):
    """Name, area and labels that the user gave are not touched by what a bridge reports."""
    device = registries.devices.get_or_create(identifiers=[("a", "1")], name="Dev", area_id="attic")
    registries.devices.update(device.id, name_by_user="Mine", area_id="cellar", labels=["x"])
    again = registries.devices.get_or_create(identifiers=[("a", "1")], name="New", area_id="attic")
    assert (again.name, again.name_by_user, again.area_id, again.labels) == ("New", "Mine", "cellar", ("x",))
    assert again.display_name == "Mine"


def test_via_device_may_come_later(registries):
    """A child that is announced before its bridge is linked when the bridge comes, and unlinked when that goes."""
    child = registries.devices.get_or_create(identifiers=[("z", "child")], via_device=("z", "bridge"))
    assert child.via_device_id is None
    bridge = registries.devices.get_or_create(identifiers=[("z", "bridge")])
    assert registries.devices.get(child.id).via_device_id == bridge.id
    registries.remove_device(bridge.id)
    assert registries.devices.get(child.id).via_device_id is None


def test_bad_requests(registries):
    """Neither identifier nor connection, unknown facts, unknown ids: errors, and nothing is made."""
    with pytest.raises(InvalidRequest):
        registries.devices.get_or_create(name="x")
    with pytest.raises(TypeError):
        registries.devices.get_or_create(identifiers=[("a", "1")], colour="red")
    with pytest.raises(NotFound):
        registries.devices.update("nope", name="x")
    with pytest.raises(NotFound):
        registries.remove_device("nope")
    assert len(registries.devices) == 0


def test_disabling_a_device_disables_its_entities(registries):
    """Entities of a disabled device are disabled by it, and enabled with it; what the user disabled stays so."""
    device = registries.devices.get_or_create(identifiers=[("a", "1")])
    make = registries.entities.get_or_create
    one = make("light", "mqtt", "1", device_id=device.id).entity_id
    two = make("light", "mqtt", "2", device_id=device.id, disabled_by="user").entity_id
    registries.update_device(device.id, disabled_by="user")
    assert [registries.entities.get(each).disabled_by for each in (one, two)] == ["device", "user"]
    registries.update_device(device.id, disabled_by=None)
    assert [registries.entities.get(each).disabled_by for each in (one, two)] == [None, "user"]
