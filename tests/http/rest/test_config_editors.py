"""The editors of automations, scripts and scenes: what they save, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import gevent
import pytest

from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

CONFIGURATION = """
input_boolean: {guest: {name: Guest}, other: {name: Other}}
automation: !include automations.yaml
script: !include scripts.yaml
scene: !include scenes.yaml
"""
AUTOMATIONS = """# ours
- id: stays   # untouched
  alias: "Stays"
  triggers: [{trigger: event, event_type: stays}]
  actions: [{delay: 100}]
"""
GO = {"trigger": "event", "event_type": "go"}
HIT = {"event": "hit"}
PATH = "/api/config/automation/config"


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    files = {"automations.yaml": AUTOMATIONS, "scripts.yaml": "", "scenes.yaml": "[]\n"}
    with home_server(CONFIGURATION, files=files) as running:
        yield running


def text_of(server: HomeServer, name: str) -> str:
    return (server.home.config.config_dir / name).read_text("utf-8")


def automation(**more: object) -> dict[str, object]:
    return {"alias": "Edited", "triggers": [GO], "conditions": [], "actions": [HIT], "mode": "single", **more}


def test_an_automation_is_there_when_the_editor_answers_and_the_file_keeps_the_rest(server):
    """File, entity, registry entry; comments and quotes of others stay; and it is all gone after the deletion."""
    assert server.rest("POST", f"{PATH}/e1", automation()).json() == {"result": "ok"}

    assert text_of(server, "automations.yaml").startswith(AUTOMATIONS)
    assert server.rest("GET", f"{PATH}/e1").json() == {"id": "e1", **automation()}
    assert server.home.states.get("automation.edited").attributes["id"] == "e1"
    assert server.home.registries.entities.by_unique_id("automation", "automation", "e1").original_name == "Edited"

    assert server.rest("DELETE", f"{PATH}/e1").json() == {"result": "ok"}

    assert text_of(server, "automations.yaml") == AUTOMATIONS
    assert server.home.states.get("automation.edited") is None
    assert server.home.registries.entities.by_unique_id("automation", "automation", "e1") is None


def test_the_entity_id_does_not_follow_the_alias_and_others_run_on(server):
    """A rename in the editor changes the name only; the run of another automation goes on meanwhile."""
    server.rest("POST", f"{PATH}/e2", automation(alias="First name"))
    server.rest("POST", "/api/events/stays", {})
    server.wait()
    assert server.home.states.get("automation.stays").attributes["current"] == 1

    server.rest("POST", f"{PATH}/e2", automation(alias="Second name"))

    assert server.home.states.get("automation.first_name").attributes["friendly_name"] == "Second name"
    assert server.home.states.get("automation.stays").attributes["current"] == 1
    server.rest("DELETE", f"{PATH}/e2")


def test_a_saved_automation_works_at_once(server):
    """It reacts to its trigger after the save, and to the new one after the next."""
    heard = []
    subscription = server.home.bus.subscribe(lambda event: heard.append(event.event_type), "hit")
    server.rest("POST", f"{PATH}/e3", automation())
    server.rest("POST", "/api/events/go", {})
    server.wait()
    server.rest("POST", f"{PATH}/e3", automation(triggers=[{"trigger": "event", "event_type": "went"}]))
    server.rest("POST", "/api/events/go", {})
    server.rest("POST", "/api/events/went", {})
    server.wait()
    subscription.cancel()

    assert heard == ["hit", "hit"]
    server.rest("DELETE", f"{PATH}/e3")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"alias": "x", "actions": []}, "required key not provided @ data['triggers']"),
        (automation(mode="odd"), "value must be one of ['parallel', 'queued', 'restart', 'single'] for dictionary"),
        (automation(conditions=[{"condition": "template", "value_template": "{{ 1 +"}]),
         "invalid template (TemplateSyntaxError: unexpected 'end of template') for dictionary value"),
        (automation(actions=[{"action": "a.b", "data": {"x": "{{ nope("}}]), "invalid template (TemplateSyntaxError"),
        (automation(use_blueprint={"path": "../../x.yaml"}), "Invalid blueprint path ../../x.yaml"),
        (automation(actions=[{"domain": "light", "type": "turn_on", "device_id": "nope", "entity_id": "light.x"}]),
         "Unknown device 'nope'"),
        ([1], "expected a dictionary"),
    ],
)
def test_what_is_not_valid_is_refused_in_words_and_changes_nothing(server, body, message):
    """400 with the reason; the file is as it was."""
    before = text_of(server, "automations.yaml")

    reply = server.rest("POST", f"{PATH}/bad", body)

    assert reply.status_code == 400
    assert reply.json()["message"].startswith(f"Message malformed: {message}")
    assert text_of(server, "automations.yaml") == before


def test_a_deeply_nested_value_and_an_odd_key_are_refused(server):
    """Neither recursion nor control characters reach the file."""
    deep: object = 1
    for _ in range(150):
        deep = [deep]

    assert server.rest("POST", f"{PATH}/deep", automation(variables={"x": deep})).status_code == 400
    assert server.rest("POST", f"{PATH}/a%0Ab", automation()).status_code == 400
    assert server.rest("POST", f"{PATH}/{'x' * 300}", automation()).status_code == 400


def test_edits_at_the_same_time_are_all_there(server):
    """One after the other changes the file."""
    jobs = [
        gevent.spawn(server.rest, "POST", f"{PATH}/p{number}", automation(alias=f"P {number}")) for number in range(6)
    ]
    gevent.joinall(jobs, raise_error=True)

    assert all(server.rest("GET", f"{PATH}/p{number}").json()["alias"] == f"P {number}" for number in range(6))
    for number in range(6):
        assert server.rest("DELETE", f"{PATH}/p{number}").status_code == 200
    assert text_of(server, "automations.yaml") == AUTOMATIONS


def test_scripts_are_edited_and_called(server):
    """The service `script.<id>` comes and goes with the script."""
    path = "/api/config/script/config/hello"
    assert server.rest("POST", path, {"alias": "Hello", "sequence": [{"service": "input_boolean.turn_on",
                       "target": {"entity_id": "input_boolean.guest"}}]}).status_code == 200
    assert server.rest("POST", "/api/services/script/hello", {}).status_code == 200
    assert server.home.states.get("input_boolean.guest").state == "on"
    assert server.rest("GET", path).json()["sequence"][0]["action"] == "input_boolean.turn_on"

    assert server.rest("DELETE", path).status_code == 200

    assert server.rest("POST", "/api/services/script/hello", {}).status_code == 400
    assert text_of(server, "scripts.yaml") == "{}\n"


def test_scenes_are_edited_and_keep_what_the_editor_says(server):
    """Metadata and icon stand in the file; the entity activates the new states."""
    path = "/api/config/scene/config/s1"
    scene = {"name": "Cosy", "entities": {"input_boolean.other": "on"}, "icon": "mdi:sofa",
             "metadata": {"input_boolean.other": {"entity_only": True}}}
    assert server.rest("POST", path, scene).status_code == 200
    assert server.rest("GET", path).json() == {"id": "s1", **scene}
    assert server.rest("POST", "/api/services/scene/turn_on", {"entity_id": "scene.cosy"}).status_code == 200
    assert server.home.states.get("input_boolean.other").state == "on"

    assert server.rest("DELETE", path).status_code == 200

    assert server.home.states.get("scene.cosy") is None


def test_the_file_goes_in_and_out_byte_for_byte(server):
    """PUT takes YAML whatever its label; what is no list of automations changes nothing."""
    path = "/api/config/automation/yaml"
    before = server.rest("GET", path)
    assert before.headers["Content-Type"].startswith("text/yaml")
    text = before.content.replace(b"# ours", b"# ours, still")

    assert server.rest("PUT", path, text).json() == {"result": "ok", "automations_reloaded": 1}
    assert server.rest("GET", path).content == text
    for bad in (b"a: [", b"a: 1", b"- 1", b"- {alias: x}", b"\xff\xfe", b""):
        assert server.rest("PUT", path, bad).status_code == 400
    assert server.rest("GET", path).content == text
    assert server.rest("PUT", path, before.content).status_code == 200
    assert server.rest("POST", "/api/automations/reload").json() == {"result": "ok", "automations_reloaded": 1}
    assert [each["id"] for each in server.rest("GET", PATH).json()] == ["stays"]
    assert server.rest("PUT", "/api/config/scene/yaml", b"[]\n").json() == {"result": "ok"}
    assert server.rest("GET", "/api/config/scene/config").json() == []


def test_an_automation_may_reload_the_file_that_changes_or_removes_it(server):
    """Its run ends there; everything else of the file is loaded all the same, once."""
    file = server.home.config.config_dir / "automations.yaml"
    itself = "- {id: self, alias: %s, triggers: [{trigger: event, event_type: again}], actions: [%s]}\n"
    file.write_text(AUTOMATIONS + itself % ("Self", "{action: automation.reload}, {event: after}"))
    assert server.rest("POST", "/api/automations/reload").json()["automations_reloaded"] == 2

    more = "- {id: more, alias: More, triggers: [], actions: []}\n"
    for text, count in ((AUTOMATIONS + itself % ("Changed", "{action: automation.reload}") + more, 3),
                        (AUTOMATIONS + more, 2)):
        file.write_text(text)
        server.rest("POST", "/api/events/again", {})
        until(partial(_are, server, count), what="the reload")
        assert server.home.states.get("automation.more").state == "on"
        assert server.rest("POST", "/api/automations/reload").json()["automations_reloaded"] == count

    assert server.home.states.get("automation.self") is None
    file.write_text(AUTOMATIONS)
    assert server.rest("POST", "/api/automations/reload").json()["automations_reloaded"] == 1


def test_only_administrators_edit(server):
    """401 for everybody else, as HA says it."""
    for method in ("GET", "POST", "DELETE"):
        assert server.rest(method, f"{PATH}/stays", automation(), token=server.user_token).status_code == 401
    assert server.rest("PUT", "/api/config/automation/yaml", b"[]", token=server.user_token).status_code == 401


def test_a_file_that_is_not_included_is_not_written():
    """The editor says what to add, and leaves no file behind."""
    with home_server("input_boolean: {a: {name: A}}\n") as server:
        reply = server.rest("POST", f"{PATH}/e1", automation())

        assert reply.status_code == 400
        assert "add `automation: !include automations.yaml`" in reply.json()["message"]
        assert not (server.home.config.config_dir / "automations.yaml").exists()
        text = b"- {id: a, triggers: [], actions: []}\n"
        assert server.rest("PUT", "/api/config/automation/yaml", text).status_code == 400
        assert server.rest("GET", "/api/config/automation/yaml").content == b""


def test_what_stands_in_another_file_is_left_there():
    """An automation written into configuration.yaml is changed by hand; the editor says where."""
    inline = "automation:\n  - {id: e1, triggers: [], actions: []}\nautomation ui: !include automations.yaml\n"
    with home_server(inline, files={"automations.yaml": "[]\n"}) as server:
        assert server.rest("GET", f"{PATH}/e1").status_code == 404

        reply = server.rest("POST", f"{PATH}/e1", automation())

        assert (reply.status_code, reply.json()["message"]) == (
            400, "`e1` stands in configuration.yaml:2; change it there"
        )
        assert text_of(server, "automations.yaml") == "[]\n"
        assert server.rest("POST", f"{PATH}/e2", automation()).status_code == 200


def test_a_renamed_automation_is_edited_switched_and_deleted_under_its_new_entity_id():
    """The editor knows it by its id in the file, whatever the registry calls it."""
    files = {"automations.yaml": "", "scripts.yaml": "", "scenes.yaml": ""}
    with home_server(CONFIGURATION, files=files) as server:
        server.rest("POST", f"{PATH}/e1", automation())
        server.home.registries.entities.update("automation.edited", new_entity_id="automation.other_id")
        server.wait()
        assert server.state("automation.other_id").state == "on"
        server.rest("POST", f"{PATH}/e1", automation(alias="Changed"))
        assert server.state("automation.other_id").attributes["friendly_name"] == "Changed"
        server.rest("POST", "/api/services/automation/turn_off", {"entity_id": "automation.other_id"})
        assert server.state("automation.other_id").state == "off"
        assert server.rest("DELETE", f"{PATH}/e1").status_code == 200
        assert server.home.states.get("automation.other_id") is None


def _are(server: HomeServer, count: int) -> bool:
    """Whether there are so many automations."""
    return len(server.rest("GET", PATH).json()) == count
