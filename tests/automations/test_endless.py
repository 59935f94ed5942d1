"""What never ends by itself is cut off, with an error that says where it stands; nothing else slows down meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from marge.automations.places import place_in
from marge.config.reader import parse_yaml
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

AUTOMATIONS = """- id: loop
  alias: Loop
  triggers: [{trigger: event, event_type: go_loop}]
  actions:
    - event: before
    - repeat:
        while: "{{ true }}"
        sequence:
          - action: input_boolean.toggle
            target: {entity_id: input_boolean.a}
- id: zero
  alias: Zero
  triggers: [{trigger: event, event_type: go_zero}]
  actions:
    - repeat:
        until: "{{ false }}"
        sequence:
          - delay: 0
- id: template
  alias: Template
  triggers: [{trigger: event, event_type: go_template}]
  actions:
    - event: before
    - variables:
        x: "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
- id: condition
  alias: Condition
  triggers: [{trigger: event, event_type: go_condition}]
  conditions:
    - "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
  actions: []
- id: quick
  alias: Quick
  mode: parallel
  triggers: [{trigger: event, event_type: ask}]
  actions: [{event: answer, event_data: {n: "{{ trigger.event.data.n }}"}}]
"""


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    text = "input_boolean: {a: {}}\nautomation: !include automations.yaml\n"
    with home_server(text, files={"automations.yaml": AUTOMATIONS}) as running:
        yield running


def log_of(server: HomeServer) -> str:
    return server.rest("GET", "/api/error_log").text


@pytest.mark.parametrize(
    ("event", "name", "place"),
    [
        ("go_loop", "Loop", "automations.yaml:6"),
        ("go_zero", "Zero", "automations.yaml:15"),
        ("go_template", "Template", "automations.yaml:24"),
        ("go_condition", "Condition", "automations.yaml:30"),
    ],
)
def test_what_never_ends_is_cut_off_and_harms_nobody(server, event, name, place):
    """The log names the automation, the file and the line; other automations answer in the meantime."""
    answers: list[float] = []
    subscription = server.home.bus.subscribe(lambda _event: answers.append(time.perf_counter()), "answer")
    slowest, asked = 0.0, 0
    server.rest("POST", f"/api/events/{event}", {})
    try:
        def asks() -> bool:
            nonlocal slowest, asked
            began = time.perf_counter()
            server.rest("POST", "/api/events/ask", {"n": asked})
            asked += 1
            until(lambda: len(answers) == asked, what="the answer")
            slowest = max(slowest, answers[-1] - began)
            return place in log_of(server)

        until(asks, timeout_s=30.0, what=f"an error at {place}")
    finally:
        subscription.cancel()
    lines = [line for line in log_of(server).splitlines() if place in line]

    assert any(name in line for line in lines), lines
    assert slowest < 1.0
    assert server.state(f"automation.{name.lower()}").attributes["current"] == 0


def test_a_place_is_found_along_a_trace_path():
    """Single items without a list, words of old, and paths that lead nowhere."""
    raw, _problems = parse_yaml(
        "alias: x\ntrigger:\n  platform: event\naction:\n  - choose:\n      - conditions: []\n        sequence:\n"
        "          - delay: 1\n", "a.yaml",
    )  # fmt: skip

    assert place_in(raw, "trigger/0") == "a.yaml:2"
    assert place_in(raw, "action/0/choose/0/sequence/0") == "a.yaml:8"
    assert place_in(raw, "action/7") == "a.yaml:4"
    assert place_in(raw, "nothing/1") == "a.yaml:1"
    assert place_in("text", "action/0") is None
