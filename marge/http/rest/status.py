"""`/api/`, `/api/config` and what else says which server this is."""

from __future__ import annotations

from typing import Any

from marge.components import components
from marge.config import HomeConfig
from marge.domains._core_config import SHARED as CORE_CONFIG
from marge.domains._core_config import CoreConfig
from marge.domains._files import allowed_folders
from marge.home import Home
from marge.http.message import Reply, Request, json_bytes_reply, json_reply
from marge.http.routing import route
from marge.http.shapes import NUMBER, OBJECT, STRING, STRINGS, Answer, obj, ref
from marge.version import HA_VERSION

_RUNNING = b'{"message":"API running."}'


@route("GET", "/api/", hot=True, replies={200: Answer("It is.", ref("Message"))})
def running(_home: Home, _request: Request) -> Reply:
    """Whether the token is good."""
    return json_bytes_reply(_RUNNING)


@route(
    "GET", "/api/config",
    replies={
        200: Answer(
            "The settings.",
            obj(components=STRINGS, config_dir=STRING, latitude=NUMBER, longitude=NUMBER, elevation=NUMBER,
                location_name=STRING, time_zone=STRING, unit_system=OBJECT, version=STRING, state=STRING),
        ),
    },
)  # fmt: skip
def config(home: Home, _request: Request) -> Reply:
    """The home's settings as HA shows them."""
    return json_reply(describe_config(home))


@route("GET", "/api/components", replies={200: Answer("Names.", STRINGS)})
def components_list(home: Home, _request: Request) -> Reply:
    """What is loaded, sorted."""
    return json_reply(sorted(components(home)))


@route("GET", "/api/core/state", replies={200: Answer("The state.", obj(state=STRING, recorder_state=OBJECT))})
def core_state(home: Home, _request: Request) -> Reply:
    """Whether the server runs, for those who wait for a restart."""
    return json_reply(
        {"state": phase(home), "recorder_state": {"migration_in_progress": False, "migration_is_live": False}}
    )


def phase(home: Home) -> str:
    """How far the home has come: `NOT_RUNNING` while it is set up, `STARTING`, `RUNNING`, `STOPPING`."""
    return str(getattr(home.shared.get("run"), "phase", "RUNNING"))


def describe_config(home: Home) -> dict[str, Any]:
    """The object of `GET /api/config` and WebSocket `get_config`."""
    settings: HomeConfig = home.config
    core = home.shared.get(CORE_CONFIG)
    folders = [str(folder) for folder in allowed_folders(home)]
    return {
        "allowlist_external_dirs": folders,
        "allowlist_external_urls": [],
        "components": sorted(components(home)),
        "config_dir": str(settings.config_dir),
        "config_source": core.source if isinstance(core, CoreConfig) else "yaml",
        "country": settings.country,
        "currency": settings.currency,
        "debug": False,
        "elevation": settings.elevation,
        "external_url": settings.external_url,
        "internal_url": settings.internal_url,
        "language": settings.language,
        "latitude": settings.latitude,
        "location_name": settings.location_name,
        "longitude": settings.longitude,
        "radius": settings.radius,
        "recovery_mode": False,
        "safe_mode": bool(home.shared.get("safe_mode")),
        "state": phase(home),
        "time_zone": str(settings.time_zone),
        "unit_system": dict(settings.units),
        "version": HA_VERSION,
        "whitelist_external_dirs": folders,
    }
