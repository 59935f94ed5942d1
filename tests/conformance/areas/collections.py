"""Helpers, zones, persons, tags, dashboards, and what a front end asks for."""

from __future__ import annotations

from tests.conformance.area import Area
from tests.support.home import HomeServer


def _telephones(server: HomeServer) -> None:
    """The recorded home's owner is a person, with two telephones."""
    people = server.home.shared["person"]
    owner = server.auth.owner()
    assert owner is not None
    people.create_for_user(owner)
    for tracker in ("device_tracker.phone", "device_tracker.phone2"):
        people.add_tracker(owner.id, tracker)


def _scanned(server: HomeServer) -> None:
    server.home.shared["tag"].scan("t1", "be91d74cdc8b14a5eb16e2e55fe9daab")


AREA = Area(
    facts={"frontend/get_version": {"version"}},
    instance={"frontend/get_translations config": "texts of each integration that HA comes with"},
    before={"person/list": _telephones, "tag/list": _scanned},
    misses={
        "lovelace/resources": "its first message is the reply of the command before, which the recording noted late",
        "get_panels after saving (lovelace panel unchanged)": "the recording keeps one of the panels",
    },
)
