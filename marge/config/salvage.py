"""A broken YAML file cut into its top-level entries, so that one bad entry does not take the others with it.

An entry ends only where the next one of the same kind begins. A line that has slipped to the left therefore breaks the
entry above it instead of ending it early: half an automation (its conditions lost) must never run.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_LIST_ENTRY = re.compile(r"^-(?:\s|$)")
_MAPPING_ENTRY = re.compile(r"^[A-Za-z_][\w .-]*:(?:\s|$)")
_NO_CONTENT = re.compile(r"^\s*(?:#.*)?$|^---\s*$|^%")


class Entry(NamedTuple):
    """One top-level entry: its text padded so that line numbers stay right, and its lines (from 1, inclusive)."""

    text: str
    first_line: int
    last_line: int
    title: str


def top_level_entries(text: str) -> list[Entry]:
    """The entries of a list or a mapping at the left margin; empty when the text is neither."""
    lines = text.splitlines(keepends=True)
    first = next((line for line in lines if not _NO_CONTENT.match(line)), "")
    if _LIST_ENTRY.match(first):
        start_of_entry = _LIST_ENTRY
    elif _MAPPING_ENTRY.match(first):
        start_of_entry = _MAPPING_ENTRY
    else:
        return []
    starts = [number for number, line in enumerate(lines) if start_of_entry.match(line)]
    entries = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        last = end
        while last > start + 1 and _NO_CONTENT.match(lines[last - 1]):
            last -= 1
        title = lines[start].strip().removeprefix("-").strip()
        entries.append(Entry("\n" * start + "".join(lines[start:end]), start + 1, last, title[:60]))
    return entries
