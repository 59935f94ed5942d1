"""ULIDs: 26 characters that sort by time. Used as context ids (https://github.com/ulid/spec)."""

from __future__ import annotations

import random
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Two characters (10 bits) at a time: a third of the time of one by one.
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]


def ulid(epoch_s: float | None = None) -> str:
    """A new ULID for `epoch_s` (default: now)."""
    milliseconds = int((time.time() if epoch_s is None else epoch_s) * 1000)
    # Not os.urandom: an id is no secret, and the system call was a tenth of a state write.
    value = (milliseconds << 80) | random.getrandbits(80)
    pairs = _PAIRS
    return (
        pairs[value >> 120 & 1023]
        + pairs[value >> 110 & 1023]
        + pairs[value >> 100 & 1023]
        + pairs[value >> 90 & 1023]
        + pairs[value >> 80 & 1023]
        + pairs[value >> 70 & 1023]
        + pairs[value >> 60 & 1023]
        + pairs[value >> 50 & 1023]
        + pairs[value >> 40 & 1023]
        + pairs[value >> 30 & 1023]
        + pairs[value >> 20 & 1023]
        + pairs[value >> 10 & 1023]
        + pairs[value & 1023]
    )
