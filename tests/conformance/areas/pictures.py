"""Cameras, pictures, players, media sources, weather, updates, and the simulated devices' own states."""

from __future__ import annotations

from tests.conformance.area import Area

_PICTURE = "the picture; Marge draws its own"

AREA = Area(
    rest_otherwise={
        "media_player_proxy": (200, "the recorded instance could not fetch the cover from the Internet; ours is drawn"),
        "raw JSON formatting of GET /api/states (compact, no spaces)": (200, "the row says in words how it looks"),
    },
    facts={"GET /api/states/<device_tracker entity>": {"battery", "gps_accuracy", "latitude", "longitude"}},
    instance={
        "camera_proxy ok": _PICTURE,
        "camera_proxy with ?width&height": _PICTURE,
        "camera_proxy with the entity's access_token in the query": _PICTURE,
        "camera_proxy of a camera without stream": _PICTURE,
        "media_source/browse_media": "the sources of the installation; ours has no radio stations",
    },
    not_replayed={
        "camera_proxy_stream ok (first bytes)": "it never ends; see tests/http/rest/test_pictures.py",
    },
)
