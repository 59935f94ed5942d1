"""What is wrong inside the sections of the files, before it is loaded: from the command line and from a client."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.support.home import home_server

FILES = {
    "configuration.yaml": """automation: !include automations.yaml
script: !include scripts.yaml
input_number:
  good: {min: 0, max: 10}
  bad: {min: 0, maxx: 10}
template:
  - sensor:
      - {name: Good, state: "{{ 1 }}"}
      - name: Bad
        stat: "{{ 1 }}"
  - sensor:
      - name: Worse
        state: "{{ 1 + }}"
""",
    "automations.yaml": """- alias: Good
  triggers: [{trigger: state, entity_id: light.a}]
  actions: [{action: light.turn_on}]
- alias: Kind
  trigger:
    - platform: stat
      entity_id: light.a
  action: []
- alias: Key
  triggers:
    - trigger: state
      entity_idd: light.a
  actions: []
- alias: Template
  triggers: []
  actions:
    - delay: 1
    - choose:
        - conditions: "{{ 1 + }}"
          sequence: []
- alias: Word
  triger: []
  actions: []
""",
    "scripts.yaml": "good: {sequence: []}\nbad:\n  sequence:\n    - dela: 5\n",
}

WANTED = {
    "automation.Kind.trigger.0": ("automations.yaml", 6, "did you mean 'state'?"),
    "automation.Key.triggers.0.entity_idd": ("automations.yaml", 12, "did you mean `entity_id`?"),
    "automation.Template.actions.1.choose.0.conditions.0.value_template": ("automations.yaml", 19, "invalid template"),
    "automation.Word.triger": ("automations.yaml", 22, "did you mean `triggers`?"),
    "script.bad.sequence.0": ("scripts.yaml", 4, "did you mean 'delay'?"),
    "input_number.bad.maxx": ("configuration.yaml", 5, "extra keys not allowed"),
    "template.sensor.stat": ("configuration.yaml", 10, "did you mean 'state'?"),
    "template.sensor.state": ("configuration.yaml", 13, "invalid template"),
}


def test_the_command_names_file_line_path_and_the_nearest_word(tmp_path):
    """One finding for each bad piece; the good ones are not mentioned."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "marge", "--config", str(tmp_path), "check-config", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    problems = json.loads(done.stdout)["problems"]
    found = {each["path"]: each for each in problems}

    assert done.returncode == 2
    for path, (file, line, text) in WANTED.items():
        assert path in found, (path, list(found))
        shown = found[path]
        assert (shown["file"], shown["line"]) == (file, line), path
        assert text in f"{shown['message']} {shown['hint']}", path
    assert "automation.Word.triggers" not in found  # that it is missing follows from the wrong word
    assert not any("Good" in path or ".good" in path for path in found)


def test_clients_are_told_the_same_and_the_rest_loads():
    """`check_config` over REST and as a service; the automations and helpers that are right run."""
    text = FILES["configuration.yaml"]
    files = {name: content for name, content in FILES.items() if name != "configuration.yaml"}
    with home_server(text, files=files) as server:
        reply = server.rest("POST", "/api/config/core/check_config").json()
        server.rest("POST", "/api/services/homeassistant/check_config", {})

        assert reply["result"] == "invalid"
        for file, line, hint in WANTED.values():
            assert f"{file}:{line}" in reply["errors"], hint
        note = server.home.shared["persistent_notification"].all()[0]
        assert "automations.yaml:6" in note.message
        assert server.state("automation.good").state == "on"
        assert server.state("automation.template").state == "unavailable"
        assert server.state("input_number.good").state == "0.0"
        assert server.state("sensor.good").state == "1"


def test_a_file_that_cannot_be_read_is_no_reason_to_drop_what_runs():
    """A reload in the middle of an edit: it fails with the place, and everything goes on."""
    with home_server(FILES["configuration.yaml"], files=FILES) as server:
        folder = server.home.config.config_dir
        (folder / "configuration.yaml").write_text("automation: !include automations.yaml\ntemplate:\n  - [\n", "utf-8")
        for domain in ("template", "input_number"):
            reply = server.rest("POST", f"/api/services/{domain}/reload", {})
            assert reply.status_code in (400, 500), domain

        assert server.state("sensor.good").state == "1"
        assert server.state("input_number.good").state == "0.0"
        assert "Nothing was changed: configuration.yaml" in reply.text


WRONG_WORDS = {
    "automation.Mode.mode": ("- {alias: Mode, mode: paralel, triggers: [], actions: []}", "`parallel`"),
    "automation.Deep.actions.0.then.0.repeat.sequence.0": (
        "- {alias: Deep, triggers: [], actions: [{if: [], then: [{repeat: {count: 1, sequence: [{servce: a.b}]}}]}]}",
        "'service'",
    ),
}


def test_wrong_words_anywhere_are_named_with_what_was_meant(tmp_path):
    """Values that are none of some, keys of scripts and scenes, actions deep inside, items of platforms."""
    lines = "\n".join(f"  {text}" for text, _hint in WRONG_WORDS.values())
    (tmp_path / "configuration.yaml").write_text(
        f"automation:\n{lines}\nscript:\n  b: {{sequence: [], field: {{}}}}\n"
        "scene: [{name: S, entites: {}}]\nlight: [{platform: group, entitys: [light.a]}]\n"
    )

    run = subprocess.run(
        [sys.executable, "-m", "marge", "check-config", "-c", str(tmp_path), "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    shown = json.loads(run.stdout)

    found = {each["path"]: f"{each['message']} {each['hint']}" for each in shown["problems"]}
    for path, (_text, hint) in WRONG_WORDS.items():
        assert hint in found[path], found
    for path, hint in (("script.b.field", "`fields`"), ("scene.S.entites", "`entities`"), ("light.0", "`entities`")):
        assert hint in found[path], found
