"""voluptuous's markers (`Required`, `Optional` …) without what each of them would hold ready.

As they come, every marker carries a compiled schema of its key and a cache for its hash: a kilobyte each, and a home
has four thousand. What a marker says and how it validates stays the same.
"""

from __future__ import annotations

from typing import Any

import voluptuous as vol


def lighten_markers() -> bool:
    """Make all markers of this process light; once, before there are any.

    False: this voluptuous is not as the one that this was written for, so nothing was done.
    """
    marker: Any = vol.Marker
    remove: Any = vol.Remove
    if set(getattr(marker, "__slots__", ())) != {"schema", "_schema", "msg", "description", "__hash__"}:
        return False
    marker.__init__ = _init
    marker.__call__ = _call
    marker.__hash__ = _hash
    remove.__hash__ = object.__hash__  # one that removes may stand beside one that keeps
    return True


def _init(self: Any, schema_: Any, msg: str | None = None, description: Any = None) -> None:
    self.schema = schema_
    self.msg = msg
    self.description = description


def _call(self: Any, value: Any) -> Any:
    if type(self.schema) is str and type(value) is str and value == self.schema:
        return value
    try:
        return vol.Schema(self.schema)(value)
    except vol.Invalid as exc:
        if not self.msg or len(exc.path) > 1:
            raise
        raise vol.Invalid(self.msg) from exc


def _hash(self: Any) -> int:
    return hash(self.schema)
