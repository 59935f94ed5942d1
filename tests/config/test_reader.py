"""Files, includes, secrets and variables."""

from __future__ import annotations

from marge.config import Input, Unresolved, location_of, parse_yaml
from tests.config.conftest import Load, found


def test_every_key_and_item_knows_its_file_and_line(load: Load) -> None:
    """Also what an include brought in is found in its own file."""
    home = load(
        {
            "configuration.yaml": "script:\n  one:\n    alias: One\nautomation: !include automations.yaml\n",
            "automations.yaml": "- alias: A\n  mode: single\n- alias: B\n",
        }
    )

    assert home.problems == ()
    assert location_of(home.sections["script"], "one") == ("configuration.yaml", 2)
    assert location_of(home.sections["automation"], 1) == ("automations.yaml", 3)
    assert location_of(home.sections["automation"][0], "mode") == ("automations.yaml", 2)


def test_include_is_relative_to_the_including_file(load: Load) -> None:
    """A file in a directory includes its neighbour by its bare name."""
    home = load(
        {
            "configuration.yaml": "script: !include parts/all.yaml\n",
            "parts/all.yaml": "hello: !include hello.yaml\n",
            "parts/hello.yaml": "alias: Hello\n",
        }
    )

    assert home.sections["script"] == {"hello": {"alias": "Hello"}}


def test_missing_include_names_line_and_leaves_the_rest(load: Load) -> None:
    """What cannot be included is reported where it is asked for."""
    home = load({"configuration.yaml": "homeassistant:\n  name: Here\nscript: !include nowhere.yaml\n"})

    assert found(home) == [("error", "configuration.yaml", 3)]
    assert "nowhere.yaml" in home.problems[0].message
    assert home.location_name == "Here"
    assert "script" not in home.sections


def test_a_file_that_includes_itself_is_reported(load: Load) -> None:
    """A cycle ends; it does not recurse."""
    home = load({"configuration.yaml": "script: !include a.yaml\n", "a.yaml": "x: !include a.yaml\n"})

    assert found(home) == [("error", "a.yaml", 1)]
    assert home.sections["script"] == {"x": Unresolved("!include")}


def test_empty_include_is_an_empty_mapping(load: Load) -> None:
    """As Home Assistant reads it."""
    home = load({"configuration.yaml": "script: !include s.yaml\n", "s.yaml": "# nothing\n"})

    assert home.sections["script"] == {}
    assert home.problems == ()


def test_the_four_directory_includes(load: Load) -> None:
    """List, named, merge_list and merge_named read *.yaml by name, deeply, without hidden files and secrets."""
    home = load(
        {
            "configuration.yaml": (
                "automation: !include_dir_merge_list lists\n"
                "scene: !include_dir_list items\n"
                "script: !include_dir_named named\n"
                "input_boolean: !include_dir_merge_named maps\n"
            ),
            "lists/b.yaml": "- alias: B\n",
            "lists/a.yaml": "- alias: A\n",
            "lists/deep/c.yaml": "- alias: C\n",
            "lists/.hidden.yaml": "- alias: H\n",
            "lists/secrets.yaml": "x: 1\n",
            "lists/readme.txt": "no\n",
            "items/one.yaml": "name: One\n",
            "items/two.yaml": "name: Two\n",
            "named/hello.yaml": "alias: Hello\n",
            "maps/m.yaml": "guest:\nholiday:\n  icon: mdi:x\n",
        }
    )

    assert home.problems == ()
    assert [item["alias"] for item in home.sections["automation"]] == ["A", "B", "C"]
    assert home.sections["scene"] == [{"name": "One"}, {"name": "Two"}]
    assert home.sections["script"] == {"hello": {"alias": "Hello"}}
    assert home.sections["input_boolean"] == {"guest": None, "holiday": {"icon": "mdi:x"}}
    assert location_of(home.sections["automation"], 2) == ("lists/deep/c.yaml", 1)
    assert location_of(home.sections["input_boolean"], "holiday") == ("maps/m.yaml", 2)


def test_a_broken_file_of_a_directory_leaves_the_others(load: Load) -> None:
    """And is named with line and column."""
    home = load(
        {
            "configuration.yaml": "automation: !include_dir_merge_list lists\n",
            "lists/a.yaml": "- alias: A\n",
            "lists/b.yaml": "alias: [\n",
            "lists/c.yaml": "alias: not a list\n",
        }
    )

    assert [item["alias"] for item in home.sections["automation"]] == ["A"]
    assert {(file, line) for _, file, line in found(home)} == {("lists/b.yaml", 2), ("lists/c.yaml", 1)}


def test_secret_from_the_nearest_file_upwards(load: Load) -> None:
    """A directory's own secrets win over the home's."""
    home = load(
        {
            "configuration.yaml": "script: !include deep/s.yaml\nmarge:\n  auth:\n    token: !secret token\n",
            "secrets.yaml": "token: outer\nonly_outer: 7\n",
            "deep/secrets.yaml": "token: inner\n",
            "deep/s.yaml": "a: !secret token\nb: !secret only_outer\n",
        }
    )

    assert home.sections["script"] == {"a": "inner", "b": 7}
    assert home.marge.auth_token == "outer"


def test_missing_secret_spoils_only_what_needs_it_and_shows_no_other(load: Load) -> None:
    """The nearest name is offered; values never appear."""
    home = load(
        {
            "configuration.yaml": "script:\n  a: !secret tokn\n  b: 2\n",
            "secrets.yaml": "token: very-hidden\n",
        }
    )

    assert home.sections["script"] == {"a": Unresolved("!secret"), "b": 2}
    assert found(home) == [("error", "configuration.yaml", 2)]
    assert "did you mean `token`" in str(home.problems[0])
    assert "very-hidden" not in str(home.problems)


def test_env_var_with_and_without_default(load: Load) -> None:
    """`!env_var NAME` and `!env_var NAME what to use`."""
    home = load(
        {"configuration.yaml": "script:\n  a: !env_var A\n  b: !env_var B some words\n  c: !env_var C\n"}, A="x"
    )

    assert home.sections["script"] == {"a": "x", "b": "some words", "c": Unresolved("!env_var")}
    assert found(home) == [("error", "configuration.yaml", 4)]


def test_input_stays_a_marker() -> None:
    """A blueprint's holes are filled later."""
    data, problems = parse_yaml("trigger:\n  entity_id: !input motion\n")

    assert data == {"trigger": {"entity_id": Input("motion")}}
    assert problems == ()


def test_text_from_outside_reads_no_files_and_no_variables() -> None:
    """Whoever may send YAML over the API may not read files with it."""
    data, problems = parse_yaml("a: !include /etc/passwd\nb: !env_var HOME\nc: !secret x\n")

    assert [type(value) for value in data.values()] == [Unresolved] * 3  # type: ignore[attr-defined]
    assert len(problems) == 3


def test_packages_add_to_lists_and_mappings(load: Load) -> None:
    """Automations join one list; a key that is set twice keeps its first value and is reported."""
    home = load(
        {
            "configuration.yaml": (
                "homeassistant:\n  packages: !include_dir_named packages\n"
                "automation:\n  - alias: Main\n"
                "script:\n  hello:\n    alias: Main hello\n"
            ),
            "packages/kitchen.yaml": (
                "automation:\n  - alias: Kitchen\nscript:\n  hello:\n    alias: Other\n  bye:\n    alias: Bye\n"
                "input_boolean:\n  guest:\nscene:\n  name: x\n"
            ),
            "packages/bad.yaml": "homeassistant:\n  name: No\nnonsense: 1\n",
        }
    )

    assert [item["alias"] for item in home.sections["automation"]] == ["Main", "Kitchen"]
    assert location_of(home.sections["automation"], 1) == ("packages/kitchen.yaml", 2)
    assert home.sections["script"] == {"hello": {"alias": "Main hello"}, "bye": {"alias": "Bye"}}
    assert location_of(home.sections["script"], "bye") == ("packages/kitchen.yaml", 6)
    assert home.sections["scene"] == [{"name": "x"}]
    assert home.location_name == "Home"
    assert {(file, line) for _, file, line in found(home)} == {
        ("packages/bad.yaml", 1),
        ("packages/bad.yaml", 3),
        ("packages/kitchen.yaml", 5),
    }


def test_labelled_keys_are_one_section(load: Load) -> None:
    """`automation manual:` adds to `automation:`, whichever comes first, be it a list or a single mapping."""
    home = load(
        {
            "configuration.yaml": (
                "automation manual:\n  alias: One\nautomation: !include a.yaml\nautomation more:\n  - alias: Three\n"
                "input_boolean a:\n  x:\ninput_boolean b:\n  y:\n"
            ),
            "a.yaml": "- alias: Two\n",
        }
    )

    assert [item["alias"] for item in home.sections["automation"]] == ["One", "Two", "Three"]
    assert home.sections["input_boolean"] == {"x": None, "y": None}
    assert home.problems == ()
