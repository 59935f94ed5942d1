"""What Sonos speakers tell, however odd."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.lan.playback import Progress
from marge.bridges.sonos import mapping
from marge.bridges.sonos.mapping import Told
from marge.errors import Unreachable

tables = st.dictionaries(
    st.sampled_from(
        ["CurrentTransportState", "CurrentVolume", "CurrentMute", "PlayMode", "CurrentURI", "CurrentURIMetaData",
         "TrackURI", "TrackMetaData", "TrackDuration", "RelTime", "Track"]
    ),
    st.text(max_size=40) | st.sampled_from(["PLAYING", "0:01:02", "5", "<a/>", "x-rincon-stream:1", "²"]),
)  # fmt: skip


@given(st.lists(tables, min_size=6, max_size=6))
def test_whatever_is_told_is_shown_somehow(told: list[dict[str, str]]) -> None:
    """Nothing raises; the state is one that players have."""
    shown = mapping.fields(Told(*told), [], (), 0.0, Progress())

    assert shown["playback"] in ("playing", "paused", "idle", "buffering")


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_what_is_no_description_is_refused(data: str | bytes) -> None:
    """With its own error alone."""
    with pytest.raises(Unreachable):
        mapping.description(data if isinstance(data, bytes) else data.encode())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("0:03:34", 214), ("1:00:00", 3600), ("0:00:01.500", 1), ("NOT_IMPLEMENTED", None), ("", None), ("1:2", None)],
)
def test_times(text: str, wanted: int | None) -> None:
    """Hours, minutes, seconds."""
    assert mapping.seconds(text) == wanted


def test_a_stream_tells_what_is_on_in_a_line_of_its_own() -> None:
    """Artist and title, and the station beside them."""
    line = (
        '<DIDL-Lite xmlns:r="urn:schemas-rinconnetworks-com:metadata-1-0/"><item>'
        "<r:streamContent>Lucy - Fade to White</r:streamContent></item></DIDL-Lite>"
    )
    about = "<DIDL-Lite><item><title>Waves FM</title></item></DIDL-Lite>"
    told = Told(
        {"CurrentTransportState": "PLAYING"}, {"TrackURI": "x-rincon-mp3radio://a", "TrackMetaData": line}, {},
        {"CurrentURI": "x-rincon-mp3radio://a", "CurrentURIMetaData": about}, {}, {},
    )  # fmt: skip
    details = mapping.fields(told, [], (), 0.0, Progress())["details"]

    assert (details["media_artist"], details["media_title"], details["media_channel"]) == (
        "Lucy", "Fade to White", "Waves FM",
    )  # fmt: skip
