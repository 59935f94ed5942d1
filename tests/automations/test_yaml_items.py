from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from marge.automations.yaml_items import YamlItemError, dump, layout, put_item, remove_item

FILE = """# The automations of the house
- id: one   # the first
  alias: "One"
  text: |
    # no comment, but text

# about the second
- id: 'two'
  alias: Two
  password: !secret door
# the end
"""
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def test_only_the_lines_of_the_changed_item_differ():
    """Comments, quotes, order and tags of everything else stay as they were written."""
    changed = put_item(FILE, "one", {"id": "one", "alias": "Uno"}, True)

    assert changed == (
        "# The automations of the house\n- id: one\n  alias: Uno\n"
        "\n# about the second\n- id: 'two'\n  alias: Two\n  password: !secret door\n# the end\n"
    )


def test_a_new_item_comes_last_and_a_removed_one_leaves_the_others():
    """Adding and removing an item gives the first text back, comments included."""
    added = put_item(FILE, "three", {"id": "three"}, True)

    assert added == FILE.replace("# the end\n", "- id: three\n# the end\n")
    assert remove_item(added, "three", True) == FILE
    assert remove_item(FILE, "four", True) is None


@pytest.mark.parametrize("empty", ["", "[]\n", "# nothing yet\n[]\n", "# nothing yet\n"])
def test_the_first_item_of_an_empty_list_keeps_the_comments(empty):
    """An empty file, and one that says `[]`, become a list in block style."""
    text = put_item(empty, "a", {"id": "a"}, True)

    assert yaml.safe_load(text) == [{"id": "a"}]
    assert text.startswith("# nothing yet" if "#" in empty else "- id: a")
    assert yaml.safe_load(remove_item(text, "a", True) or "") == []


def test_scripts_are_a_mapping():
    """Names instead of ids; the same care."""
    text = "# greets\ngreet:\n  alias: Greet   # kindly\n\n# goes\ngo:\n  sequence: []\n"

    changed = put_item(text, "go", {"sequence": [{"delay": 1}]}, False)

    assert changed == "# greets\ngreet:\n  alias: Greet   # kindly\n\n# goes\ngo:\n  sequence:\n    - delay: 1\n"
    assert remove_item(changed, "go", False) == "# greets\ngreet:\n  alias: Greet   # kindly\n\n# goes\n"


def test_a_list_in_flow_style_is_written_anew():
    """`[{…}]` has no lines of its own to replace."""
    text = put_item("[{id: a, x: 1}, {id: b}]\n", "a", {"id": "a", "x": 2}, True)

    assert yaml.safe_load(text) == [{"id": "a", "x": 2}, {"id": "b"}]


def test_an_id_that_yaml_reads_as_a_number_is_known_by_it():
    """`0123` is 83 to everybody else, too."""
    assert put_item("- id: 0123\n  x: 1\n", "83", {"id": "83"}, True) == "- id: '83'\n"


def test_line_ends_of_other_systems_are_kept():
    """A file with carriage returns has them everywhere afterwards."""
    text = put_item("- id: a\r\n  x: 1\r\n- id: b\r\n", "a", {"id": "a", "x": 2}, True)

    assert text == "- id: a\r\n  x: 2\r\n- id: b\r\n"


def test_what_is_written_with_a_tag_is_not_overwritten():
    """A client never saw the secret, so it cannot give it back."""
    with pytest.raises(YamlItemError, match="tag"):
        put_item(FILE, "two", {"id": "two"}, True)


@pytest.mark.parametrize("text", ["a: 1\n", "just text\n", "- [\n", "[" * 200])
def test_a_file_of_another_shape_is_refused(text):
    """Nothing is written over what the editors do not understand."""
    with pytest.raises(YamlItemError):
        put_item(text, "a", {"id": "a"}, True)


@given(value=st.dictionaries(st.text(max_size=10), PLAIN, max_size=4), other=PLAIN)
def test_whatever_is_put_is_read_back_and_the_rest_stays(value, other):
    """Any plain value, between two others."""
    before = dump([{"id": "a", "x": other}, {"id": "b"}, {"id": "c", "y": other}])
    wanted = {**value, "id": "b"}

    after = yaml.safe_load(put_item(before, "b", wanted, True))

    assert after == [{"id": "a", "x": other}, wanted, {"id": "c", "y": other}]
    assert [item.key for item in layout(put_item(before, "b", wanted, True), True).items] == ["a", "b", "c"]
