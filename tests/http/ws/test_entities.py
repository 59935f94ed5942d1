"""`subscribe_entities`: what a client puts together from the differences is what the server has."""

from __future__ import annotations

import itertools
from typing import Any

from tests.support.home import HomeServer

ODD: tuple[Any, ...] = (0, False, 1, True, 1.0, "", None, [0], {})


def test_values_that_python_takes_for_equal_reach_the_client(server: HomeServer) -> None:
    """`0` that turns into `false` is a change for a client, where something else changed with it."""
    path = "/api/states/sensor.odd"
    server.rest("POST", path, {"state": "1", "attributes": {}})
    with server.websocket() as client:
        subscription = client.command("subscribe_entities", entity_ids=["sensor.odd"])["id"]
        held = client.event(subscription)["a"]["sensor.odd"]["a"]
        for number, value in enumerate(value for pair in itertools.permutations(ODD, 2) for value in pair):
            server.rest("POST", path, {"state": "1", "attributes": {"value": value, "number": number}})
            held |= client.event(subscription)["c"]["sensor.odd"]["+"]["a"]
            shown = server.rest("GET", path).json()["attributes"]
            assert [repr(held[key]) for key in ("value", "number")] == [repr(value), str(number)]
            assert held == shown
