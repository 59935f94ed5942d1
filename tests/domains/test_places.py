"""Zones, persons and trackers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marge.domains.person import best_tracker
from marge.domains.zone import distance_m, zone_at
from marge.model import Context, State
from tests.domains.home import running_home

SECTIONS = {
    "zone": [{"name": "Work", "latitude": 40.50, "longitude": -111.90, "radius": 200, "icon": "mdi:briefcase"}],
    "person": [{"id": "bob", "name": "Bob", "device_trackers": ["device_tracker.phone", "device_tracker.router"]}],
}


def test_zones_are_as_recorded():
    """The home's own zone and a configured one show what HA's show."""
    with running_home(SECTIONS) as home:
        work, at_home = home.state("zone.work"), home.state("zone.home")
        assert (work.state, dict(work.attributes)) == (
            "0",
            {"latitude": 40.5, "longitude": -111.9, "radius": 200.0, "passive": False, "persons": [],
             "editable": False, "icon": "mdi:briefcase", "friendly_name": "Work"},
        )  # fmt: skip
        assert at_home.attributes["radius"] == 100 and at_home.attributes["editable"] is True
        assert at_home.attributes["friendly_name"] == "Home"


def test_a_person_is_where_the_trackers_say():
    """GPS names the zone; a router that sees the phone at home wins; zones count their people."""
    with running_home(SECTIONS) as home:
        assert home.state("person.bob").state == "unknown"
        home.call("device_tracker.see", dev_id="phone", gps=[40.5, -111.9], gps_accuracy=20, battery=50)
        assert home.state("device_tracker.phone").state == "Work"
        bob = home.state("person.bob")
        assert (bob.state, bob.attributes["source"]) == ("Work", "device_tracker.phone")
        assert bob.attributes["latitude"] == 40.5
        assert home.state("zone.work").state == "1"
        assert home.state("zone.work").attributes["persons"] == ["person.bob"]
        home.write("device_tracker.router", "home", source_type="router")
        bob = home.state("person.bob")
        assert (bob.state, bob.attributes["latitude"]) == ("home", 40.39)
        assert (home.state("zone.home").state, home.state("zone.work").state) == ("1", "0")


def test_a_tracker_named_by_its_id():
    """A virtual tracker takes `see` as Marge's own clients send it, and keeps its attributes."""
    with running_home() as home:
        home.write("device_tracker.phone", "not_home", friendly_name="Phone")
        home.call("device_tracker.see", entity_id="device_tracker.phone", location_name="office", gps=[1, 2])
        phone = home.state("device_tracker.phone")
        assert phone.state == "office"
        assert dict(phone.attributes) == {"friendly_name": "Phone", "location_name": "office", "gps": [1, 2]}


def tracker(entity_id, state, at, source):
    return State(entity_id, state, {"source_type": source}, at, at, at, Context.new())


def test_which_tracker_is_believed():
    """At home without GPS beats newer GPS; GPS beats a router that sees nobody; silence counts for nothing."""
    router, gps = tracker("device_tracker.r", "home", 1, "router"), tracker("device_tracker.g", "Work", 9, "gps")
    away = tracker("device_tracker.a", "not_home", 99, "router")
    quiet = tracker("device_tracker.q", "unknown", 100, "gps")
    assert best_tracker([gps, router, away, quiet]) is router
    assert best_tracker([gps, away, quiet]) is gps
    assert best_tracker([away, quiet]) is away
    assert best_tracker([quiet]) is None


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_distances_are_symmetric_and_on_the_earth(latitude_1, longitude_1, latitude_2, longitude_2):
    """There and back is equally far, and nothing is farther than half around."""
    there = distance_m(latitude_1, longitude_1, latitude_2, longitude_2)
    assert 0 <= there <= 20_016_000
    assert abs(there - distance_m(latitude_2, longitude_2, latitude_1, longitude_1)) < 1


def test_the_smaller_of_two_nested_zones_wins_when_equally_near():
    """A desk within an office of the same centre is the desk; passive zones do not count."""
    with running_home() as home:
        home.write("zone.office", "0", latitude=1.0, longitude=1.0, radius=500)
        home.write("zone.desk", "0", latitude=1.0, longitude=1.0, radius=50)
        home.write("zone.hidden", "0", latitude=1.0, longitude=1.0, radius=5, passive=True)
        home.write("zone.broken", "0", latitude="x")
        found = zone_at(home.home.states, 1.0, 1.0)
        assert found is not None and found.entity_id == "zone.desk"
        assert zone_at(home.home.states, 50.0, 50.0) is None
