"""Section 2.9: the files of automations and scenes, read, replaced and loaded again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.native.conftest import FILES
from tests.support.home import HomeServer

LIST = "/api/config/automation/config"
YAML = "/api/config/automation/yaml"
RELOADS = ("/api/config/core/reload", "/api/config/automation/reload", "/api/automations/reload")


def automation(home: HomeServer, key: str = "bell_rings") -> Any:
    return next(each for each in home.rest("GET", LIST).json() if each["id"] == key)


def test_automations_are_listed_in_the_order_of_the_file(home: HomeServer) -> None:
    """The id is that of the entity: the alias' slug, or the file's id where there is no alias."""
    first, second = home.rest("GET", LIST).json()
    assert set(first) == {
        "id", "alias", "description", "mode", "trigger_count", "condition_count", "action_count", "last_triggered",
        "total_triggers", "enabled",
    }  # fmt: skip
    assert (first["id"], first["alias"], first["description"]) == ("bell_rings", "Bell Rings", "Writes what it heard")
    assert (first["trigger_count"], first["condition_count"], first["action_count"]) == (2, 1, 1)
    assert (first["mode"], first["enabled"], second["id"]) == ("single", True, "second")
    state = home.rest("GET", "/api/states/automation.bell_rings").json()
    assert state["attributes"]["friendly_name"] == "Bell Rings"


def test_runs_and_switches_show_at_once(home: HomeServer) -> None:
    """`total_triggers` counts forced runs too; `enabled` follows turn_on and turn_off."""
    before = automation(home)["total_triggers"]
    home.rest("POST", "/api/services/automation/trigger", {"entity_id": "automation.bell_rings"})
    after = automation(home)
    assert (after["total_triggers"], "T" in after["last_triggered"]) == (before + 1, True)
    for service, enabled in (("turn_off", False), ("turn_on", True)):
        home.rest("POST", f"/api/services/automation/{service}", {"entity_id": "automation.bell_rings"})
        assert automation(home)["enabled"] is enabled


@pytest.mark.parametrize("path", RELOADS)
def test_a_reload_says_how_many_there_are(home: HomeServer, path: str) -> None:
    """It keeps what did not change: switches and counts."""
    home.rest("POST", "/api/services/automation/turn_off", {"entity_id": "automation.bell_rings"})
    before = automation(home)
    answer = home.rest("POST", path, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (200, {"result": "ok", "automations_reloaded": 2})
    assert automation(home) == before
    assert home.rest("GET", "/api/states/automation.bell_rings").json()["state"] == "off"
    home.rest("POST", "/api/services/automation/turn_on", {"entity_id": "automation.bell_rings"})


@pytest.mark.parametrize("content_type", ["text/yaml", "application/json", None])
def test_a_file_comes_back_byte_for_byte(home: HomeServer, content_type: str | None) -> None:
    """Whatever the client calls it: comments and layout survive."""
    answer = home.rest("GET", YAML)
    assert answer.headers["Content-Type"].partition(";")[0] == "text/yaml"
    assert answer.content.decode() == FILES["automations.yaml"]
    text = answer.content + b"\n# a remark\n"
    headers = {} if content_type is None else {"Content-Type": content_type}
    put = home.rest("PUT", YAML, headers=headers, data=text)
    assert (put.status_code, put.json()) == (200, {"result": "ok", "automations_reloaded": 2})
    assert home.rest("GET", YAML).content == text
    home.rest("PUT", YAML, data=answer.content)


@pytest.mark.parametrize("text", ["a: [", "just: a mapping", "a text", "- 5"])
def test_another_shape_leaves_the_file_alone(home: HomeServer, text: str) -> None:
    """400."""
    before = home.rest("GET", YAML).content
    assert home.rest("PUT", YAML, data=text.encode()).status_code == 400
    assert home.rest("GET", YAML).content == before


def test_a_new_automation_lives_at_once(home: HomeServer) -> None:
    """And is gone with the file's former text."""
    before = home.rest("GET", YAML).content
    more = b"""
- alias: Added Here
  triggers: [{trigger: event, event_type: added}]
  actions: [{action: persistent_notification.create, data: {message: x, notification_id: added}}]
"""
    assert home.rest("PUT", YAML, data=before + more).json()["automations_reloaded"] == 3
    home.rest("POST", "/api/events/added", {})
    home.wait()
    assert "added" in [each["notification_id"] for each in home.rest("GET", "/api/notifications").json()]
    assert home.rest("PUT", YAML, data=before).json()["automations_reloaded"] == 2
    assert home.rest("GET", "/api/states/automation.added_here").status_code == 404


def test_a_broken_file_is_an_answer_and_no_crash(home: HomeServer) -> None:
    """200 with the reason; what ran goes on. The service says it, too, and does nothing."""
    file = home.home.config.config_dir / "automations.yaml"
    before = file.read_text("utf-8")
    file.write_text("a: [", "utf-8")
    answer = home.rest("POST", "/api/config/automation/reload")
    called = home.rest("POST", "/api/services/automation/reload", {})
    file.write_text(before, "utf-8")
    assert called.status_code == 500 and "automations.yaml:" in called.text  # as any service that fails
    assert (answer.status_code, answer.json()["result"], bool(answer.json()["message"])) == (200, "error", True)
    assert home.rest("GET", "/api/states/automation.bell_rings").status_code == 200


def test_scenes_have_a_list_and_a_file(home: HomeServer) -> None:
    """A replaced file takes effect."""
    (scene,) = home.rest("GET", "/api/config/scene/config").json()
    assert (scene["name"], scene["entity_count"]) == ("Reading", 2)
    assert sorted(scene["entities"]) == ["light.desk", "light.made_by_scene"]
    assert set(scene) == {"id", "name", "entity_count", "entities"}
    answer = home.rest("GET", "/api/config/scene/yaml")
    assert answer.headers["Content-Type"].partition(";")[0] == "text/yaml"
    assert answer.content.decode() == FILES["scenes.yaml"]
    put = home.rest("PUT", "/api/config/scene/yaml", data=answer.content.replace(b"Reading", b"Writing"))
    assert (put.status_code, put.json()) == (200, {"result": "ok"})
    assert home.rest("GET", "/api/states/scene.writing").status_code == 200
    assert home.rest("PUT", "/api/config/scene/yaml", data=b"a: [").status_code == 400
    home.rest("PUT", "/api/config/scene/yaml", data=answer.content)


def test_the_configuration_can_be_checked(home: HomeServer) -> None:
    """HA's answer."""
    answer = home.rest("POST", "/api/config/core/check_config").json()
    assert (answer["result"], answer["errors"]) == ("valid", None)
