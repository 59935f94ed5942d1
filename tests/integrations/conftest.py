"""One home for the tests of this package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

CONFIGURATION = """
homeassistant: {name: Test, latitude: 50, longitude: 8, elevation: 100, unit_system: metric, time_zone: Europe/Berlin}
input_boolean: {guest: {name: Guest}, other: {name: Other}}
input_number:
  target: {name: Target, min: 0, max: 100}
template:
  - sensor:
      - {name: Tmpl, state: "{{ states('input_number.target') | float }}", unit_of_measurement: W,
         device_class: power, state_class: measurement}
  - binary_sensor:
      - {name: Dark, unique_id: dark1, state: "{{ is_state('input_boolean.guest', 'on') }}", icon: "mdi:eye"}
  - trigger: [{platform: event, event_type: te}]
    variables: {vv: "{{ trigger.event.data.v }}"}
    condition: ["{{ vv != 0 }}"]
    action: [{variables: {calc: "{{ vv * 3 }}"}}, {event: from_action}]
    sensor:
      - {name: Triggered, state: "{{ calc }}", attributes: {k: "{{ trigger.event.data.k | default('none') }}"}}
      - {name: Failing, state: "{{ vv | float }}", unit_of_measurement: W}
    binary_sensor: [{name: Pulse, state: "{{ vv == 1 }}", auto_off: 0.1}]
  - nosuch: [{name: x, state: "1"}]
"""


class Flows:
    """Short ways through the flows over REST."""

    def __init__(self, server: HomeServer) -> None:
        self.server = server

    def start(self, handler: str, kind: str = "flow") -> Any:
        reply = self.server.rest("POST", f"/api/config/config_entries/{kind}", {"handler": handler})
        assert reply.status_code == 200, reply.text
        return reply.json()

    def send(self, flow: Any, values: Any, kind: str = "flow") -> Any:
        reply = self.server.rest("POST", f"/api/config/config_entries/{kind}/{flow['flow_id']}", values)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def make(self, handler: str, values: Any, menu: str | None = None) -> str:
        """Through the whole flow; the entry id."""
        flow = self.start(handler)
        if menu is not None:
            flow = self.send(flow, {"next_step_id": menu})
        made = self.send(flow, values)
        assert made["type"] == "create_entry", made
        assert made["result"]["state"] == "loaded", made
        return str(made["result"]["entry_id"])

    def remove(self, entry_id: str) -> None:
        reply = self.server.rest("DELETE", f"/api/config/config_entries/entry/{entry_id}")
        assert reply.json() == {"require_restart": False}

    def options(self, entry_id: str, values: Any) -> Any:
        return self.send(self.start(entry_id, "options/flow"), values, "options/flow")

    def state(self, entity_id: str) -> Any:
        return self.server.rest("GET", f"/api/states/{entity_id}").json()

    def until_state(self, entity_id: str, state: str) -> None:
        """Wait until the entity shows it."""
        until(lambda: self.state(entity_id)["state"] == state)

    def call(self, service: str, **data: Any) -> Any:
        domain, name = service.split(".")
        reply = self.server.rest("POST", f"/api/services/{domain}/{name}", data)
        assert reply.status_code == 200, reply.text
        self.server.wait()
        return reply.json()


@pytest.fixture(scope="package")
def server() -> Iterator[HomeServer]:
    with home_server(CONFIGURATION) as running:
        yield running


@pytest.fixture
def flows(server: HomeServer) -> Flows:
    return Flows(server)
