"""Which files of the machine services may write: those of the folders that the configuration allows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from marge.util.atomic import write_atomically

if TYPE_CHECKING:
    from marge.home import Home

MEDIA, WWW = "media", "www"


def allowed_folders(home: Home) -> list[Path]:
    """`<config>/www`, `<config>/media`, and `homeassistant: allowlist_external_dirs`."""
    folder = home.config.config_dir
    named: Any = (home.config.sections.get("homeassistant") or {}).get("allowlist_external_dirs") or []
    more = [Path(each) for each in named if isinstance(each, str)] if isinstance(named, list) else []
    return [folder / WWW, folder / MEDIA, *more]


def is_allowed(home: Home, path: str) -> bool:
    """Whether a service may write the file `path`. Follows links, so it looks at the disk."""
    try:
        real = Path(path).resolve()
        return any(real.is_relative_to(each.resolve()) for each in allowed_folders(home))
    except (OSError, ValueError, RuntimeError):  # no path at all, or links in a circle
        return False


def write_whole(path: str, data: bytes) -> str | None:
    """Write the file, folders and all: readers see the old one or the new one. Blocks; not on the hub.

    Returns:
        Why it cannot be written, or None.
    """
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, data)
    except OSError as exc:
        return exc.strerror or str(exc)
    return None
