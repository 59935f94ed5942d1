"""Saving single automations, scripts and scenes as the text that was typed: comments, order and tags are kept.

As `editing`, where clients send values. What the text stands for (with secrets and includes) is validated first.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import voluptuous as vol

from marge.automations import fields
from marge.automations.blueprints import plain
from marge.automations.editing import Editable, Malformed, explain, on_disk, put, read_text, write_text
from marge.automations.item_text import lines_of, put_text, read_item
from marge.automations.yaml_items import YamlItemError, dump
from marge.config import ConfigProblem, Problems, Unresolved, YamlReader
from marge.config.depth import MAX_DEPTH
from marge.model import is_too_deep

if TYPE_CHECKING:
    from marge.home import Home

MAX_TEXT = 1_000_000


class MalformedText(Malformed):
    """The text stands for nothing valid. `line`: of the text, from 1, where that is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class StandsElsewhere(YamlItemError):
    """The item is part of another file than the editors'."""


class _Draft(NamedTuple):
    """A file's text before and after a change, what the changed item stands for, and where its first line is."""

    before: str | None
    after: str
    value: Any
    problems: tuple[ConfigProblem, ...]
    file: str
    first: int


def find_text(home: Home, kind: Editable, key: str) -> str | None:
    """The item as its author wrote it, or None. Waits for the file.

    Raises:
        StandsElsewhere: it is loaded from another file.
        YamlItemError: the file cannot be read, or the item is no text of its own.
    """
    found = on_disk(_find_text, kind.path(home), kind.as_list, key)
    if found is None:
        elsewhere = kind.found_elsewhere(home, key)
        if elsewhere is not None:
            raise StandsElsewhere(f"`{key}` stands in {elsewhere}; change it there")
    return found


def save_text(home: Home, kind: Editable, key: str, text: str) -> None:
    """Replace or add an item as it is typed, and load it. Waits.

    Raises:
        Malformed: it is not valid.
        YamlItemError: the file is not of the usual shape, or not part of the configuration.
    """
    if len(text) > MAX_TEXT:
        raise MalformedText(f"longer than {MAX_TEXT:,} characters")
    path = kind.path(home)

    def write() -> str | None:
        draft = on_disk(_draft, path, home.config.config_dir, kind.as_list, key, text)
        _check(home, kind, key, draft)
        if draft.after != draft.before:
            on_disk(write_text, path, draft.after)
        return draft.before

    put(home, kind, key, key, write)


def _check(home: Home, kind: Editable, key: str, draft: _Draft) -> None:
    for problem in draft.problems:
        if problem.file != draft.file or problem.line is None:
            raise MalformedText(str(problem))
        hint = f" ({problem.hint})" if problem.hint else ""
        raise MalformedText(problem.message + hint, problem.line - draft.first + 1)
    if _misses(draft.value):
        raise MalformedText("something in it could not be read")
    value = plain(draft.value)
    if not isinstance(value, dict):
        raise MalformedText("expected a dictionary")
    if is_too_deep(value, MAX_DEPTH):
        raise MalformedText(f"nested more than {MAX_DEPTH} levels deep")
    try:
        with fields.checking_templates(home.templates.compile_check):
            kind.prepare(home, key, value)
    except vol.Invalid as exc:
        raise MalformedText(explain(exc)) from exc


def _misses(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_misses(each) for each in value.values())
    if isinstance(value, list):
        return any(_misses(each) for each in value)
    return isinstance(value, Unresolved)


def _find_text(path: Path, as_list: bool, key: str) -> str | None:
    text = read_text(path)
    found = None if text is None else read_item(text, key, as_list)
    if found is not None or text is None:
        return found
    value = _value_in(_read(path, path.parent, text, Problems(path.parent)), key, as_list)
    return None if not isinstance(value, dict) else dump(plain(value))  # a file in flow style has no lines of its own


def _draft(path: Path, config_dir: Path, as_list: bool, key: str, item_text: str) -> _Draft:
    before = read_text(path)
    after = put_text(before or "", key, item_text, as_list)
    problems = Problems(config_dir)
    value = _value_in(_read(path, config_dir, after, problems), key, as_list)
    first, last = lines_of(after, key, as_list)
    name = problems.display_name(path)
    mine = [each for each in problems if each.file == name and each.line is not None and first <= each.line <= last]
    if _misses(value) and not mine:  # a file that it includes
        mine = [each for each in problems if each.file != name]
    return _Draft(before, after, value, tuple(each for each in mine if each.severity != "warning"), name, first)


def _read(path: Path, config_dir: Path, text: str, problems: Problems) -> object:
    """What the file would hold, with its tags resolved."""
    return YamlReader(config_dir, os.environ, problems, {path: text.encode()}).read(path)


def _value_in(data: object, key: str, as_list: bool) -> Any:
    if as_list:
        items = data if isinstance(data, list) else []
        return next((each for each in items if isinstance(each, dict) and str(each.get("id")) == key), None)
    return next((each for name, each in data.items() if str(name) == key), None) if isinstance(data, dict) else None
