"""From YAML text to located nodes: PyYAML's C parser with constructors of our own. Not here: files, tags' meaning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from marge.config.depth import MAX_DEPTH, too_deep_at
from marge.config.nodes import Input, Location, NodeDict, NodeList, Unresolved
from marge.config.problems import ConfigProblem, Problems
from marge.errors import ConfigError

try:
    from yaml import CSafeLoader as _BaseLoader
except ImportError:  # PyYAML built without libyaml: the same behaviour, an order of magnitude slower
    from yaml import SafeLoader as _BaseLoader  # type: ignore[assignment]

_MERGE_TAG = "tag:yaml.org,2002:merge"

TagHandler = Callable[["NodeLoader", yaml.Node], object]
"""Gives a tagged node its value; raises `TagError` when it cannot."""


class TagError(Exception):
    """A tag's value cannot be had. Carries the text and a hint."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class YamlError(ConfigError):
    """A text is not the YAML it should be.

    Attributes:
        file, line, column: where (from 1), as far as the parser knows.
        message: without the place.
    """

    def __init__(self, file: str, line: int | None, column: int | None, message: str) -> None:
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{place}: {message}")
        self.file = file
        self.line = line
        self.column = column
        self.message = message


class NodeLoader(_BaseLoader):
    """One document being constructed. Attributes: the file's display name, the findings, the tags' handlers."""

    def __init__(self, text: str, file: str, problems: Problems, tags: dict[str, TagHandler]) -> None:
        super().__init__(text)
        self.file = file
        self.problems = problems
        self.tags = tags

    def location(self, node: yaml.Node) -> Location:
        return Location(self.file, node.start_mark.line + 1)

    def report(self, node: yaml.Node, message: str, hint: str | None = None, *, warning: bool = False) -> None:
        mark = node.start_mark
        self.problems.add(
            ConfigProblem(
                "warning" if warning else "error", self.file, mark.line + 1, "", message, hint, mark.column + 1
            )
        )

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """As PyYAML's, but a scalar that does not fit its type spoils only itself."""
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, KeyError, AttributeError, TypeError, OverflowError):
            # PyYAML's scalar constructors raise these bare: 2024-13-45, !!int abc, a number of 5,000 digits
            self.recursive_objects.pop(node, None)
            self.report(node, f"this is not a valid {node.tag.rpartition(':')[2]}", "quote it if it is text")
            return Unresolved("value")


def _construct_mapping(loader: NodeLoader, node: yaml.MappingNode) -> object:
    _warn_of_duplicates(loader, node)
    loader.flatten_mapping(node)
    mapping = NodeDict(location=loader.location(node))
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        try:
            hash(key)
        except TypeError:
            loader.report(
                key_node, "a mapping or a list cannot be a key", 'put quotes around templates: "{{ … }}"'
            )
            return Unresolved("mapping")
        mapping[key] = loader.construct_object(value_node, deep=True)
        mapping.key_locations[key] = key_node.start_mark.line + 1
    return mapping


def _warn_of_duplicates(loader: NodeLoader, node: yaml.MappingNode) -> None:
    lines: dict[tuple[str, str], int] = {}
    for key_node, _ in node.value:
        if not isinstance(key_node, yaml.ScalarNode) or key_node.tag == _MERGE_TAG:
            continue
        name = (key_node.tag, key_node.value)
        if name in lines:
            loader.report(
                key_node,
                f"`{key_node.value}` stands twice in this mapping, first in line {lines[name]}",
                "the last one counts",
                warning=True,
            )
        lines[name] = key_node.start_mark.line + 1


def _construct_sequence(loader: NodeLoader, node: yaml.SequenceNode) -> NodeList:
    items = NodeList(
        (loader.construct_object(child, deep=True) for child in node.value), location=loader.location(node)
    )
    items.item_locations = [child.start_mark.line + 1 for child in node.value]
    return items


def _construct_input(loader: NodeLoader, node: yaml.Node) -> object:
    if not isinstance(node, yaml.ScalarNode):
        loader.report(node, "!input wants a name")
        return Unresolved("!input")
    return Input(str(node.value))


def _construct_tagged(loader: NodeLoader, node: yaml.Node) -> object:
    handler = loader.tags.get(node.tag)
    if handler is None:
        loader.report(node, f"unknown tag {node.tag}")
        return Unresolved(node.tag)
    try:
        return handler(loader, node)
    except TagError as error:
        loader.report(node, str(error), error.hint)
        return Unresolved(node.tag)


NodeLoader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)
NodeLoader.add_constructor("tag:yaml.org,2002:seq", _construct_sequence)
NodeLoader.add_constructor("!input", _construct_input)
NodeLoader.add_constructor(None, _construct_tagged)


def construct(text: str, file: str, problems: Problems, tags: dict[str, TagHandler]) -> object:
    """The one document in `text`; what can be left out is reported and left out.

    Args:
        file: its name for people, stored in every node.
        tags: handlers by tag (`"!secret"`); `!input` is known always.

    Raises:
        YamlError: it is not YAML at all, or nested too deeply.
    """
    try:
        deep_line = too_deep_at(text, _BaseLoader)
        if deep_line is not None:
            raise YamlError(file, deep_line, None, f"nested more than {MAX_DEPTH} levels deep")
        loader = NodeLoader(text, file, problems, tags)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = " ".join(part for part in (error.context, error.problem) if part)
        raise YamlError(
            file, mark.line + 1 if mark else None, mark.column + 1 if mark else None, message or "broken YAML"
        ) from error
    except yaml.YAMLError as error:
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else None
        raise YamlError(file, line, None, getattr(error, "reason", None) or "broken YAML") from error
