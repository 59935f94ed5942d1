"""Topic filters: what they match, and that the index agrees with the plain definition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.mqtt.topics import TopicError, TopicTrie, check_filter, check_publish_topic

LEVEL = st.sampled_from(["a", "b", "", "c d", "$x"])
TOPIC = st.lists(LEVEL, min_size=1, max_size=4).map("/".join).filter(bool)
FILTER = st.lists(st.sampled_from(["a", "b", "", "+", "c d", "$x"]), min_size=1, max_size=4).flatmap(
    lambda levels: st.sampled_from(["/".join(levels), "/".join([*levels, "#"]), "#"])
).filter(bool)


def matches(topic_filter: str, topic: str) -> bool:
    """MQTT 3.1.1, section 4.7, word by word."""
    wanted, levels = topic_filter.split("/"), topic.split("/")
    if topic.startswith("$") and wanted[0] in ("+", "#"):
        return False
    for index, level in enumerate(wanted):
        if level == "#":
            return True
        if index >= len(levels) or level not in ("+", levels[index]):
            return False
    return len(wanted) == len(levels) or (len(levels) == len(wanted) - 1 and wanted[-1] == "#")


@given(st.lists(FILTER, max_size=8), TOPIC)
def test_the_index_agrees_with_the_definition(filters: list[str], topic: str) -> None:
    """Every filter that matches by definition is found, and no other; removal takes it out again."""
    trie: TopicTrie[int] = TopicTrie()
    for number, topic_filter in enumerate(filters):
        trie.add(topic_filter, number)
    # `a/#` also matches `a`
    expected = sorted(
        number
        for number, topic_filter in enumerate(filters)
        if matches(topic_filter, topic)
        or (topic_filter.endswith("/#") and matches(topic_filter[:-2], topic))
    )
    assert sorted(trie.match(topic)) == expected
    for number, topic_filter in enumerate(filters):
        trie.remove(topic_filter, number)
    assert trie.match(topic) == []
    assert trie.filters() == []


def test_the_last_value_is_told() -> None:
    """`add` and `remove` say when a filter is new and when nobody wants it any more."""
    trie: TopicTrie[str] = TopicTrie()
    for topic_filter in ("a/b", "a/+"):
        assert trie.add(topic_filter, "x")
        assert not trie.add(topic_filter, "y")
        assert not trie.remove(topic_filter, "x")
        assert trie.remove(topic_filter, "y")
        assert not trie.remove(topic_filter, "y")


@pytest.mark.parametrize("bad", ["", "a/#/b", "a#", "a+/b", "a\0b", "\x07", "x" * 65_536])
def test_wrong_filters_are_refused(bad: str) -> None:
    """What a broker would answer by closing the connection never leaves."""
    with pytest.raises(TopicError):
        check_filter(bad)


@pytest.mark.parametrize("bad", ["", "a/+", "#", "\ud800"])
def test_wrong_topics_are_refused(bad: str) -> None:
    """One cannot publish to a wildcard."""
    with pytest.raises(TopicError):
        check_publish_topic(bad)


def test_a_levels_error_has_the_known_text() -> None:
    """Clients know these words."""
    with pytest.raises(TopicError, match="Multi-level wildcard must be the last character in the topic filter."):
        check_filter("bad/#/x")
