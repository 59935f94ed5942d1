"""What counts as motion and as noise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.ffmpeg.detection import Repetition, changed, heard


def test_one_change_is_motion_unless_more_are_wanted() -> None:
    """Three within ten seconds, and not spread over more."""
    assert Repetition().seen(0.0)
    repeated = Repetition(3, 10.0)
    assert [repeated.seen(now) for now in (0.0, 5.0, 11.0, 12.0, 14.0)] == [False, False, False, True, True]


@given(st.lists(st.floats(0, 5)), st.integers(1, 5), st.floats(0.1, 20))
def test_motion_needs_the_wanted_number_of_changes_in_the_window(
    gaps: list[float], repeat: int, window_s: float
) -> None:
    """Counted anew over all times, it is the same."""
    repetition, times = Repetition(repeat, window_s), list[float]()
    now = 0.0
    for gap in gaps:
        now += gap
        times.append(now)
        enough = len(times) >= repeat and (repeat == 1 or now - times[-repeat] <= window_s)
        assert repetition.seen(now) is enough


def test_lines_of_ffmpeg_are_understood() -> None:
    """Everything else says nothing."""
    assert heard("[silencedetect @ 0x55] silence_end: 2.1 | silence_duration: 2.1") is True
    assert heard("[silencedetect @ 0x55] silence_start: 4.5") is False
    assert heard("size=N/A time=00:00:02.12 bitrate=N/A") is None
    assert changed("[Parsed_showinfo_1 @ 0x55] n:   0 pts:     20 pts_time:2       duration: 1")
    assert not changed("[Parsed_showinfo_1 @ 0x55] config in time_base: 1/10, frame_rate: 10/1")
