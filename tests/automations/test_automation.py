from __future__ import annotations

import gevent
import pytest
from structlog.testing import capture_logs

from marge.automations.automation import TriggerNow
from marge.automations.loading import load_automations
from marge.automations.runner import ScriptRun
from marge.automations.shared import shared_of
from marge.model import Context, Event, State
from tests.automations.world import world
from tests.support.waiting import until

HELPERS = {"input_boolean": {"a": {"name": "A"}, "b": {"name": "B"}}}
GO = [{"trigger": "event", "event_type": "go"}]


def automation(alias="Test", triggers=None, actions=None, **others):
    return {"alias": alias, "triggers": triggers or GO, "actions": actions or [{"event": "hit"}], **others}


def home(*automations, sections=None, **options):
    return world({**HELPERS, **(sections or {}), "automation": list(automations)}, **options)


# -- the entity --------------------------------------------------------------------------------------------------------


def test_the_entity_is_named_after_the_alias_and_shows_what_ha_shows():
    """Slug of the alias, HA's attributes, `max` only where it means something."""
    with home(automation("Morning Wake-Up", id="m1"), automation("Queue", mode="queued", max=3)) as made:
        assert made.state("automation.morning_wake_up") == "on"
        shown = made.home.states.get("automation.morning_wake_up").attributes
        assert dict(shown) == {
            "id": "m1", "last_triggered": None, "mode": "single", "current": 0, "friendly_name": "Morning Wake-Up"
        }
        assert made.attribute("automation.queue", "max") == 3


def test_a_disabled_automation_does_not_react_and_forced_it_runs_all_the_same():
    """`turn_off` detaches the triggers; `automation.trigger` does not ask for them."""
    with home(automation()) as made:
        made.call("automation.turn_off", {"entity_id": "automation.test"})
        assert made.state("automation.test") == "off"
        made.fire("go")
        assert made.of_type("hit") == []

        made.call("automation.trigger", {"entity_id": "automation.test"}).get(timeout=60)

        assert len(made.of_type("hit")) == 1
        assert made.attribute("automation.test", "last_triggered") is not None


def test_state_and_last_run_are_restored_and_initial_state_wins():
    """After a restart an automation is as enabled as before, unless its configuration says otherwise."""
    before = {
        f"automation.{name}": State(
            f"automation.{name}", "off", {"last_triggered": "2026-01-01T00:00:00+00:00"}, 0, 0, 0, Context.new()
        )
        for name in ("one", "two")
    }
    with home(automation("One"), automation("Two", initial_state=True), restored=before) as made:
        assert made.state("automation.one") == "off"
        assert made.state("automation.two") == "on"
        assert made.attribute("automation.one", "last_triggered") == "2026-01-01T00:00:00.000000+00:00"


def test_current_counts_runs_in_the_native_profile():
    """`current` grows by one a run, forced ones too, and not when a condition blocks the run."""
    with home(automation(conditions="{{ trigger.event.data.ok }}"), profile="native") as made:
        made.fire("go", {"ok": True})
        made.fire("go", {"ok": False})
        made.call("automation.trigger", {"entity_id": "test"}).get(timeout=60)

        assert made.attribute("automation.test", "current") == 2
        assert shared_of(made.home).total_runs == 2
        assert made.call("automation.trigger", {"entity_id": "nope"}).get(timeout=60).response is None
        assert made.call("automation.trigger", {}).get(timeout=60).response is None


def test_trigger_returns_when_short_actions_are_done():
    """The caller of `automation.trigger` reads the effects right after."""
    actions = [{"action": "input_boolean.turn_on", "target": {"entity_id": "input_boolean.a"}}]
    with home(automation(actions=actions)) as made:
        made.call("automation.trigger", {"entity_id": "automation.test"}).get(timeout=60)

        assert made.state("input_boolean.a") == "on"
        assert made.attribute("automation.test", "current") == 0


# -- supervision -------------------------------------------------------------------------------------------------------


def test_every_run_is_a_child_that_can_be_seen():
    """While it waits, a run stands in the tree with what it does."""
    with home(automation(actions=[{"alias": "A nap", "delay": 60}])) as made:
        made.fire("go")
        path = "/automations/test/run-1"

        assert path in made.home.system.paths()
        described = made.home.system.inspect(path)["state"]
        assert described["last_action"] == "A nap"
        assert described["step"] == "action/0"

        made.advance(61)
        assert path not in made.home.system.paths()


def test_an_operator_can_kill_a_run_and_nothing_else_suffers():
    """A killed run counts as cancelled; the automation goes on."""
    with home(automation(actions=[{"delay": 60}, {"event": "hit"}])) as made:
        made.fire("go")
        made.home.system.kill("/automations/test/run-1")
        made.settle()

        assert made.attribute("automation.test", "current") == 0
        made.fire("go")
        made.advance(61)
        assert len(made.of_type("hit")) == 1


def test_a_run_killed_before_its_first_turn_is_not_counted_for_ever():
    """The owner learns of its end from the supervisor's side, and the mode lets the next run in."""
    with home(automation(actions=[{"event": "hit"}])) as made:
        actor = made.home.system.actor("/automations/test")
        actor._trigger_now(TriggerNow(Context.new(), {}))
        made.home.system.kill("/automations/test/run-1")
        made.settle()
        assert made.of_type("hit") == []
        made.fire("go")

        assert len(made.of_type("hit")) == 1
        assert made.attribute("automation.test", "current") == 0


def test_a_run_that_fails_is_logged_with_its_step_and_hurts_only_itself():
    """The log names the automation and the step; the sibling run and the automation live."""
    failing = [
        {"choose": [{"conditions": "{{ trigger.event.data.bad }}", "sequence": [{"action": "light.nosuch"}]}]},
        {"delay": 1},
        {"event": "hit"},
    ]
    with home(automation(actions=failing, mode="parallel")) as made, capture_logs() as logs:
        made.fire("go", {"bad": False})
        made.fire("go", {"bad": True})
        made.advance(2)

        assert len(made.of_type("hit")) == 1
        assert made.attribute("automation.test", "current") == 0
    errors = [entry for entry in logs if entry["log_level"] == "error"]
    assert errors[0]["step"] == "action/0/choose/0/sequence/0"
    assert errors[0]["automation"] == "Test"
    assert "Action light.nosuch not found" in errors[0]["event"]


def test_a_bug_in_an_action_ends_that_run_only():
    """Not only expected errors: whatever an action raises stays in its run, and is logged with its traceback."""
    with home(automation(actions=[{"delay": 0}])) as made, capture_logs() as logs:

        def broken(_run, _seconds):
            raise ZeroDivisionError("a bug")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ScriptRun, "sleep", broken)
            made.fire("go")

        assert made.attribute("automation.test", "current") == 0
        assert made.home.system.ref("/automations/test") is not None
    assert any(entry.get("exc_info") and entry["step"] == "action/0" for entry in logs)


def test_a_crashed_automation_comes_back_as_enabled_as_before():
    """Its supervisor starts it anew; what it showed stands in the entity, and its triggers are attached again."""
    with home(automation("One"), automation("Two")) as made:
        made.fire("go")
        made.call("automation.turn_off", {"entity_id": "automation.two"})
        for name in ("one", "two"):
            made.home.system.kill(f"/automations/{name}")
        made.settle()
        made.advance(6)  # the first pause of the back-off
        made.events.clear()
        made.fire("go")

        assert [event.data["entity_id"] for event in made.of_type("automation_triggered")] == ["automation.one"]
        assert made.state("automation.two") == "off"


def test_a_crashed_automation_hears_the_very_next_trigger():
    """Its first restarts do not wait: a smoke alarm may be next."""
    with home(automation("One")) as made:
        made.home.system.kill("/automations/one")
        made.settle()
        made.fire("go")

        assert len(made.of_type("hit")) == 1


def test_a_crashed_automation_leaves_no_trigger_behind():
    """The bus has as many listeners as before, and nothing is sent to the one that is gone."""
    with home(automation("One", triggers=[*GO, {"trigger": "state", "entity_id": "input_boolean.a"}])) as made:
        listeners = made.home.bus.listener_counts()
        made.home.system.kill("/automations/one")
        made.settle()
        made.fire("go")
        assert made.home.system.dead_letters.total == 0
        made.advance(6)

        assert made.home.bus.listener_counts() == listeners


def test_turn_off_stops_the_runs_where_they_wait():
    """The rest of the actions does not happen, and no timer is left."""
    with home(automation(actions=[{"delay": 60}, {"event": "hit"}])) as made:
        timers = made.clock.pending()
        made.fire("go")
        made.call("automation.turn_off", {"entity_id": "automation.test"})
        made.advance(100)

        assert made.of_type("hit") == []
        assert made.clock.pending() == timers
        assert not [path for path in made.home.system.paths() if path.startswith("/automations/test/")]


def test_an_endless_loop_is_cut_off_with_a_log_that_names_it():
    """`repeat` that never waits and never ends: an error, and the home goes on meanwhile."""
    endless = [{"repeat": {"while": "{{ true }}", "sequence": [{"variables": {"x": 1}}]}}, {"event": "hit"}]
    with home(automation(actions=endless)) as made, capture_logs() as logs:
        others_turns = 0

        def other():
            nonlocal others_turns
            while True:
                others_turns += 1
                gevent.sleep(0)

        greenlet = gevent.spawn(other)
        made.fire("go")
        until(lambda: made.attribute("automation.test", "current") == 0, 60, "the loop is cut off")
        greenlet.kill()

    assert made.of_type("hit") == []
    assert others_turns > 100
    assert any("iterations without waiting" in str(entry["event"]) and entry["step"] == "action/0" for entry in logs)


# -- cost --------------------------------------------------------------------------------------------------------------


def test_a_state_change_costs_its_own_automations_only():
    """With many automations on other entities, a change is delivered to nobody else."""
    many = [
        automation(f"Number {number}", [{"trigger": "state", "entity_id": f"sensor.s{number}"}])
        for number in range(200)
    ]
    with home(*many) as made:
        delivered = made.home.bus.delivered
        made.set("sensor.s7", "1")
        handled = [
            path for path in made.home.system.paths()
            if path.startswith("/automations/") and made.home.system.inspect(path)["processed"] > 3
        ]

        assert made.home.bus.delivered - delivered < 20
        assert [event.data["entity_id"] for event in made.of_type("automation_triggered")] == ["automation.number_7"]
        assert handled == ["/automations/number_7"]


def test_a_template_trigger_is_rendered_for_what_it_reads_only():
    """A change of an entity that the template does not read does not wake the automation."""
    watching = [{"trigger": "template", "value_template": "{{ is_state('input_boolean.a', 'on') }}"}]
    with home(automation(triggers=watching)) as made:
        before = made.home.system.inspect("/automations/test")["processed"]
        made.set("sensor.other", "1")
        made.call("input_boolean.turn_on", {"entity_id": "input_boolean.b"})
        assert made.home.system.inspect("/automations/test")["processed"] == before

        made.call("input_boolean.turn_on", {"entity_id": "input_boolean.a"})
        assert len(made.of_type("hit")) == 1


def test_a_slow_template_in_a_trigger_is_cut_off():
    """What would hold the dispatcher for seconds is given 50 ms, and logged."""
    slow = "{% for x in range(99999) %}{% for y in range(99999) %}{{ y }}{% endfor %}{% endfor %}"
    with capture_logs() as logs, home(automation(conditions=slow), automation("Other")) as made:
        made.fire("go")

        assert [event.data["entity_id"] for event in made.of_type("automation_triggered")] == ["automation.other"]
    assert any("Test" in str(entry.get("automation")) for entry in logs)


# -- loading -----------------------------------------------------------------------------------------------------------


def test_a_bad_automation_is_named_and_the_others_load():
    """The warning has its name, the path and the nearest known word; its entity is unavailable."""
    bad = automation("Bad", [{"trigger": "stat", "entity_id": "light.a"}])
    with capture_logs() as logs, home(bad, automation("Good")) as made:
        made.fire("go")
        assert len(made.of_type("hit")) == 1
        assert made.state("automation.bad") == "unavailable"
    warning = next(entry for entry in logs if entry["log_level"] == "warning" and "skipped" in entry["event"])
    assert warning["automation"] == "Bad"
    assert "did you mean 'state'" in warning["problem"]
    assert "triggers" in warning["problem"]


def test_reload_leaves_what_did_not_change_alone():
    """A run goes on, counters and enabled state stay; a changed automation gets its new actions, a gone one goes."""
    stays = automation("Stays", actions=[{"delay": 60}, {"event": "stayed"}])
    with home(stays, automation("Off"), automation("Changes"), automation("Goes")) as made:
        made.call("automation.turn_off", {"entity_id": ["automation.off", "automation.changes"]})
        made.fire("go")
        actor = made.home.system.actor("/automations/stays")
        changed = automation("Changes", actions=[{"event": "new"}])

        count = load_automations(made.home, [stays, automation("Off"), changed, automation("Fresh")])
        made.settle()

        assert count == 4
        assert made.home.system.actor("/automations/stays") is actor
        assert made.state("automation.off") == "off"
        assert made.state("automation.changes") == "off"
        assert made.state("automation.goes") is None
        assert made.state("automation.fresh") == "on"
        made.advance(61)
        assert len(made.of_type("stayed")) == 1
        made.call("automation.turn_on", {"entity_id": "automation.changes"})
        made.fire("go")
        assert len(made.of_type("new")) == 1


def test_a_mended_automation_works_after_a_reload():
    """From unavailable to on."""
    with home(automation("Mend", [{"trigger": "nosuch"}])) as made:
        assert made.state("automation.mend") == "unavailable"
        load_automations(made.home, [automation("Mend")])
        made.settle()
        made.fire("go")

        assert made.state("automation.mend") == "on"
        assert len(made.of_type("hit")) == 1


def test_triggers_wait_until_the_home_has_started():
    """What is news only because the home is starting fires nothing."""
    watching = [{"trigger": "state", "entity_id": "input_boolean.a"}]
    with home(automation(triggers=watching)) as made:
        assert made.attribute("automation.test", "last_triggered") is None


def test_start_and_shutdown_triggers():
    """`start` fires once the home has started; `shutdown` when it is about to stop."""
    both = [{"trigger": "homeassistant", "event": event, "id": event} for event in ("start", "shutdown")]
    with home(automation(triggers=both, mode="queued")) as made:
        assert made.attribute("automation.test", "last_triggered") is not None
        made.fire("homeassistant_stop")
        assert [event.data["source"] for event in made.of_type("automation_triggered")] == ["Home Assistant stopping"]


def test_runs_outlive_a_crash_of_their_automation():
    """The successor adopts them: they are shown, they count for the mode, and they end as usual."""
    with home(automation(actions=[{"delay": 60}, {"event": "hit"}])) as made:
        made.fire("go")
        made.home.system.kill("/automations/test")
        made.settle()
        made.advance(6)
        assert made.attribute("automation.test", "current") == 1
        made.fire("go")
        made.advance(60)

        assert len(made.of_type("hit")) == 1
        assert made.attribute("automation.test", "current") == 0


@pytest.mark.parametrize("mode", ["single", "restart", "queued", "parallel"])
def test_changes_of_one_moment_are_all_handled(mode):
    """Five changes at once, actions that do not wait: five whole runs in any mode, as where runs begin at once."""
    watching = [{"trigger": "state", "entity_id": [f"sensor.s{number}" for number in range(5)]}]
    actions = [{"event": "hit", "event_data": {"id": "{{ trigger.entity_id }}"}}, {"event": "done"}]
    with home(automation(triggers=watching, actions=actions, mode=mode)) as made:
        for number in range(5):
            made.home.entities.merge(f"sensor.s{number}", "on")
        made.settle()

        assert [each["id"] for each in made.data_of("hit")] == [f"sensor.s{number}" for number in range(5)]
        assert len(made.of_type("done")) == 5


def test_an_automation_that_triggers_itself_does_not_loop():
    """In single mode the change that a run makes finds that run running."""
    watching = [{"trigger": "state", "entity_id": "input_boolean.a"}]
    actions = [{"action": "input_boolean.toggle", "target": {"entity_id": "input_boolean.a"}}]
    with home(automation(triggers=watching, actions=actions)) as made:
        made.call("input_boolean.turn_on", {"entity_id": "input_boolean.a"})
        made.advance(5)

        assert len(made.of_type("automation_triggered")) <= 2


def test_a_flood_of_triggers_is_bounded():
    """More changes at once than an automation may have waiting: the rest goes to the dead letters, nothing breaks."""
    with home(automation(triggers=[{"trigger": "state", "entity_id": "sensor.s"}], mode="queued", max=2)) as made:
        dropped = made.home.system.dead_letters.total
        data = {"entity_id": "sensor.s", "old_state": None, "new_state": None}
        event = Event("state_changed", data, Context.new(), 0)
        for _ in range(6_000):
            made.home.bus.publish(event, "sensor.s")
        assert made.home.system.dead_letters.total - dropped == 1_000
        made.settle()
        made.events.clear()
        made.set("sensor.s", "1")

        assert len(made.of_type("hit")) == 1
