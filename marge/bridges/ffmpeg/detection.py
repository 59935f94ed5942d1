"""When pictures that changed are motion, and when sound is noise. Pure: times come in, decisions go out."""

from __future__ import annotations

from collections import deque


class Repetition:
    """Motion is what was seen `repeat` times within `window_s`; with one time each sight is.

    `seen(now)` tells whether it is motion now.
    """

    def __init__(self, repeat: int = 1, window_s: float = 0.0) -> None:
        self._window_s = window_s
        self._times: deque[float] = deque(maxlen=max(1, repeat))

    def seen(self, now: float) -> bool:
        self._times.append(now)
        if len(self._times) < (self._times.maxlen or 1):
            return False
        return self._times.maxlen == 1 or now - self._times[0] <= self._window_s


def heard(line: str) -> bool | None:
    """What a line of ffmpeg says of the sound: True: there is some, False: it has become silent, None: nothing."""
    if "silence_end:" in line:
        return True
    return False if "silence_start:" in line else None


def changed(line: str) -> bool:
    """Whether a line of ffmpeg tells a picture that differs."""
    return "Parsed_showinfo" in line and " pts_time:" in line
