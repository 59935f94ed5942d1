"""Automations and scripts that use blueprints, with the blueprints filled in. Reads files in a native thread."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.actors import native
from marge.automations.blueprints import KEY, Blueprint, BlueprintError, apply, read_blueprint, used_path

if TYPE_CHECKING:
    from marge.home import Home

Found = dict[str, Blueprint | BlueprintError]


def blueprints_of(home: Home, domain: str, raws: Iterable[Any]) -> Found:
    """The blueprints that these automations or scripts use, or why one cannot be had. Waits for the files."""
    used = [raw for raw in raws if used_path(raw) is not None]
    return native.run(read_blueprints, home.config.config_dir, domain, used) if used else {}


def read_blueprints(config_dir: Path, domain: str, raws: Iterable[Any]) -> Found:
    """As `blueprints_of`, in this very thread."""
    found: Found = {}
    for path in sorted({path for path in map(used_path, raws) if path is not None}):
        try:
            found[path] = read_blueprint(config_dir, domain, path)
        except BlueprintError as exc:
            found[path] = exc.with_traceback(None)
    return found


def expanded(raw: Any, found: Found) -> Any:
    """What `raw` comes to: itself, or its blueprint filled in.

    Raises:
        vol.Invalid: the blueprint cannot be had, or an input is missing.
    """
    if not isinstance(raw, dict) or KEY not in raw:
        return raw
    path = used_path(raw)
    if path is None:
        raise vol.Invalid("required key not provided", path=[KEY, "path"])
    blueprint = found[path]
    if isinstance(blueprint, BlueprintError):
        raise vol.Invalid(str(blueprint))
    return apply(raw, blueprint)
