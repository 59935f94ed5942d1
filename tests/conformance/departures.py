"""The page of `docs/decisions/` that lists where Marge answers otherwise than the recording, made from `areas/`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.conformance.area import Area

PAGE = Path(__file__).parents[2] / "docs" / "decisions" / "0008-departures-from-the-recording.md"
_HEAD = """# 8. Where Marge answers otherwise than the recording

Every recorded exchange of Home Assistant 2025.4.4 is replayed (`make conformance`). Here are the rows that are answered
otherwise on purpose, those that miss, those of which only the shape is compared, and those that are not replayed, each
with its reason. Made from `tests/conformance/areas/` by `python -m tests.conformance departures`; a test compares both.
"""


def page() -> str:
    """The whole page."""
    package = importlib.import_module("tests.conformance.areas")
    parts = [_HEAD]
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda each: each.name):
        area: Area = importlib.import_module(f"{package.__name__}.{info.name}").AREA
        tables = [
            ("Answered otherwise on purpose", {**area.rest_otherwise, **area.ws_otherwise}),
            ("Misses", area.misses),
            ("Only the shape is compared", area.instance),
            ("Not replayed", area.not_replayed),
        ]
        if any(rows for _, rows in tables):
            parts.append(f"\n## {info.name.replace('_', ' ').capitalize()}\n")
            parts += [_table(title, rows) for title, rows in tables if rows]
    return "".join(parts)


def _table(title: str, rows: Mapping[str, Any]) -> str:
    lines = [f"\n{title}:\n\n"]
    for name, value in rows.items():
        answer, reason = value if isinstance(value, tuple) else (None, value)
        shown = "" if answer is None else f" → {answer}"
        lines.append(f"- `{name.replace('`', chr(39))}`{shown}: {reason}\n")
    return "".join(lines)
