"""Topic names and filters: their syntax, and an index from filters to handlers. No I/O, no payloads."""

from __future__ import annotations

from typing import Generic, TypeVar

MAX_TOPIC_BYTES = 65_535
"""MQTT 3.1.1, section 1.5.3: the length of a text is a 16-bit number."""

T = TypeVar("T")


class TopicError(ValueError):
    """A text cannot be used as a topic or as a filter."""


def _check_text(text: str) -> None:
    if not text:
        raise TopicError("MQTT topic name/filter must not be empty.")
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as exc:
        raise TopicError("MQTT topic name/filter must be valid UTF-8 string.") from exc
    if size > MAX_TOPIC_BYTES:
        raise TopicError("MQTT topic name/filter must not be longer than 65535 encoded bytes.")
    if "\0" in text:
        raise TopicError("MQTT topic name/filter must not contain null character.")
    if any(char < "\x20" or "\x7f" <= char <= "\x9f" for char in text):
        raise TopicError("MQTT topic name/filter must not contain control characters.")


def check_publish_topic(topic: str) -> str:
    """`topic` itself, if it can be published to; else `TopicError`."""
    _check_text(topic)
    if "+" in topic or "#" in topic:
        raise TopicError("Wildcards cannot be used in topic names")
    return topic


def check_filter(topic_filter: str) -> str:
    """`topic_filter` itself, if it can be subscribed to; else `TopicError`."""
    _check_text(topic_filter)
    levels = topic_filter.split("/")
    for index, level in enumerate(levels):
        if "+" in level and level != "+":
            raise TopicError("Single-level wildcard must occupy an entire level of the filter")
        if "#" in level:
            if level != "#":
                raise TopicError("Multi-level wildcard must be the last character in the topic filter.")
            if index != len(levels) - 1:
                raise TopicError("Multi-level wildcard must be the last character in the topic filter.")
    return topic_filter


class _Node(Generic[T]):
    __slots__ = ("children", "values")

    def __init__(self) -> None:
        self.children: dict[str, _Node[T]] = {}
        self.values: list[T] | None = None


class TopicTrie(Generic[T]):
    """Values under topic filters. What a topic costs depends on its depth, not on how many filters there are.

    Values are hashable; one may stand under many filters, and is found once under each.
    """

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()
        self._exact: dict[str, dict[T, int]] = {}  # how often: 10,000 values may stand under one topic
        self._wild = 0

    def add(self, topic_filter: str, value: T) -> bool:
        """Put `value` under `topic_filter`. True when it is the first one there."""
        if "+" not in topic_filter and "#" not in topic_filter:
            values = self._exact.setdefault(topic_filter, {})
            values[value] = values.get(value, 0) + 1
            return len(values) == 1 and values[value] == 1
        node = self._root
        for level in topic_filter.split("/"):
            node = node.children.setdefault(level, _Node())
        if node.values is None:
            node.values = []
        node.values.append(value)
        self._wild += 1
        return len(node.values) == 1

    def remove(self, topic_filter: str, value: T) -> bool:
        """Take `value` away from `topic_filter`. True when it was the last one there."""
        if "+" not in topic_filter and "#" not in topic_filter:
            values = self._exact.get(topic_filter)
            if values is None or value not in values:
                return False
            values[value] -= 1
            if not values[value]:
                del values[value]
            if not values:
                del self._exact[topic_filter]
            return not values
        path: list[tuple[_Node[T], str]] = []
        node = self._root
        for level in topic_filter.split("/"):
            child = node.children.get(level)
            if child is None:
                return False
            path.append((node, level))
            node = child
        if node.values is None or value not in node.values:
            return False
        node.values.remove(value)
        self._wild -= 1
        if node.values:
            return False
        node.values = None
        for parent, level in reversed(path):
            if parent.children[level].children or parent.children[level].values is not None:
                break
            del parent.children[level]
        return True

    def match(self, topic: str) -> list[T]:
        """The values of every filter that `topic` matches, exact filters first."""
        return [*self._exact.get(topic, ()), *self.match_wild(topic)]

    def match_wild(self, topic: str) -> list[T]:
        """The values of every filter with wildcards that `topic` matches."""
        found: list[T] = []
        if not self._wild:
            return found
        levels = topic.split("/")
        # MQTT 3.1.1, section 4.7.2: a leading wildcard does not match topics that start with `$`.
        internal = topic.startswith("$")
        nodes = [self._root]
        for index, level in enumerate(levels):
            following = []
            for node in nodes:
                children = node.children
                hidden = internal and index == 0
                if not hidden and (rest := children.get("#")) is not None and rest.values:
                    found.extend(rest.values)
                if not hidden and (any_one := children.get("+")) is not None:
                    following.append(any_one)
                if (same := children.get(level)) is not None:
                    following.append(same)
            nodes = following
            if not nodes:
                return found
        for node in nodes:
            if node.values:
                found.extend(node.values)
            if (rest := node.children.get("#")) is not None and rest.values:
                found.extend(rest.values)  # `a/#` matches `a` too
        return found

    def filters(self) -> list[str]:
        """Every filter that holds a value."""
        found = list(self._exact)

        def walk(node: _Node[T], path: list[str]) -> None:
            if node.values:
                found.append("/".join(path))
            for level, child in node.children.items():
                walk(child, [*path, level])

        walk(self._root, [])
        return found
