"""Helpers, zones, persons, tags, dashboards, and what a front end asks for."""

from __future__ import annotations

import io

from PIL import Image

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


def _uploaded(server: HomeServer) -> None:
    out = io.BytesIO()
    Image.new("L", (1, 1)).save(out, "PNG")
    server.home.shared["images"].add(out.getvalue(), "image/png", "a.png")


AREA = Area(
    instance={
        "frontend/get_translations config": "texts of each integration that HA comes with",
        "GET /manifest.json (no auth)": "the name, the colours and the icons of the product",
    },
    before={"person/list": _telephones, "tag/list": _scanned, "image/list": _uploaded},
    facts={
        "frontend/get_version": {"version"}, "image/list": {"filesize"}, "image/list (2)": {"filesize"},
        "image/subscribe": {"filesize"}, "image/update": {"filesize"},
    },
    misses={
        "bus events after: collections": "HA notes at once what its assistants see of a new helper; Marge when asked",
        "lovelace/resources": "its first message is the reply of the command before, which the recording noted late",
        "get_panels after saving (lovelace panel unchanged)": "the recording keeps one of the panels",
    },
)
