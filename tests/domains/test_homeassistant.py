"""Services for anything, and buttons that fire events."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import voluptuous as vol

from marge.config import VirtualSeed
from marge.domains.persistent_notification import SHARED
from marge.errors import HomeError
from tests.domains.home import running_home


def test_targets_of_many_kinds_each_get_their_own():
    """A toggle over mixed states flips each, also what has no services of its own while nobody owns it."""
    with running_home({"input_boolean": {"a": {}}}) as home:
        home.write("light.l", "on")
        home.write("sensor.s", "5")
        changed = home.call("homeassistant.toggle", entity_id=["light.l", "sensor.s", "input_boolean.a", "light.none"])
        assert [home.state(each).state for each in ("light.l", "sensor.s", "input_boolean.a")] == ["off", "on", "on"]
        assert set(changed) == {"light.l", "sensor.s", "input_boolean.a"}


def test_owned_helpers_without_the_service_are_passed_over():
    """An owned counter cannot be turned on, and that is no error."""
    with running_home({"counter": {"c": {}}}) as home:
        assert home.call("homeassistant.turn_on", entity_id="counter.c") == []
        assert home.state("counter.c").state == "0"


def test_an_error_in_one_domain_reaches_the_caller():
    """The others are still done."""
    with running_home() as home:
        home.write("light.l", "off")
        home.home.services.register("bad", "turn_on", lambda call: 1 / 0)
        home.write("bad.x", "off")
        with pytest.raises(ZeroDivisionError):
            home.call("homeassistant.turn_on", entity_id=["light.l", "bad.x"])
        assert home.state("light.l").state == "on"


def test_stop_does_nothing_unless_allowed():
    """Answered and ignored, as long as the configuration says so."""
    with running_home() as home:
        home.call("homeassistant.stop")
        home.call("homeassistant.restart")


def test_restart_and_stop_where_they_are_allowed():
    """They end the run in order; a restart begins it anew."""
    with running_home(marge={"allow_remote_stop": True}) as home:
        with pytest.raises(HomeError, match="cannot restart itself"):
            home.call("homeassistant.restart")
        said: list[str] = []
        run = SimpleNamespace(end=lambda: said.append("end"), restart=lambda: said.append("restart"))
        home.home.shared["run"] = run
        home.call("homeassistant.restart")
        home.call("homeassistant.stop")
        del home.home.shared["run"]
        assert said == ["restart", "end"]


def test_check_config_tells_what_is_wrong():
    """Errors in the files become one notification, and go when they are mended."""
    with running_home() as home:
        path = home.home.config.config_dir / "configuration.yaml"
        path.write_text("input_number: [\n")
        home.call("homeassistant.check_config")
        assert [each.notification_id for each in home.home.shared[SHARED].all()] == ["homeassistant.check_config"]
        path.write_text("{}\n")
        home.call("homeassistant.check_config")
        assert home.home.shared[SHARED].all() == []


def test_reload_all_reloads_helpers():
    """Every `reload` there is, is called."""
    with running_home() as home:
        path = home.home.config.config_dir / "configuration.yaml"
        path.write_text("input_boolean:\n  a:\ntimer:\n  t:\n    duration: 5\n")
        home.call("homeassistant.reload_all")
        assert home.state("input_boolean.a").state == "off"
        assert home.state("timer.t").attributes["duration"] == "0:00:05"


def test_a_virtual_button_fires_its_event():
    """A press of a seeded button fires its `press_event` and leaves its state; an unseeded one fires nothing."""
    seeds = {"button.bedside": VirtualSeed("unknown", {"friendly_name": "Bedside"}, "bedside_button_pressed")}
    with running_home(virtual=seeds) as home:
        home.write("button.other", "unknown")
        home.call("button.press", entity_id=["button.bedside", "button.other"])
        assert home.of_type("bedside_button_pressed") == [{"entity_id": "button.bedside"}]
        assert home.state("button.bedside").state == "unknown"


def test_unknown_ids_are_refused():
    """A malformed entity id is the caller's error."""
    with running_home() as home, pytest.raises(vol.Invalid):
        home.call("homeassistant.turn_on", entity_id="not an id")
