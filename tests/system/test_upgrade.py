"""The home of an earlier release under today's code: nothing is lost, whether that release was stopped or killed.

`tests/support/old_home.py` makes the homes in `tests/data/upgrade/` and tells how.
"""

from __future__ import annotations

import json
import sqlite3
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from marge.storage.migrate import find
from tests.support.old_home import DEVICES, PASSWORD, VALUES, tell
from tests.support.server import HttpFailure, Server, server_in

pytestmark = pytest.mark.system

HOMES = sorted((Path(__file__).parents[1] / "data" / "upgrade").glob("*.tar.gz"))
OLD_VERSION = 2
SETTINGS = ("name", "icon", "labels", "area_id", "disabled_by", "hidden_by")
SET = {
    "input_boolean.guest_mode": "on",
    "input_number.evening_brightness": "180.0",  # it was set, but the files say with which value it begins
    "automation.goodnight_routine": "off",
    "sensor.cellar": VALUES[-1],
}

TRUSTED: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
"""Older releases of Python 3.11 know no filters."""


class Upgraded:
    """A server of today in an old home, and what the old one had said."""

    def __init__(self, server: Server, expected: dict[str, Any]) -> None:
        self.server = server
        self.expected = expected
        self.now: dict[str, Any] = {}


@pytest.fixture(scope="module", params=HOMES, ids=lambda path: path.name.split(".")[0])
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    """Today's server, once the devices of the old home have come back."""
    folder = tmp_path_factory.mktemp("upgrade")
    with tarfile.open(request.param) as archive:
        archive.extractall(folder, **TRUSTED)
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    with server_in(folder) as server:
        server.token = expected["tokens"]["ann"]
        server.start()
        found = Upgraded(server, expected)
        server.wait_for(lambda: server.bridge("mqtt").get("entities", 0) >= DEVICES, 60, "the devices")
        found.now = tell(server)
        yield found


def by(items: list[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    return {each[key]: each for each in items}


def test_users_and_their_tokens_are_as_they_were(upgraded: Upgraded) -> None:
    """The owner's and the user's tokens open the door, the user's password too."""
    server = upgraded.server
    assert {each["username"] for each in upgraded.now["users"]} == {"ann", "ben"}
    owner, server.token = server.token, upgraded.expected["tokens"]["ben"]
    try:
        assert server.get("/api/")["message"] == "API running."
        with pytest.raises(HttpFailure):
            server.get("/api/users")  # and he is no administrator for all that
    finally:
        server.token = owner
    # A log-in this way takes the place of the one before, so it comes last.
    assert server.post("/api/auth/login", {"username": "ben", "password": PASSWORD})["token"]


@pytest.mark.parametrize(("kind", "key"), [("floors", "floor_id"), ("areas", "area_id"), ("labels", "label_id")])
def test_places_and_labels_are_as_they_were(upgraded: Upgraded, kind: str, key: str) -> None:
    """Every field that the old release knew has the same value."""
    now = by(upgraded.now[kind], key)
    for each in upgraded.expected[kind]:
        assert {name: now[each[key]].get(name) for name in each} == each


def test_devices_and_entities_keep_their_ids_and_settings(upgraded: Upgraded) -> None:
    """Ids, names, areas, labels that people gave; no entry is lost and none is there twice."""
    devices = by(upgraded.now["devices"], "id")
    for device in upgraded.expected["devices"]:
        kept = devices[device["id"]]
        assert (kept["name_by_user"], kept["area_id"]) == (device["name_by_user"], device["area_id"])
    entities = by(upgraded.now["entities"], "entity_id")
    assert len(entities) == len(upgraded.now["entities"])
    for entry in upgraded.expected["entities"]:
        kept = entities[entry["entity_id"]]
        assert {name: kept[name] for name in SETTINGS} == {name: entry[name] for name in SETTINGS}
        same = ("id", "unique_id", "device_id")
        assert {name: kept[name] for name in same} == {name: entry[name] for name in same}


def test_states_are_as_they_were(upgraded: Upgraded) -> None:
    """No entity is missing; what people had set is set, and given names are shown."""
    states = upgraded.now["states"]
    assert not upgraded.expected["states"].keys() - states.keys()
    assert {entity_id: states[entity_id]["state"] for entity_id in SET} == SET
    assert states["light.kitchen"]["attributes"]["friendly_name"] == "Stove Light"
    assert states["light.kitchen"]["attributes"]["icon"] == "mdi:candle"


def test_history_is_there(upgraded: Upgraded) -> None:
    """What was written under the old release can be read over the API that it did not have."""
    first = upgraded.expected["states"]["sensor.cellar"]["last_changed"]
    day = first.partition("T")[0]
    (rows,) = upgraded.server.get(f"/api/history/period/{day}T00:00:00+00:00?filter_entity_id=sensor.cellar")
    assert [row["state"] for row in rows][: len(VALUES)] == list(VALUES)


def test_notifications_are_there(upgraded: Upgraded) -> None:
    """With their texts and the time of their making."""
    now = by(upgraded.now["notifications"], "notification_id")
    for each in upgraded.expected["notifications"]:
        kept = now[each["notification_id"]]
        assert {name: kept.get(name) for name in ("title", "message", "created_at")} == {
            name: each.get(name) for name in ("title", "message", "created_at")
        }


def test_the_database_was_copied_before_it_was_changed(upgraded: Upgraded) -> None:
    """One copy of the old version, whole, readable by its owner alone; the database has the newest version."""
    database = upgraded.server.database
    (copy,) = database.parent.glob(f"{database.name}.v{OLD_VERSION:04d}-*.bak")
    assert copy.stat().st_mode & 0o077 == 0
    for path, version in ((copy, OLD_VERSION), (database, len(find()))):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("SELECT max(version) FROM schema_version").fetchone() == (version,)


def test_nothing_of_it_was_worth_a_warning(upgraded: Upgraded) -> None:
    """The log tells of each migration, and of nothing that went wrong."""
    lines = upgraded.server.log_lines()
    assert [line for line in lines if line["level"] in ("warning", "error", "critical")] == []


def test_the_next_start_has_all_of_it_too(upgraded: Upgraded) -> None:
    """Stopped and started again: no second copy, and the same registries."""
    server = upgraded.server
    server.terminate()
    server.start()
    server.wait_for(lambda: server.bridge("mqtt").get("entities", 0) >= DEVICES, 60, "the devices")
    again = tell(server)
    for kind in ("floors", "areas", "labels", "notifications"):
        assert again[kind] == upgraded.now[kind]
    assert by(again["entities"], "entity_id").keys() == by(upgraded.now["entities"], "entity_id").keys()
    assert {entity_id: again["states"][entity_id]["state"] for entity_id in SET} == SET
    assert len(list(server.database.parent.glob(f"{server.database.name}.v*.bak"))) == 1


def test_a_downgrade_is_refused_in_plain_words(tmp_path: Path) -> None:
    """A database of a later release: exit code 1, one line that says what to do, and the file stays as it is."""
    with server_in(tmp_path) as server:
        server.write(configuration="marge:\n  broker: none\n")
        server.start()
        server.terminate()
        with sqlite3.connect(server.database) as connection:
            later = len(find()) + 1
            connection.execute("INSERT INTO schema_version VALUES (?, 'of_the_future', 0)", (later,))
        connection.close()
        before = server.database.read_bytes()
        server.start(wait=False)
        assert server.process is not None and server.process.wait(60) == 1
        (line,) = [each for each in server.log_lines() if each["level"] == "error"]
        assert "newer" in line["reason"] and str(later) in line["reason"]
        assert "Traceback" not in server.log_tail()
        assert server.database.read_bytes() == before
