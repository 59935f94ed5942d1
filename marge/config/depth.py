"""How deeply a YAML text is nested, found out without composing it.

libyaml's composer recurses on the C stack: a text of 200,000 brackets ends the process instead of raising. So what
looks deep is walked as a flat stream of events first.
"""

from __future__ import annotations

import re

import yaml

MAX_DEPTH = 100
"""Deeper than any home's configuration, and far below what Python's own recursion limit allows."""

_BRACKETS = re.compile(r"[\[\]{}]")
_DEEP_PREFIX = re.compile(rf"^[ \-?:]{{{MAX_DEPTH},}}", re.MULTILINE)


def _may_be_deep(text: str) -> bool:
    if _DEEP_PREFIX.search(text):
        return True
    depth = 0
    for bracket in _BRACKETS.finditer(text):
        depth += 1 if bracket.group() in "[{" else -1
        if depth >= MAX_DEPTH:
            return True
        depth = max(depth, 0)
    return False


def too_deep_at(text: str, loader: type) -> int | None:
    """The line (from 1) at which nesting passes `MAX_DEPTH`, or `None`.

    Raises:
        yaml.YAMLError: the text is not YAML.
    """
    if not _may_be_deep(text):
        return None
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                return event.start_mark.line + 1 if event.start_mark else 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None
