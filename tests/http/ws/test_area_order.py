"""`config/area_registry/reorder`: the list of areas in the order that an administrator gave it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.home import HomeServer, home_server


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server() as running:
        yield running


def test_areas_are_listed_in_the_order_that_was_given(server: HomeServer) -> None:
    """What is not named follows; a name that nobody has, and a user without rights, change nothing."""
    with server.websocket() as client, server.websocket(server.user_token) as user:
        for name in ("One", "Two", "Three"):
            client.command("config/area_registry/create", name=name)
        assert client.command("config/area_registry/reorder", area_ids=["three", "one"])["success"]
        refused = client.command("config/area_registry/reorder", area_ids=["two", "nowhere"])
        assert refused["error"]["code"] == "not_found"
        assert user.command("config/area_registry/reorder", area_ids=["two"])["error"]["code"] == "unauthorized"
        listed = [area["area_id"] for area in user.command("config/area_registry/list")["result"]]
    assert listed == ["three", "one", "two"]
