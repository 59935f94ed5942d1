"""The short cut for paths into JSON gives exactly what the template engine gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.templates import TemplateFailed, Templates, json_path, walk
from marge.home import Home
from tests.bridges.conftest import build_home

FLOAT = st.floats(allow_nan=False, allow_infinity=False)
KEY = st.sampled_from(["a", "b", "items", "c d"])
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | FLOAT | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEY, inner, max_size=3),
    max_leaves=6,
)
PATHS = [
    "{{ value_json.a }}", "{{value_json.a.b}}", "{{ value_json['a'] }}", '{{ value_json["c d"] }}',
    "{{ value_json.items }}", "{{ value_json['items'] }}", "{{ value_json.a['b'] }}", "{{- value_json.b -}}",
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = build_home(tmp_path_factory.mktemp("home"))
    yield home
    home.system.shutdown()


@pytest.fixture
def templates(home: Home) -> Templates:
    return Templates(home)


def through_engine(home: Home, source: str, message: Incoming) -> str | None:
    for _ in range(5):  # on a busy machine the time that a template may take can be over before it had any
        try:
            return Templates(home).render(source, {"value": message.text, "value_json": message.json}, "sensor.x")
        except TemplateFailed:
            continue
    return None


@given(value=VALUE, source=st.sampled_from(PATHS))
def test_the_short_cut_agrees_with_jinja(home: Home, value: Any, source: str) -> None:
    """For every JSON value and path: the same text, or the engine decides."""
    message = Incoming("t", json.dumps(value).encode())
    keys = json_path(source)
    if keys is None:
        return
    found = walk(message.json, keys)
    if found is not None:
        assert found == through_engine(home, source, message)


@pytest.mark.parametrize("source", ["{{ value_json.items }}", "{{ value }}", "{{ value_json.a | int }}", "x"])
def test_what_is_no_path_goes_to_the_engine(source: str) -> None:
    """Methods, filters and anything else are jinja's."""
    assert json_path(source) is None


def test_entities_are_known_to_templates(templates: Templates, make_home: Callable[..., Home]) -> None:
    """`entity_id` and `this` are there; a missing entity has none."""
    message = Incoming("t", b"7")
    assert templates.render_value("{{ entity_id }}|{{ value }}|{{ this }}", message, "sensor.q") == "sensor.q|7|None"


def test_a_template_that_takes_too_long_fails(templates: Templates) -> None:
    """It runs on the hub, so it has milliseconds."""
    with pytest.raises(TemplateFailed):
        loops = "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}"
        templates.render(loops, {}, "sensor.q")
