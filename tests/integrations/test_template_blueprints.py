"""Template entities that come of blueprints."""

from __future__ import annotations

import pytest

from tests.support.home import home_server
from tests.support.waiting import until

INVERTED = """blueprint:
  name: Inverted
  domain: template
  input:
    source: {selector: {entity: {}}}
variables:
  source: !input source
binary_sensor:
  state: "{{ not is_state(source, 'on') }}"
"""
COUNTED = """blueprint:
  name: Counted
  domain: template
  input:
    kind: {}
    start: {default: 10}
triggers:
  - trigger: event
    event_type: !input kind
variables:
  start: !input start
sensor:
  state: "{{ start + trigger.event.data.n }}"
"""
TWO = "blueprint: {name: Two, domain: template}\nsensor: {state: '1'}\nbinary_sensor: {state: '1'}\n"
SECTION = """template:
  - use_blueprint:
      path: me/inverted.yaml
      input: {source: input_boolean.a}
    name: Not a
    unique_id: not_a
  - use_blueprint:
      path: me/counted.yaml
      input: {kind: ping}
    name: Counted
    unique_id: counted
  - use_blueprint: {path: me/two.yaml}
  - use_blueprint: {path: me/gone.yaml}
  - use_blueprint: {path: me/inverted.yaml}
  - sensor: [{name: Plain, state: "1"}]
input_boolean: {a: {}}
"""


@pytest.fixture(scope="module")
def server():
    files = {
        "blueprints/template/me/inverted.yaml": INVERTED, "blueprints/template/me/counted.yaml": COUNTED,
        "blueprints/template/me/two.yaml": TWO,
    }  # fmt: skip
    with home_server(SECTION, files=files) as running:
        running.wait()
        yield running


def test_an_instance_is_an_entity(server):
    """It has the instance's name and unique id, and follows what its variables name."""
    assert server.state("binary_sensor.not_a").state == "on"
    assert server.home.registries.entities.get("binary_sensor.not_a").unique_id == "not_a"

    server.rest("POST", "/api/services/input_boolean/turn_on", {"entity_id": "input_boolean.a"})

    until(lambda: server.state("binary_sensor.not_a").state == "off")


def test_an_instance_with_triggers(server):
    """Its variables are rendered when a trigger fires."""
    assert server.state("sensor.counted").state == "unknown"

    server.rest("POST", "/api/events/ping", {"n": 5})

    until(lambda: server.state("sensor.counted").state == "15")


def test_what_is_wrong_is_left_out_with_its_place(server):
    """Two kinds in one blueprint, no such file, a missing input: each is named with its place; the rest is there."""
    texts = [str(each) for each in server.home.shared["config_problems"]]

    for line, reason in (
        (12, "more than one platform"), (13, "Unable to find me/gone.yaml"), (14, "Missing input source")
    ):  # fmt: skip
        assert any(f"configuration.yaml:{line}" in text and reason in text for text in texts), texts
    assert server.state("sensor.plain").state == "1"


def test_clients_see_and_change_them(server):
    """List, fill in, save; one in use is not deleted; a changed one takes effect with the next reload."""
    at = {"domain": "template", "path": "me/inverted.yaml"}
    with server.websocket() as client:
        listed = client.command("blueprint/list", domain="template")["result"]
        assert listed["me/inverted.yaml"]["metadata"]["domain"] == "template"
        filled = client.command("blueprint/substitute", **at, input={"source": "light.x"})["result"]
        assert filled["substituted_config"]["variables"] == {"source": "light.x"}
        assert client.command("blueprint/delete", **at)["error"]["message"] == "Blueprint in use"
        assert client.command("blueprint/delete", domain="template", path="me/two.yaml")["success"]
        text = INVERTED.replace("state:", "icon: mdi:abacus\n  state:")
        assert client.command("blueprint/save", **at, yaml=text, allow_override=True)["success"]
    before = server.state("sensor.counted")

    server.rest("POST", "/api/services/template/reload", {})

    until(lambda: server.state("binary_sensor.not_a").attributes.get("icon") == "mdi:abacus")
    assert server.state("sensor.counted") == before
