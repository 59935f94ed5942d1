"""How the server and its surroundings are, in the shape of HA's repair page."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from marge.actors import native
from marge.domains.lovelace import Lovelace
from marge.errors import MargeError
from marge.home import Home
from marge.http.ws.commands.network import adapters
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.storage.collection import collections_of
from marge.util.dt import iso
from marge.version import HA_VERSION, VERSION

_MIB = 1024 * 1024


@command("system_health/info", admin=True, waits=True)
def info(session: Session, message: dict[str, Any]) -> None:
    """Subscribes: all facts at once, then the end. Nothing here has to be waited for."""
    session.subscribe(message["id"], lambda: None)
    session.result(message["id"])
    session.event(message["id"], {"type": "initial", "data": _facts(session.home)})
    session.event(message["id"], {"type": "finish"})


def _facts(home: Home) -> dict[str, Any]:
    found = adapters(home)

    def listed(kind: str) -> str:
        shown = []
        for each in found:
            addresses = ", ".join(f"{one['address']}/{one['network_prefix']}" for one in each[kind])
            shown.append(f"{each['name']} ({addresses})")
        return ", ".join(shown)

    def words(adapter: dict[str, Any]) -> str:
        told = ["enabled" if adapter["enabled"] else "disabled"]
        told += [word for word in ("default", "auto") if adapter[word]]
        return f"{adapter['name']} ({', '.join(told)})"

    announced = [one["address"] for each in found if each["enabled"] for one in (*each["ipv4"], *each["ipv6"])]
    return {
        "homeassistant": {
            "info": {
                "version": f"core-{HA_VERSION}", "installation_type": f"Marge {VERSION}", "dev": False,
                "hassio": False, "docker": Path("/.dockerenv").exists(),
                "user": native.run(lambda: psutil.Process().username()), "virtualenv": sys.prefix != sys.base_prefix,
                "python_version": platform.python_version(), "os_name": platform.system(),
                "os_version": platform.release(), "arch": platform.machine(),
                "timezone": str(home.config.time_zone), "config_dir": str(home.config.config_dir),
            }
        },
        "network": {
            "info": {
                "adapters": ", ".join(words(each) for each in found), "ipv4_addresses": listed("ipv4"),
                "ipv6_addresses": listed("ipv6"), "announce_addresses": ", ".join(announced),
            },
            "manage_url": "/config/network",
        },
        "recorder": {"info": _recorder(home)},
        "lovelace": {"info": _dashboards(home), "manage_url": "/config/lovelace"},
    }  # fmt: skip


def _dashboards(home: Home) -> dict[str, Any]:
    dashboards: Lovelace = home.shared["lovelace"]
    resources = dashboards.resources
    if resources is None:
        resources = collections_of(home.shared)["lovelace/resources"].all()
    views = 0
    for each in (None, *(str(board["url_path"]) for board in dashboards.list_dashboards())):
        with suppress(MargeError):
            config = dashboards.config(each)
            found = config.get("views") if isinstance(config, dict) else None
            views += len(found) if isinstance(found, list) else 0
    return {
        "dashboards": len(dashboards.list_dashboards()) + 1, "resources": len(resources), "views": views,
        "mode": dashboards.mode,
    }  # fmt: skip


def _recorder(home: Home) -> dict[str, Any]:
    run = home.shared.get("run")
    began = home.clock.now() - (home.clock.monotonic() - run.started if run is not None else 0.0)
    path = home.config.marge.db_path

    def look() -> tuple[float, str]:
        size = sum(os.path.getsize(each) for each in (path, f"{path}-wal") if os.path.exists(each))
        return size / _MIB, sqlite3.sqlite_version

    size, version = native.run(look)
    oldest = min((state.last_updated for state in home.restored.values()), default=began)
    return {
        "oldest_recorder_run": {"value": iso(min(oldest, began)), "type": "date"},
        "current_recorder_run": {"value": iso(began), "type": "date"},
        "estimated_db_size": f"{size:.2f} MiB", "database_engine": "sqlite", "database_version": version,
    }  # fmt: skip
