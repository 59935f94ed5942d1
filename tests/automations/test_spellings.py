"""Less common ways to write automations, each in a whole home: what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

AUTOMATIONS = r"""
- id: wait
  triggers: [{trigger: event, event_type: go_wait}]
  actions:
    - variables: {t: 1}
    - wait_for_trigger: [{trigger: event, event_type: "never_{{ t }}"}]
      timeout: {seconds: "{{ t * 0.02 }}"}
      continue_on_timeout: true
    - {event: done, event_data: {v: "{{ [wait.completed, wait.trigger, wait.remaining] }}"}}
- id: each
  triggers: [{trigger: event, event_type: go_each}]
  actions:
    - repeat:
        for_each: [{n: a}, {n: "{{ 1 + 1 }}"}]
        sequence: {event: done, event_data: {v: "{{ [repeat.item.n, repeat.index, repeat.first, repeat.last] }}"}}
- id: choose
  triggers: [{trigger: event, event_type: go_choose}]
  action:
    - choose: {conditions: "{{ false }}", sequence: []}
      default: {event: done, event_data: {v: default}}
    - if: "{{ false }}"
      then: []
      else: [{event: done, event_data: {v: else}}]
- id: together
  trigger: {platform: event, event_type: go_together}
  action:
    - parallel:
        - sequence: [{delay: {milliseconds: 20}}, {event: done, event_data: {v: slow}}]
        - {event: done, event_data: {v: quick}}
    - {event: done, event_data: {v: after}}
- id: enabled
  trigger_variables: {ready: true}
  triggers:
    - triggers:
        - {trigger: event, event_type: go_enabled, enabled: "{{ ready }}", id: one}
        - {trigger: event, event_type: go_enabled, enabled: "{{ not ready }}", id: two}
  actions:
    - {event: done, event_data: {v: no}, enabled: "{{ 1 == 2 }}"}
    - {condition: trigger, id: [one, other]}
    - {event: done, event_data: {v: "{{ trigger.id }}"}}
- id: scope
  variables: {me: "{{ this.entity_id }}"}
  triggers: [{trigger: event, event_type: "go_{{ 'scope' }}", variables: {n: "{{ trigger.event.data.n }}"}}]
  actions:
    - variables: {x: 1}
    - if: ["{{ x == 1 }}"]
      then: [{variables: {x: 2, y: 3}}]
    - {event: done, event_data: {v: "{{ [x, y is defined, n, me] }}"}}
- id: answers
  triggers: [{trigger: event, event_type: go_answers}]
  actions:
    - {action: script.answers, data: {x: 5}, response_variable: r}
    - {service_template: "script.{{ 'answers' }}", data_template: {x: "{{ r.y }}"}, response_variable: r2}
    - {action: script.fails, continue_on_error: true}
    - {event: done, event_data: {v: "{{ [r.y, r2.y] }}"}}
- id: stopped
  triggers: [{trigger: event, event_type: go_stopped}]
  actions:
    - repeat:
        count: 2
        sequence:
          - if: [{condition: template, value_template: "{{ repeat.last }}"}]
            then: {stop: enough}
          - {event: done, event_data: {v: "{{ repeat.index }}"}}
    - {event: done, event_data: {v: never}}
"""
SCRIPTS = """
answers:
  fields: {x: {default: 3, selector: {number: {}}}}
  variables: {out: {y: "{{ x + 1 }}"}}
  sequence: [{stop: done, response_variable: out}]
fails: {sequence: [{stop: bad, error: true}]}
"""
MEANINGS = {
    "wait": [[False, None, 0.0]],
    "each": [["a", 1, True, False], [2, 2, False, True]],
    "choose": ["default", "else"],
    "together": ["quick", "slow", "after"],
    "enabled": ["one"],
    "scope": [[2, True, 7, "automation.scope"]],
    "answers": [[6, 7]],
    "stopped": [1],
}


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    files = {"automations.yaml": AUTOMATIONS, "scripts.yaml": SCRIPTS}
    with home_server("automation: !include automations.yaml\nscript: !include scripts.yaml\n", files=files) as running:
        running.wait()
        yield running


@pytest.mark.parametrize(("name", "told"), MEANINGS.items(), ids=MEANINGS)
def test_a_spelling_means_what_it_says(server, name, told):
    """What the run tells, in its order."""
    heard: list[Any] = []
    subscription = server.home.bus.subscribe(lambda event: heard.append(event.data["v"]), "done")
    try:
        server.rest("POST", f"/api/events/go_{name}", {"n": 7})
        until(lambda: len(heard) >= len(told), what=f"{told}, heard {heard}")
        until(lambda: not [path for path in server.home.system.paths() if "/run-" in path])
    finally:
        subscription.cancel()

    assert heard == told
