"""Texts for the forms of the flows."""

from __future__ import annotations

import pytest

from tests.support.home import home_server


@pytest.fixture(scope="module")
def client():
    with home_server("homeassistant: {name: T}\n") as server, server.websocket() as connected:
        yield connected


@pytest.mark.parametrize(
    ("category", "domain", "key"),
    [
        ("config", "threshold", "component.threshold.config.step.user.data.hysteresis"),
        ("config", "threshold", "component.threshold.config.error.need_lower_upper"),
        ("config", "group", "component.group.config.step.user.menu_options.light"),
        ("options", "derivative", "component.derivative.options.step.init.data.unit_time"),
        ("selector", "utility_meter", "component.utility_meter.selector.cycle.options.daily"),
        ("issues", "homeassistant", "component.homeassistant.issues.config_problems.title"),
    ],
)
def test_every_form_has_texts(client, category, domain, key):
    """Those of the files where there are some, else the words of the fields."""
    reply = client.command("frontend/get_translations", language="en", category=category, integration=[domain])

    assert reply["result"]["resources"][key]
