"""The home's place and names, changed at run time."""

from __future__ import annotations

import pytest

from tests.support.waiting import until


def test_what_is_changed_is_seen_everywhere_at_once(server):
    """`GET /api/config`, the zone of the home, templates; and an event says what changed."""
    with server.websocket() as client:
        subscription = client.command("subscribe_events", event_type="core_config_updated")["id"]
        done = client.command("config/core/update", location_name="Home 2", currency="USD", latitude=51)

        assert done["result"] is None
        event = client.event(subscription)
        assert event["data"] == {"location_name": "Home 2", "currency": "USD", "latitude": 51.0}
    shown = server.rest("GET", "/api/config").json()
    assert (shown["location_name"], shown["currency"], shown["config_source"]) == ("Home 2", "USD", "storage")
    zone = until(
        lambda: (found := server.rest("GET", "/api/states/zone.home").json()["attributes"])["latitude"] == 51 and found
    )
    assert zone["friendly_name"] == "Home 2"
    with server.websocket() as client:
        assert client.command("config/core/update", location_name="Test", latitude=50, currency="EUR")["success"]


def test_values_that_cannot_be_are_named(server):
    """HA's texts."""
    with server.websocket() as client:
        currency = client.command("config/core/update", currency="NOPE")
        zone = client.command("config/core/update", time_zone="Mars/X")

    assert currency["error"] == {
        "code": "invalid_format",
        "message": "invalid ISO 4217 formatted currency for dictionary value @ data['currency']. Got 'NOPE'",
    }
    assert zone["error"]["message"].startswith("Invalid time zone passed in.")


def test_a_place_can_be_set_by_a_service(server):
    """`homeassistant.set_location`."""
    reply = server.rest("POST", "/api/services/homeassistant/set_location", {"latitude": 49, "longitude": 9})

    assert reply.status_code == 200
    assert server.home.config.latitude == 49.0
    server.rest("POST", "/api/services/homeassistant/set_location", {"latitude": 50, "longitude": 8})


@pytest.mark.parametrize("elevation", [10**30, -(10**30), 200_000])
def test_no_home_is_as_high_as_that(server, elevation):
    """It is refused, and not kept as a number that no client can read."""
    body = {"latitude": 49, "longitude": 9, "elevation": elevation}
    assert server.rest("POST", "/api/services/homeassistant/set_location", body).status_code == 400
    assert server.rest("GET", "/api/config").status_code == 200
