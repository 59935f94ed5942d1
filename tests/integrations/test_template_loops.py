"""Template entities on simulated time: what reads itself or each other, delays, and what is shown after a restart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from marge.integrations.template.yaml import TemplateSection
from marge.model import Context, Event, State
from tests.automations.world import World, world
from tests.support.waiting import until

START = 1_767_225_600.0


def shown(entity_id: str, state: str, ago: float = 0.0, **attributes: Any) -> State:
    moment = START - ago
    return State(entity_id, state, attributes, moment, moment, moment, Context.new())


@contextmanager
def home(template: list[dict[str, Any]], *restored: State) -> Iterator[World]:
    """A home with these template entities and what the recorder found."""
    sections = {"input_boolean": {"a": None}, "input_number": {"n": {"min": 0, "max": 1000}}, "template": template}
    with world(sections, start=START, restored={each.entity_id: each for each in restored}) as made:
        (made.home.config.config_dir / "configuration.yaml").write_text(json.dumps(sections), "utf-8")
        TemplateSection(made.home).start()
        made.home.bus.publish(Event("homeassistant_start", {}, Context.new(), made.clock.now()))
        made.settle()
        yield made


def test_one_that_counts_itself_comes_to_rest() -> None:
    """It follows its own state, a few times over."""
    conf = [{"sensor": {"name": "Self", "state": "{{ (this.state | int(0)) + 1 }}"}}]
    with home(conf) as made:
        made.advance(1.0)
        before = made.state("sensor.self")
        made.advance(10.0)

        assert made.state("sensor.self") == before
        assert 1 <= int(before or 0) <= 10


def test_two_that_never_agree_go_on_at_a_bounded_pace() -> None:
    """A reads B and B reads A: others are not held up, and each second has its share."""
    conf = [{"sensor": [
        {"name": "A", "state": "{{ (states('sensor.b') | int(0)) + 1 }}"},
        {"name": "B", "state": "{{ (states('sensor.a') | int(0)) + 1 }}"},
    ]}]  # fmt: skip
    with home(conf) as made:
        made.advance(1.0)
        first = int(made.state("sensor.a") or 0)
        made.advance(1.0)
        second = int(made.state("sensor.a") or 0)

        assert first < 2_000
        assert second - first < 2_000
        made.call("input_boolean.turn_on", {"entity_id": "input_boolean.a"})
        assert made.state("input_boolean.a") == "on"


def test_many_changes_of_one_cause_are_all_followed_in_the_end() -> None:
    """A script that sets a number a thousand times in one run: the entity shows the last one."""
    with home([{"sensor": {"name": "N", "state": "{{ states('input_number.n') }}"}}]) as made:
        context = Context.new()
        for value in range(1_000):
            made.home.services.call(
                "input_number", "set_value", {"entity_id": "input_number.n", "value": value}, None, context
            )
        made.advance(2.0)

        assert made.state("sensor.n") == "999.0"


def test_a_delayed_sensor_shows_what_it_showed_before_the_restart() -> None:
    """It cannot know for how long its template has been true."""
    conf = [{"binary_sensor": {"name": "Late", "state": "{{ is_state('input_boolean.a', 'on') }}", "delay_off": 60}}]
    with home(conf, shown("binary_sensor.late", "on")) as made:
        assert made.state("binary_sensor.late") == "on"
        made.advance(61)
        assert made.state("binary_sensor.late") == "off"


def test_what_a_trigger_rendered_is_back_after_a_restart() -> None:
    """State, attributes, and the rest of `auto_off`; what was off already stays off."""
    conf = [{
        "triggers": [{"trigger": "event", "event_type": "te"}],
        "sensor": {"name": "S", "state": "{{ trigger.event.data.v }}", "attributes": {"k": "{{ 1 }}"},
                   "icon": "{{ 'mdi:a' }}"},
        "binary_sensor": {"name": "P", "state": "{{ true }}", "auto_off": {"seconds": 30}},
    }]  # fmt: skip
    before = (shown("sensor.s", "7", k=1, icon="mdi:a"), shown("binary_sensor.p", "on", ago=20.0))
    with home(conf, *before) as made:
        assert made.state("sensor.s") == "7"
        assert made.attribute("sensor.s", "k") == 1
        assert made.attribute("sensor.s", "icon") == "mdi:a"
        assert made.state("binary_sensor.p") == "on"
        made.advance(11)
        assert made.state("binary_sensor.p") == "off"
        made.fire("te", {"v": 8})
        until(lambda: made.state("sensor.s") == "8", what="the trigger")


def test_delays_are_lengths_of_time_in_all_spellings() -> None:
    """Templates inside too; what is none is no delay, and harms nobody."""
    spellings: dict[str, Any] = {
        "text": "00:00:10", "number": 10, "parts": {"seconds": "{{ 5 + 5 }}"}, "template": "{{ 10 }}",
        "nonsense": "{{ 'soon' }}",
    }  # fmt: skip
    conf = [{"binary_sensor": [
        {"name": name, "state": "{{ is_state('input_boolean.a', 'on') }}", "delay_on": delay}
        for name, delay in spellings.items()
    ]}]  # fmt: skip
    with home(conf) as made:
        made.call("input_boolean.turn_on", {"entity_id": "input_boolean.a"})
        made.advance(9)
        early = {name: made.state(f"binary_sensor.{name}") for name in spellings}
        made.advance(2)

        assert early == {name: "on" if name == "nonsense" else "off" for name in spellings}
        assert all(made.state(f"binary_sensor.{name}") == "on" for name in spellings)
