"""An item's text: read as its author wrote it, put back as it was typed."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from marge.automations.item_text import lines_of, put_text, read_item
from marge.automations.yaml_items import YamlItemError

FILE = """# The automations of the house
- id: one   # the first
  # why it is here
  alias: "One"
  text: |
    # no comment, but text

    and more

# about the second
-   id: 'two'
    alias: Two
    password: !secret door  # not told to anybody
    # at its end
# the end
"""
SCRIPTS = """# greets
greet:   # kindly
  # at first
  alias: Greet   # so
  sequence: []

go: {sequence: []}
elsewhere: !include x.yaml
"""


def test_an_item_is_read_as_it_was_written():
    """Its own comments, tags and quotes, at the left margin; what stands around it is the file's."""
    assert read_item(FILE, "one", True) == (
        'id: one   # the first\n# why it is here\nalias: "One"\ntext: |\n  # no comment, but text\n\n  and more\n'
    )
    assert read_item(FILE, "two", True) == (
        "id: 'two'\nalias: Two\npassword: !secret door  # not told to anybody\n# at its end\n"
    )
    assert read_item(FILE, "three", True) is None
    assert read_item(SCRIPTS, "greet", False) == "# at first\nalias: Greet   # so\nsequence: []\n"
    assert read_item(SCRIPTS, "go", False) == "{sequence: []}\n"


@pytest.mark.parametrize(
    ("text", "key", "as_list"), [(FILE, "one", True), (FILE, "two", True), (SCRIPTS, "greet", False)]
)
def test_what_is_put_back_unchanged_changes_no_byte(text, key, as_list):
    """Whatever line ends the file has."""
    for file in (text, text.replace("\n", "\r\n")):
        item = read_item(file, key, as_list)
        assert item is not None
        assert put_text(file, key, item, as_list) == file


def test_what_was_typed_stands_in_the_file_as_it_was_typed():
    """Comments, tags and order; everything else is where it was."""
    typed = "id: one\n# for the guests\nalias: 'Uno' # so\nwhen: !secret hour\n"

    assert put_text(FILE, "one", typed, True) == FILE.replace(
        FILE[FILE.index("- id: one") : FILE.index("\n# about")],
        "- id: one\n  # for the guests\n  alias: 'Uno' # so\n  when: !secret hour\n",
    )
    assert put_text(SCRIPTS, "greet", "sequence:\n- delay: 1 # s\n", False) == SCRIPTS.replace(
        "  # at first\n  alias: Greet   # so\n  sequence: []\n", "  sequence:\n  - delay: 1 # s\n"
    )
    assert put_text(SCRIPTS, "go", "# now\nsequence: []\n", False) == SCRIPTS.replace(
        "go: {sequence: []}", "go:\n  # now\n  sequence: []"
    )


def test_a_comment_between_dash_and_content_stays_at_its_place():
    """The dash is written before the first line of the text, whatever that is."""
    text = "- # about a\n  id: a\n  x: 1\n-\n  id: b\n"

    assert read_item(text, "a", True) == "# about a\nid: a\nx: 1\n"
    assert put_text(text, "a", "# about a\nid: a\nx: 2\n", True) == text.replace("x: 1", "x: 2")
    assert yaml.safe_load(put_text(text, "b", "id: b\nx: 3\n", True)) == [{"id": "a", "x": 1}, {"id": "b", "x": 3}]


def test_the_id_is_added_and_is_not_changed():
    """An item of a list is known by it."""
    assert put_text("[]\n", "9", "# mine\nalias: A\n", True) == "- id: '9'\n  # mine\n  alias: A\n"
    assert put_text("# none yet\n", "9", "alias: A\n", True) == "# none yet\n- id: '9'\n  alias: A\n"
    assert put_text("# end", "say: hi", "sequence: []\n", False) == "# end\n'say: hi':\n  sequence: []\n"
    with pytest.raises(YamlItemError, match="the id is `one`"):
        put_text(FILE, "one", "id: two\nalias: A\n", True)


@pytest.mark.parametrize(
    "typed",
    ["", "# only\n", "- a\n", "a: [", "word", "a: 1\n---\nb: 2\n", "{a: 1}", "%YAML 1.1\n---\na: 1\n", "a: b\x85c\n"],
)
def test_what_cannot_be_an_item_is_refused(typed):
    """Nothing else gets between the items of a file."""
    with pytest.raises(YamlItemError):
        put_text(FILE, "one", typed, True)


def test_an_item_that_stands_for_another_file_and_a_file_in_brackets_are_left_alone():
    """They are changed by hand."""
    with pytest.raises(YamlItemError, match="!include"):
        read_item(SCRIPTS, "elsewhere", False)
    with pytest.raises(YamlItemError, match="brackets"):
        put_text("[{id: a}]\n", "b", "alias: B\n", True)


def test_lines_of_the_text_are_found_in_the_file():
    """For mistakes that are found in the file."""
    assert lines_of(FILE, "one", True) == (2, 8)
    assert lines_of(FILE, "two", True) == (11, 14)
    assert lines_of(SCRIPTS, "greet", False) == (3, 5)
    assert lines_of(SCRIPTS, "go", False) == (7, 7)
    assert lines_of(SCRIPTS, "nobody", False) == (0, 0)


NAME = st.text("abcxyz# :'-", min_size=1, max_size=6)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAME, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(NAME, VALUE, min_size=1, max_size=4), st.sampled_from(["one", "two", "new"]))
def test_what_is_read_is_what_was_put(value, key):
    """For any item: it is read as it was typed, stands for the same, and the others are untouched."""
    value.pop("id", None)
    typed = yaml.safe_dump({"id": key, **value}, allow_unicode=True)
    file = FILE.replace("!secret ", "")

    changed = put_text(file, key, typed, True)

    items = {each["id"]: each for each in yaml.safe_load(changed)}
    assert items[key] == {"id": key, **value}
    before = {each["id"]: each for each in yaml.safe_load(file)}
    assert {name: each for name, each in items.items() if name != key} == {
        name: each for name, each in before.items() if name != key
    }
    assert put_text(changed, key, read_item(changed, key, True) or "", True) == changed
