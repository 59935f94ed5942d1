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
    chance, more = random.getrandbits(40), random.getrandbits(40)
    pairs = _PAIRS
    return (
        f"{pairs[milliseconds >> 40 & 1023]}{pairs[milliseconds >> 30 & 1023]}{pairs[milliseconds >> 20 & 1023]}"
        f"{pairs[milliseconds >> 10 & 1023]}{pairs[milliseconds & 1023]}"
        f"{pairs[chance >> 30]}{pairs[chance >> 20 & 1023]}{pairs[chance >> 10 & 1023]}{pairs[chance & 1023]}"
        f"{pairs[more >> 30]}{pairs[more >> 20 & 1023]}{pairs[more >> 10 & 1023]}{pairs[more & 1023]}"
    )
