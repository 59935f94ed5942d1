"""Stacks for people to read. Safe from any thread: no source file is read."""

from __future__ import annotations

import traceback
from types import FrameType


def inner_frames(frame: FrameType | None, depth: int) -> list[traceback.FrameSummary]:
    """The innermost frames, outermost of them first: files, lines and names.

    `traceback.extract_stack` would keep the text of every file that it meets for good: 2 MB after a while.
    """
    found = traceback.StackSummary.extract(traceback.walk_stack(frame), limit=depth, lookup_lines=False)
    return list(reversed(found))
