"""Section 10: small traps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.native.conftest import open_home
from tests.support.home import HomeServer

KEYS = {"entity_id", "state", "attributes", "last_changed", "last_reported", "last_updated", "context"}


def put(home: HomeServer, entity_id: str, state: str, **attributes: Any) -> Any:
    answer = home.rest("POST", f"/api/states/{entity_id}", {"state": state, "attributes": attributes})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def test_time_stamps_can_be_compared_as_texts(home: HomeServer) -> None:
    """Of one width; what moves depends on what changed."""
    home.rest("DELETE", "/api/states/sensor.timed")
    first = put(home, "sensor.timed", "1")
    same = put(home, "sensor.timed", "1")
    attributes = put(home, "sensor.timed", "1", a=1)
    state = put(home, "sensor.timed", "2", a=1)
    stamps = [tuple(each[key] for key in ("last_changed", "last_updated", "last_reported"))
              for each in (first, same, attributes, state)]  # fmt: skip
    assert all(len(stamp) == 32 and stamp.endswith("+00:00") for row in stamps for stamp in row)
    assert len(set(stamps[0])) == 1
    assert stamps[1][:2] == stamps[0][:2]
    assert stamps[1][2] > stamps[0][2]
    assert stamps[2][0] == stamps[0][0]
    assert stamps[2][1] == stamps[2][2] > stamps[1][2]
    assert len(set(stamps[3])) == 1


def test_contexts_are_long_and_new(home: HomeServer) -> None:
    """For each write that changes something."""
    ids = {put(home, "sensor.contexts", str(number))["context"]["id"] for number in range(3)}
    assert len(ids) == 3
    assert all(len(each) >= 20 for each in ids)


def test_states_have_the_same_keys_everywhere(home: HomeServer) -> None:
    """In lists, alone, as the reply of a write, of a call, in search."""
    written = put(home, "light.everywhere", "on")
    found = [
        written,
        home.rest("GET", "/api/states/light.everywhere").json(),
        home.rest("GET", "/api/states/search?q=light.everywhere").json()[0],
        home.rest("POST", "/api/services/light/toggle", {"entity_id": "light.everywhere"}).json()[0],
        *home.rest("GET", "/api/states").json(),
    ]
    assert all(set(state) == KEYS and isinstance(state["state"], str) for state in found)


@pytest.mark.parametrize("state", ["", "   ", "a\nb", "back\\slash", '"quoted"', "温度", "x" * 10_000])
def test_any_text_is_a_state(native: HomeServer, state: str) -> None:
    """Of a native home's virtual entity."""
    put(native, "sensor.any_text", state, nothing=None)
    found = native.rest("GET", "/api/states/sensor.any_text").json()
    assert (found["state"], found["attributes"]) == (state, {"nothing": None})


def test_a_new_life_begins_without_attributes(home: HomeServer) -> None:
    """And with a new context."""
    first = put(home, "sensor.reborn", "1", a=1)
    home.rest("DELETE", "/api/states/sensor.reborn")
    second = home.rest("POST", "/api/states/sensor.reborn", {"state": "1"})
    assert (second.status_code, second.json()["attributes"]) == (201, {})
    assert second.json()["context"]["id"] != first["context"]["id"]


def test_one_of_many_first_writes_is_the_first(home: HomeServer) -> None:
    """Exactly one 201."""
    home.rest("DELETE", "/api/states/sensor.contested")
    with ThreadPoolExecutor(12) as pool:
        codes = list(
            pool.map(
                lambda n: home.rest("POST", "/api/states/sensor.contested", {"state": str(n)}).status_code, range(24)
            )
        )
    assert sorted(codes) == [200] * 23 + [201]


def test_fixed_paths_win_over_arguments(home: HomeServer) -> None:
    """Search, the logbook of all, dismissing all."""
    assert isinstance(home.rest("GET", "/api/states/search").json(), list)
    assert isinstance(home.rest("GET", "/api/logbook").json(), list)
    assert home.rest("POST", "/api/notifications/dismiss_all").json() == {"result": "ok"}


def test_what_clients_made_survives_a_restart(tmp_path: Path) -> None:
    """Areas, labels, devices, notifications, states, assignments, users, tokens."""
    settings = {"db_path": tmp_path / "kept.db"}
    with open_home("native", **settings) as home:
        put(home, "sensor.kept", "5", unit="m")
        home.rest("POST", "/api/areas", {"area_id": "kept", "name": "Kept"})
        home.rest("POST", "/api/areas/kept/entities/sensor.kept")
        home.rest("POST", "/api/labels", {"label_id": "kept", "name": "Kept", "color": "any"})
        home.rest("POST", "/api/labels/kept/entities/sensor.kept")
        home.rest("POST", "/api/devices", {"device_id": "kept", "name": "Kept"})
        body = {"message": "kept", "notification_id": "kept"}
        home.rest("POST", "/api/services/persistent_notification/create", body)
        token = home.rest("POST", "/api/auth/tokens", {"name": "kept"}).json()
    with open_home("native", **settings) as home:
        state = home.rest("GET", "/api/states/sensor.kept").json()
        assert (state["state"], state["attributes"]) == ("5", {"unit": "m"})
        assert [each["entity_id"] for each in home.rest("GET", "/api/areas/kept/entities").json()] == ["sensor.kept"]
        (label,) = home.rest("GET", "/api/labels").json()
        assert (label["color"], label["entities"]) == ("any", ["sensor.kept"])
        assert "kept" in [each["device_id"] for each in home.rest("GET", "/api/devices").json()]
        (shown,) = home.rest("GET", "/api/notifications").json()
        assert (shown["notification_id"], shown["title"], shown["message"]) == ("kept", "", "kept")
        assert token["id"] in [each["id"] for each in home.rest("GET", "/api/auth/tokens").json()]
