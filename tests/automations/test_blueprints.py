from __future__ import annotations

import pytest

from marge.automations.blueprints import (
    BlueprintError,
    delete_blueprint,
    file_of,
    list_blueprints,
    parse_blueprint,
    read_blueprint,
    save_blueprint,
)
from marge.errors import AlreadyExists

TEXT = """blueprint:
  name: Light
  domain: automation
  input:
    motion:
      name: Motion
      selector: {entity: {domain: binary_sensor}}
    advanced:
      name: More
      collapsed: true
      input:
        wait: {default: 5, selector: {number: {min: 0, max: 10}}}
triggers:
  - {trigger: state, entity_id: !input motion}
actions:
  - delay: !input wait
"""


def test_holes_are_filled_and_defaults_used():
    """Inputs in sections count like others."""
    filled = parse_blueprint(TEXT, "automation").substitute({"motion": "binary_sensor.hall"})

    assert filled == {
        "triggers": [{"trigger": "state", "entity_id": "binary_sensor.hall"}], "actions": [{"delay": 5}]
    }


def test_selectors_are_shown_in_full():
    """Clients get the defaults that the file leaves out."""
    inputs = parse_blueprint(TEXT).metadata["input"]

    assert inputs["motion"]["selector"] == {"entity": {"domain": ["binary_sensor"], "multiple": False}}
    number = inputs["advanced"]["input"]["wait"]["selector"]["number"]
    assert number == {"min": 0.0, "max": 10.0, "step": 1.0, "mode": "slider"}


def test_missing_inputs_are_named():
    """All of them, in order."""
    with pytest.raises(BlueprintError, match="Missing input motion"):
        parse_blueprint(TEXT).substitute({})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1", "blueprint"),
        (TEXT.replace("name: Light", "title: Light"), "title|name"),
        (TEXT.replace("!input wait", "!input never"), "Missing input definition for never"),
        (TEXT.replace("domain: automation", "domain: script"), "Found incorrect blueprint type script"),
        (TEXT.replace("number:", "nonsense:"), "Unknown selector type nonsense"),
    ],
)
def test_what_is_no_blueprint_says_why(text, problem):
    """The text names the part."""
    with pytest.raises(BlueprintError, match=problem):
        parse_blueprint(text, "automation")


@pytest.mark.parametrize(
    "path", ["../x.yaml", "/etc/passwd", "a/../../x.yaml", "a\\b.yaml", ".hidden.yaml", "", "x\0.yaml", "~/x"]
)
def test_paths_stay_in_the_folder(tmp_path, path):
    """Neither dots nor roots lead out."""
    with pytest.raises(BlueprintError):
        file_of(tmp_path, "automation", path)


def test_a_link_does_not_lead_out(tmp_path):
    """A folder of blueprints that links elsewhere is not followed."""
    (tmp_path / "secret").mkdir()
    folder = tmp_path / "blueprints" / "automation"
    folder.mkdir(parents=True)
    (folder / "out").symlink_to(tmp_path / "secret")

    with pytest.raises(BlueprintError):
        read_blueprint(tmp_path, "automation", "out/x.yaml")


def test_files_are_saved_listed_and_deleted(tmp_path):
    """An existing file is kept unless told otherwise; a broken one is listed with its problem; empty folders go."""
    blueprint = parse_blueprint(TEXT, "automation")
    assert save_blueprint(tmp_path, blueprint, "me/light.yaml", "https://example.org/x", False) is False
    with pytest.raises(AlreadyExists):
        save_blueprint(tmp_path, blueprint, "me/light.yaml", None, False)
    (tmp_path / "blueprints" / "automation" / "bad.yaml").write_text("a: [")

    listed = list_blueprints(tmp_path, "automation")

    assert not isinstance(listed["me/light.yaml"], str)
    assert listed["me/light.yaml"].metadata["source_url"] == "https://example.org/x"
    assert "Failed to load blueprint" in str(listed["bad.yaml"])
    delete_blueprint(tmp_path, "automation", "me/light.yaml")
    assert not (tmp_path / "blueprints" / "automation" / "me").exists()
    assert list_blueprints(tmp_path, "nope") == {}
