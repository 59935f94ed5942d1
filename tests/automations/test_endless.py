"""What never ends by itself is cut off, with an error that says where it stands; nothing else slows down meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from marge.automations import chains, runner
from marge.automations.actions import repeat
from marge.automations.places import place_in
from marge.config.reader import parse_yaml
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

FOREVER = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
# Event, name in the log, what has the line, the step's path; AUTOMATIONS has the mark `# <event>` at the line.
CASES = [
    ("go_loop", "Loop", "action/1"),
    ("go_nested", "Nested", "action/0/repeat/sequence/0"),
    ("go_deep", "Deep", "action/0/choose/0/sequence/0"),
    ("go_scripts", "Scripts", "action/0"),
    ("go_none", "None", "action/0"),
    ("go_template", "Template", "action/1"),
    ("go_condition", "Condition", "condition/0"),
    ("go_until", "Until", "action/0/repeat/until/0"),
    ("go_variables", "Variables", "variables"),
    ("go_ask", "ponger", "sequence"),
    ("go_self", "Self", "trigger"),
]
AUTOMATIONS = """- id: loop
  alias: Loop
  triggers: [{trigger: event, event_type: go_loop}]
  actions:
    - event: before
    - repeat:  # go_loop
        while: "{{ true }}"
        sequence:
          - action: input_boolean.toggle
            target: {entity_id: input_boolean.a}
- id: nested
  alias: Nested
  triggers: [{trigger: event, event_type: go_nested}]
  actions:
    - repeat:
        count: 3
        sequence:
          - repeat:  # go_nested
              while: ["{{ true }}"]
              sequence: [{wait_for_trigger: [{trigger: event, event_type: never}], timeout: 0}]
- id: deep
  alias: Deep
  triggers: [{trigger: event, event_type: go_deep}]
  actions:
    - choose:
        conditions: "{{ true }}"
        sequence:
          - repeat:  # go_deep
              while: "{{ true }}"
              sequence: []
- id: scripts
  alias: Scripts
  triggers: [{trigger: event, event_type: go_scripts}]
  actions:
    - repeat:  # go_scripts
        while: "{{ true }}"
        sequence: [{action: script.nothing}]
- id: none
  alias: None
  triggers: [{trigger: event, event_type: go_none}]
  actions:
    - repeat:  # go_none
        count: "{{ 10 ** 12 }}"
        sequence: []
- id: template
  alias: Template
  triggers: [{trigger: event, event_type: go_template}]
  actions:
    - event: before
    - variables:  # go_template
        x: "FOREVER"
- id: condition
  alias: Condition
  triggers: [{trigger: event, event_type: go_condition}]
  conditions:
    - "FOREVER"  # go_condition
  actions: []
- id: until
  alias: Until
  triggers: [{trigger: event, event_type: go_until}]
  actions:
    - repeat:
        sequence: []
        until:
          - condition: template  # go_until
            value_template: "FOREVER"
- id: variables
  alias: Variables
  triggers: [{trigger: event, event_type: go_variables}]
  variables:  # go_variables
    x: "FOREVER"
  actions: []
- id: ask
  alias: Ask
  triggers: [{trigger: event, event_type: go_ask}]
  actions: [{action: script.turn_on, target: {entity_id: script.pinger}}]
- id: self
  alias: Self
  mode: parallel
  triggers: [{trigger: event, event_type: go_self}]
  actions: [{event: go_self}]
- id: quick
  alias: Quick
  mode: parallel
  triggers: [{trigger: event, event_type: ask}]
  actions: [{event: answer, event_data: {n: "{{ trigger.event.data.n }}"}}]
""".replace("FOREVER", FOREVER)
SCRIPTS = """nothing:
  sequence: []
pinger:
  alias: Pinger
  mode: parallel
  max: 100000
  sequence:
    - action: script.turn_on
      target: {entity_id: script.ponger}
ponger:
  mode: parallel
  max: 100000
  sequence:
    - action: script.turn_on
      target: {entity_id: script.pinger}
"""
TEMPLATES = """- sensor:
    - name: Slow
      state: "{{ states('input_boolean.b') }}FOREVER"
- triggers: [{trigger: event, event_type: go_block}]
  actions:
    - repeat:
        while: "{{ true }}"
        sequence: []
  sensor:
    - name: Block
      state: "on"
""".replace("FOREVER", FOREVER)


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    text = "input_boolean: {a: {}, b: {}}\n" + "".join(
        f"{each}: !include {each}s.yaml\n" for each in ("automation", "script", "template")
    )
    files = {"automations.yaml": AUTOMATIONS, "scripts.yaml": SCRIPTS, "templates.yaml": TEMPLATES}
    with pytest.MonkeyPatch.context() as patch:
        # The figures that a user sees take seconds; these show the same.
        patch.setattr(repeat, "MAX_ITERATIONS_WITHOUT_WAIT", 1_000)
        patch.setattr(runner, "MAX_STEPS_WITHOUT_WAIT", 20_000)
        patch.setattr(chains, "MAX_RUNS", 500)
        with home_server(text, files=files) as running:
            running.wait()
            yield running


def log_of(server: HomeServer) -> str:
    return server.rest("GET", "/api/error_log").text


def line_of(text: str, mark: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.endswith(f"# {mark}"))


def place_of(event: str) -> str:
    if event == "go_ask":
        return "scripts.yaml:13"
    if event == "go_self":
        before, _, _ = AUTOMATIONS.partition("event_type: go_self")
        return f"automations.yaml:{before.count(chr(10)) + 1}"
    return f"automations.yaml:{line_of(AUTOMATIONS, event)}"


def test_a_template_entity_that_never_ends_is_cut_off(server):
    """The log names the entity and its line; so it does for the actions of a block."""
    until(lambda: "templates.yaml:3" in log_of(server))
    server.rest("POST", "/api/events/go_block", {})
    until(lambda: "templates.yaml:6" in log_of(server))

    slow = [line for line in log_of(server).splitlines() if "templates.yaml:3" in line]
    block = [line for line in log_of(server).splitlines() if "templates.yaml:6" in line]
    assert any("sensor.slow" in line and "maximum execution time" in line for line in slow)
    assert any("loop terminated" in line for line in block)


@pytest.mark.parametrize(("event", "name", "step"), CASES, ids=[case[0] for case in CASES])
def test_what_never_ends_is_cut_off_and_harms_nobody(server, event, name, step):
    """The log names the automation, file, line and step; other automations answer in the meantime."""
    place = place_of(event)
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
            return asked % 10 == 0 and place in log_of(server)

        until(asks, what=f"an error at {place}")
    finally:
        subscription.cancel()
    lines = [line for line in log_of(server).splitlines() if place in line]

    assert any(name in line and step in line for line in lines), lines
    assert slowest < 10.0  # the endless one takes 30 s to be seen
    until(lambda: server.state(f"automation.{event.removeprefix('go_')}").attributes["current"] == 0)


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
