"""Section 5: what templates render, over REST."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.home import HomeServer


def render(home: HomeServer, template: str) -> str:
    answer = home.rest("POST", "/api/template", {"template": template})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].partition(";")[0] == "text/plain"
    return answer.text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ 3 | max(7) }}", "7"),
        ("{{ 3 | min(7) }}", "3"),
        ("{{ 7.5 | max(2) }}", "7.5"),
        ("{{ [1, 5, 3] | max }}", "5"),
        ("{{ [1, 5, 3] | min }}", "1"),
        ("{{ [{'a': 1}, {'a': 2}] | max(attribute='a') }}", "{'a': 2}"),
        ("", ""),
        ("{{ states('x.none') }}", "unknown"),
        ("{{ state_attr('x.none', 'y') | default('x') }}", "None"),
        ("{{ '3.7' | float | int }}", "3"),
        ("{{ '3.7' | int }}", "3"),
        ("{{ int('abc', 99) }}", "99"),
        ("{{ bool('off') }}", "False"),
        ("{{ 1 | iif('yes', 'no') }}", "yes"),
        ("""{{ ('{"temp": 5}' | from_json).temp }}""", "5"),
        ("{{ log(10) | round(2) }}", "2.3"),
        ("{{ 1 == 1 }}", "True"),
        ("{{ 'T' in now() | string }}", "False"),
        ("{{ 'abc' is defined }}", "True"),
    ],
)
def test_a_template_renders_to(home: HomeServer, template: str, text: str) -> None:
    """Ha's rules, and Marge's scalar min and max."""
    assert render(home, template) == text


@pytest.mark.parametrize("template", ["{{", "{% if %}", "{{ 1 | no_such_filter }}", "{{ no_such_function(1) }}"])
def test_a_mistake_is_refused(home: HomeServer, template: str) -> None:
    """400."""
    assert home.rest("POST", "/api/template", {"template": template}).status_code == 400


@pytest.mark.parametrize("body", [None, {}, [], {"variables": {}}])
def test_a_template_is_needed(home: HomeServer, body: Any) -> None:
    """400 without one."""
    assert home.rest("POST", "/api/template", body).status_code == 400


def test_a_template_reads_virtual_entities(home: HomeServer) -> None:
    """As any other."""
    home.rest("POST", "/api/states/sensor.read", {"state": "5", "attributes": {"unit": "m"}})
    assert render(home, "{{ states('sensor.read') }} {{ state_attr('sensor.read', 'unit') }}") == "5 m"
    assert render(home, "{{ states.sensor.read.state | int + 1 }}") == "6"
