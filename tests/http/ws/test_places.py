"""Zones, persons and tags that people make while the home runs."""

from __future__ import annotations

import pytest

from marge.model import Context, Event
from tests.support.home import HomeServer, home_server

CONFIGURATION = """
homeassistant: {name: Test, latitude: 50, longitude: 8, elevation: 100, unit_system: metric, time_zone: Europe/Berlin}
zone: [{name: School, latitude: 51, longitude: 8}]
person: [{id: bob, name: Bob, device_trackers: [device_tracker.bob]}]
"""


@pytest.fixture(scope="module")
def server():
    with home_server(CONFIGURATION) as running:
        yield running


def test_a_zone_counts_its_people_from_the_beginning(server: HomeServer):
    """A person who is there already counts; an update keeps what it does not name."""
    with server.websocket() as client:
        server.home.services.call("device_tracker", "see", {"dev_id": "bob", "location_name": "Work"})
        server.wait()
        made = client.command("zone/create", name="Work", latitude=50.1, longitude=8.1, icon="mdi:briefcase")
        assert made["result"] == {
            "id": "work", "name": "Work", "latitude": 50.1, "longitude": 8.1, "icon": "mdi:briefcase",
            "radius": 100.0, "passive": False,
        }  # fmt: skip
        state = server.state("zone.work")
        assert (state.state, state.attributes["persons"], state.attributes["editable"]) == ("1", ["person.bob"], True)
        assert client.command("zone/update", zone_id="work", radius=20)["result"]["latitude"] == 50.1
        assert server.state("zone.work").attributes["radius"] == 20.0
        assert server.state("zone.school").attributes["editable"] is False
        refused = client.command("zone/create", name="x", latitude=400, longitude=0)["error"]
        assert refused["message"] == "invalid latitude for dictionary value @ data['latitude']. Got 400"
        client.command("zone/delete", zone_id="work")


def test_persons_of_both_kinds_are_listed(server: HomeServer):
    """Those of the files apart from those that people made, with and without a user."""
    user_id = server.users["user"].id
    with server.websocket() as client:
        made = client.command("person/create", name="Dana", user_id=user_id, device_trackers=["device_tracker.dana"])
        listed = client.command("person/list")["result"]
        assert listed["storage"] == [made["result"]]
        assert [person["id"] for person in listed["config"]] == ["bob"]
        shown = server.state("person.dana").attributes
        assert (shown["editable"], shown["user_id"]) == (True, user_id)
        server.home.services.call("device_tracker", "see", {"dev_id": "dana", "gps": [50.0, 8.0]})
        server.wait()
        assert server.state("person.dana").state == "home"
        client.command("person/update", person_id="dana", name="Dana 2")
        dana = server.state("person.dana")
        assert (dana.state, dana.attributes["device_trackers"]) == ("unknown", [])
        client.command("person/delete", person_id="dana")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"user_id": "nobody"}, "User does not exist"),
        ({"device_trackers": ["light.x"]},
         "Entity ID 'light.x' does not belong to domain 'device_tracker' for dictionary value"
         " @ data['device_trackers']. Got ['light.x']"),
    ],
)  # fmt: skip
def test_a_person_that_cannot_be_is_refused(server: HomeServer, fields, text):
    """A user that there is not, a tracker that is none."""
    with server.websocket() as client:
        refused = client.command("person/create", name="X", **fields)
        assert refused["error"] == {"code": "invalid_format", "message": text}


def test_a_user_is_one_person(server: HomeServer):
    """The second is refused; a removed user's person stays without one."""
    people, user = server.home.shared["person"], server.users["reader"]
    with server.websocket() as client:
        assert people.create_for_user(user)["id"] == "reader"
        assert people.create_for_user(user) is None
        people.add_tracker(user.id, "device_tracker.phone")
        refused = client.command("person/create", name="Y", user_id=user.id)
        assert refused["error"]["message"] == "User already taken"
        server.home.bus.publish(Event("user_removed", {"user_id": user.id}, Context.new(), 0.0))
        assert client.command("person/list")["result"]["storage"] == [
            {"id": "reader", "name": "Reader", "user_id": None, "device_trackers": ["device_tracker.phone"]}
        ]
        client.command("person/delete", person_id="reader")


def test_a_scan_is_an_event_and_is_remembered(server: HomeServer):
    """A tag that nobody knew is made; its entity tells when it was scanned, and by what."""
    heard = []
    server.home.bus.subscribe(lambda event: heard.append(event.data), "tag_scanned")
    with server.websocket() as client:
        server.home.shared["tag"].scan("T 1", "device")
        [tag] = client.command("tag/list")["result"]
        assert (tag["id"], tag["name"], tag["device_id"]) == ("T 1", "Tag T 1", "device")
        server.wait()
        state = server.state("tag.t_1")
        assert state.attributes["last_scanned_by_device_id"] == "device"
        assert state.state[:19] == tag["last_scanned"][:19]
        assert client.command("tag/update", tag_id="T 1", name="Door")["result"]["name"] == "Door"
        server.home.shared["tag"].scan("T 1")
        assert [(each["name"], each["device_id"]) for each in heard] == [(None, "device"), ("Door", None)]
        refused = client.command("tag/create", tag_id="T 1")
        assert refused["error"] == {"code": "home_assistant_error", "message": "Tag with ID T 1 already exists."}
        assert len(client.command("tag/create")["result"]["id"]) == 36


def test_a_telephone_that_registers_tells_where_its_user_is(server: HomeServer):
    """The person of the user who set the app up follows its tracker."""
    people, owner = server.home.shared["person"], server.users["admin"]
    people.create_for_user(owner)
    app = {
        "app_id": "app", "app_name": "App", "app_version": "1", "device_name": "Phone", "manufacturer": "m",
        "model": "m", "os_name": "os", "os_version": "1", "supports_encryption": False, "device_id": "d1",
    }  # fmt: skip
    assert server.rest("POST", "/api/mobile_app/registrations", app).status_code == 201
    with server.websocket() as client:
        [person] = [each for each in client.command("person/list")["result"]["storage"] if each["id"] == "admin"]
        assert person["device_trackers"] == ["device_tracker.phone"]
