"""A home without log-in for each profile, one a test file; `home` stands for both, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.support.home import HomeServer, home_server

DEMO = Path(__file__).parents[2] / "etc" / "demo-home"
CONFIGURATION = """
automation: !include automations.yaml
scene: !include scenes.yaml
input_boolean: {guest: {}}
"""
FILES = {
    "automations.yaml": """# The order and these words stay.
- id: "17"
  alias: Bell Rings
  description: Writes what it heard
  triggers:
    - trigger: event
      event_type: bell
    - {trigger: state, entity_id: sensor.bell, to: "ring"}
  conditions:
    - "{{ not is_state('sensor.quiet', 'on') }}"
  actions:
    - {action: persistent_notification.create, data: {message: Ding, notification_id: bell}}
- id: second
  triggers: [{trigger: event, event_type: never}]
  actions: []
""",
    "scenes.yaml": """# Scenes.
- name: Reading
  entities:
    light.desk: {state: "on", brightness: 80}
    light.made_by_scene: "off"
""",
}


def open_home(profile: str, **settings: Any) -> AbstractContextManager[HomeServer]:
    """A home that needs no log-in, with two automations and a scene, without MQTT."""
    settings = {"auth_mode": "open", "simulated_time": profile == "ha", "broker": "none", **settings}
    return home_server(CONFIGURATION, files=FILES, with_users=False, profile=profile, **settings)


@pytest.fixture(scope="module")
def native() -> Iterator[HomeServer]:
    with open_home("native") as server:
        yield server


@pytest.fixture(scope="module", params=["ha", "native"])
def home(request: pytest.FixtureRequest) -> Iterator[HomeServer]:
    if request.param == "native":
        yield request.getfixturevalue("native")
        return
    with open_home("ha") as server:
        yield server
