"""Zones, persons and tags: list, create, update, delete and subscribe."""

from __future__ import annotations

from typing import Any

from marge.domains import person, tag, zone
from marge.domains._stored import settle
from marge.http.ws.collection import collection_commands
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.storage.collection import collections_of

COMMANDS = (
    *collection_commands("zone", zone.ITEM_FIELDS, zone.UPDATE_FIELDS, settle=settle("zone")),
    *collection_commands(
        "person", person.ITEM_FIELDS, person.UPDATE_FIELDS, settle=settle("person"), leave_out=("list",)
    ),
    *collection_commands("tag", tag.ITEM_FIELDS, tag.UPDATE_FIELDS, settle=settle("tag")),
)


@command("person/list")
def list_persons(session: Session, message: dict[str, Any]) -> None:
    """Those that people made, and those of the configuration files."""
    shared = session.home.shared
    people: person.People = shared["person"]
    session.result(message["id"], {"storage": collections_of(shared)["person"].all(), "config": people.of_files()})
