"""Keeps glibc's allocator from hoarding memory in a process that runs for months."""

from __future__ import annotations

import ctypes

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
BIG_BLOCK_BYTES = 1 << 20
ARENAS = 2


def return_big_blocks() -> bool:
    """Give blocks of 1 MB and more back to the system when they are freed, and share arenas between threads.

    By default the first freed big block (one argon2 hash: 19 MB) raises the threshold, and every later one stays with
    the process for good. False: not glibc, so nothing was done.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, BIG_BLOCK_BYTES)) and bool(mallopt(_M_ARENA_MAX, ARENAS))
