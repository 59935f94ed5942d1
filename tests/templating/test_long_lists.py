"""Long lists in parts: the same results as Python's own calls."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.utils import Namespace

from marge.templating import long_lists
from marge.templating.budget import CHUNK
from marge.templating.long_lists import shown, sort_by
from tests.templating.recorded_home import make_engine

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    | st.lists(inner, max_size=3).map(tuple),
    max_leaves=30,
)  # fmt: skip


@given(VALUES)
def test_what_is_shown_in_pieces_reads_as_ever(value):
    """The same text as Python's."""
    assert "".join(long_lists._pieces(value)) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        list(range(20_000)), tuple(map(float, range(9_000))), {"a": list(range(9_000)), "b": {}}, [[1, (2,)]] * 3_000,
        [(), [], set(), "x" * 40_000], set(range(9_000)), frozenset(range(9_000)),
    ],
    ids=["list", "tuple", "dict", "nested", "empty", "set", "frozenset"],
)  # fmt: skip
def test_long_values_are_shown_whole(value):
    """Across the borders of parts, too."""
    assert shown(value) == str(value)


def test_a_long_namespace_is_shown():
    """As jinja2 shows it."""
    names = Namespace(a=list(range(9_000)))

    assert shown(names) == str(names)


@given(st.lists(st.integers(0, 9), max_size=60), st.booleans(), st.integers(1, 6))
def test_merged_runs_are_in_order(keys, reverse, size):
    """Equal keys keep their order, as with `sorted`, however small the pieces are."""
    order = list(range(len(keys)))
    middle = len(order) // 2
    left, right = sorted(order[:middle], key=keys.__getitem__), sorted(order[middle:], key=keys.__getitem__)

    assert long_lists._merge(left, right, keys.__getitem__, size) == sorted(order, key=keys.__getitem__)


@pytest.mark.parametrize("find", ["", "b", "a|b", "(a)", "(a)|(b)", "ab", "$"])
@pytest.mark.parametrize("new", ["", "x", r"<\g<0>>"])
def test_regular_expressions_on_long_texts(find, new):
    """Match by match they find and replace what they do at once."""
    text = "ab c\n" * 4_000
    engine = make_engine()

    found = engine.render("{{ (text | regex_findall(find))[:9000] | length }}", {"text": text, "find": find})
    made = engine.render("{{ text | regex_replace(find, new) }}", {"text": text, "find": find, "new": new})

    assert found == len(re.findall(find, text)[:9000])
    assert str(made) == re.sub(find, new, text).strip()


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("kind", [int, str, lambda each: [each, "x" * 50]], ids=["int", "str", "list"])
def test_long_lists_are_sorted(reverse, kind):
    """With equal keys among them."""
    source = random.Random(5)
    keys = [kind(source.randrange(5_000)) for _ in range(3 * CHUNK + 7)]
    items = list(range(len(keys)))

    assert sort_by(items, keys, reverse) == sorted(items, key=keys.__getitem__, reverse=reverse)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ (range(20000) | shuffle(7) | sort)[:3] }}", [0, 1, 2]),
        ("{{ (range(20000) | shuffle(7) | sort(reverse=true))[:2] }}", [19999, 19998]),
        ("{{ (range(9000) | map('string') | sort)[:3] }}", ["0", "1", "10"]),
        ("{{ (['b', 'A', 'c', 'B'] * 3000) | sort | first }}", "A"),
        ("{{ [{}, {}] | sort }}", [{}, {}]),
        ("{{ range(9000) | map('string') | groupby('0') | map(attribute='grouper') | list }}", list("0123456789")),
        ("{{ (dict(zip(range(9000) | map('string'), range(9000))) | dictsort)[1] }}", ("1", 1)),
        ("{{ (dict(zip(range(9000), range(9000))) | dictsort(by='value', reverse=true))[0] }}", (8999, 8999)),
        ("{{ range(9001) | shuffle | median }} {{ range(9000) | median }}", "4500 4499.5"),
        ("{{ [1.5, 2.5] | average }} {{ range(9001) | average }}", "2.0 4500.0"),
        ("{{ (range(5000) | list + [7]) | statistical_mode }}", 7),
        ("{{ (range(9000) | intersect(range(8998, 9999))) | sort }}", [8998, 8999]),
        ("{{ range(9000) | difference(range(8999)) }}", [8999]),
        ("{{ range(9000) | symmetric_difference(range(1, 9001)) | sort }}", [0, 9000]),
        ("{{ range(9000) | union(range(9001)) | length }}", 9001),
    ],
)
def test_filters_of_long_lists(template, expected):
    """The values that short ways give."""
    engine = make_engine()

    assert str(engine.render(template)) == str(expected)
