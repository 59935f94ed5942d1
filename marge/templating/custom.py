"""The home's macro files: reading `custom_templates/` for `TemplateEngine.load_custom_templates`."""

from __future__ import annotations

from pathlib import Path

import structlog

from marge.templating.budget import MAX_SOURCE

_log = structlog.get_logger("marge.templating")
MAX_FILES = 500


def read_custom_templates(folder: Path) -> dict[str, str]:
    """All `*.jinja` files below a folder, by path below it. Reads files: call it natively or while starting.

    A file that cannot be read, is not UTF-8 or is too long is left out with a warning; so are those beyond `MAX_FILES`.
    """
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.jinja")) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        if len(found) >= MAX_FILES:
            _log.warning("too many custom templates, the rest is left out", folder=str(folder), first=name)
            break
        try:
            if not path.resolve().is_relative_to(folder.resolve()) or path.stat().st_size > MAX_SOURCE:
                raise ValueError("it lies elsewhere or is too long")
            found[name] = path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            _log.warning("a custom template is left out", file=name, error=str(error))
    return found
