"""Changes one item of a YAML file and leaves every other byte as its author wrote it. Pure: text in, text out.

A file holds a list of mappings (automations, scenes) or a mapping of mappings (scripts). The item's own lines are
replaced; comments, order, quotes and tags around it stay. A file in flow style (`[{…}]`) is written anew as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from marge.config.depth import MAX_DEPTH, too_deep_at
from marge.errors import InvalidRequest

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

_WIDTH = 118
_ODD = re.compile("[^\\n\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010fffe]")
"""Characters that have to be escaped, line breaks of other worlds among them."""


class YamlItemError(InvalidRequest):
    """The file is not of the shape that the editors know, or the item cannot be changed without harm."""


@dataclass(frozen=True)
class Item:
    """One item of a file.

    Attributes:
        key: the name (in a mapping), or the text of `id` (in a list); None when it has none.
        first, last: its lines, counted from 0, both inclusive; without the comments before and after it.
        has_tags: something in it is said with a tag (`!secret`, `!include`), or shared by an anchor.
        node: what it holds.
    """

    key: str | None
    first: int
    last: int
    has_tags: bool
    node: yaml.Node


@dataclass(frozen=True)
class Layout:
    """How a file is laid out.

    Attributes:
        column: where the items' dashes or names stand.
        block: False: flow style, or nothing there yet; `span` says then which lines it takes (None: none at all).
    """

    items: list[Item]
    column: int
    block: bool
    span: tuple[int, int] | None


class _Dumper(yaml.SafeDumper):
    """Block style, with lists indented under their key; texts of several lines as they would be read."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text_node(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    lines = value.split("\n")
    literal = (
        len(lines) > 1
        and not value.startswith((" ", "\n"))
        and all(line.isprintable() and not line.endswith(" ") for line in lines)
    )
    style = "|" if literal else ('"' if _ODD.search(value) else None)
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text_node)


def dump(value: Any) -> str:
    """Plain data as YAML.

    Raises:
        YamlItemError: it holds something that YAML's plain types cannot say.
    """
    try:
        options: dict[str, Any] = {"default_flow_style": False, "allow_unicode": True, "sort_keys": False}
        return str(yaml.dump(value, Dumper=_Dumper, width=_WIDTH, **options))
    except yaml.YAMLError as exc:
        raise YamlItemError(f"this cannot be written as YAML: {exc}") from exc


def compose(text: str) -> yaml.Node | None:
    """The file's node, or None when there is nothing in it.

    Raises:
        YamlItemError: it is not YAML, or nested too deeply.
    """
    try:
        if too_deep_at(text, _Loader) is not None:
            raise YamlItemError(f"nested more than {MAX_DEPTH} levels deep")
        return yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as exc:
        raise YamlItemError(" ".join(str(exc).split())) from exc


def layout(text: str, as_list: bool) -> Layout:
    """The items of a file.

    Args:
        as_list: a list of mappings is wanted, else a mapping of mappings.

    Raises:
        YamlItemError: the file is something else.
    """
    root = compose(text)
    if root is None or (isinstance(root, yaml.ScalarNode) and root.tag == "tag:yaml.org,2002:null"):
        span = None if root is None or not root.value else (root.start_mark.line, root.end_mark.line)
        return Layout([], 0, False, span)
    if not isinstance(root, yaml.SequenceNode if as_list else yaml.MappingNode):
        raise YamlItemError("the file holds no list" if as_list else "the file holds no mapping")
    if root.flow_style:
        return Layout([], 0, False, (root.start_mark.line, root.end_mark.line))
    lines = text.split("\n")
    column = root.start_mark.column
    starts: list[tuple[str | None, int, yaml.Node]] = []
    if isinstance(root, yaml.SequenceNode):
        for node in root.value:
            starts.append((_id_of(node), _dash_line(lines, node.start_mark.line, column), node))
    else:
        for name, node in root.value:
            starts.append((_scalar(name), name.start_mark.line, node))
    items = []
    for index, (key, first, node) in enumerate(starts):
        following = starts[index + 1][1] if index + 1 < len(starts) else len(lines)
        items.append(Item(key, first, _last_line(lines, first, following, column), _has_tags(node, set()), node))
    return Layout(items, column, True, None)


def _id_of(node: yaml.Node) -> str | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == "id" and isinstance(value, yaml.ScalarNode):
                return _scalar(value)
    return None


def _scalar(node: yaml.Node) -> str:
    """The text by which the rest of Marge knows a scalar: `0123` is the number 83."""
    if node.tag in ("tag:yaml.org,2002:str", "tag:yaml.org,2002:null") or node.tag.startswith("!"):
        return str(node.value)
    try:
        return str(SafeConstructor().construct_object(node))
    except (yaml.YAMLError, ValueError):
        return str(node.value)


def _dash_line(lines: list[str], line: int, column: int) -> int:
    """The line of the dash that begins the item whose content begins at `line`."""
    while line > 0 and not (lines[line][column : column + 1] == "-" and not lines[line][:column].strip()):
        line -= 1
    return line


def _last_line(lines: list[str], first: int, following: int, column: int) -> int:
    """The last line of an item: what follows are blank lines, and comments that belong to the next one."""
    last = following - 1
    while last > first:
        stripped = lines[last].strip()
        indent = len(lines[last]) - len(lines[last].lstrip())
        ends_document = stripped in ("...", "---")
        if stripped and not ends_document and not (stripped.startswith("#") and indent <= column):
            break
        last -= 1
    return last


def _has_tags(node: yaml.Node, seen: set[int]) -> bool:
    if id(node) in seen:
        return True  # an alias
    seen.add(id(node))
    if node.tag.startswith("!"):
        return True
    if isinstance(node, yaml.SequenceNode):
        return any(_has_tags(each, seen) for each in node.value)
    if isinstance(node, yaml.MappingNode):
        return any(_has_tags(name, seen) or _has_tags(value, seen) for name, value in node.value)
    return False


def put_item(
    text: str, key: str, value: Mapping[str, Any], as_list: bool, found: Layout | None = None
) -> str:
    """The text with the item `key` replaced, or added at the end. `found`: its layout, when that is known already.

    Raises:
        YamlItemError: the file has another shape, or the item is written with tags that a client cannot see.
    """
    found = layout(text, as_list) if found is None else found
    lines = text.split("\n")
    item = next((each for each in found.items if each.key == key), None)
    if item is not None and item.has_tags:
        raise YamlItemError(f"`{key}` is written with a tag (such as !secret) or an anchor; change it in the file")
    wanted: Any = [dict(value)] if as_list else {key: dict(value)}
    new = _block(wanted, found.column)
    if yaml.load("\n".join(new), Loader=_Loader) != wanted:  # noqa: S506 - a safe loader, of which there are two
        raise YamlItemError("this cannot be written as YAML so that it is read as it is")
    if lines[0].endswith("\r"):
        new = [line + "\r" for line in new]
    if item is not None:
        result = lines[: item.first] + new + lines[item.last + 1 :]
    elif found.items:
        at = found.items[-1].last + 1
        result = lines[:at] + new + lines[at:]
    else:
        result = _first_item(text, lines, found, key, value, as_list)
    joined = "\n".join(result)
    return joined if joined.endswith("\n") else joined + "\n"


def remove_item(text: str, key: str, as_list: bool) -> str | None:
    """The text without the item `key`; None when there is none.

    Raises:
        YamlItemError: the file has another shape.
    """
    found = layout(text, as_list)
    if not found.block:
        whole = _whole(text, as_list)
        rest: Any = [each for each in whole if _key_in(each) != key] if as_list else {
            name: each for name, each in whole.items() if name != key
        }
        return None if len(rest) == len(whole) else dump(rest)
    item = next((each for each in found.items if each.key == key), None)
    if item is None:
        return None
    lines = text.split("\n")
    rest_lines = lines[: item.first] + lines[item.last + 1 :]
    if len(found.items) == 1:
        rest_lines = lines[: item.first] + ["[]" if as_list else "{}"] + lines[item.last + 1 :]
    joined = "\n".join(rest_lines)
    return joined if joined.endswith("\n") else joined + "\n"


def _block(value: Any, column: int) -> list[str]:
    dumped = dump(value).rstrip("\n").split("\n")
    return [" " * column + line if line else line for line in dumped]


def _first_item(
    text: str, lines: list[str], found: Layout, key: str, value: Mapping[str, Any], as_list: bool
) -> list[str]:
    """Nothing in block style is there yet: an empty file, `[]`, or a list in flow style."""
    whole = _whole(text, as_list)
    if as_list:
        known = [_key_in(each) for each in whole]
        if key in known:
            whole[known.index(key)] = dict(value)
        else:
            whole.append(dict(value))
    else:
        whole[key] = dict(value)
    new = _block(whole, 0)
    if found.span is None:
        kept = list(lines)
        while kept and not kept[-1].strip():
            kept.pop()
        return kept + new
    first, last = found.span
    return lines[:first] + new + lines[last + 1 :]


def _key_in(item: Any) -> str | None:
    return str(item["id"]) if isinstance(item, dict) and item.get("id") is not None else None


def _whole(text: str, as_list: bool) -> Any:
    try:
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, of which there are two
    except yaml.YAMLError as exc:
        raise YamlItemError("the file is written with tags in flow style; change it in the file") from exc
    if value is None:
        return [] if as_list else {}
    return value
