"""One item of a YAML file as the text that its author wrote, and put back as it was typed. Pure: text in, text out.

The text is the item's own lines, moved to the left margin: without the dash of a list, without the name of a script.
Comments, quotes, order, tags (`!secret`, `!include`) and anchors are in it. What stands between items belongs to the
file. See `yaml_items` for the same with values.
"""

from __future__ import annotations

import re

import yaml

from marge.automations.yaml_items import Item, Layout, YamlItemError, compose, dump, layout

_ODD_BREAKS = re.compile("[\r\x85\u2028\u2029]")


def read_item(text: str, key: str, as_list: bool) -> str | None:
    """The text of the item `key`; None when the file's items (in block style) have none of this key.

    Raises:
        YamlItemError: the file is of another shape, or the item is no mapping but something that stands for one.
    """
    item = _item(layout(text, as_list), key)
    if item is None:
        return None
    _must_be_mapping(item, key)
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    first, column = _body(item, as_list)
    if first is None:
        return _inline(text, item)
    body = lines[first : item.last + 1]
    if as_list and first == item.first:
        body[0] = _without_dash(body[0])
    return "\n".join(_moved(line, column) for line in body) + "\n"


def put_text(text: str, key: str, item_text: str, as_list: bool) -> str:
    """The file's text with that of the item `key` replaced, or added at the end.

    `item_text` is a mapping in block style; in a list the `id` is added where it is missing.

    Raises:
        YamlItemError: it is not YAML, no mapping, has another `id`; or the file has another shape.
    """
    new = _checked(item_text, key, as_list)
    found = layout(text, as_list)
    item = _item(found, key)
    if item is None:
        return _added(text, key, new, as_list, found)
    _must_be_mapping(item, key)
    if read_item(text, key, as_list) == "\n".join(new) + "\n":
        return text
    lines = text.split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    first, column = _body(item, as_list)
    if as_list:
        dash = " " * found.column + "-"
        made = _indented(new, column)
        made[0] = (dash + made[0][len(dash) :]).rstrip()
        made_at = item.first
    elif first is None:
        head = lines[item.first][: item.node.start_mark.column].rstrip()
        made, made_at = [head, *_indented(new, found.column + 2)], item.first
    else:
        made, made_at = _indented(new, column), first
    result = lines[:made_at] + [line + end for line in made] + lines[item.last + 1 :]
    joined = "\n".join(result)
    return joined if joined.endswith("\n") else joined + "\n"


def lines_of(text: str, key: str, as_list: bool) -> tuple[int, int]:
    """The lines of the file (from 1, both inclusive) in which the item's text stands; (0, 0): nowhere."""
    item = _item(layout(text, as_list), key)
    if item is None:
        return 0, 0
    first, _column = _body(item, as_list)
    return (item.first if first is None else first) + 1, item.last + 1


def _item(found: Layout, key: str) -> Item | None:
    return next((each for each in found.items if each.key == key), None)


def _must_be_mapping(item: Item, key: str) -> None:
    if not isinstance(item.node, yaml.MappingNode):
        raise YamlItemError(f"`{key}` is written as {item.node.tag}, so it stands somewhere else; change it there")


def _body(item: Item, as_list: bool) -> tuple[int | None, int]:
    """The first line of the item's text, and its column; None: it stands beside the name."""
    start = item.node.start_mark
    if as_list:
        return item.first, max(start.column, 0)
    if start.line == item.first:
        return None, 0
    return item.first + 1, start.column


def _inline(text: str, item: Item) -> str:
    node = item.node
    return text[node.start_mark.index : node.end_mark.index].replace("\r", "") + "\n"


def _without_dash(line: str) -> str:
    at = line.index("-")
    return line[:at] + " " + line[at + 1 :]


def _moved(line: str, column: int) -> str:
    """Without `column` blanks in front, where there are so many."""
    blanks = len(line) - len(line.lstrip(" "))
    return line[min(blanks, column) :]


def _indented(lines: list[str], column: int) -> list[str]:
    return [" " * column + line if line else line for line in lines]


def _checked(item_text: str, key: str, as_list: bool) -> list[str]:
    """The lines of a text that can stand for an item."""
    text = item_text.replace("\r\n", "\n").rstrip().lstrip("\n")
    root = compose(text)
    if root is None:
        raise YamlItemError("there is nothing in it")
    if not isinstance(root, yaml.MappingNode):
        raise YamlItemError("a mapping is expected: lines of the form `name: value`")
    if any(line.startswith(("---", "...", "%")) for line in text.split("\n")):
        raise YamlItemError("`---`, `...` and `%` at the beginning of a line are for whole files")
    if root.flow_style and as_list:
        raise YamlItemError("write it in lines of the form `name: value`, without braces around it")
    if _ODD_BREAKS.search(text):
        raise YamlItemError("a line ends with a character that other programs take for no line's end")
    lines = text.split("\n")
    if "\t" in {line[:1] for line in lines}:
        raise YamlItemError("a tab stands at the beginning of a line; YAML wants blanks")
    indent = root.start_mark.column
    lines = [_moved(line, indent) for line in lines]
    if not as_list:
        return lines
    ids = [value for name, value in root.value if name.value == "id"]
    if not ids:
        return [dump({"id": key}).rstrip("\n"), *lines]
    listed = layout("- " + "\n  ".join(lines), True).items
    if not listed or listed[0].key != key:
        raise YamlItemError(f"the id is `{key}`, by which it is known; it cannot be changed here")
    return lines


def _added(text: str, key: str, new: list[str], as_list: bool, found: Layout) -> str:
    """At the end of the file."""
    if not found.block and found.span is not None and _holds_items(text):
        raise YamlItemError("the file is written with brackets around its items; write it in lines first")
    lines = text.split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    name = dump({key: None}).split(": null")[0]
    made = _indented(new, found.column + 2)
    if as_list:
        dash = " " * found.column + "- "
        made[0] = dash + made[0][len(dash) :]
    else:
        made = [" " * found.column + name + ":", *made]
    made = [line + end for line in made]
    if found.items:
        at = found.items[-1].last + 1
        result = lines[:at] + made + lines[at:]
    elif found.span is None:
        while lines and not lines[-1].strip():
            lines.pop()
        result = lines + made
    else:
        result = lines[: found.span[0]] + made + lines[found.span[1] + 1 :]
    joined = "\n".join(result)
    return joined if joined.endswith("\n") else joined + "\n"


def _holds_items(text: str) -> bool:
    root = compose(text)
    return isinstance(root, yaml.CollectionNode) and bool(root.value)
